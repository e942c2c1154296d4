"""The vendors that config.yaml switches on, each made of its own settings. It asks nobody anything."""

from pathlib import Path

import aiohttp

import service.manifest
from domain.policy import Policy
from domain.settings import Settings
from integrations import slack_api
from integrations.machine import Machine
from integrations.opsgenie import Opsgenie
from integrations.pagerduty import PagerDuty
from integrations.pagerduty_people import PagerDutyInPeoplesNames
from integrations.pagerduty_rest import PagerDutyRest
from integrations.plane import Plane
from integrations.slack import Slack
from integrations.slack_examined import SlackExamined
from integrations.slack_replies import SlackReplies
from integrations.smtp import Smtp
from integrations.statuspage import Statuspage
from integrations.twilio import TextedTrouble, Twilio
from integrations.twilio_inbox import Inbox
from service.clock import Clock
from service.deliveries import Vendors
from service.doctor import Doctor
from service.exchange import Exchange
from service.lookout import Watchman
from service.pagers import Pagers
from service.phones import Phones
from service.ports import Credentials, Lookout, Loudspeaker, Pager, Roster
from service.switchboard import Switchboard


def vendors(
    settings: Settings, policy: Policy, chat: Slack, session: aiohttp.ClientSession, rest: PagerDutyRest | None
) -> Vendors:
    return Vendors(
        chat,
        pagers(settings, policy, session, rest),
        phones(settings, session),
        trackers(settings, policy, session),
        pages(settings, session),
        mails(settings),
    )


def mails(settings: Settings) -> dict[str, Smtp]:
    smtp = settings.integrations.smtp
    return {"smtp": Smtp(url=revealed(smtp.url), sender=smtp.from_email)} if smtp.on else {}


def phones(settings: Settings, session: aiohttp.ClientSession) -> dict[str, Twilio]:
    twilio = settings.integrations.twilio
    if not twilio.on:
        return {}
    phone = Twilio(
        session,
        account_sid=twilio.account_sid or "",
        auth_token=revealed(twilio.auth_token),
        phone_number=twilio.phone_number or "",
        callback_url=settings.http.public_url,
        url=twilio.api_url,
    )
    return {"twilio": phone}


def trackers(settings: Settings, policy: Policy, session: aiohttp.ClientSession) -> dict[str, Plane]:
    plane = settings.integrations.plane
    if not plane.on:
        return {}
    tracker = Plane(
        session,
        api_key=revealed(plane.api_key),
        workspace=plane.workspace or "",
        project_id=plane.project_id or "",
        priorities={severity.name: severity.tracker_priority for severity in policy.severities},
        labels=plane.labels,
        names=policy.names,
        url=plane.api_url,
        web_url=plane.web_url,
    )
    return {"plane": tracker}


def pages(settings: Settings, session: aiohttp.ClientSession) -> dict[str, Statuspage]:
    statuspage = settings.integrations.statuspage
    if not statuspage.on:
        return {}
    page = Statuspage(
        session,
        page_id=statuspage.page_id or "",
        api_key=revealed(statuspage.api_key),
        url=statuspage.api_url,
    )
    return {"statuspage": page}


def pagers(
    settings: Settings, policy: Policy, session: aiohttp.ClientSession, rest: PagerDutyRest | None
) -> dict[str, Pager]:
    on, found = settings.integrations, dict[str, Pager]()
    severities = {severity.name: severity.pager_severity for severity in policy.severities}
    if on.pagerduty.on:
        events = PagerDuty(
            session,
            routing_key=revealed(on.pagerduty.integration_key),
            severities=severities,
            names=policy.names,
            url=on.pagerduty.events_url,
        )
        sender = on.pagerduty.from_email or ""
        found["pagerduty"] = PagerDutyInPeoplesNames(events, rest, policy.emails, sender) if rest else events
    if on.opsgenie.on:
        found["opsgenie"] = Opsgenie(
            session,
            api_key=revealed(on.opsgenie.api_key),
            severities=severities,
            responders=on.opsgenie.responders,
            schedules=on.opsgenie.schedules,
            emails=policy.emails,
            names=policy.names,
            url=on.opsgenie.api_url,
        )
    return found


def pagerduty_rest(settings: Settings, session: aiohttp.ClientSession) -> PagerDutyRest | None:
    pagerduty = settings.integrations.pagerduty
    if not pagerduty.on or not pagerduty.api_key:
        return None
    return PagerDutyRest(session, api_key=revealed(pagerduty.api_key), url=pagerduty.api_url)


def watchmen(
    settings: Settings, vendors: Vendors, rest: PagerDutyRest | None, pagers: Pagers, clock: Clock
) -> dict[str, Watchman]:
    """Who looks after pages whose vendor does not tell by itself: PagerDuty without a webhook, and Opsgenie."""
    found: dict[str, Lookout] = {}
    if rest and not settings.integrations.pagerduty.webhook_secret:
        found["pagerduty"] = rest
    if isinstance(vendors.pagers.get("opsgenie"), Opsgenie):
        found["opsgenie"] = vendors.pagers["opsgenie"]
    return {f"the watch over {lane}": Watchman(lane, each, pagers, clock) for lane, each in found.items()}


def rosters(settings: Settings, vendors: Vendors, rest: PagerDutyRest | None) -> dict[str, Roster]:
    """The vendors that can say who is on call: PagerDuty with an API key, Opsgenie where schedules are named."""
    found: dict[str, Roster] = {"pagerduty": rest} if rest else {}
    opsgenie = vendors.pagers.get("opsgenie")
    if isinstance(opsgenie, Opsgenie) and settings.integrations.opsgenie.schedules:
        found["opsgenie"] = opsgenie
    return found


def exchanges(
    settings: Settings, vendors: Vendors, phones: Phones, switchboard: Switchboard, clock: Clock
) -> dict[str, Exchange]:
    """Who asks for replies and for how calls ended, where no callback can reach us."""
    if settings.http.public_url:
        return {}
    found = {lane: Inbox(phone) for lane, phone in vendors.phones.items() if isinstance(phone, Twilio)}
    return {
        f"the exchange of {lane}": Exchange(lane, inbox, phones, switchboard, clock) for lane, inbox in found.items()
    }


def loudspeakers(replies: SlackReplies, vendors: Vendors, policy: Policy, clock: Clock) -> tuple[Loudspeaker, ...]:
    """How Muster says that it is in trouble itself: in Slack, else by text to those who are paged first."""

    def phones() -> list[str]:
        # Without overrides: they are in the database, which may be what is in trouble.
        return [person.texted_at for person in policy.paged_first(clock.now()) if person.texted_at]

    texts = [TextedTrouble(phone, phones) for phone in vendors.phones.values() if isinstance(phone, Twilio)]
    return (replies, *texts)


def credentials(settings: Settings, session: aiohttp.ClientSession) -> dict[str, Credentials]:
    """Those of the vendors that are on, each proved by a read; PagerDuty's where there is an API key to read with."""
    policy, rest = Policy(settings), pagerduty_rest(settings, session)
    opsgenie = pagers(settings, policy, session, rest).get("opsgenie")
    return {
        **({"pagerduty": rest} if rest else {}),
        **({"opsgenie": opsgenie} if isinstance(opsgenie, Opsgenie) else {}),
        **phones(settings, session),
        **trackers(settings, policy, session),
        **pages(settings, session),
        **mails(settings),
    }


def doctor(settings: Settings, clock: Clock, manifest: Path, session: aiohttp.ClientSession) -> Doctor:
    """Whoever looks at all that Muster rests on, without starting it."""
    slack, workspace = settings.slack, None
    if slack.bot_token:
        client = slack_api.web_client(revealed(slack.bot_token), slack.api_url, session)
        workspace = SlackExamined(client, session, revealed(slack.app_token))
    wanted = service.manifest.scopes(manifest)
    return Doctor(settings, clock, wanted, workspace, Machine(session), credentials(settings, session))


def revealed(secret: object) -> str:
    return secret.get_secret_value() if secret is not None else ""  # type: ignore[attr-defined]
