"""The vendors that config.yaml switches on, each made of its own settings. It asks nobody anything."""

import aiohttp

from domain.policy import Policy
from domain.settings import Settings
from integrations.opsgenie import Opsgenie
from integrations.pagerduty import PagerDuty
from integrations.pagerduty_people import PagerDutyInPeoplesNames
from integrations.pagerduty_rest import PagerDutyRest
from integrations.plane import Plane
from integrations.slack import Slack
from integrations.slack_replies import SlackReplies
from integrations.statuspage import Statuspage
from integrations.twilio import TextedTrouble, Twilio
from service.clock import Clock
from service.deliveries import Vendors
from service.lookout import Watchman
from service.pagers import Pagers
from service.ports import Lookout, Loudspeaker, Pager


def vendors(
    settings: Settings, policy: Policy, chat: Slack, session: aiohttp.ClientSession, rest: PagerDutyRest | None
) -> Vendors:
    on = settings.integrations
    phones, trackers, pages = {}, {}, {}
    if on.twilio.on:
        phones["twilio"] = Twilio(
            session,
            account_sid=on.twilio.account_sid or "",
            auth_token=revealed(on.twilio.auth_token),
            phone_number=on.twilio.phone_number or "",
            callback_url=settings.http.public_url,
            url=on.twilio.api_url,
        )
    if on.plane.on:
        trackers["plane"] = Plane(
            session,
            api_key=revealed(on.plane.api_key),
            workspace=on.plane.workspace or "",
            project_id=on.plane.project_id or "",
            priorities={severity.name: severity.tracker_priority for severity in policy.severities},
            labels=on.plane.labels,
            names=policy.names,
            url=on.plane.api_url,
            web_url=on.plane.web_url,
        )
    if on.statuspage.on:
        pages["statuspage"] = Statuspage(
            session,
            page_id=on.statuspage.page_id or "",
            api_key=revealed(on.statuspage.api_key),
            url=on.statuspage.api_url,
        )
    return Vendors(chat, pagers(settings, policy, session, rest), phones, trackers, pages)


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


def loudspeakers(replies: SlackReplies, vendors: Vendors, policy: Policy, clock: Clock) -> tuple[Loudspeaker, ...]:
    """How Muster says that it is in trouble itself: in Slack, else by text to those who are paged first."""

    def phones() -> list[str]:
        # Without overrides: they are in the database, which may be what is in trouble.
        return [person.texted_at for person in policy.paged_first(clock.now()) if person.texted_at]

    texts = [TextedTrouble(phone, phones) for phone in vendors.phones.values() if isinstance(phone, Twilio)]
    return (replies, *texts)


def revealed(secret: object) -> str:
    return secret.get_secret_value() if secret is not None else ""  # type: ignore[attr-defined]
