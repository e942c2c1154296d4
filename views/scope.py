"""Impact, links and invitations as people see them: in the room, as answers, and the forms that ask."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.details import Link
from domain.incidents import Incident
from domain.inviting import GROUP_MOST, Guests
from domain.record import Record
from domain.ticks import has_room
from views import actions, modals
from views.answers import Answer, answer
from views.blocks import (
    Block,
    Message,
    View,
    button,
    context,
    input_block,
    modal,
    multi_select,
    multi_users_select,
    option,
    plain_text_input,
    saying,
    section,
)
from views.markup import Mrkdwn, joined, one_line, person, said, typed
from views.markup import link as linked

IMPACT_OF, LINK_TO, INVITE_TO = "impact_of", "link_to", "invite_to"
"""The callback_ids of the forms."""

URL, NAME, PEOPLE, GROUPS = "url", "name", "people", "groups"
"""Fields, by their block_id."""

LINKS_MOST = 20

Data = Mapping[str, Any]


def impact_in_room(data: Data, _: Record) -> Message:
    text = said("*Impact* by {by}\n{text}", by=person(data.get("by")), text=data.get("text"))
    return saying(text)


def impact_kept(incident: Incident, room: bool = True) -> Answer:
    """`room`: whether it has one."""
    told = said("The card and the announcement say so; the public is not told.")
    if incident.private:
        told = said("The card says so.")
    elif not room:
        told = said("`/incident show {key}` says so; the public is not told.", key=incident.key)
    return answer(joined(" ", [said("The impact of *{key}* is written down.", key=incident.key), told]))


def impact_form(incident: Incident, response_url: str = "") -> View:
    """With what it says now."""
    box = plain_text_input(modals.TEXT, incident.impact, multiline=True, placeholder="Who is hit, and how?")
    return modal(
        f"Impact of {incident.key}",
        IMPACT_OF,
        context(said("*{title}*", title=one_line(incident.title))),
        input_block("Impact", modals.TEXT, box, hint="For the card and the announcement. The public does not see it."),
        private_metadata=modals.kept(incident.number, response_url),
    )


def link_in_room(data: Data, _: Record) -> Message:
    text = said("{by} added a link: {link}", by=person(data.get("by")), link=_link(data))
    return saying(text)


def link_removed_in_room(data: Data, _: Record) -> Message:
    text = said(
        "{by} took a link off: {title}", by=person(data.get("by")), title=one_line(str(data.get("title") or ""))
    )
    return saying(text)


def link_kept(record: Record, link: Link) -> Answer:
    incident, where = record.incident, linked(link.url, link.title or link.url)
    places = said("on the card and on top of the room") if has_room(record) else said("which has no open room")
    text = said("{link} is kept with *{key}*, {places}.", link=where, key=incident.key, places=places)
    return answer(text, section(text, _remove(incident, link)))


def link_removed(record: Record, link: Link | None) -> Answer:
    """`link` is what it was; None where it was gone already."""
    incident = record.incident
    if link is None:
        return answer(said("That link of *{key}* was taken off already.", key=incident.key))
    name = one_line(link.title or link.url)
    if not has_room(record):
        return answer(said("{name} is kept with *{key}* no longer.", name=name, key=incident.key))
    told = said("{name} is off the card of *{key}* and off the top of its room.", name=name, key=incident.key)
    return answer(joined(" ", [told, said("What was said in the room stays there.")]))


def links(incident: Incident, found: Sequence[Link]) -> Answer:
    """Those that people added, the newest first, each with a button to take it off."""
    if not found:
        return answer(said("Nobody added a link to *{key}*: `/incident link https://…` does.", key=incident.key))
    return _list(said("*Links of {key}*", key=incident.key), incident, found)


def which_link(incident: Incident, found: Sequence[Link]) -> Answer:
    """Those with the title that somebody wants to have off: which of them only they know."""
    name = one_line(found[-1].title)
    lead = said(
        "{n} links of *{key}* are called {name}. Which one is to go?", n=len(found), key=incident.key, name=name
    )
    return _list(lead, incident, found)


def _list(lead: Mrkdwn, incident: Incident, found: Sequence[Link]) -> Answer:
    titles = [each.title.casefold() for each in found]
    shown = [(each, linked(each.url, _label(each, titles))) for each in reversed(found[-LINKS_MOST:])]
    lines = [lead, *(said("• {link}", link=line) for _, line in shown)]
    return answer(joined("\n", lines), section(lead), *(section(line, _remove(incident, each)) for each, line in shown))


def _label(link: Link, titles: Sequence[str]) -> str:
    """The title, with the address where another link has the same."""
    if not link.title:
        return link.url
    return f"{link.title}: {link.url}" if titles.count(link.title.casefold()) > 1 else link.title


def _remove(incident: Incident, link: Link) -> Block:
    return button("Remove", actions.REMOVE_LINK, actions.page_value(incident.number, link.place))


def link_form(incident: Incident, response_url: str = "") -> View:
    return modal(
        f"Link for {incident.key}",
        LINK_TO,
        input_block("Address", URL, plain_text_input(URL, placeholder="https://grafana.example.com/d/1")),
        input_block("Title", NAME, plain_text_input(NAME, most=modals.TITLE_MOST), optional=True),
        submit="Add",
        private_metadata=modals.kept(incident.number, response_url),
    )


def read_link(view: Mapping[str, Any]) -> tuple[str, str]:
    """Address and title."""
    return modals.read_field(view, URL), modals.read_field(view, NAME)


def invite_form(incident: Incident, groups: Sequence[tuple[str, str]], response_url: str = "") -> View:
    """`groups` are (id, name)."""
    choices = [option(f"@{name}", id) for id, name in groups]
    return modal(
        f"Invite to {incident.key}",
        INVITE_TO,
        context(_seen_by(incident)),
        input_block("People", PEOPLE, multi_users_select("Who?", PEOPLE), optional=True),
        input_block("User groups", GROUPS, multi_select("Which?", GROUPS, choices), optional=True) if choices else None,
        submit="Invite",
        private_metadata=modals.kept(incident.number, response_url),
    )


def read_invite(view: Mapping[str, Any]) -> Guests:
    """Whom the form names, by Slack id."""
    return Guests(modals.read_users(view, PEOPLE), modals.read_choices(view, GROUPS))


def invited(incident: Incident, guests: Guests, names: Sequence[str]) -> Answer:
    """`names` are the groups' as people write them."""
    crowd = joined(", ", [*map(person, guests.people), *map(one_line, names)])
    text = said("Inviting {crowd} to the room of *{key}*.", crowd=crowd, key=incident.key)
    most = said("Of a group at most {n} come at once.", n=GROUP_MOST) if guests.groups else None
    private = said("It is private: they will see all of it.") if incident.private else None
    return answer(joined(" ", [text, most, private]))


def _seen_by(incident: Incident) -> Mrkdwn:
    private = said("🔒 Private: whoever you invite sees all of it.") if incident.private else None
    return joined("\n", [said("*{title}*", title=one_line(incident.title)), private])


def _link(data: Data) -> Mrkdwn:
    url = str(data.get("url") or "")
    return linked(url, str(data.get("title") or url)) if url else typed(data.get("title"))
