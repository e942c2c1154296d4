"""Submitted forms: parse -> use case -> answer. A refusal is shown in the form, which stays open."""

import json
from dataclasses import asdict, replace

from slack_bolt.async_app import AsyncApp

from domain import words
from handlers.slack.answering import Answering, Body
from handlers.slack.verbs import Said, Verbs
from service.incidents import Incidents
from views import modals


def register(app: AsyncApp, answering: Answering, incidents: Incidents, verbs: Verbs) -> None:
    """One listener a form."""

    async def declare(body: Body) -> None:
        form = modals.read_declare(body["view"])
        cleaned = replace(form, title=words.title(form.title), description=words.prose(form.description))
        said = _said(body)
        answer = await verbs.declare(cleaned, said)
        if answer and said.response_url:
            await verbs.replies.send(said.response_url, answer)

    async def update(body: Body) -> None:
        text, status = modals.read_update(body["view"])
        number, by, key = _about(body)
        if status:
            await incidents.set_status(number, by, status, words.prose(text), key)
        else:
            await incidents.update(number, by, words.prose(text), key)

    async def resolve(body: Body) -> None:
        text, cause = modals.read_resolve(body["view"])
        number, by, key = _about(body)
        await incidents.resolve(number, by, words.prose(text), words.prose(cause), key)

    async def postmortem(body: Body) -> None:
        number, by, key = _about(body)
        await incidents.keep_postmortem(number, by, asdict(modals.read_postmortem(body["view"])), key)

    app.view(modals.DECLARE)(answering.form(modals.TITLE, declare))
    app.view(modals.UPDATE)(answering.form(modals.TEXT, update))
    app.view(modals.RESOLVE)(answering.form(modals.RESOLUTION, resolve))
    app.view(modals.POSTMORTEM)(answering.form(modals.SUMMARY, postmortem))


def _about(body: Body) -> tuple[int, str, str]:
    return int(body["view"]["private_metadata"]), body["user"]["id"], body["view"]["id"]


def _said(body: Body) -> Said:
    kept = body["view"].get("private_metadata") or "{}"
    return Said(body["user"]["id"], key=body["view"]["id"], response_url=json.loads(kept).get("response_url", ""))
