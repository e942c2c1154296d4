"""A Swagger 2.0 document as the OpenAPI 3.0 document that it means, so that there is one way of checking."""

from typing import Any

OF_A_SCHEMA = ("type", "enum", "format", "minimum", "maximum", "items")


def openapi3(swagger: dict[str, Any]) -> dict[str, Any]:
    """Bodies out of the parameters, types into schemas; where a kind is told by a member, all kinds' members."""
    definitions = {name: _moved(schema) for name, schema in swagger["definitions"].items()}
    for name, schema in definitions.items():
        if "discriminator" in schema:
            schema["properties"] = {**_of_kinds(name, definitions), **schema["properties"]}
    paths = {
        path: {method: _operation(operation, swagger) for method, operation in item.items()}
        for path, item in swagger["paths"].items()
    }
    return {"paths": paths, "components": {"schemas": definitions}}


def _of_kinds(name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """What the kinds of a type have beside its own members."""
    own = {"$ref": f"#/components/schemas/{name}"}
    kinds = [each["allOf"] for each in definitions.values() if own in each.get("allOf", []) and len(each["allOf"]) > 1]
    return {
        member: schema for parts in kinds for part in parts for member, schema in part.get("properties", {}).items()
    }


def _operation(operation: dict[str, Any], swagger: dict[str, Any]) -> dict[str, Any]:
    given = [_resolved(each, swagger) for each in operation.get("parameters", [])]
    found: dict[str, Any] = {"parameters": [_parameter(each) for each in given if each["in"] != "body"]}
    for body in (each for each in given if each["in"] == "body"):
        found["requestBody"] = {"content": {"application/json": {"schema": _moved(body["schema"])}}}
    return found


def _resolved(parameter: dict[str, Any], swagger: dict[str, Any]) -> dict[str, Any]:
    name = parameter.get("$ref", "").removeprefix("#/parameters/")
    return dict(swagger["parameters"][name]) if name else parameter


def _parameter(given: dict[str, Any]) -> dict[str, Any]:
    schema = {name: given[name] for name in OF_A_SCHEMA if name in given}
    return {"name": given["name"], "in": given["in"], "required": given.get("required", False), "schema": schema}


def _moved(schema: Any) -> Any:
    """References lead to where the definitions stand now."""
    if isinstance(schema, list):
        return [_moved(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: each.replace("#/definitions/", "#/components/schemas/") if name == "$ref" else _moved(each)
        for name, each in schema.items()
    }
