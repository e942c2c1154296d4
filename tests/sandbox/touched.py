"""A bot that replies as the test says, and what is shown to Ana in a page of hers."""

import pytest

from tests.sandbox.slack_client import Answering

OPTIONS = [{"text": {"type": "plain_text", "text": label}, "value": label.lower()} for label in ("SEV-1", "SEV-2")]
TYPED = {"type": "plain_text_input", "value": "x"}


def text(words):
    return {"type": "plain_text", "text": words}


def field(block_id, optional=True, dispatch=False, **element):
    element = {"type": "plain_text_input", "action_id": "a"} | element
    more = {"dispatch_action": True} if dispatch else {}
    return (
        {"type": "input", "block_id": block_id, "label": text(block_id), "optional": optional}
        | more
        | {"element": element}
    )


def row(*elements, block_id="row"):
    return {"type": "actions", "block_id": block_id, "elements": [{"action_id": "a", **e} for e in elements]}


def modal(*blocks, **more):
    return {"type": "modal", "title": text("Form"), "submit": text("Send"), "blocks": list(blocks), **more}


class Replying:
    """A bot that answers each type of payload with what `replies` holds for it."""

    def __init__(self):
        self.replies = {}

    def __call__(self, envelope):
        return self.replies.get(envelope["payload"].get("type"))


@pytest.fixture
async def replying(slack):
    replying = Replying()
    replying.bot = Answering(await slack.connect(), replying)
    replying.last = lambda: replying.bot.heard[-1]["payload"]
    return replying


@pytest.fixture
def shown(sandbox, slack, replying):
    """Show a view to Ana: `await shown(view)` opens it, and is its id."""

    async def shown(view):
        answer = await sandbox.people.say("ana", "/incident")
        opened = await slack("views.open", trigger_id=answer.trigger_id, view=view)
        return opened["view"]["id"]

    return shown


async def posted(slack, *blocks):
    return (await slack("chat.postMessage", channel="C0INCIDENTS", text="card", blocks=list(blocks)))["ts"]
