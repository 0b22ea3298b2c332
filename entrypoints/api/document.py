"""`/api/v1/openapi.json`: the document of the API, made from the declarations themselves (decision 0004)."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, current_app, json
from pydantic import BaseModel, TypeAdapter
from werkzeug.routing import Rule

from entrypoints.http import PUBLIC, Declaration, endpoint

bp = Blueprint("document", __name__)
REFS = "#/components/schemas/{model}"
ID = {"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{26}$"}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "request_id": {"type": "string"},
    },
}


@bp.get("/openapi.json")
@endpoint(needs=PUBLIC, outside=True)
def document() -> Response:
    """The OpenAPI 3.1 document of this API."""
    return Response(json.dumps(build()), mimetype="application/json")


def build() -> dict[str, Any]:
    """Every route of the API with its parameters, body, answers and problems."""
    routes = [
        (rule, _declaration(rule)) for rule in current_app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")
    ]
    inputs = {declared.body: "validation" for _, declared in routes if declared.body}
    outputs = {declared.returns: "serialization" for _, declared in routes if declared.returns is not None}
    asked = [(told, mode, TypeAdapter(told)) for told, mode in (outputs | inputs).items()]
    refs, schemas = TypeAdapter.json_schemas(asked, ref_template=REFS)  # type: ignore[arg-type]
    named = {told: schema for (told, _), schema in refs.items()}
    paths: dict[str, Any] = {}
    for rule, declaration in sorted(routes, key=lambda route: route[0].rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(_path(rule), {})[method.lower()] = _operation(rule, declaration, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "WeCom HR", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": {**schemas.get("$defs", {}), "Problem": PROBLEM},
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _declaration(rule: Rule) -> Declaration:
    declaration = getattr(current_app.view_functions[rule.endpoint], "declaration", None)
    assert isinstance(declaration, Declaration), rule.rule
    return declaration


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)


def _operation(rule: Rule, declaration: Declaration, named: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api.").replace(".", "_"),
        "summary": declaration.summary,
        "parameters": _parameters(rule, declaration),
        "responses": _responses(declaration, named),
    }
    if declaration.needs is not PUBLIC:
        operation["security"] = [{"session": []}]
    if declaration.body:
        kind = "multipart/form-data" if declaration.uploads else "application/json"
        operation["requestBody"] = {"required": True, "content": {kind: {"schema": named[declaration.body]}}}
    return operation


def _parameters(rule: Rule, declaration: Declaration) -> list[dict[str, Any]]:
    path = [
        {"name": name, "in": "path", "required": True, "schema": ID if name.endswith("_id") else {"type": "string"}}
        for name in sorted(rule.arguments)
    ]
    return path + (_query_parameters(declaration.query) if declaration.query else [])


def _query_parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema(ref_template=REFS)
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _inlined(part, schema.get("$defs", {}))}
        for name, part in schema["properties"].items()
    ]


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, dict) and "$ref" in part:
        return definitions[part["$ref"].rpartition("/")[2]]
    if isinstance(part, dict):
        return {key: _inlined(value, definitions) for key, value in part.items()}
    return [_inlined(value, definitions) for value in part] if isinstance(part, list) else part


def _responses(declaration: Declaration, named: dict[Any, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": REFS.format(model="Problem")}}}
    responses: dict[str, Any] = {"default": {"description": "Refused, with the reason", "content": problem}}
    if declaration.returns is None:
        return responses | {str(declaration.status): {"description": "Done"}}
    content = {"application/json": {"schema": named[declaration.returns]}}
    return responses | {str(declaration.status): {"description": "Done", "content": content}}
