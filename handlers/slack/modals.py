"""Submitted forms: parse -> use case -> answer. A refusal is shown in the form, which stays open."""

from dataclasses import asdict, replace

from slack_bolt.async_app import AsyncApp

from domain.words import prose, title
from handlers.slack.answering import Answering, Body
from handlers.slack.family import Outcome, Said, about_form
from handlers.slack.publishing import looked_at_once_more
from handlers.slack.verbs import Verbs
from service.incidents import Incidents
from views import answers, modals, submitted, triage


def register(app: AsyncApp, answering: Answering, incidents: Incidents, verbs: Verbs) -> None:
    """One listener a form."""

    async def declare(body: Body) -> Outcome:
        form = modals.read_declare(triage.settled(body["view"]))
        cleaned = replace(form, title=title(form.title), description=prose(form.description))
        _, response_url = modals.read_about(body["view"])
        said = Said(body["user"]["id"], key=body["view"]["id"], response_url=response_url)
        return await verbs.declare(cleaned, said, of=submitted.message(body["view"]))

    async def update(body: Body) -> Outcome:
        text, status = modals.read_update(body["view"])
        number, by, key = about_form(body)
        if modals.read_publish(body["view"]):
            _, response_url = modals.read_about(body["view"])
            return await looked_at_once_more(incidents, number, prose(text), status or "", response_url)
        if status:
            return answers.status(await incidents.set_status(number, by, status, prose(text), key))
        return answers.updated(await incidents.update(number, by, prose(text), key))

    async def resolve(body: Body) -> Outcome:
        text, cause = modals.read_resolve(body["view"])
        number, by, key = about_form(body)
        return answers.resolved(await incidents.resolve(number, by, prose(text), prose(cause), key))

    async def postmortem(body: Body) -> Outcome:
        number, by, key = about_form(body)
        written = {name: prose(text) for name, text in asdict(modals.read_postmortem(body["view"])).items()}
        return answers.kept(await incidents.keep_postmortem(number, by, written, key))

    app.view(modals.DECLARE)(answering.form(modals.TITLE, declare))
    app.view(modals.UPDATE)(answering.form(modals.TEXT, update))
    app.view(modals.RESOLVE)(answering.form(modals.RESOLUTION, resolve))
    app.view(modals.POSTMORTEM)(answering.form(modals.SUMMARY, postmortem))
    for family in verbs.families:
        for callback_id, (field, listener) in family.forms().items():
            app.view(callback_id)(answering.form(field, listener))
