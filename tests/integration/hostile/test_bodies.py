"""Odd bodies on every route that takes one: refused, and nothing has changed (reliability R13, R15, R62)."""

import json
import re
from collections.abc import Iterator
from typing import Any

from werkzeug.test import TestResponse

from models.base import Base
from tests.integration.hostile.attack import Watch, undone
from tests.integration.hostile.routes import Visit, visits
from tests.integration.hostile.world import World

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MAGIC = (
    "role", "status", "state", "balance", "approved_by", "person_id", "user_id", "userid", "employee_id", "actor",
    "on_behalf_of", "as_user", "is_admin", "is_manager", "version", "id", "created_at", "ignore_permissions",
    "skip_validation", "debug", "__proto__", "__class__", "_method", "sealed", "csrf", "session_id", "permissions",
)  # fmt: skip
LENIENT = ("/h5/login", "/h5/step-up", "/h5/jssdk")  # what WeCom or an old link adds is passed over; signatures differ
IDENTITY = ("person_id", "user_id", "userid", "employee_id", "on_behalf_of", "as_user", "applicant_id")
ROOTS = (
    b"",
    b" ",
    b"null",
    b"true",
    b"0",
    b'""',
    b'"text"',
    b"[]",
    b"[{}]",
    b"[[]]",
    b"{",
    b"}",
    b"{]",
    b"nul",
    b"'a'",
)
NOT_JSON = (
    b"{'a': 1}", b"{a: 1}", b'{"a": 1,}', b"// x\n{}", b'{"a": undefined}',
    b"{}{}", b"{} x", b"\xef\xbb\xbf{}x", b"\xff\xfe{\x00}\x00",
    b"\x00", b'{"a": "\x00"}', b'{"\xff": 1}', b'{"a": "\\ud800"}',
    b'{"a": "\\udc00\\ud800"}', b'{"a": "\\x41"}', b"<a/>",
    b"[" * 100_00, b'{"a":' * 5_000, b'{"a": ' + b"9" * 30_000,
    b"a=1&b=2", b'{"a": "' + b"x" * 60_000, b"{" + b'"a":1,' * 9_000,
)  # fmt: skip
VALUES = (
    "null", "true", "false", "0", "-1", "1.5", "1e400", "-1e400",
    "NaN", "Infinity", "9" * 400, '""', '" "', '"\\u0000"',
    '"\\ud800"', '"\\udfff\\ud800"', "[]", "[null]", "{}", '{"$gt": ""}', '[[[["a"]]]]', '"' + "x" * 30_000 + '"',
)  # fmt: skip


def bodies(visit: Visit) -> Iterator[tuple[bytes, str]]:
    """Wrong roots, what is not JSON, each field of a wrong type, fields nobody asked for."""
    yield from ((content, JSON) for content in (*ROOTS[1:], *NOT_JSON))
    fine = json.dumps(visit.body).encode()
    yield from (
        (fine, kind)
        for kind in ("text/plain", "application/xml", "application/json-patch+json", "multipart/form-data", "x")
    )
    yield from ((fine.decode().encode(code), JSON) for code in ("utf-16", "utf-32"))
    for name in visit.body:
        others = {key: value for key, value in visit.body.items() if key != name}
        yield from ((with_value(others, name, value), JSON) for value in _share(VALUES, visit.route + name))


def with_value(others: dict[str, Any], name: str, value: str) -> bytes:
    """The body with one value as it is spelt here, which need not be JSON."""
    parts = [f"{json.dumps(key)}: {json.dumps(kept)}" for key, kept in others.items()]
    return ("{" + ", ".join([*parts, f"{json.dumps(name)}: {value}"]) + "}").encode()


def _share(values: tuple[str, ...], name: str) -> tuple[str, ...]:
    at = sum(map(ord, name)) % 2
    return values[at::2]


def test_odd_json_is_refused_or_harmless(world: World) -> None:
    watch = Watch()
    for visit in visits(world):
        if visit.is_json:
            with watch.unchanged(visit):
                for content, kind in bodies(visit):
                    with undone() as point:
                        response = visit.pay(world, data=content, content_type=kind)
                        watch.note(visit, content[:60], response)
                        if not visit.may_change(response):
                            point.keep()
                        if kind != JSON or content in (*ROOTS, *NOT_JSON):
                            watch.refused(visit, content[:60], response)
    watch.check()


def test_fields_nobody_asked_for_are_refused(world: World) -> None:
    columns = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    watch, tried = Watch(), sorted({*MAGIC, *columns})
    for visit in visits(world):
        if visit.declaration.body is None:
            continue
        known = {*visit.declaration.body.model_fields, *visit.body, "_key", "_csrf"}
        at = sum(map(ord, visit.route)) % 16
        with watch.unchanged(visit):
            for name in dict.fromkeys((*MAGIC[at % 3 :: 3], *tried[at::16])):
                if name not in known:
                    watch.refused(visit, name, visit.pay(world, body={**visit.body, name: "admin"}))
    watch.check()


def test_who_asks_is_never_taken_from_the_request(world: World) -> None:
    """Own things stay one's own whatever a query, a header or a cookie says."""
    watch, han = Watch(), "han"
    for visit in visits(world):
        if visit.method != "GET" or visit.who != "li" or visit.declaration.writes or visit.path in LENIENT:
            continue
        usual = visit.pay(world)
        headers = {"X-User-Id": han, "X-Userid": han, "X-Forwarded-User": han, "Remote-User": han}
        claimed = visit.pay(world, headers=headers)
        watch.note(visit, "headers", claimed)
        if usual.status_code != claimed.status_code or _stable(usual) != _stable(claimed):
            watch.wrong.append(f"{visit.route}: another answer for a claimed identity")
        for name in IDENTITY:
            if visit.declaration.query and name not in visit.declaration.query.model_fields:
                watch.refused(visit, name, visit.pay(world, query={**visit.query, name: han}))
    watch.check()


def _stable(response: TestResponse) -> bytes:
    """What it says, but for what is new in every answer: numbers of requests, keys of forms, dates in files."""
    return b"" if response.mimetype == "application/pdf" else re.sub(rb"[0-9A-HJKMNP-TV-Z]{26}", b"", response.data)


def test_forms_are_bounded(world: World) -> None:
    watch = Watch()
    huge = {"many": "&".join(f"a{n}=1" for n in range(20_000)), "long": "a=" + "x" * 70_000, "odd": "%ff=%fe&=&&a=%zz"}
    for visit in visits(world):
        if visit.declaration.body is not None and not visit.is_json and not visit.declaration.uploads:
            with watch.unchanged(visit):
                for what, content in huge.items():
                    response = visit.pay(world, data=content, content_type=FORM)
                    watch.refused(visit, what, response)
                response = visit.pay(world, data=b"{}", content_type="multipart/form-data; boundary=x")
                watch.refused(visit, "broken parts", response)
    watch.check()
