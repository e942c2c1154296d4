"""The vendors' OpenAPI documents as the tests of the stand-ins ask them: is this answer as documented?"""

import re
from functools import reduce
from operator import getitem

from jsonschema import Draft4Validator

from tests.contracts_folder import contract


class Document:
    """One vendor's OpenAPI document: the schema of an answer, of a form, of a body, found by path and method."""

    def __init__(self, name, prefix=""):
        self.content = contract(f"openapi/{name}.json")
        self._prefix = prefix

    def operation(self, method, path):
        path = path.removeprefix(self._prefix)
        fixed_first = sorted(self.content["paths"], key=lambda template: template.count("{"))
        for template in fixed_first:
            pattern = re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in self.content["paths"][template]:
                return self.content["paths"][template][method.lower()]
        raise AssertionError(f"{method} {path} is not in the document")

    def check(self, method, path, status, body):
        answers = self.operation(method, path)["responses"]
        assert str(status) in answers, f"{method} {path} does not answer {status}"
        answer = self._resolved(answers[str(status)])
        schema = answer["content"]["application/json"]["schema"] if "content" in answer else {}
        self.validate(schema, body)

    def validate(self, schema, body):
        root = {**self._plain(schema), "components": self._plain(self.content["components"])}
        errors = sorted(Draft4Validator(root).iter_errors(body), key=str)
        assert not errors, "\n".join(f"{'/'.join(map(str, error.path))}: {error.message}" for error in errors)

    def fields(self, method, path, kind):
        content = self.operation(method, path)["requestBody"]["content"][kind]
        return set(self._resolved(content["schema"])["properties"])

    def schema_fields(self, name):
        return set(self.content["components"]["schemas"][name]["properties"])

    def query(self, path):
        parameters = [self._resolved(each) for each in self.operation("GET", path)["parameters"]]
        return {each["name"] for each in parameters if each["in"] == "query"}

    def _resolved(self, node):
        if "$ref" not in node:
            return node
        return reduce(getitem, node["$ref"].split("/")[1:], self.content)

    def _plain(self, schema):
        """JSON Schema for OpenAPI's own words: nullable becomes a type, a nullable enum takes null."""
        if isinstance(schema, list):
            return [self._plain(each) for each in schema]
        if not isinstance(schema, dict):
            return schema
        plain = {name: self._plain(value) for name, value in schema.items()}
        if schema.get("nullable") is True and isinstance(schema.get("type"), str):
            plain["type"] = [schema["type"], "null"]
        return plain


class Unmarked(Document):
    """Statuspage's document marks nothing as nullable, though fields are empty until they happen."""

    def _plain(self, schema):
        plain = super()._plain(schema)
        if isinstance(plain, dict) and isinstance(plain.get("type"), str) and plain["type"] not in ("object", "array"):
            plain["type"] = [plain["type"], "null"]
            if "enum" in plain:
                plain["enum"] = [*plain["enum"], None]
        return plain


class Rest(Document):
    """PagerDuty's REST document marks few things as nullable, and names a reference where the whole may stand."""

    def _plain(self, schema):
        plain = super()._plain(schema)
        if not isinstance(plain, dict):
            return plain
        if isinstance(plain.get("type"), str) and plain["type"] != "array":
            plain["type"] = [plain["type"], "null"]
        if "enum" in plain:
            plain["enum"] = [*plain["enum"], None, *(str(each).removesuffix("_reference") for each in plain["enum"])]
        if "oneOf" in plain:
            plain["anyOf"] = plain.pop("oneOf")
        return plain

    def wrapped(self, method, path, wrapper):
        content = self.operation(method, path)["requestBody"]["content"]["application/json"]["schema"]
        return set(content["properties"][wrapper]["properties"])


class Swagger(Document):
    """Opsgenie's document is of Swagger 2.0: schemas stand elsewhere, and `allOf` holds the parts of a body."""

    def check(self, method, path, status, body):
        answers = self.operation(method, path)["responses"]
        assert str(status) in answers, f"{method} {path} does not answer {status}"
        answer = self._resolved(answers[str(status)])
        root = {**answer["schema"], "definitions": self.content["definitions"]}
        errors = sorted(Draft4Validator(root).iter_errors(body), key=str)
        assert not errors, "\n".join(f"{'/'.join(map(str, error.path))}: {error.message}" for error in errors)

    def schema_fields(self, name):
        schema = self.content["definitions"][name]
        parts = [self._resolved(part) for part in schema["allOf"]]
        return {field for part in parts for field in part.get("properties", {})}


def asking(world, document, headers=None):
    """Asks, checks the answer against the document, and hands it on."""

    async def ask(method, path, status, **more):
        body = await world.ask(method, path, status, headers=headers, **more)
        document.check(method, path, status, body)
        return body

    return ask
