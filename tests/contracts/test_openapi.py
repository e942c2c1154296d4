"""The checker itself can fail: each kind of mistake in a request is seen."""

import pytest

from tests.contracts.openapi import Document

DOCUMENT = {
    "paths": {
        "/things/{id}": {
            "post": {
                "parameters": [
                    {"name": "page", "in": "query", "schema": {"type": "integer", "maximum": 9}},
                    {"name": "who", "in": "query", "required": True, "schema": {"type": "string"}},
                ],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}},
                        "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Form"}},
                    }
                },
                "responses": {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}},
            }
        },
        "/things/all": {"post": {"responses": {}}},
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 3},
                    "level": {"$ref": "#/components/schemas/Level"},
                    "note": {"type": "string", "nullable": True},
                    "free": {"type": "object"},
                    "states": {"type": "object", "additionalProperties": {"enum": ["up"]}},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                },
            },
            "Level": {"type": "string", "enum": ["low", "high"]},
            "Form": {
                "type": "object",
                "required": ["To"],
                "properties": {
                    "To": {"type": "string"},
                    "Timeout": {"type": "integer"},
                    "Event": {"type": "array", "items": {"type": "string"}},
                },
            },
        }
    },
}
WHO = [("who", "ana")]


@pytest.fixture
def document():
    return Document(DOCUMENT, "/v1")


def test_a_right_request_has_no_violations(document):
    body = {
        "name": "abc",
        "level": "low",
        "note": None,
        "free": {"x": 1},
        "states": {"c1": "up"},
        "parts": [{"name": "a"}],
    }
    assert document.violations("POST", "/v1/things/5", json=body, query=[*WHO, ("page", "9")]) == []
    form = [("To", "+1"), ("Timeout", "30"), ("Event", "a"), ("Event", "b")]
    assert document.violations("POST", "/v1/things/5", form=form, query=WHO) == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({}, "'name' is a required property"),
        ({"name": "abcd"}, "too long"),
        ({"name": "a", "level": "odd"}, "is not one of"),
        ({"name": "a", "parts": [{"level": "low"}]}, "'name' is a required property"),
        ({"name": "a", "states": {"c1": "down"}}, "is not one of"),
        ({"name": "a", "description": "x"}, "body.description: not documented"),
        ({"name": "a", "parts": [{"name": "a", "x": 1}]}, "body.parts[].x: not documented"),
    ],
)
def test_a_wrong_body_is_seen(document, body, complaint):
    [found] = document.violations("POST", "/v1/things/5", json=body, query=WHO)
    assert complaint in found


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ([], "query who: required"),
        ([*WHO, ("limit", "1")], "query limit: not documented"),
        ([*WHO, ("page", "10")], "query page"),
        ([*WHO, ("page", "ten")], "query page"),
    ],
)
def test_a_wrong_query_is_seen(document, query, complaint):
    [found] = document.violations("POST", "/v1/things/5", query=query)
    assert complaint in found


@pytest.mark.parametrize(
    "form", [[("Timeout", "30")], [("To", "+1"), ("Timeout", "soon")], [("To", "+1"), ("Odd", "1")]]
)
def test_a_wrong_form_is_seen(document, form):
    assert len(document.violations("POST", "/v1/things/5", form=form, query=WHO)) == 1


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/things/5"), ("POST", "/v1/things"), ("POST", "/things/5")])
def test_an_operation_that_does_not_exist_is_seen(document, method, path):
    assert document.violations(method, path) == [f"{method} {path}: no such operation"]


def test_a_literal_path_wins_over_a_template(document):
    assert document.violations("POST", "/v1/things/all", json={}) == ["body: application/json is not accepted"]


def test_a_wrong_answer_is_seen(document):
    assert document.answer_violations("POST", "/v1/things/5", 200, {}) == []
    assert document.answer_violations("POST", "/v1/things/5", 200, [])
