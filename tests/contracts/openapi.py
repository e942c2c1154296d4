"""Checks requests against a vendor's OpenAPI 3.0 document: the path, the query, the body, and no unknown member."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

Pairs = Sequence[tuple[str, str]]


class Document:
    """One document. `prefix` is the part of its server's address that belongs to the path, such as `/v1`."""

    def __init__(self, document: dict[str, Any], prefix: str = "") -> None:
        self._document = _nullable(document)
        self._prefix = prefix

    def violations(
        self, method: str, path: str, *, json: Any = None, form: Pairs | None = None, query: Pairs = ()
    ) -> list[str]:
        """Everything in the request that the vendor does not document, in words. Empty when all is well."""
        operation, parameters = self._operation(method, path)
        if operation is None:
            return [f"{method} {path}: no such operation"]
        found = list(self._query(parameters, query))
        content = operation.get("requestBody", {}).get("content", {})
        if json is not None:
            found += self._body(content, "application/json", json)
        if form is not None:
            schema = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
            found += self._body(content, "application/x-www-form-urlencoded", self._typed(schema, form))
        return found

    def answer_violations(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Everything in an answer that its schema refuses."""
        operation, _ = self._operation(method, path)
        if operation is None:
            return [f"{method} {path}: no such operation"]
        responses = operation.get("responses", {})
        answer = self._resolved(responses.get(str(status)) or responses.get(f"{status // 100}XX") or {})
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        return list(self._errors(schema, body)) if schema else []

    def _operation(self, method: str, path: str) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """The operation and its parameters; a template with more literal segments wins."""
        fits = [each for each in self._document["paths"] if _pattern(self._prefix + each).fullmatch(path)]
        for template in sorted(fits, key=lambda each: each.count("{")):
            item = self._document["paths"][template]
            if operation := item.get(method.lower()):
                both = [*item.get("parameters", []), *operation.get("parameters", [])]
                return operation, [self._resolved(each) for each in both]
        return None, []

    def _query(self, parameters: list[dict[str, Any]], query: Pairs) -> Iterator[str]:
        known = {each["name"]: each for each in parameters if each["in"] == "query"}
        for name, value in query:
            if name not in known:
                yield f"query {name}: not documented"
            else:
                schema = known[name].get("schema", {})
                yield from (f"query {name}: {error}" for error in self._errors(schema, self._value(schema, [value])))
        given = {name for name, _ in query}
        yield from (f"query {name}: required" for name in known if known[name].get("required") and name not in given)

    def _body(self, content: Mapping[str, Any], kind: str, body: Any) -> Iterator[str]:
        if kind not in content:
            yield f"body: {kind} is not accepted"
            return
        schema = content[kind]["schema"]
        yield from self._errors(schema, body)
        yield from self._unknown(schema, body, "body")

    def _errors(self, schema: Mapping[str, Any], value: Any) -> Iterator[str]:
        for error in Draft4Validator(
            self._rooted(schema), registry=self._registry, format_checker=FormatChecker()
        ).iter_errors(value):
            yield f"{error.json_path}: {error.message[:300]}"

    def _unknown(self, schema: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
        """Members that the vendor would ignore or refuse without the schema saying so."""
        if isinstance(value, list):
            for each in value:
                yield from self._unknown(self._resolved(schema).get("items", {}), each, where + "[]")
        elif isinstance(value, dict):
            known, others = self._members(schema)
            for name, each in value.items():
                if name in known or others is not None:
                    yield from self._unknown(known.get(name, others), each, f"{where}.{name}")
                elif known:
                    yield f"{where}.{name}: not documented"

    def _members(self, schema: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
        """The documented members of an object, and the schema of all others or None."""
        schema = self._resolved(schema)
        known, others = dict(schema.get("properties", {})), schema.get("additionalProperties")
        for part in [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])]:
            more, more_others = self._members(part)
            known |= more
            others = others if others is not None else more_others
        return known, ({} if others is True else others or None)

    def _typed(self, schema: Mapping[str, Any], form: Pairs) -> dict[str, Any]:
        """A form as the object it stands for: repeated names are lists, digits are numbers where they should be."""
        members, _ = self._members(schema)
        names = dict.fromkeys(name for name, _ in form)
        return {
            name: self._value(members.get(name, {}), [value for given, value in form if given == name])
            for name in names
        }

    def _value(self, schema: Mapping[str, Any], values: list[str]) -> Any:
        kind = self._resolved(schema).get("type")
        if kind == "array":
            return values
        [value] = values
        if kind == "integer" and re.fullmatch(r"-?\d+", value):
            return int(value)
        return {"true": True, "false": False}.get(value, value) if kind == "boolean" else value

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            found: Any = self._document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            schema = found
        return schema

    @cached_property
    def _registry(self) -> Registry[Any]:
        return Registry().with_resource("urn:document", Resource.from_contents(self._document, DRAFT4))

    def _rooted(self, schema: Any) -> Any:
        """The schema with references that lead into the document wherever they stand."""
        if isinstance(schema, dict):
            return {
                name: f"urn:document{each}" if name == "$ref" and each.startswith("#") else self._rooted(each)
                for name, each in schema.items()
            }
        return [self._rooted(each) for each in schema] if isinstance(schema, list) else schema


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


def _nullable(schema: Any) -> Any:
    """OpenAPI's `nullable` as JSON Schema says it."""
    if isinstance(schema, list):
        return [_nullable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _nullable(each) for name, each in schema.items() if name != "nullable"}
    if schema.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]} if "$ref" in plain or "type" not in plain else _or_null(plain)
    return plain


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    enum = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | enum | {"type": [schema["type"], "null"]}
