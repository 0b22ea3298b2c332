"""Working-time systems as HR keeps them: dated, for the company, a department or a person; days past are counted anew.

Comprehensive and flexible time need the approval of the labour authority (Labour Law art. 39; [1994] 503).
"""

from sqlalchemy import select

from kit.errors import Invalid, NotFound
from kit.ids import new_id
from models.attendance_overtime import WorkingTime
from models.base import db
from models.enums import AudienceKind, WorkPeriod, WorkSystem
from services import people, platform
from services.attendance import resettling
from services.attendance.overtime import WorkingTimeView, WorkingTimeWish, words
from services.attendance.overtime.rules import System
from services.people import AnyActor, Permission

EDIT = Permission.SCHEDULE_SHIFT_EDIT
COMPANY = "全公司"


def set_working_time(actor: AnyActor, wish: WorkingTimeWish) -> None:
    """Lets a system hold from a day on; of several for the same people the latest to begin wins."""
    actor.require(EDIT)
    row = WorkingTime(id=new_id(), **_target(wish), **wish.model_dump(exclude={"department_id", "person"}))
    db.session.add(row)
    after = wish.model_dump(mode="json")
    platform.audit.record(actor, "attendance.working_time.set", row.id, person_id=row.person_id, after=after)
    _count_again(row)


def _target(wish: WorkingTimeWish) -> dict[str, str | AudienceKind | None]:
    if wish.person and wish.department_id:
        raise Invalid("部门和员工只填一项")
    if wish.person:
        found = people.known_as([wish.person]).get(wish.person)
        if found is None:
            raise Invalid(f"没有找到“{wish.person}”，请填写员工的账号或工号")
        return {"scope": AudienceKind.PERSON, "person_id": found.id, "department_id": None}
    if wish.department_id and wish.department_id not in people.department_names([wish.department_id]):
        raise Invalid("没有这个部门，请重新选择")
    scope = AudienceKind.DEPARTMENT if wish.department_id else AudienceKind.COMPANY
    return {"scope": scope, "department_id": wish.department_id, "person_id": None}


def end_working_time(actor: AnyActor, system_id: str) -> None:
    """Takes a system back as if it had never been; whoever it was for follows the next nearest one."""
    actor.require(EDIT)
    row = db.session.get(WorkingTime, system_id)
    if row is None:
        raise NotFound()
    before = {"system": row.system, "starts_on": row.starts_on.isoformat()}
    platform.audit.record(actor, "attendance.working_time.end", row.id, person_id=row.person_id, before=before)
    db.session.delete(row)
    _count_again(row)


def _count_again(row: WorkingTime) -> None:
    target = row.person_id or row.department_id or ""
    resettling.ask((AudienceKind(row.scope), target), row.starts_on, row.ends_on)


def working_times(actor: AnyActor) -> list[WorkingTimeView]:
    """All systems that were set, the latest first."""
    actor.require(EDIT)
    order = (WorkingTime.starts_on.desc(), WorkingTime.id.desc())
    rows = db.session.scalars(select(WorkingTime).order_by(*order)).all()
    persons = people.many([row.person_id for row in rows if row.person_id])
    names = people.department_names([row.department_id for row in rows if row.department_id])
    names |= {person.id: person.name for person in persons.values()}
    return [_view(row, names.get(row.person_id or row.department_id or "", COMPANY)) for row in rows]


def _view(row: WorkingTime, target: str) -> WorkingTimeView:
    period = WorkPeriod(row.period) if row.period else None
    return WorkingTimeView(
        id=row.id,
        target=target,
        system=words.system(System(WorkSystem(row.system), period)),
        pays_holidays=row.pays_holidays,
        permit=row.permit,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )
