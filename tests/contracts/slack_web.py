"""Judges calls and answers of Slack's Web API by Slack's own documents: arguments, error codes, shapes of answers."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft4Validator, FormatChecker, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.contracts_folder import contract

OWN_ERRORS = {"unknown_method"}  # in no document, and seen by everyone who ever misspelt a method
UNVERIFIED = {("conversations.unarchive", "not_in_channel")}  # no document says what a bot is told
# Members that Slack sends today and its document of 2021 does not know: by the object that holds them.
SENT_TODAY = {
    "channel": {"context_team_id", "updated"},
    "channels[]": {"context_team_id", "updated"},
    "message": {"app_id", "edited", "is_locked", "metadata", "parent_user_id"},
    "messages[]": {"app_id", "blocks", "bot_id", "edited", "is_locked", "metadata", "subtype"},
    "team": {"url"},
    "": {"response_metadata", "errors"},  # warnings; a forced invitation's refusals
    "attachments[]": {"text"},
}
WRONG = {("chat.update", "message.blocks")}  # the document says object; it is the list of blocks
# What the document leaves open ("ok" only), by the members of Slack's samples and of its libraries' types.
OPEN = {
    "view": {
        *("id", "team_id", "type", "blocks", "private_metadata", "callback_id", "state", "hash", "title"),
        *("clear_on_close", "notify_on_close", "close", "submit", "previous_view_id", "root_view_id", "app_id"),
        *("external_id", "app_installed_team_id", "bot_id"),
    },
    "bookmark": {
        *("id", "channel_id", "title", "link", "emoji", "type", "date_created", "date_updated"),
        *("last_updated_by_user_id",),
    },
}


class SlackWeb:
    """The documents, loaded. Skips the test that asks where they are absent."""

    def __init__(self) -> None:
        self._document = _plain(contract("openapi/slack-web.json"))
        self.methods: Mapping[str, Any] = contract("slack/methods.json")["methods"]
        self._common = set(contract("slack/methods.json")["common_errors"]) | OWN_ERRORS
        self._registry: Registry[Any] = Registry().with_resource(
            "urn:document", Resource.from_contents(self._document, DRAFT4)
        )

    def call_violations(self, method: str, args: Mapping[str, Any]) -> list[str]:
        known = self.methods[method]["args"]
        return [f"{method}: {name} is no argument of it" for name in args if name not in known]

    def error_violations(self, method: str, code: str) -> list[str]:
        documented = set(self.methods.get(method, {"errors": {}})["errors"]) | self._common
        known = code in documented or (method, code) in UNVERIFIED
        return [] if known else [f"{method}: answers {code}, which is documented nowhere"]

    def answer_violations(self, method: str, body: Any) -> list[str]:
        """What a successful answer lacks, has in another type, or has and Slack has not. Empty when all is well."""
        schema = self._schema(method)
        validator = Draft4Validator(_rooted(schema), registry=self._registry, format_checker=FormatChecker())
        found = [
            f"{method}: {error.json_path}: {_said(error)}"
            for error in validator.iter_errors(body)
            if (method, ".".join(str(part) for part in error.absolute_path)) not in WRONG
        ]
        found += [f"{method}: {where} is unknown to Slack" for where in self._unknown(schema, body, "", "")]
        return found + [f"{method}: {lack}" for lack in _lacking(body)]

    def _schema(self, method: str) -> Any:
        [operation] = self._document["paths"][f"/{method}"].values()
        return operation["responses"]["200"]["schema"]

    def _unknown(self, schema: Any, value: Any, where: str, holder: str) -> Iterator[str]:
        if isinstance(value, list):
            items = [each["items"] for each in self._alternatives(schema) if "items" in each]
            for each in value if items else ():
                yield from self._unknown({"anyOf": items}, each, f"{where}[]", f"{holder}[]")
        elif isinstance(value, dict):
            members, closed = self._members(schema)
            for name, each in value.items():
                if name in members:
                    yield from self._unknown({"anyOf": members[name]}, each, f"{where}.{name}", name)
                elif closed and name not in SENT_TODAY.get(holder, ()):
                    yield f"{where}.{name}"

    def _members(self, schema: Any) -> tuple[dict[str, list[Any]], bool]:
        """Every documented member of an object with its schemas, and whether there is to be no other."""
        found: dict[str, list[Any]] = {}
        alternatives = list(self._alternatives(schema))
        for each in alternatives:
            for name, of in each.get("properties", {}).items():
                found.setdefault(name, []).append(of)
        return found, all(each.get("x-closed", False) for each in alternatives)

    def _alternatives(self, schema: Any) -> Iterator[Any]:
        if "$ref" in schema:
            yield from self._alternatives(self._document["definitions"][schema["$ref"].rpartition("/")[2]])
        elif "anyOf" in schema:
            for each in schema["anyOf"]:
                yield from self._alternatives(each)
        else:
            yield schema


def _said(error: ValidationError) -> str:
    """The error, or where no alternative fits, all that is wrong with the one that fits best."""
    if not error.context:
        return error.message[:200]
    by_alternative: dict[Any, list[ValidationError]] = {}
    for each in error.context:
        by_alternative.setdefault(each.schema_path[0], []).append(each)
    return "; ".join(f"{each.json_path}: {_said(each)}" for each in min(by_alternative.values(), key=len))


def _lacking(body: Mapping[str, Any]) -> Iterator[str]:
    for name, members in OPEN.items():
        if name in body and set(body[name]) != members:
            yield f"{name} has other members than Slack's: {sorted(set(body[name]) ^ members)}"


def _plain(schema: Any) -> Any:
    """JSON Schema of the document: alternatives are `anyOf`, and a member of today does not refuse the rest."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _plain(each) for name, each in schema.items() if name not in ("x-oneOf", "additionalProperties")}
    if "properties" in plain:
        plain["x-closed"] = schema.get("additionalProperties") is False
    return plain | ({"anyOf": _plain(schema["x-oneOf"])} if "x-oneOf" in schema else {})


def _rooted(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            name: f"urn:document{each}" if name == "$ref" and isinstance(each, str) else _rooted(each)
            for name, each in schema.items()
        }
    return [_rooted(each) for each in schema] if isinstance(schema, list) else schema
