"""From a request to models: JSON strictly, forms and queries leniently, files as uploads."""

import json
import re
from collections import Counter
from typing import Any, TypeVar, get_origin

from flask import request
from pydantic import BaseModel, ValidationError

from entrypoints import problems
from kit.errors import Invalid
from services import people, platform
from services.platform import Upload

M = TypeVar("M", bound=BaseModel)

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
OUR_FIELDS = ("_csrf", "_key")
KEY_FORM = re.compile(r"^[A-Za-z0-9_-]{8,64}$")


def body(model: type[M], *, uploads: bool) -> M:
    """The request's body as `model`; whatever is wrong is one `Invalid` that lists the fields."""
    try:
        if request.mimetype == "application/json":
            return _read(model, request.get_data())
        if request.mimetype == "multipart/form-data" and not uploads:
            raise Invalid("这里不接受文件")
        if request.mimetype in FORMS or not (request.mimetype or request.content_length):
            return model.model_validate(_flat(model, request.form) | _files())
    except ValidationError as error:
        raise problems.invalid(error, model) from None
    raise Invalid("请求内容应为 JSON")


def _read(model: type[M], content: bytes) -> M:
    """JSON in which every object says each thing once: of two values others might have looked at the other one."""
    found = model.model_validate_json(content, strict=True)
    json.loads(content, object_pairs_hook=_once, parse_int=str)
    return found


def _once(pairs: list[tuple[str, Any]]) -> None:
    twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if twice:
        raise Invalid("同一项填写了多次", errors=[{"field": name, "message": "只能填写一次"} for name in twice])


def query(model: type[M]) -> M:
    """The query string as `model`; an empty value means the field was left out."""
    try:
        return model.model_validate(_flat(model, request.args))
    except ValidationError as error:
        raise problems.invalid(error, model) from None


def _flat(model: type[BaseModel], values: Any) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name in values:
        given = [value for value in values.getlist(name) if value != ""]
        if name in OUR_FIELDS or not given:
            continue
        field = model.model_fields.get(name)
        many = field is not None and get_origin(field.annotation) in (list, tuple, set, frozenset)
        if len(given) > 1 and not many:
            raise Invalid("同一项填写了多次", errors=[{"field": name, "message": "只能填写一次"}])
        flat[name] = given if many else given[0]
    return flat


def _files() -> dict[str, Upload]:
    return {name: Upload(f.filename, f.read()) for name, f in request.files.items() if f.filename}


def idempotency_key(actor: people.Actor | None) -> str | None:
    """The caller's key for this write, bound to caller and route; `None` when none was sent."""
    sent = request.headers.get("Idempotency-Key") or (request.form.get("_key") if request.method == "POST" else None)
    if not sent or request.method == "GET" or actor is None:
        return None
    if not KEY_FORM.match(sent):
        raise Invalid("Idempotency-Key 应为 8 到 64 个字母、数字、- 或 _")
    return platform.idempotency.digest(actor.person_id.encode(), request.path.encode(), sent.encode())


def request_hash() -> str:
    """What the request asked for, files included, to tell a repeat from another wish under the same key."""
    fields = sorted(f"{name}={value}" for name, value in request.form.items(multi=True))
    parts = [request.method.encode(), request.get_data(), "&".join(fields).encode()]
    for file in request.files.values():
        file.stream.seek(0)
        parts.append(file.stream.read())
    return platform.idempotency.digest(*parts)
