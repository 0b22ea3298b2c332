"""Errors, rendered once per surface: problem+json (RFC 9457), a page or fragment, words on a button, an exit code."""

from typing import Any

from flask import Flask, Response, json, render_template, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from entrypoints import answers, auth
from kit import log
from kit.errors import AppError, Invalid, NotFound, StepUpRequired, TooLarge, Unauthenticated
from kit.ids import new_id
from models.enums import Surface

# pydantic's error types, said so that the person who typed knows what to do
SENTENCES = {
    "missing": "必填",
    "extra_forbidden": "没有这一项",
    "string_too_long": "最多 {max_length} 个字",
    "string_too_short": "至少 {min_length} 个字",
    "string_pattern_mismatch": "格式不正确",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "greater_than": "要大于 {gt}",
    "less_than": "要小于 {lt}",
    "enum": "不在可选范围内",
    "literal_error": "不在可选范围内",
    "json_invalid": "不是有效的 JSON",
    "too_long": "最多 {max_length} {unit}",
    "too_short": "至少 {min_length} {unit}",
}
LOGIN = {Surface.H5: "/h5/login", Surface.CONSOLE: "/console/login"}


def invalid(error: ValidationError, model: type[BaseModel]) -> Invalid:
    """One `Invalid` that names every field, by its title where it has one, and says what to do about it."""
    titles = {name: field.title for name, field in model.model_fields.items() if field.title}
    found = [_field(part) for part in error.errors(include_url=False, include_input=False)]
    return Invalid(
        errors=[part | {"label": titles.get(part["field"].partition(".")[0], part["field"])} for part in found]
    )


def _field(part: Any) -> dict[str, str]:
    return {"field": ".".join(str(p) for p in part["loc"]), "message": _sentence(part["type"], part.get("ctx", {}))}


def _sentence(kind: str, context: dict[str, Any]) -> str:
    if kind == "value_error":  # a rule's own words, which may quote what was typed: never a pattern to fill in
        return str(context["error"])
    unit = "个字" if context.get("field_type") == "Value" else "项"  # text that was cleaned first is a mere value
    return SENTENCES.get(kind, "格式不正确").format(**context, unit=unit)


def answer(error: AppError, surface: Surface | None) -> Response:
    """The response for a refusal, in the language of the surface it happened on."""
    if surface in LOGIN and isinstance(error, Unauthenticated | StepUpRequired):
        return _to_login(error, surface)
    response = _page(error, surface) if surface in LOGIN else _json(error)
    response.headers["Cache-Control"] = "no-store"
    if "retry_after" in error.detail:
        response.headers["Retry-After"] = str(error.detail["retry_after"])
    return response


def _json(error: AppError) -> Response:
    problem = {
        **error.detail,
        "type": f"/problems/{error.code}",
        "title": error.title,
        "status": error.status,
        "request_id": _request_id(),
    }
    return Response(json.dumps(problem), error.status, mimetype="application/problem+json")


def _request_id() -> str:
    """The number that finds the request in the log; what was refused before it had one gets one now."""
    return str(log.context().get("request_id") or new_id())


def _page(error: AppError, surface: Surface) -> Response:
    context = {"error": error, "surface": surface, "request_id": _request_id()}
    if request.headers.get("HX-Request"):
        headers = {"HX-Retarget": "#problem", "HX-Reswap": "innerHTML", "Vary": "HX-Request"}
        return Response(render_template("_problem.html", **context), error.status, headers, mimetype="text/html")
    return Response(render_template("problem.html", **context), error.status, mimetype="text/html")


def _to_login(error: AppError, surface: Surface) -> Response:
    place = LOGIN[surface] if isinstance(error, Unauthenticated) else f"/{surface}/step-up"
    following = auth.here()
    target = f"{place}?next={following}" if following else place
    if request.headers.get("HX-Request"):
        return Response(status=error.status, headers={"HX-Redirect": target, "Vary": "HX-Request"})
    if request.method != "GET" and isinstance(error, Unauthenticated):
        return _page(error, surface)
    return answers.redirect(target)


def install(app: Flask) -> None:
    """What happens before a declared view is reached: unknown paths and methods."""
    app.register_error_handler(HTTPException, lambda error: of_http(error, auth.surface()))


def of_http(error: HTTPException, surface: Surface | None) -> Response:
    """A refusal of the web framework in our own form; what it says about allowed methods is passed on."""
    known: dict[int, AppError] = {404: NotFound(), 413: TooLarge()}
    response = answer(known.get(error.code or 500) or _plain(error), surface)
    response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return response


def _plain(error: HTTPException) -> AppError:
    problem = AppError("请求无法处理，请返回后重试")
    problem.status, problem.code = error.code or 500, "http"  # type: ignore[misc]
    return problem
