"""The ids that buttons and menus send. Handlers listen for exactly these."""

ACKNOWLEDGE = "acknowledge"
ADD_UPDATE = "add_update"
RESOLVE_OPEN = "resolve_open"
VIEW_ISSUE = "view_issue"
RUNBOOKS = "runbooks"
RETRY = "retry"
REOPEN = "reopen"
CLOSE = "close"
DRAFT_POSTMORTEM = "draft_postmortem"
PUBLISH_STATUS = "publish_status"
DECLINE_STATUS = "decline_status"
DECLARE_ANYWAY = "declare_anyway"
PICK = "pick:"
"""Before the verb for which an incident is picked: pick:resolve."""


def pick(verb: str) -> str:
    """The id of the menu that asks which incident a verb is meant for."""
    return f"{PICK}{verb}"


def retry_value(number: int, owed: int) -> str:
    """What a Retry button carries: the incident and the row of the outbox."""
    return f"{number}:{owed}"


def read_retry(value: str) -> tuple[int, int]:
    """The incident's number and the row's id. Raises ValueError when it is neither."""
    number, _, owed = value.partition(":")
    return int(number), int(owed)
