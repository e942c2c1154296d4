"""What endings need of the tables beside the incident itself. Every function runs inside Store.transact."""

from storage.statements import tuples


def declared_last(by: str) -> int | None:
    """The newest incident that this person declared, test pages left out."""
    newest = "SELECT number FROM incident WHERE reporter = ? AND NOT test ORDER BY number DESC LIMIT 1"
    return next((int(number) for (number,) in tuples(newest, by)), None)
