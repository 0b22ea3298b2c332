"""Kinds of leave and their rules, as HR edits them; and the places whose rules they follow."""

from collections.abc import Mapping
from typing import Any

from entrypoints.http import blueprint, endpoint
from entrypoints.results import Redirect
from kit.schema import Identifier, Wish
from models.enums import Counting, Gender, LeaveUnit, PaidAs, Per, ProofOverdue, Sandwich
from services import leave, people
from services.people import Permission

bp = blueprint("leave_kinds", "/leave")

KINDS = Permission.LEAVE_KIND_EDIT
COUNTINGS = {
    Counting.WORKING: "只计工作日",
    Counting.CALENDAR: "自然日（含节假日）",
    Counting.CALENDAR_EXCEPT_STATUTORY: "自然日，不含法定节假日",
}
CHOICES: Mapping[str, Mapping[Any, str]] = {
    "unit": {LeaveUnit.DAY: "整天", LeaveUnit.HALF_DAY: "半天", LeaveUnit.HOUR: "小时"},
    "counting": COUNTINGS,
    "sandwich": {
        Sandwich.NONE: "不计入请假",
        Sandwich.REST_DAYS: "计入请假，法定节假日除外",
        Sandwich.ALL: "都计入请假",
    },
    "paid_as": {PaidAs.FULL: "正常工资", PaidAs.SICK: "病假工资", PaidAs.FUND: "生育津贴，低于本人工资的补足"},
    "pay_method": leave.paying.METHODS,
    "occasion": leave.OCCASIONS,
    "proof_overdue": {ProofOverdue.TELL: "提醒本人和人事", ProofOverdue.BLOCK: "提醒，并且补交前不能再请这种假"},
    "gender": {"": "不限", Gender.FEMALE: "女", Gender.MALE: "男"},
}


class KindQuery(Wish):
    """The draft from which the form is filled; from the version in force unless one is named."""

    draft: Identifier | None = None


PER = {Per.EVENT: "每次", Per.AGE_YEAR: "孩子每满一岁算一年", Per.YEAR: "每年"}


@bp.get("/kinds")
@endpoint(needs=KINDS, page="console/leave/kinds.html")
def kinds(actor):
    """All kinds with their rules in short."""
    return {"kinds": leave.all_kinds(), "choices": CHOICES}


@bp.post("/kinds")
@endpoint(needs=KINDS, body=leave.AddKind)
def add_kind(actor, body):
    """A kind of the company's own."""
    return Redirect(f"/console/leave/kinds/{leave.add_kind(actor, body).code}")


@bp.get("/kinds/<string:code>")
@endpoint(needs=KINDS, query=KindQuery, page="console/leave/kind.html")
def kind(actor, query, code):
    """The rules of one kind, to be edited: as they are, or as a draft says."""
    detail = leave.kind_detail(code)
    if query.draft:
        filled = leave.kind_drafts.show(actor, query.draft).form
        detail = detail.model_copy(update={"name": filled.name, "is_active": filled.is_active, "rules": filled})
    return {"kind": detail, "choices": CHOICES, "titles": leave.RULE_TITLES, "fields": leave.occasions.FIELDS}


@bp.post("/kinds/<string:code>")
@endpoint(needs=KINDS, body=leave.EditKind)
def edit_kind(actor, code, body):
    """New rules for requests from now on."""
    leave.edit_kind(actor, code, body)
    return Redirect("/console/leave/kinds")


@bp.post("/kinds/<string:code>/drafts")
@endpoint(needs=KINDS, body=leave.EditKind)
def save_draft(actor, code, body):
    """Keep the rules as a draft, to be tried on a past year."""
    return Redirect(f"/console/leave/kind-drafts/{leave.kind_drafts.save(actor, code, body)}")


@bp.get("/places")
@endpoint(needs=KINDS, page="console/leave/places.html")
def places(actor):
    """Where the company and its departments are, and what each place gives."""
    return {
        "known": leave.places.known(),
        "places": leave.local_rows.places(),
        "departments": dict(people.department_tree()),
        "rows": leave.local_rows.rows(),
        "medical": list(leave.medical.tables().values()),
        "sick_pay": leave.paying.scales(),
        "minimum": leave.paying.minimum.rows(),
        "kinds": {kind.code: kind.name for kind in leave.all_kinds()},
        "per": PER,
        "countings": COUNTINGS,
        "certainties": leave.packs.CERTAINTIES,
        "by_place": [kind for kind in leave.all_kinds() if kind.rules.by_place],
        "fields": leave.occasions.FIELDS,
    }


@bp.post("/places")
@endpoint(needs=KINDS, body=leave.places.SetPlace)
def set_place(actor, body):
    """Say where the company or a department is."""
    leave.places.set_place(actor, body)
    return Redirect("/console/leave/places")


@bp.post("/places/rows")
@endpoint(needs=KINDS, body=leave.local_rows.AddRow)
def add_row(actor, body):
    """Add what a place gives that has no row, with its source and its day."""
    leave.local_rows.add(actor, body)
    return Redirect("/console/leave/places")
