"""The one way to register a route: `endpoint()` declares it and runs its life cycle.

Identify the caller → rate limit → permission gate → parse → idempotency key → run and commit → answer → log.
A view without a declaration stops the start (`check_declared`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException

from entrypoints import answers, auth, parsing, problems
from kit import clock, log
from kit.errors import AppError, Forbidden, StepUpRequired
from kit.ids import new_id
from models.enums import Outcome
from services import people, platform
from services.people import Permission

SMALL = 64 * 1024
UPLOAD = 9 * 1024 * 1024
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
logger = log.get(__name__)


@dataclass(frozen=True)
class Gate:
    """Who may come in when no permission is asked: anybody, or whoever is logged in, for their own things."""

    name: str


PUBLIC, OWN = Gate("public"), Gate("own")


@dataclass(frozen=True)
class Declaration:
    """All that is to know about a route before it runs."""

    needs: Permission | Gate
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    returns: Any = None
    page: str | None = None
    status: int = 200
    step_up: bool = False
    uploads: bool = False
    outside: bool = False
    writes: bool = False
    per_minute: int = 120
    summary: str = ""


def endpoint(needs: Permission | Gate, **declared: Any) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Declares a view `fn(actor, [body], [query], **path)` (no actor when `needs=PUBLIC`).

    `body`/`query` are pydantic models; `returns` documents the answer; `page` is the template that shows it.
    `step_up` asks for a fresh PIN or TOTP. `uploads` accepts multipart bodies up to 9 MB. `outside` marks a view that
    talks to WeCom and therefore manages its own short transactions. `writes` marks a GET that leaves a record.
    """

    def declare(view: Callable[..., Any]) -> Callable[..., Response]:
        declaration = Declaration(needs, summary=(view.__doc__ or "").strip().partition("\n")[0], **declared)

        @wraps(view)
        def run(**path: Any) -> Response:
            return _lifecycle(declaration, view, path)

        run.declaration = declaration  # type: ignore[attr-defined]
        return run

    return declare


def _lifecycle(declaration: Declaration, view: Callable[..., Any], path: dict[str, Any]) -> Response:
    started = clock.ticks()
    g.pop("actor", None)
    surface = auth.surface()
    with log.bound(request_id=new_id(), way_in=f"{surface}:{request.endpoint}", ip=request.remote_addr or ""):
        try:
            response = _run(declaration, view, path)
        except AppError as error:
            _record(error)
            response = problems.answer(error, surface)
        except HTTPException as error:  # a body too large, or cut short, shows only when it is read
            response = problems.of_http(error, surface)
        except Exception:
            logger.exception("http.failed")
            response = problems.answer(AppError(), surface)
        milliseconds = round((clock.ticks() - started) * 1000, 1)
        logger.info(
            "http.handled", extra={"method": request.method, "status_code": response.status_code, "ms": milliseconds}
        )
        return response


def _record(error: AppError) -> None:
    """A refusal of rights belongs to the trail (reliability R06, R56); written once the refused work is undone."""
    actor = g.get("actor")
    if actor is None or not isinstance(error, Forbidden):
        return
    refused = partial(
        platform.audit.record, actor, "platform.access.refuse", request.endpoint or "", person_id=actor.person_id,
        after={"code": error.code}, outcome=Outcome.REFUSED,
    )  # fmt: skip
    platform.transact(refused)


def _run(declaration: Declaration, view: Callable[..., Any], path: dict[str, Any]) -> Response:
    request.max_content_length = UPLOAD if declaration.uploads else SMALL
    auth.limit(declaration.per_minute, is_public=declaration.needs is PUBLIC)
    if declaration.outside:
        result = _outside(declaration, view, path)
    else:
        writes = declaration.writes or request.method in WRITES
        result = platform.transact(partial(_inside, declaration, view, path), writes=writes)
    return answers.build(declaration, result)


def _outside(declaration: Declaration, view: Callable[..., Any], path: dict[str, Any]) -> Any:
    """The result of a view with transactions of its own: the caller's is over before it talks to WeCom."""
    read = partial(_arguments, declaration, path)
    return view(**(read() if declaration.needs is PUBLIC else platform.transact(read)))


def _inside(declaration: Declaration, view: Callable[..., Any], path: dict[str, Any]) -> Any:
    """The result of one transaction, tried again whole; under a key it is a response, stored beside the change."""
    arguments = _arguments(declaration, path)
    key = parsing.idempotency_key(arguments.get("actor"))
    if key is None:
        return view(**arguments)
    stored = platform.idempotency.begin(key, parsing.request_hash())
    if stored:
        return answers.repeat(stored)
    response = answers.build(declaration, view(**arguments))
    platform.idempotency.finish(key, answers.remember(response))
    return response


def _arguments(declaration: Declaration, path: dict[str, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = dict(path)
    if declaration.needs is not PUBLIC:
        arguments["actor"] = _admit(declaration)
    if declaration.query:
        arguments["query"] = parsing.query(declaration.query)
    if declaration.body:
        arguments["body"] = parsing.body(declaration.body, uploads=declaration.uploads)
    return arguments


def _admit(declaration: Declaration) -> people.Actor:
    actor = g.actor = auth.identify()
    log.bind(actor=actor.label)
    auth.check_origin(actor)
    if isinstance(declaration.needs, Permission):
        actor.require(declaration.needs)
    if declaration.step_up and not people.sessions.has_stepped_up(actor):
        raise StepUpRequired()
    return actor


def check_declared(app: Flask) -> None:
    """Refuses to start with a route that declares nothing (reliability R09)."""
    bare = [r.rule for r in app.url_map.iter_rules() if not hasattr(app.view_functions[r.endpoint], "declaration")]
    bare = [rule for rule in bare if not rule.startswith(("/static/", "/wecom/"))]
    if bare:
        raise RuntimeError(f"routes without a declaration: {', '.join(sorted(bare))}")


def blueprint(name: str, prefix: str = "") -> Blueprint:
    """A blueprint of one domain on one surface."""
    return Blueprint(name, name, url_prefix=prefix or f"/{name}")
