"""The workspace in which the table's calls are made: one channel of each kind, one message of each author."""

from sandbox.slack.objects import BOT_USER, User

FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Declare"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Is it down?"}}],
}
HOME = {"type": "home", "blocks": [{"type": "divider"}]}
HUGE = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 250_001}}]
EMOJI = [f"e{n}" for n in range(50)]


def furnish(sandbox):
    """The words of the table. Those that are functions are asked when a call needs them."""
    workspace = sandbox.slack.workspace
    room = workspace.add_channel("inc-1", BOT_USER, (BOT_USER, "U0001"))
    archived = workspace.add_channel("inc-old", BOT_USER, (BOT_USER, "U0001"))
    words = {
        "bot": BOT_USER,
        "room": room.id,
        "archived": archived.id,
        "lounge": workspace.add_channel("lounge", "U0001", ("U0001",)).id,
        "lonely": workspace.add_channel("lonely", BOT_USER, (BOT_USER,)).id,
        "secret": workspace.add_channel("secret", "U0001", ("U0001",), "private").id,
        "dm": workspace.dm("U0001").id,
        "own": workspace.post(room, BOT_USER, "own").ts,
        "anas": workspace.post(room, "U0001", "ana's").ts,
        "stale": workspace.post(archived, BOT_USER, "old").ts,
        "parent": workspace.post(room, BOT_USER, "parent").ts,
    }
    workspace.post(room, "U0001", "reply", thread_ts=words["parent"])
    words |= _people(workspace) | _reactions(workspace, room) | _crowd(workspace) | _views(sandbox.slack.views)
    workspace.archive(archived, "U0001")
    return words


def _people(workspace):
    gone = workspace.add_user(User("U0004", "dana", "Dana", "dana@example.com"))
    workspace.deactivate(gone)
    disused = workspace.add_usergroup("disused", ["U0001"])
    disused.disabled = workspace.seconds()
    visitor = workspace.add_user(User("U0007", "visitor", "Visitor", "visitor@example.com", single_channel=True))
    partner = workspace.add_user(User("U0008", "partner", "Partner", "partner@example.com", team="T00000002"))
    people = {"gone": gone.id, "visitor": visitor.id, "partner": partner.id}
    return people | {"disused": disused.id}


def _reactions(workspace, room):
    pinned, reacted, colourful = (workspace.post(room, BOT_USER, text) for text in ("pinned", "reacted", "colourful"))
    workspace.pin(pinned, BOT_USER)
    workspace.react(pinned, "eyes", BOT_USER)
    for name in EMOJI:
        workspace.react(colourful, name, "U0001")
    for name in EMOJI[:23]:
        workspace.react(reacted, name, BOT_USER)
    workspace.set_topic(room, "inc", BOT_USER)
    line = room.messages[-1]
    return {"pinned": pinned.ts, "reacted": reacted.ts, "colourful": colourful.ts, "line": line.ts}


def _crowd(workspace):
    """A channel that holds all the pins and bookmarks that it can."""
    full = workspace.add_channel("full", BOT_USER, (BOT_USER,))
    for _ in range(100):
        workspace.pin(workspace.post(full, BOT_USER, "x"), BOT_USER)
    full.bookmarks |= {f"Bk{n}": {"id": f"Bk{n}"} for n in range(100)}
    return {"full": full.id, "unpinned": workspace.post(full, BOT_USER, "x").ts, "bookmark": "Bk0"}


def _views(views):
    modal = views.open(views.pull_trigger("U0001"), FORM)
    views.open(views.pull_trigger("U0003"), FORM | {"external_id": "taken"})
    bottom = views.open(views.pull_trigger("U0002"), FORM)
    views.push(views.pull_trigger("U0002", bottom.id), FORM)
    third = views.push(views.pull_trigger("U0002", bottom.id), FORM)
    views.publish("U0001", HOME)
    spent = views.pull_trigger("U0009")
    views.open(spent, FORM)

    def old(_words):
        trigger = views.pull_trigger("U0001")
        views._triggers[trigger].born -= 10
        return trigger

    return {
        "modal": modal.id,
        "form": FORM,
        "taken_form": FORM | {"external_id": "taken"},
        "huge_form": FORM | {"blocks": HUGE},
        "home": HOME,
        "huge_home": HOME | {"blocks": HUGE},
        "spent_trigger": spent,
        "old_trigger": old,
        "trigger": lambda _words: views.pull_trigger("U0001"),
        "trigger_in_modal": lambda words: views.pull_trigger("U0001", words["modal"]),
        "trigger_in_view": lambda words: views.pull_trigger("U0001", words["view"]),
        "trigger_in_third": lambda _words: views.pull_trigger("U0002", third.id),
    }
