"""Runbooks as people see them in Slack. It chooses none."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from domain.incidents import Incident
from domain.record import Record
from domain.runbooks import MITIGATION, NAME, SYMPTOMS, Fit, Runbook, Shelved, excerpt
from views import actions, markdown
from views.answers import Answer, answer
from views.blocks import Block, Message, button, context, message, option, row, section, sections, select
from views.markup import Mrkdwn, joined, link, one_line, person, said, short, typed

CHOICES_MOST = 100
"""Options of a menu, Slack's limit."""

WHOLE_MOST = 20_000
"""Characters of a runbook in one private answer."""

UNDATED = "⚠ Nobody wrote when it was last updated: check each step before you trust it."


def runbook_message(data: Mapping[str, Any], _: Record) -> Message:
    """What helps now, for all in the room; `data` is what `domain.runbooks.shown` says."""
    text, blocks = _now(data)
    by = said("Shown by {by}", by=person(data.get("by")))
    name = str(data.get("name") or "")
    read_on = row(button("Whole runbook", actions.WHOLE_RUNBOOK, name)) if NAME.fullmatch(name) else None
    return message(text, *blocks, read_on, context(by))


def shown(book: Runbook, today: date) -> Answer:
    """The same for one person."""
    text, blocks = _now(_data(book, today))
    return answer(text, *blocks, row(button("Whole runbook", actions.WHOLE_RUNBOOK, book.name)))


def shown_in_room(book: Runbook) -> Answer:
    return answer(said("The runbook *{title}* is shown in the room.", title=one_line(book.title)))


def whole(book: Runbook, today: date) -> Answer:
    """All of it; what is too long for Slack is said."""
    head = _head(_data(book, today))
    lines = markdown.lines(excerpt(book.body, WHOLE_MOST))
    cut = said("It goes on in its file `{name}.md`.", name=book.name) if len(book.body) > WHOLE_MOST else None
    warning = _warning(_data(book, today))
    text = joined("\n", [head, warning, *lines, cut])
    return answer(text, section(head), context(warning), *sections(lines), context(cut))


def gone(name: str) -> Answer:
    return answer(
        said("The runbook {name} is no longer there. `/incident runbook` shows those there are.", name=short(name, 80))
    )


def picker(shelved: Shelved, fit: Fit, name: str, incident: Incident | None, number: int) -> Answer:
    """Where none fits, or several do. `name` is what was typed; `number` 0: what is picked is for the asker alone."""
    books = fit.books or shelved.books
    lines = [_asked(fit, name, incident, bool(shelved.books)), *_broken(shelved, name)]
    lines += [said("• {link}", link=link(url, one_line(label))) for label, url in fit.links]
    choices = [option(book.title, book.name, ", ".join(book.services)) for book in books[:CHOICES_MOST]]
    menu = row(select("Choose a runbook", actions.pick_runbook(number), choices)) if choices else None
    text = joined("\n", lines)
    return answer(text, *sections(lines), menu) if menu else answer(text)


def _asked(fit: Fit, name: str, incident: Incident | None, any_books: bool) -> Mrkdwn:
    about = said(" for {key}", key=incident.key) if incident else None
    if not any_books and not fit.links:
        return said(
            "No runbook is known{about}. Whoever runs Muster can put one into the folder of runbooks, or write an "
            "address as a service's `runbook` or as `runbooks.url` in config.yaml.",
            about=about,
        )
    if name:
        found = "Several runbooks have that in their name:" if fit.books else "There is no such runbook. There are:"
        return joined(" ", [said("`{name}`?", name=short(name, 80).replace("`", "'")), found])
    if fit.books or fit.links:
        return said("*Runbooks{about}*", about=about)
    return said("No runbook says that it fits{about}. Choose one:", about=about) if incident else said("*Runbooks*")


def _broken(shelved: Shelved, name: str) -> Iterator[Mrkdwn]:
    """Only where somebody may be looking for it."""
    wanted = name.casefold().split()
    for each in shelved.broken:
        if wanted and all(word in each.path.casefold() for word in wanted):
            yield said("⚠ {path} cannot be used: it {why}.", path=each.path, why=each.why)


def _now(data: Mapping[str, Any]) -> tuple[Mrkdwn, tuple[Block | None, ...]]:
    head, warning = _head(data), _warning(data)
    symptoms, mitigation = _section(data, SYMPTOMS, "Symptoms"), _section(data, MITIGATION, "Mitigation")
    cut = said("It is longer than this: see the whole runbook.") if data.get("cut") else None
    text = joined("\n", [head, warning, *symptoms, *mitigation, cut])
    return text, (section(head), context(warning), *sections(symptoms), *sections(mitigation), context(cut))


def _head(data: Mapping[str, Any]) -> Mrkdwn:
    owner, url = one_line(str(data.get("owner") or "")), str(data.get("url") or "")
    parts = [
        said("📖 *{title}*", title=one_line(str(data.get("title") or "")) or "Runbook"),
        said("owner {owner}", owner=owner) if owner else None,
        said("updated {updated}", updated=data["updated"]) if data.get("updated") else None,
        link(url, "open") if url else None,
    ]
    return joined(" · ", parts)


def _warning(data: Mapping[str, Any]) -> Mrkdwn:
    if data.get("old"):
        return said(
            "⚠ Older than six months (last updated {updated}): check each step before you trust it, and mend the "
            "runbook afterwards.",
            updated=data.get("updated"),
        )
    return typed(None) if data.get("updated") else typed(UNDATED)


def _section(data: Mapping[str, Any], name: str, heading: str) -> Sequence[Mrkdwn]:
    lines = markdown.lines(str(data.get(name) or ""))
    return [said("*{heading}*", heading=heading), *(lines or [said("_Nothing is written here yet._")])]


def _data(book: Runbook, today: date) -> dict[str, Any]:
    texts = {name: book.sections.get(name, "") for name in (SYMPTOMS, MITIGATION)}
    return {
        "name": book.name,
        "title": book.title,
        "owner": book.owner,
        "url": book.url,
        "updated": book.updated.isoformat() if book.updated else "",
        "old": book.old(today),
        "cut": any(len(excerpt(text)) < len(text) for text in texts.values()),
        **{name: excerpt(text) for name, text in texts.items()},
    }
