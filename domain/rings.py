"""The rings themselves: a message, a call, a text and an e-mail to each person of a level. It decides no times."""

from collections.abc import Iterable

from domain.decision import Effect
from domain.paging import MESSAGES, RINGS, Step, step_of
from domain.people import Person
from domain.policy import Level, Policy
from domain.record import WAITING, Owed


def rung(had: Iterable[Owed], policy: Policy, level: Level, of: Step) -> tuple[Effect, ...]:
    """All the rings of a level by its means. Whatever the means: a page that nothing would carry goes by message."""
    others = (*calls(had, policy, level, of), *mails(had, policy, level, of))
    return (*(messages(had, level, of) if "slack" in level.means or not others else ()), *others)


def messages(had: Iterable[Owed], level: Level, of: Step, **more: object) -> tuple[Effect, ...]:
    """A direct message to each of the level's people who has not had theirs for this step."""
    return _not_had(had, (message(person.slack, of, person.id, **more) for person in level.people))


def message(slack: str, of: Step, person: str = "", **more: object) -> Effect:
    """The direct message to one person; `person` is their key in config.yaml, where they stand there."""
    data = {"user": slack, **({"person": person} if person else {}), **of.data, **more}
    return Effect(MESSAGES, "page", f"{slack}:{of.tag}", data)


def calls(had: Iterable[Owed], policy: Policy, level: Level, of: Step, **more: object) -> tuple[Effect, ...]:
    """A call and a text, as the level's means are, to each of its people who has not had theirs for this step."""
    if not policy.phone:
        return ()
    return _not_had(
        had,
        (
            Effect(
                policy.phone,
                kind,
                f"{kind}:{person.id}:{of.tag}",
                {"person": person.id, "phone": phone, **of.data, **more},
            )
            for person in level.people
            for kind, phone in _numbers(person, level.means)
        ),
    )


def mails(had: Iterable[Owed], policy: Policy, level: Level, of: Step, **more: object) -> tuple[Effect, ...]:
    """An e-mail, where it is among the level's means, to each of its people who has an address and not had theirs."""
    if not policy.mail or "email" not in level.means:
        return ()
    addressed = (person for person in level.people if person.email)
    return _not_had(
        had,
        (
            Effect(
                policy.mail,
                "email",
                f"email:{person.id}:{of.tag}",
                {"person": person.id, "name": person.name, "email": person.email, **of.data, **more},
            )
            for person in addressed
        ),
    )


def held(had: Iterable[Owed], of: Step) -> tuple[Owed, ...]:
    """The rings of this step that wait because somebody was rung for something else."""
    rings = (each for each in had if each.kind in RINGS and step_of(each.data).same == of.same)
    return tuple(each for each in rings if each.state == WAITING and each.data.get("held"))


def _numbers(person: Person, means: Iterable[str]) -> list[tuple[str, str]]:
    """The kinds of ring with the number, for what of these means this person has."""
    wanted = (("call", "phone", person.phone), ("text", "sms", person.texted_at))
    return [(kind, number) for kind, name, number in wanted if number and name in means]


def _not_had(had: Iterable[Owed], rings: Iterable[Effect]) -> tuple[Effect, ...]:
    owed = {(each.kind, each.target) for each in had}
    return tuple(ring for ring in rings if (ring.kind, ring.target) not in owed)
