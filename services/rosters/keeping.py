"""What rosters keep to: the company's setting, a department's own instead of it, and how many people are needed."""

from dataclasses import dataclass

from pydantic import BaseModel, Field
from sqlalchemy import delete, select

from kit.errors import NotFound
from kit.ids import new_id
from models.base import db
from models.rosters import RosterMinimum, RosterPolicy
from services import people, platform, schedule
from services.people import AnyActor, Permission
from services.rosters import access
from services.rosters.rules import Policy
from services.rosters.schemas import MinimumView, MinimumWish, PolicyWish, RulesView

HOUR, DAY = 60, 24 * 60
WEEKDAYS = "一二三四五六日"


class Kept(BaseModel):
    """What everybody keeps to unless their department has its own."""

    rest_hours: int = Field(11, ge=8, le=24, title="两班之间至少休息（小时）")
    daily_hours: int = Field(11, ge=4, le=24, title="一天最多（小时）")
    weekly_hours: int = Field(40, ge=8, le=72, title="一周最多（小时）")
    longest_run: int = Field(6, ge=1, le=12, title="最多连续上班（天）")
    offers_need_approval: bool = Field(False, title="转让、换班要上级同意")

    @property
    def policy(self) -> Policy:
        """The same in minutes."""
        return Policy(self.rest_hours * HOUR, self.daily_hours * HOUR, self.weekly_hours * HOUR, self.longest_run)


SETTING = platform.declare("rosters.rules", "排班规则：休息、工时、连续天数、转让是否审批", Kept())


@dataclass(frozen=True)
class Labels:
    """The words for what minima refer to."""

    shifts: dict[str, str]
    tags: dict[str, str]


def of_department(department_id: str) -> Kept:
    """What holds for a department: its own, else the company's."""
    own = db.session.get(RosterPolicy, department_id)
    return Kept.model_validate(own.content) if own else SETTING.get()


def rules_of(actor: AnyActor, department_id: str) -> RulesView:
    """What the department's rosters keep to, and how many people it needs."""
    access.check_department(actor, department_id)
    rows = db.session.scalars(
        select(RosterMinimum).where(RosterMinimum.department_id == department_id).order_by(RosterMinimum.id)
    ).all()
    known = labels()
    kept = of_department(department_id)
    return RulesView(
        department_id=department_id,
        department=people.department_names([department_id])[department_id],
        policy=PolicyWish(department_id=department_id, **kept.model_dump()),
        is_own=db.session.get(RosterPolicy, department_id) is not None,
        minima=[_view(row, known) for row in rows],
    )


def keep(actor: AnyActor, wish: PolicyWish) -> None:
    """Gives a department rules of its own; HR's decision, since the law stands behind them."""
    actor.require(Permission.ROSTERS_RULE_EDIT)
    access.check_department(actor, wish.department_id)
    content = wish.model_dump(exclude={"department_id"})
    row = db.session.get(RosterPolicy, wish.department_id)
    before = dict(row.content) if row else None
    db.session.merge(RosterPolicy(department_id=wish.department_id, content=content))
    platform.audit.record(actor, "rosters.rule.set", wish.department_id, before=before, after=content)


def add_minimum(actor: AnyActor, wish: MinimumWish) -> None:
    """A department needs so many people from now on; drafts are judged by it, published days stay."""
    access.check_department(actor, wish.department_id)
    if wish.shift_id and not any(one.id == wish.shift_id and one.is_active for one in schedule.shifts()):
        raise NotFound("没有这个班次，请刷新后重新选择")
    if wish.tag_id and wish.tag_id not in people.tag_names():
        raise NotFound("没有这个标签，请刷新后重新选择")
    start, end = minute(wish.start), minute(wish.end)
    row = RosterMinimum(
        id=new_id(),
        department_id=wish.department_id,
        at_least=wish.at_least,
        shift_id=wish.shift_id,
        start=start,
        end=end if wish.shift_id or end > start else end + DAY,
        weekday=wish.weekday,
        on_day=wish.on_day,
        tag_id=wish.tag_id,
    )
    db.session.add(row)
    platform.audit.record(actor, "rosters.minimum.add", row.id, after=wish.model_dump(mode="json"))


def remove_minimum(actor: AnyActor, minimum_id: str) -> str:
    """Takes a minimum back; the id of its department."""
    row = db.session.get(RosterMinimum, minimum_id)
    if row is None:
        raise NotFound()
    access.check_department(actor, row.department_id)
    platform.changed(delete(RosterMinimum).where(RosterMinimum.id == minimum_id))
    platform.audit.record(actor, "rosters.minimum.remove", minimum_id, before={"at_least": row.at_least})
    return row.department_id


def minute(text: str | None) -> int:
    """Minutes from midnight of 08:30."""
    hours, minutes = (text or "00:00").split(":")
    return int(hours) * HOUR + int(minutes)


def labels() -> Labels:
    """The names of shifts and tags, for words about minima."""
    return Labels({one.id: one.name for one in schedule.shifts()}, people.tag_names())


def what(shift_id: str | None, start: int, end: int, known: Labels) -> str:
    """早班, or 08:00–22:00."""
    return known.shifts.get(shift_id, "") if shift_id else f"{schedule.clock_time(start)}–{schedule.clock_time(end)}"


def _view(row: RosterMinimum, known: Labels) -> MinimumView:
    when = f"{row.on_day:%Y-%m-%d}" if row.on_day else f"周{WEEKDAYS[row.weekday - 1]}" if row.weekday else "每天"
    return MinimumView(
        id=row.id,
        when=when,
        what=what(row.shift_id, row.start, row.end, known),
        at_least=row.at_least,
        skill=known.tags.get(row.tag_id, "") if row.tag_id else "",
    )
