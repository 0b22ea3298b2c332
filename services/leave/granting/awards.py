"""Grants by hand for many: a season's leave, a one-off thank-you; for everybody, a department or one person.

What is given is shown first, with how many people and how much; then a run gives it, once to each.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select, func, select

from kit import clock
from kit.errors import Conflict, Invalid
from kit.ids import new_id
from kit.schema import Day, Identifier, Line, View, Wish
from models.base import db
from models.enums import AudienceKind, LeaveUnit
from services import people, platform, schedule
from services.leave import ledger, rules
from services.leave.granting import adjusting, grants, runs
from services.leave.ledger import Grant
from services.leave.rulebook import catalog
from services.leave.schemas import Code
from services.people import AnyActor, Permission

AWARD = "leave.award"
NAMED = 20


class Award(Wish):
    """So much of a kind, good between two days, for a department, for one person (account or number), or for all."""

    kind: Code
    department_id: Identifier | None = None
    person: Annotated[Line, Field(max_length=64)] | None = None
    amount: Decimal = Field(gt=0, le=100, decimal_places=2)
    title: Annotated[Line, Field(min_length=2, max_length=30)]
    starts_on: Day
    expires_on: Day
    reason: Annotated[Line, Field(min_length=2)]


class ConfirmedAward(Award):
    """The award and the number of people that was shown."""

    people: int = Field(ge=1)


class AwardPreview(View):
    """What an award would give: to how many, how much in all, and to whom first."""

    award: Award
    kind_name: str
    whom: str
    people: int
    each: str
    minutes: int
    length: str
    names: list[str]


def preview(actor: AnyActor, wish: Award) -> AwardPreview:
    """How many people the award reaches and what it comes to; nothing is given."""
    unit, whom, meant = _checked(actor, wish)
    ids = list(db.session.scalars(meant))
    minutes = sum(_minutes(ids, wish.amount, unit).values())
    known = people.many(ids[:NAMED])
    return AwardPreview(
        award=wish,
        kind_name=catalog.named(wish.kind).name,
        whom=whom,
        people=len(ids),
        each=_words(wish.amount, unit),
        minutes=minutes,
        length=rules.words(minutes, rules.HOUR, LeaveUnit.HOUR),
        names=[known[one].name for one in ids[:NAMED]],
    )


def give(actor: AnyActor, wish: ConfirmedAward) -> None:
    """Begins to give; `Conflict` when the people are no longer as many as were shown."""
    unit, _, meant = _checked(actor, wish)
    total = db.session.scalar(select(func.count()).select_from(meant.subquery())) or 0
    if total != wish.people:
        raise Conflict(f"人数已变为 {total} 人（预览时 {wish.people} 人），请重新预览")
    kept = wish.model_dump(mode="json", exclude={"people"}) | {"unit": unit, "person_id": _person_id(wish)}
    run_id = runs.begin(f"award:{new_id()}", wish.title, kept, total, actor.label)
    platform.promise(AWARD, {"run": run_id}, dedupe_key=f"{AWARD}:{run_id}")
    platform.audit.record(actor, "leave.balance.award", run_id, after=kept | {"people": total})


def keep_award(payload: dict[str, Any]) -> None:
    """The job: gives an award to the next chunk of those meant."""
    run = runs.get(str(payload["run"]))
    wish = dict(run.wish)
    meant = _meant(wish["department_id"], wish["person_id"]).subquery()
    following = select(meant.c.id).where(meant.c.id > run.after).order_by(meant.c.id).limit(grants.CHUNK)
    ids = db.session.scalars(following).all()
    after = runs.carry_on(run, ids, lambda ids: _give(run.id, run.started_by, wish, ids))
    if after:
        platform.promise(AWARD, {"run": run.id}, dedupe_key=f"{AWARD}:{run.id}:{after}")


def _checked(actor: AnyActor, wish: Award) -> tuple[LeaveUnit, str, Select[str]]:
    """The unit of the kind, whom it is for in words and as people; whoever is out of reach is refused."""
    actor.require(Permission.LEAVE_BALANCE_ADJUST)
    kind = catalog.named(wish.kind)
    if not kind.rules.needs_balance:
        raise Invalid(f"{kind.name}不需要额度，不用发放")
    if not wish.starts_on <= wish.expires_on or wish.expires_on < clock.today():
        raise Invalid("有效期的结束不能早于开始，也不能早于今天")
    if wish.department_id and wish.person:
        raise Invalid("部门和员工只填一项")
    named = _person_id(wish)
    adjusting.check_other(actor, named)
    meant = _meant(wish.department_id, named)
    inside = people.within(actor, Permission.LEAVE_BALANCE_ADJUST).subquery()
    everybody = meant.subquery()
    beyond = select(func.count()).where(everybody.c.id.not_in(select(inside.c.id))).select_from(everybody)
    if db.session.scalar(beyond):
        raise Invalid("范围超出您负责的人员，请缩小范围")
    return kind.rules.unit, _whom(wish), meant


def _person_id(wish: Award) -> str | None:
    if not wish.person:
        return None
    found = people.known_as([wish.person]).get(wish.person)
    if found is None or not found.is_active:
        raise Invalid(f"没有找到在职员工“{wish.person}”，请填写账号或工号")
    return found.id


def _meant(department_id: str | None, person_id: str | None) -> Select[str]:
    if person_id:
        return people.audience(AudienceKind.PERSON, person_id)
    if department_id:
        return people.audience(AudienceKind.DEPARTMENT, department_id)
    return people.audience(AudienceKind.COMPANY)


def _whom(wish: Award) -> str:
    if wish.person:
        return wish.person
    named = people.department_names([wish.department_id]) if wish.department_id else {}
    return f"{named.get(wish.department_id or '', '')}（含下级部门）" if wish.department_id else "全公司"


def _words(amount: Decimal, unit: LeaveUnit) -> str:
    return f"{amount.normalize():f}{'小时' if unit is LeaveUnit.HOUR else '天'}"


def _minutes(ids: Sequence[str], amount: Decimal, unit: LeaveUnit) -> dict[str, int]:
    """The minutes of each: hours as they are, days by the person's own working day."""
    if unit is LeaveUnit.HOUR:
        return dict.fromkeys(ids, int(amount * rules.HOUR))
    today = clock.today()
    lengths = schedule.days(ids, today, today)
    return {one: int(amount * lengths[one, today].full_minutes) for one in ids}


def _give(run_id: str, by: str, wish: dict[str, Any], ids: Sequence[str]) -> int:
    unit, amount = LeaveUnit(wish["unit"]), Decimal(wish["amount"])
    said = _words(amount, unit)
    given = [
        Grant(
            key=f"award:{run_id}:{person_id}",
            person_id=person_id,
            kind_code=wish["kind"],
            title=wish["title"],
            starts_on=date.fromisoformat(wish["starts_on"]),
            expires_on=date.fromisoformat(wish["expires_on"]),
            minutes=minutes,
            sentence=f"{wish['title']}：人事发放 {said}，{wish['expires_on']} 前有效；{wish['reason']}",
        )
        for person_id, minutes in _minutes(ids, amount, unit).items()
    ]
    return ledger.grant(given, by)
