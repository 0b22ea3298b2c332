"""Policies by kind: shipped as data, released by HR with a day from which they hold, never edited afterwards."""

import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from kit import clock
from kit.errors import Conflict, Invalid
from kit.ids import new_id
from kit.schema import Day, Version, View, Wish
from models.base import db
from models.enums import Accrual, Basis, Crossing, Rounding
from models.leave import LeaveKind, LeavePolicy
from services import platform
from services.leave.granting.rules.policy import Days, Policy, Released, Step, in_force
from services.leave.rulebook import catalog
from services.people import AnyActor, Permission

DEFAULTS = Path(__file__).with_name("policies.toml")
ABSENCES = ("sick_kinds", "personal_kinds", "vacation_kinds")
SHIPPED = "system:leave.policies"
BLANK = Policy()
TITLES = {name: field.title or name for name, field in Policy.model_fields.items()}
"""What each part of a policy is called."""


class PolicyForm(Wish):
    """A policy as the console's form sends it: `steps` as "满年数:天数", one a line; `version` is the last one seen."""

    basis: Basis = Basis.COMPANY
    crossing: Crossing = Crossing.SEGMENTED
    accrual: Accrual = Accrual.YEARLY
    days: Days = Decimal(0)
    steps: str = ""
    wait_months: int = 0
    is_prorated: bool = False
    rounding: Rounding = Rounding.HALF_DAY
    carry_months: int = 0
    carry_days: int = 0
    company_carry_months: int = 0
    company_carry_days: int = 0
    drops_unspent: bool = False
    debt_minutes: int = 0
    sick_kinds: str = "sick"
    personal_kinds: str = "personal"
    vacation_kinds: str = "school_vacation"
    source: str = "公司休假制度"
    valid_from: Day
    version: Version

    def policy(self) -> Policy:
        """The policy meant; `Invalid` says what does not fit."""
        told = self.model_dump(exclude={"steps", "valid_from", "version", *ABSENCES})
        kinds = {name: tuple(getattr(self, name).split()) for name in ABSENCES}
        try:
            return Policy(**told, **kinds, steps=tuple(_steps(self.steps)))
        except ValueError:
            raise Invalid("数值超出范围，或司龄各档不是逐档增加", errors=[_STEPS_HINT]) from None


_STEPS_HINT = {"field": "steps", "message": "每行一档，写成“满年数:天数”，例如 3:1，天数逐档增加"}


def _steps(text: str) -> Iterable[Step]:
    for part in text.replace("；", "\n").replace(";", "\n").split("\n"):
        if part.strip():
            years, _, days = part.replace("：", ":").partition(":")
            if not years.strip().isdecimal():
                raise Invalid("司龄增加的写法不对", errors=[_STEPS_HINT])
            yield Step(years=int(years), days=Decimal(days.strip() or "0"))


def steps_text(policy: Policy) -> str:
    """The steps as the form takes them."""
    return "\n".join(f"{step.years}:{step.days.normalize():f}" for step in policy.steps)


class VersionOut(View):
    """A released version, for HR."""

    version: int
    valid_from: date
    released_by: str
    policy: Policy
    is_in_force: bool


def ensure_kinds() -> int:
    """Stores the kinds the product comes with and their policies, unless they are there; the count of kinds added."""
    platform.first_of_many(LeavePolicy, [_shipped(entry) for entry in _listed()])
    return catalog.ensure_kinds()


def _listed() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))["policy"]
    return listed


def _shipped(entry: dict[str, Any]) -> dict[str, Any]:
    code, valid_from = entry.pop("kind"), entry.pop("valid_from")
    return _row(code, 1, valid_from, Policy.model_validate(entry), SHIPPED)


def _row(code: str, version: int, valid_from: date, policy: Policy, by: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "created_at": clock.now(),
        "kind_code": code,
        "version": version,
        "valid_from": valid_from,
        "rules": policy.model_dump(mode="json"),
        "released_by": by,
    }


_ACTIVE = (
    select(LeavePolicy.kind_code, LeaveKind.name, LeavePolicy.version, LeavePolicy.valid_from, LeavePolicy.rules)
    .join(LeaveKind, LeaveKind.code == LeavePolicy.kind_code)
    .where(LeaveKind.is_active)
    .order_by(LeaveKind.sort, LeavePolicy.version)
)


def by_kind() -> dict[str, list[Released]]:
    """The released versions of every kind in use, oldest first; one statement."""
    found: dict[str, list[Released]] = {}
    for row in platform.rows(_ACTIVE):
        policy = Policy.model_validate(dict(row.rules))
        released = Released(row.kind_code, row.name, row.version, row.valid_from, policy)
        found.setdefault(row.kind_code, []).append(released)
    return found


def versions(actor: AnyActor, code: str) -> list[VersionOut]:
    """The versions of a kind's policy, newest first."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    catalog.named(code)
    rows = db.session.scalars(select(LeavePolicy).where(LeavePolicy.kind_code == code)).all()
    found = [_released(row, "") for row in rows]
    holds = in_force(found, clock.today())
    by = {row.version: row.released_by for row in rows}
    return [
        VersionOut(
            version=one.version,
            valid_from=one.valid_from,
            released_by=by[one.version],
            policy=one.policy,
            is_in_force=one is holds,
        )
        for one in sorted(found, key=lambda one: -one.version)
    ]


def _released(row: LeavePolicy, name: str) -> Released:
    return Released(row.kind_code, name, row.version, row.valid_from, Policy.model_validate(dict(row.rules)))


def of_kind(code: str) -> list[Released]:
    """The released versions of one kind, in use or not, oldest first."""
    name = catalog.named(code).name
    mine = select(LeavePolicy).where(LeavePolicy.kind_code == code).order_by(LeavePolicy.version)
    return [_released(row, name) for row in db.session.scalars(mine)]


def draft(code: str, wish: PolicyForm) -> Released:
    """The version that a form would release; `Conflict` when somebody released another meanwhile."""
    known = of_kind(code)
    last = known[-1] if known else None
    if wish.version != (last.version if last else 0):
        raise Conflict("发放规则刚被他人修改过，请刷新后再改")
    policy = wish.policy()
    _check_law(code, policy)
    _check_dates(known, policy, wish.valid_from)
    _check_kinds(policy)
    return Released(code, catalog.named(code).name, wish.version + 1, wish.valid_from, policy)


BY_LAW = {Basis.STATUTORY_ANNUAL: "《企业职工带薪年休假实施办法》第十三条", Basis.OVERTIME: "《劳动法》第四十四条"}
"""What gives leave by law, with the text from which no company may depart."""


@cache
def _bases() -> dict[str, Basis]:
    return {entry["kind"]: Basis(entry["basis"]) for entry in _listed()}


def _check_law(code: str, policy: Policy) -> None:
    """Leave that the law gives is given by the law's own rule; the company only adds to it."""
    basis = _bases().get(code, policy.basis)
    if policy.basis is not basis:
        said = f"这种假由法律规定，发放依据不能改；公司多给的天数请填在“{TITLES['days']}”（{BY_LAW[basis]}）"
        raise Invalid(said, errors=[{"field": "basis", "message": said}])


def _check_dates(known: list[Released], policy: Policy, valid_from: date) -> None:
    if valid_from < clock.today().replace(month=1, day=1):
        raise Invalid("生效日期最早是今年 1 月 1 日；往年的发放不再改动")
    before = in_force(known, valid_from)
    is_new_year = (valid_from.month, valid_from.day) == (1, 1)
    if before and before.policy.accrual is not policy.accrual and not is_new_year:
        raise Invalid("改变发放方式（按年或按月）只能从 1 月 1 日起生效，以免同一年重复发放")


def _check_kinds(policy: Policy) -> None:
    named = {code for name in ABSENCES for code in getattr(policy, name)}
    rows = db.session.scalars(select(LeaveKind).where(LeaveKind.code.in_(named)))
    known = {row.code: catalog.kind_of(row) for row in rows}
    if unknown := named - known.keys():
        raise Invalid(f"没有代码为“{'、'.join(sorted(unknown))}”的假别，请核对假期种类")
    if kept := [kind.name for _, kind in sorted(known.items()) if kind.rules.is_by_event or kind.rules.is_work]:
        source = "《企业职工带薪年休假实施办法》第六条"
        raise Invalid(f"{'、'.join(kept)}不能抵扣年休假，请从算作病假、事假或寒暑假的假别中去掉（{source}）")


def release(actor: AnyActor, code: str, wish: PolicyForm) -> int:
    """Releases the next version of a kind's policy; its number. Grants follow it from its day on."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    made = draft(code, wish)
    row = _row(code, made.version, made.valid_from, made.policy, actor.label)
    if not platform.first(LeavePolicy, **row):
        raise Conflict("发放规则刚被他人修改过，请刷新后再改")
    after = {"version": made.version, "valid_from": made.valid_from.isoformat(), "rules": row["rules"]}
    platform.audit.record(actor, "leave.policy.release", code, after=after)
    return made.version
