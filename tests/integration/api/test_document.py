"""The API's document is valid OpenAPI 3.1, and what the API does conforms to it, for good examples and bad ones."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from entrypoints import limits
from entrypoints.api import document
from models.enums import Surface
from simulator import Twin
from tests.integration.hostile.attack import undone
from tests.integration.hostile.routes import Visit, visits
from tests.integration.hostile.world import World, build

EXAMPLES = 8
CONFORMS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture
def world(app: Flask, twin: Twin, drain: Callable[[], int]) -> World:
    """A company in which every route has something to show."""
    return build(app, twin, drain)


def test_the_document_is_valid(app: Flask) -> None:
    said = app.test_client().get("/api/v1/openapi.json")
    assert said.mimetype == "application/json"
    errors = [
        f"{'/'.join(map(str, error.path))}: {error.message}"
        for error in OpenAPIV31SpecValidator(said.json).iter_errors()
    ]
    assert errors == []


def test_every_route_is_in_the_document(app: Flask) -> None:
    paths = app.test_client().get("/api/v1/openapi.json").json["paths"]
    told = {(method.upper(), path) for path, one in paths.items() for method in one}
    routes = {
        (method, document._path(rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert told == routes


def test_what_the_api_does_is_what_its_document_says(world: World) -> None:
    schema, failures, seen = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.app), [], 0
    usual = {(visit.method, visit.route.partition(" ")[2]): visit for visit in visits(world)}
    for found in schema.get_all_operations():
        operation = found.ok()
        visit = usual[operation.method.upper(), re.sub(r"\{(\w+)\}", r"<string:\1>", operation.path)]
        for mode in GenerationMode:
            for problem in tried(world, operation, visit, mode):
                failures.append(f"{visit.route} {mode.value}: {problem}")
            seen += 1
    assert seen > 100
    assert not failures, "\n".join(failures)


# an empty value in a query means that it was left out, so it breaks no format
def tried(world: World, operation: Any, visit: Visit, mode: GenerationMode) -> list[str]:
    """What did not conform among examples of this mode, for somebody logged in who may."""
    found: list[str] = []
    token = world.someone(visit.who or "li", Surface.MINIPROGRAM).token

    @seed(20260302)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(operation.as_strategy(generation_mode=mode))
    def attempt(case: schemathesis.Case) -> None:
        limits.reset()
        with undone():
            response = case.call(headers={"Authorization": f"Bearer {token}"})
            left_out = mode is GenerationMode.NEGATIVE and "" in (case.query or {}).values()
            try:
                case.validate_response(response, checks=CONFORMS[:-1] if left_out else CONFORMS)
            except FailureGroup as group:
                found.extend(
                    f"{one.title} {one.message}"[:400] + f" {response.status_code} {response.text[:200]}"
                    for one in group.exceptions
                )

    with suppress(Unsatisfiable):  # a route without parameters has nothing to get wrong
        attempt()
    return found[:2]
