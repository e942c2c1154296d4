"""Whom the organisation's configuration names: found by key, Slack id, name, number or address. It decides nothing."""

from collections.abc import Iterable
from functools import cached_property

from domain.errors import Refused
from domain.nearest import hint
from domain.people import Person, is_slack_id, mentioned
from domain.settings import Settings
from domain.words import short

LISTED_MOST = 20
"""More names than this help nobody."""


class Directory:
    """A part of the Policy."""

    _settings: Settings

    def people(self, ids: Iterable[str]) -> tuple[Person, ...]:
        """Those of these keys who stand in config.yaml."""
        return tuple(self._settings.people[id] for id in ids if id in self._settings.people)

    def person(self, id: str) -> Person | None:
        """By their key in config.yaml."""
        return self._settings.people.get(id)

    def person_of(self, slack: str) -> Person | None:
        """By their Slack id."""
        return self._settings.person_of(slack)

    def person_at(self, number: str) -> Person | None:
        """Whose phone this is, in E.164."""
        return next((each for each in self._settings.people.values() if number in (each.phone, each.sms)), None)

    @property
    def dialable(self) -> tuple[tuple[str, str], ...]:
        """Names and numbers of everybody who has a phone, for when nobody can be rung."""
        return tuple((each.name, each.phone) for each in self._settings.people.values() if each.phone)

    def person_named(self, typed: str, by: str) -> Person:
        """The person that somebody typed: `@ana`, a mention, a Slack id, a key, a name, or `me`. Raises Refused."""
        word = mentioned(typed)
        wanted = by if word.casefold() in ("me", "myself") else word
        for person in self._settings.people.values():
            if wanted.casefold() in (person.slack.casefold(), person.id.casefold(), person.name.casefold()):
                return person
        who = f"`{short(word)}`, who is" if wanted == word else "you, who are"
        if wanted == word and is_slack_id(word):
            who = "whoever you mentioned: they are"
        known = self._settings.people
        listed = "" if len(known) > LISTED_MOST else f"There are {', '.join(known)}."
        raise Refused(
            f"Muster cannot page {who} not among `people` in config.yaml. {hint(word, known)}{listed}".strip()
        )

    def zone_of(self, slack_id: str) -> str:
        """The time zone in which somebody's times are meant."""
        person = self._settings.person_of(slack_id)
        return (person.timezone if person else None) or self._settings.organization.timezone

    @cached_property
    def slack_ids(self) -> dict[str, str]:
        """People's keys in config.yaml to their Slack ids."""
        return {id: person.slack for id, person in self._settings.people.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        """Slack ids to the names that people read."""
        return {person.slack: person.name for person in self._settings.people.values()}

    @cached_property
    def emails(self) -> dict[str, str]:
        """Slack ids to the e-mail addresses by which vendors know people."""
        return {person.slack: person.email for person in self._settings.people.values() if person.email}

    def slack_id_of(self, email: str) -> str:
        """Who this is in Slack; empty for somebody who is not in config.yaml."""
        person = self._settings.person_behind(email)
        return person.slack if person else ""
