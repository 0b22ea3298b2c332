"""Shifts and who is given them."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import or_, select

from kit import clock
from kit.errors import Conflict, Invalid, NotFound
from kit.ids import new_id
from models.base import db
from models.enums import AudienceKind
from models.schedule import Assignment, ShiftRow
from services import people, platform
from services.people import AnyActor, Permission
from services.schedule import rules
from services.schedule.rules import Segment, Shift
from services.schedule.schemas import AssignmentForm, AssignmentView, AssignmentWish, SegmentWish, ShiftView, ShiftWish

HOUR = 60


def shift_of(row: Any) -> Shift:
    """The value behind a row with the columns of a shift."""
    content = dict(row.content)
    segments = tuple(Segment(start, end) for start, end in content.pop("segments"))
    weekdays = content.pop("weekdays")
    return Shift(row.id, row.name, segments, weekdays=frozenset(weekdays) if weekdays else None, **content)


def clock_time(minute: int) -> str:
    """Minutes from midnight as people read them: 540 is 09:00, 1740 is 次日05:00."""
    hours, minutes = divmod(minute % rules.DAY, HOUR)
    return f"{'次日' if minute >= rules.DAY else ''}{hours:02d}:{minutes:02d}"


def words(segment: Segment) -> str:
    """09:00–12:00."""
    return f"{clock_time(segment.start)}–{clock_time(segment.end)}"


def shifts() -> list[ShiftView]:
    """All shifts, those in use first."""
    rows = db.session.scalars(select(ShiftRow).order_by(ShiftRow.is_active.desc(), ShiftRow.name))
    return [_view(row) for row in rows]


def _view(row: ShiftRow) -> ShiftView:
    shift = shift_of(row)
    return ShiftView(
        id=row.id,
        name=row.name,
        segments=[words(segment) for segment in shift.segments],
        minutes=shift.minutes,
        late_grace=shift.late_grace,
        early_grace=shift.early_grace,
        weekdays=sorted(shift.weekdays or ()),
        works_holidays=shift.works_holidays,
        is_active=row.is_active,
    )


def add_shift(actor: AnyActor, wish: ShiftWish) -> ShiftView:
    """A new shift; shifts are not edited, since days already worked refer to them: a change is a new one."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    if db.session.scalar(select(ShiftRow.id).where(ShiftRow.name == wish.name)):
        raise Conflict(f"已有名为“{wish.name}”的班次，请换一个名称")
    row = ShiftRow(id=new_id(), name=wish.name, content=_content(wish), is_active=True)
    db.session.add(row)
    platform.audit.record(actor, "schedule.shift.add", row.id, after={"name": wish.name, **row.content})
    return _view(row)


def _content(wish: ShiftWish) -> dict[str, Any]:
    segments = _in_order(wish.segments)
    rules.check_segments(segments)
    return {
        "segments": [list(asdict(segment).values()) for segment in segments],
        "late_grace": wish.late_grace,
        "early_grace": wish.early_grace,
        "weekdays": sorted(set(wish.weekdays)),
        "works_holidays": wish.works_holidays,
    }


def _in_order(wishes: list[SegmentWish]) -> list[Segment]:
    """Times that go back mean the next day: 22:00–02:00 then 03:00–06:00 ends at minute 1800."""
    made: list[Segment] = []
    for wish in wishes:
        earliest = made[-1].end if made else 0
        start = _after(_minute(wish.start), earliest)
        made.append(Segment(start, _after(_minute(wish.end), start + 1)))
    return made


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * HOUR + int(minutes)


def _after(minute: int, earliest: int) -> int:
    return minute if minute >= earliest else minute + rules.DAY


def retire_shift(actor: AnyActor, shift_id: str) -> None:
    """Takes a shift out of use; one that somebody is still given is refused."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    row = _shift(shift_id)
    in_use = or_(Assignment.ends_on.is_(None), Assignment.ends_on >= clock.today())
    if db.session.scalar(select(Assignment.id).where(Assignment.shift_id == row.id, in_use).limit(1)):
        raise Conflict("还有人员在使用这个班次，请先改排其他班次")
    row.is_active = False
    platform.audit.record(actor, "schedule.shift.retire", row.id)


def _shift(shift_id: str) -> ShiftRow:
    row = db.session.get(ShiftRow, shift_id)
    if row is None or not row.is_active:
        raise NotFound("没有这个班次，请刷新后重新选择")
    return row


def assign(actor: AnyActor, wish: AssignmentWish) -> AssignmentView:
    """Gives a shift to the company, a department or a person; of several the latest to begin wins."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    shift, is_person = _shift(wish.shift_id), wish.scope == AudienceKind.PERSON
    row = Assignment(
        id=new_id(),
        shift_id=shift.id,
        scope=wish.scope,
        person_id=wish.target_id if is_person else None,
        department_id=None if is_person else wish.target_id,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
    )
    name = _target_name(row)
    db.session.add(row)
    after = wish.model_dump(mode="json")
    platform.audit.record(actor, "schedule.shift.assign", row.id, person_id=row.person_id, after=after)
    return _assignment_view(row, shift.name, name)


def assign_as_told(actor: AnyActor, form: AssignmentForm) -> AssignmentView:
    """The same from the console's form, which names a person by userid or employee number."""
    dates = {"shift_id": form.shift_id, "starts_on": form.starts_on, "ends_on": form.ends_on}
    if form.ends_on is not None and form.ends_on < form.starts_on:
        raise Invalid("结束日期不能早于开始日期")
    if form.person and form.department_id:
        raise Invalid("部门和员工只填一项")
    if form.person:
        found = people.known_as([form.person]).get(form.person)
        if found is None:
            raise Invalid(f"没有找到“{form.person}”，请填写员工的账号或工号")
        return assign(actor, AssignmentWish(scope=AudienceKind.PERSON, target_id=found.id, **dates))
    scope = AudienceKind.DEPARTMENT if form.department_id else AudienceKind.COMPANY
    return assign(actor, AssignmentWish(scope=scope, target_id=form.department_id, **dates))


def _target_name(row: Assignment) -> str:
    if row.scope == AudienceKind.COMPANY:
        return "全公司"
    names = target_names([row])
    if (row.person_id or row.department_id) not in names:
        raise Invalid("没有这个部门或员工，请重新选择")
    return names[row.person_id or row.department_id or ""]


def target_names(rows: list[Assignment]) -> dict[str, str]:
    """What the departments and people of assignments are called."""
    persons = people.many([row.person_id for row in rows if row.person_id])
    departments = people.department_names([row.department_id for row in rows if row.department_id])
    return {view.id: view.name for view in persons.values()} | departments


def end_assignment(actor: AnyActor, assignment_id: str) -> None:
    """Takes an assignment back; days follow the next nearest one."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    row = db.session.get(Assignment, assignment_id)
    if row is None:
        raise NotFound()
    before = {"shift": row.shift_id, "starts_on": row.starts_on.isoformat()}
    platform.audit.record(actor, "schedule.shift.unassign", row.id, person_id=row.person_id, before=before)
    db.session.delete(row)


def assignments() -> list[AssignmentView]:
    """All assignments: the company's, departments', people's; the latest first."""
    rows = db.session.execute(
        select(Assignment, ShiftRow.name)
        .join(ShiftRow, ShiftRow.id == Assignment.shift_id)
        .order_by(Assignment.scope, Assignment.starts_on.desc(), Assignment.id)
    ).all()
    names = target_names([row for row, _ in rows])
    return [
        _assignment_view(row, shift, names.get(row.person_id or row.department_id or "", "全公司"))
        for row, shift in rows
    ]


def _assignment_view(row: Assignment, shift_name: str, target_name: str) -> AssignmentView:
    return AssignmentView(
        id=row.id,
        shift_id=row.shift_id,
        shift_name=shift_name,
        scope=AudienceKind(row.scope),
        target_id=row.person_id or row.department_id,
        target_name=target_name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )
