"""From an answer to how bad it is, to the severity that is proposed. It knows no form."""

from collections.abc import Iterable

from domain.severities import Severity


def questions(severities: Iterable[Severity]) -> tuple[Severity, ...]:
    """The severities that a question proposes, in the order of config.yaml: the gravest first."""
    return tuple(severity for severity in severities if severity.triage)


def proposal(answer: str | None, chosen: str | None, before: str | None) -> str | None:
    """The severity to put into the menu, or None where what stands there stays. `chosen` stands there now, `before` was
    proposed by an earlier answer: what somebody chose is never overwritten, what was only proposed gives way."""
    return None if chosen and chosen != before else answer
