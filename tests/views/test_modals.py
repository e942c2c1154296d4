"""The forms ask little, and what is written in them comes back."""

from tests.views.samples import DECLARED, RESOLVED, SERVICES, SEVERITIES
from views import modals


def submitted(view, **written):
    """A view_submission's view, as Slack sends it: empty inputs are null, menus left alone have no choice."""
    values = {}
    for block in (block for block in view["blocks"] if block["type"] == "input"):
        values[block["block_id"]] = {
            block["element"]["action_id"]: _state(block["element"], written.get(block["block_id"]))
        }
    return view | {"state": {"values": values}}


def _state(element, written):
    match element["type"]:
        case "plain_text_input":
            return {"type": element["type"], "value": written or element.get("initial_value")}
        case "static_select":
            chosen = {"text": {}, "value": written} if written else element.get("initial_option")
            return {"type": element["type"], "selected_option": chosen}
        case other:
            return {"type": other, "selected_options": [{"text": {}, "value": value} for value in written or []]}


def test_the_form_to_declare_has_at_most_five_fields():
    view = modals.declare(SEVERITIES, SERVICES)
    assert [block["block_id"] for block in view["blocks"]] == [
        "title",
        "severity",
        "services",
        "description",
        "private",
    ]
    assert view["callback_id"] == "declare"


def test_a_form_without_services_does_not_ask_for_them():
    assert "services" not in [block["block_id"] for block in modals.declare(SEVERITIES)["blocks"]]


def test_what_was_understood_is_filled_in():
    view = modals.declare(SEVERITIES, SERVICES, "db down", "SEV-2", "writes fail")
    assert modals.read_declare(submitted(view)) == modals.Declared("db down", "SEV-2", (), "writes fail", False)


def test_a_declaration_is_read_back():
    written = {"title": " db down ", "severity": "SEV-1", "services": ["api", "web"], "private": ["private"]}
    read = modals.read_declare(submitted(modals.declare(SEVERITIES, SERVICES), **written))
    assert read == modals.Declared("db down", "SEV-1", ("api", "web"), "", True)


def test_a_submission_without_state_reads_as_empty():
    assert modals.read_declare({}) == modals.Declared("", None, (), "", False)


def test_an_update_is_read_back():
    view = modals.update(DECLARED, ["identified", "monitoring"])
    assert modals.read_update(submitted(view, text="found it", status="identified")) == ("found it", "identified")
    assert modals.read_update(submitted(view, text="found it")) == ("found it", None)


def test_a_form_knows_its_incident_and_where_to_answer():
    view = modals.update(DECLARED, response_url="http://127.0.0.1:9000/response/1")
    assert modals.read_about(view) == (42, "http://127.0.0.1:9000/response/1")
    assert modals.read_about(modals.declare(SEVERITIES)) == (0, "")
    assert modals.read_about({}) == (0, "")


def test_a_resolution_is_read_back():
    view = modals.resolve(DECLARED)
    assert modals.read_resolve(submitted(view, resolution="restarted")) == ("restarted", "")
    assert modals.read_resolve(submitted(view, resolution="restarted", root_cause="disk")) == ("restarted", "disk")


def test_a_postmortem_starts_from_what_is_known():
    written = modals.read_postmortem(submitted(modals.postmortem(RESOLVED.incident)))
    assert written.root_cause == "the disk was full"
    assert written.summary == ("db down\n\nEvery write fails.\n\nResolved after 1 h 05 min: the primary was restarted")


def test_a_postmortem_is_edited_from_what_was_written():
    before = modals.Written("a", "b", "c", "d", "e")
    assert modals.read_postmortem(submitted(modals.postmortem(RESOLVED.incident, before))) == before


def test_a_field_emptied_by_hand_is_empty():
    view = modals.postmortem(RESOLVED.incident)
    view["state"] = {"values": {"root_cause": {"root_cause": {"type": "plain_text_input", "value": None}}}}
    assert modals.read_postmortem(view) == modals.Written()
