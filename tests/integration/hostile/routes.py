"""Every declared route as a visit that succeeds: who goes, to which path, with which query and body."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from flask import Flask
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from entrypoints import limits
from entrypoints.http import OWN, PUBLIC, Declaration
from models.enums import Role, Surface
from services.people.permissions import ROLES
from services.platform import Upload
from tests.factories import forms as filling
from tests.factories.chains import drawn_chain
from tests.integration.hostile.world import (
    NOTICE,
    PNG,
    SUPERIOR_ONLY,
    World,
    grants_book,
    machine_book,
    pay_book,
    roster_book,
    staff_book,
)
from tests.support.settings import PUBLIC_URL

SURFACES = {"/api/": Surface.MINIPROGRAM, "/h5/": Surface.H5, "/console/": Surface.CONSOLE}
API = "/api/v1/"
Fields = dict[str, Any]

# what a field says when nothing hostile is in it; the rest follows from its type
USUAL: Fields = {
    "to": "han", "first_day": "2026-03-10", "last_day": "2026-03-10", "first": "2026-03-01", "last": "2026-03-31",
    "day": "2026-02-26", "direction": "out", "time": "18:05", "reason": "家里有事", "kind": "personal",
    "latitude": 31.17742, "longitude": 121.52721, "month": "2026-02",
    "text": "请说明",
    "item": "应发：奖金", "comment": "好", "q": "李", "pin": "730518", "secret": "260417", "decision": "approve",
    "name": "新名称", "title": "放假安排", "body": "各位同事", "sender": "人事部", "persons": "", "is_for_all": True,
    "person": "li", "applicant": "李华", "definition": SUPERIOR_ONLY, "facts": "", "amount": "1.5",
    "hours": "09:00-18:00",
    "code": "abcdef", "source": "公司制度", "starts_on": "2026-03-10", "people": 8, "year": 2026, "version": 1,
    "purpose": "review", "url": f"{PUBLIC_URL}/h5/", "net": "20419.00", "role": "hr", "proof_name": "证明",
}  # fmt: skip
DESIGNED = {"definition": filling.DEFINITION}
FORM_CHANGE = "/h5/forms/requests/<string:request_id>/change"
FILLED = {"values": {"words": "文字"}}
AUDIENCE = {"is_for_all": True}
PLACE = {"latitude": 31.17742, "longitude": 121.52721}
AWARD = {"kind": "annual", "person": "li", "amount": "1", "expires_on": "2026-12-31"}
SPECIAL: dict[str, Fields] = {
    "POST /api/v1/attendance/punches": PLACE | {"photo": ""},
    "POST /h5/attendance/punches": PLACE | {"photo": ""},
    "POST /console/attendance/machines/check": {"workbook": (machine_book(), "打卡.xlsx")},
    "POST /console/attendance/field": {"ids": ["0" * 26]},
    "POST /api/v1/forms/<string:code>/requests": FILLED,
    "POST /api/v1/forms/<string:code>/drafts": FILLED,
    "POST /api/v1/forms/<string:code>/preview": FILLED,
    **{f"POST /h5/forms/<string:code>/{act}": {"v.words": "文字"} for act in ("drafts", "fill", "preview", "requests")},
    "PUT /api/v1/forms/requests/<string:request_id>": FILLED,
    "POST /api/v1/forms/requests/<string:request_id>/fill": FILLED,
    **{f"POST {FORM_CHANGE}{act}": {"v.words": "文字"} for act in ("", "/fill", "/preview")},
    "POST /console/forms": {"code": "car_use", "title": "车辆使用"},
    "POST /console/forms/<string:code>": DESIGNED | {"based_on": 2},
    "POST /console/forms/<string:code>/try": DESIGNED,
    "POST /console/forms/<string:code>/try/preview": DESIGNED,
    "POST /api/v1/approvals/tasks/decisions": {"tasks": [{"task_id": "0" * 26, "seen": 1}]},
    "POST /h5/approvals/tasks/<string:task_id>/rows": {"rows": ["1"]},
    "POST /h5/approvals/tasks/decisions": {"tasks": [f"{'0' * 26}:1"]},
    "POST /console/approvals/flows/<string:subject>": {"based_on": 0},
    "GET /console/approvals/flows/<string:subject>/compare": {"first": 0, "second": 0},
    "GET /console/approvals/flows/colleague": {"who": "li"},
    "POST /console/leave/adjustments": {"kind": "annual"},
    "POST /h5/leave/drafts": {"proof": "证明.png"},
    "POST /h5/leave/requests/<string:request_id>/part": {"days": ["2026-03-27"]},
    "POST /h5/leave/waivers": {"kind": "annual", "year": 2026, "days": "0.5", "reason": "个人安排", "agrees": True},
    "POST /console/notices": AUDIENCE,
    "POST /console/notices/<string:notice_id>": AUDIENCE,
    "POST /console/payroll/batches": {"month": "2025-12"},
    "POST /console/payroll/batches/<string:batch_id>/release": {"people": 2},
    "POST /console/attendance/places/<string:place_id>": {"name": "新楼"},
    "POST /console/attendance/working-time": {"system": "standard", "starts_on": "2026-03-01"},
    "POST /console/attendance/months/ask": {"month": "2025-02", "version": 0},
    "POST /console/attendance/months/close": {"month": "2025-01", "version": 0, "waiting": 0},
    "POST /console/attendance/months/count": {"month": "2025-03", "version": 0},
    "POST /console/attendance/months/remind": {"month": "2026-02", "version": 0},
    "POST /console/attendance/months/reopen": {"month": "2026-01", "version": 0},
    **{f"POST /h5/attendance/sheet/{act}": {"seen": "0" * 12} for act in ("confirm", "dispute")},
    "POST /console/leave/drift/kinds": {"kind": "annual"},
    "POST /console/leave/places/rows": {"place": "海南", "kind": "marriage", "days": "13"},
    "POST /console/leave/grants": {"year": 2026},
    "POST /console/leave/grants/awards": AWARD | {"people": 1},
    "POST /console/leave/grants/awards/preview": AWARD,
    "POST /console/leave/pay/close": {"month": "2020-01", "seen": "0-0-0-0"},
    "POST /console/leave/policies/<string:code>": {"version": 0},
    "POST /console/leave/policies/<string:code>/trial": {"version": 0},
    "POST /console/leave/policies/<string:code>/drafts": {"version": 0},
    "POST /console/leave/drafts/<string:draft_id>/release": {"valid_from": "2027-01-01"},
    "POST /console/leave/drafts/<string:draft_id>/trials": {"year": 2025},
    "POST /console/leave/kinds/<string:code>/drafts": {"version": 1},
    "POST /console/leave/kind-drafts/<string:draft_id>/release": {"valid_from": "2027-01-01"},
    "POST /console/leave/kind-drafts/<string:draft_id>/trials": {"year": 2025},
    "POST /console/leave/settlements/<string:settlement_id>/price": {"average_wage": "7250.00"},
    "POST /console/leave/settlements/<string:settlement_id>/restate": {"left_on": "2026-02-27"},
    "POST /console/leave/kinds": {"code": "birthday", "name": "生日假"},
    "POST /console/notices/<string:notice_id>/schedule": {"at": "2026-03-06T10:00"},
    "POST /console/rosters": {"first_day": "2026-04-10", "last_day": "2026-04-10"},
    "POST /console/rosters/<string:roster_id>/copy": {"what": "week"},
    "POST /console/rosters/minima": {"at_least": 1, "start": "09:00", "end": "18:00"},
    "POST /console/rosters/<string:roster_id>/reopen": {"version": 3},
    "POST /console/rosters/<string:roster_id>/sheet": {"book": (roster_book(), "排班.xlsx")},
    "POST /console/rosters/<string:roster_id>/take-back": {"version": 3},
    "POST /api/v1/rosters/offers": {"day": "2026-03-17"},
    "POST /h5/rosters/offers": {"day": "2026-03-17"},
    "POST /console/schedule/own-days/remove": {"day": "2026-04-20"},
    "POST /console/schedule/rotations": {"name": "三班", "turns": "早班 早班 休"},
    "POST /console/schedule/shifts": {"breaks": "15:00-15:15", "left_late": "60:30"},
    "POST /console/schedule/holidays": NOTICE,
    "POST /console/schedule/holidays/preview": NOTICE,
    "POST /console/people/<string:person_id>/grants": {"role": "admin"},
    "POST /console/platform/settings/<string:name>": {"begins": "22:00", "ends": "07:00"},
}
ELSEWHERE: dict[str, Fields] = {
    "/console/attendance/machines": {"file_id": "machine_file"},
    "/api/v1/approvals/instances/<string:instance_id>/receipt": {"instance_id": "ended"},
    "/h5/approvals/<string:instance_id>/receipt": {"instance_id": "ended"},
    "/api/v1/approvals/instances/<string:instance_id>/answer": {"instance_id": "questioned"},
    "/h5/approvals/<string:instance_id>/answer": {"instance_id": "questioned"},
    "/api/v1/approvals/instances/<string:instance_id>/resubmit": {"instance_id": "returned"},
    "/h5/approvals/<string:instance_id>/resubmit": {"instance_id": "returned"},
    "/api/v1/approvals/instances/<string:instance_id>/papers/<string:file_id>": {"file_id": "remark_paper"},
    "/h5/approvals/<string:instance_id>/papers/<string:file_id>": {"file_id": "remark_paper"},
    "/api/v1/rosters/offers/<string:offer_id>/withdraw": {"offer_id": "my_offer"},
    "/h5/rosters/offers/<string:offer_id>/withdraw": {"offer_id": "my_offer"},
    **{f"/console/rosters/<string:roster_id>/{act}": {"roster_id": "in_force"} for act in ("reopen", "take-back")},
    "/console/notices/<string:notice_id>": {"notice_id": "draft"},
    "/console/leave/costs/<string:draft_id>": {"draft_id": "policy_draft"},
    "/console/leave/drafts/<string:draft_id>": {"draft_id": "policy_draft"},
    "/console/leave/costs/kinds/<string:draft_id>": {"draft_id": "kind_draft"},
    "/console/leave/kind-drafts/<string:draft_id>": {"draft_id": "kind_draft"},
    **{f"/console/leave/kind-drafts/<string:draft_id>/{act}": {"draft_id": "kind_draft"}
       for act in ("discard", "progress", "release", "trials")},
    "/console/leave/kind-drafts/<string:draft_id>/recall": {"draft_id": "dated_kind_draft"},
    **{f"/console/leave/drafts/<string:draft_id>/{act}": {"draft_id": "policy_draft"}
       for act in ("discard", "progress", "release", "trials")},
    "/api/v1/leave/drafts/<string:draft_id>": {"draft_id": "leave_draft"},
    "/h5/leave/drafts/<string:draft_id>/discard": {"draft_id": "leave_draft"},
    "/api/v1/leave/requests/<string:request_id>/part": {"request_id": "approved"},
    "/h5/leave/requests/<string:request_id>/part": {"request_id": "approved"},
    "/h5/approvals/tasks/<string:task_id>/rows": {"task_id": "form_task"},
    "/console/payroll/batches/<string:batch_id>/release": {"batch_id": "prepared"},
    "/console/payroll/batches/<string:batch_id>/discard": {"batch_id": "prepared"},
    "/console/notices/<string:notice_id>/unschedule": {"notice_id": "scheduled"},
    **{f"/console/notices/<string:notice_id>/{act}": {"notice_id": "draft"}
       for act in ("send", "schedule", "discard", "preview", "edit")},
}  # fmt: skip
FORM_PARTS = {"code": "form", "request_id": "form_request", "file_id": "paper"}
FILES: dict[str, Callable[[], tuple[bytes, str]]] = {
    "paper": lambda: (PNG, "合同.png"),
    "proof": lambda: (PNG, "证明.png"),
    "photo": lambda: (PNG, "现场.png"),
    "evidence": lambda: (PNG, "证据.png"),
    "file": lambda: (pay_book(), "工资.xlsx"),
    "workbook": lambda: (staff_book(), "员工.xlsx"),
    "book": lambda: (grants_book(), "额度.xlsx"),
    "bpmn": lambda: (drawn_chain(), "流程.bpmn"),
}


@dataclass(frozen=True)
class Visit:
    """One route, visited by somebody who may."""

    route: str
    method: str
    path: str
    who: str | None
    declaration: Declaration
    query: Fields = field(default_factory=dict)
    body: Fields = field(default_factory=dict)

    @property
    def surface(self) -> Surface | None:
        return next((one for prefix, one in SURFACES.items() if self.path.startswith(prefix)), None)

    @property
    def is_json(self) -> bool:
        return self.path.startswith(API) and self.declaration.body is not None and not self.declaration.uploads

    @property
    def forms(self) -> list[Fields]:
        """The page, and the files it may be taken away as."""
        has_files = self.declaration.query is not None and "format" in self.declaration.query.model_fields
        return [{}, {"format": "xlsx"}, {"format": "csv"}] if has_files else [{}]

    @property
    def ends_something(self) -> bool:
        """After this others have nothing to visit any more."""
        return self.path.endswith(("/logout", "/discard", "/session", "/revoke", "/retire", "/recall"))

    def may_change(self, response: TestResponse) -> bool:
        """May something be different now? After a refusal nothing is, but for the count of wrong proofs."""
        if "/login" in self.path or self.path.endswith("/step-up"):
            return True
        return response.status_code < 400 and (self.method != "GET" or self.declaration.writes)

    def pay(self, world: World, *, path: str = "", query: Fields | None = None, body: Any = None,
            userid: str | None = None, **options: Any) -> TestResponse:  # fmt: skip
        """Goes there; what is given replaces what is usual."""
        limits.reset()
        sent = self.body if body is None else body
        if not options.keys() & {"data", "json"} and self.declaration.body is not None:
            options |= {"json": sent} if self.is_json else {"data": as_form(sent)}
        options["query_string"] = self.query if query is None else query
        method = options.pop("method", self.method)
        who = userid or self.who
        if who is None or self.surface is None:
            return world.app.test_client().open(path or self.path, method=method, base_url=PUBLIC_URL, **options)
        return world.someone(who, self.surface).request(method, path or self.path, **options)


def as_form(fields: Fields) -> Fields:
    """Values as a browser sends them."""
    return {name: _as_sent(value) for name, value in fields.items()}


def _as_sent(value: Any) -> Any:
    if isinstance(value, tuple):
        return io.BytesIO(value[0]), value[1]
    if isinstance(value, list):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def visits(world: World) -> list[Visit]:
    """All of them, reading before writing; what ends sessions comes last."""
    found = [_visit(world, rule, method, declaration) for rule, method, declaration in declared(world.app)]
    return sorted(found, key=lambda one: (one.method != "GET", one.path.endswith(("/logout", "/session")), one.route))


def declared(app: Flask) -> Iterator[tuple[Rule, str, Declaration]]:
    """Every declared route and method."""
    for rule in app.url_map.iter_rules():
        declaration = getattr(app.view_functions[rule.endpoint], "declaration", None)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if declaration is not None:
                yield rule, method, declaration


def _visit(world: World, rule: Rule, method: str, declaration: Declaration) -> Visit:
    route = f"{method} {rule.rule}"
    names = ELSEWHERE.get(rule.rule, FORM_PARTS if "/forms" in rule.rule else {})
    if route == "GET /console/notices/<string:notice_id>":
        names = {}
    path = rule.rule
    for name in rule.arguments:
        path = path.replace(f"<string:{name}>", world.ids[names.get(name, name)])
    said = {name: world.ids[other] for name, other in names.items() if name not in rule.arguments}
    usual = {**USUAL, **said, **SPECIAL.get(route, {})}
    query = sample(declaration.query, usual, world, required_only=True) if declaration.query else {}
    body = sample(declaration.body, usual, world) | SPECIAL.get(route, {}) if declaration.body else {}
    return Visit(route, method, path, _who(declaration, rule.rule), declaration, query, body)


def _who(declaration: Declaration, rule: str) -> str | None:
    if declaration.needs is PUBLIC:
        return None
    if declaration.needs is OWN:
        return "boss" if "task_id" in rule else "hr" if rule.startswith("/console/") else "li"
    return next((role.value for role in Role if declaration.needs in ROLES[role]), "boss")


def sample(model: type[BaseModel], usual: Fields, world: World, *, required_only: bool = False) -> Fields:
    """Values for the fields: the usual ones, else the first that the type allows; files and options are left out."""
    made = {}
    for name, info in model.model_fields.items():
        if name in usual and (info.is_required() or (not required_only and info.annotation is str)):
            made[name] = usual[name]
        elif name in FILES:
            made[name] = FILES[name]()
        elif info.is_required():
            made[name] = world.ids[name] if name in world.ids else _first(info.annotation)
    return made


def is_text(info: FieldInfo) -> bool:
    """May somebody write anything into it?"""
    return str in (info.annotation, *get_args(info.annotation))


def text_fields(model: type[BaseModel] | None) -> list[str]:
    """Every field that somebody may write anything into; a file is not one."""
    return (
        [
            name
            for name, info in model.model_fields.items()
            if Upload not in (info.annotation, *get_args(info.annotation))
        ]
        if model
        else []
    )


def file_fields(model: type[BaseModel] | None) -> list[str]:
    """Every field that takes a file."""
    return (
        [name for name, info in model.model_fields.items() if Upload in (info.annotation, *get_args(info.annotation))]
        if model
        else []
    )


def _first(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        return _first(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation)).value
    return {int: 1, float: 1.0, bool: True, dt.date: "2026-03-10", str: "文字"}[annotation]
