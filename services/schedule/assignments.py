"""Who is given which shift or rotation, and from when."""

from sqlalchemy import func, select

from kit.errors import Invalid, NotFound
from kit.ids import new_id
from models.base import db
from models.enums import AudienceKind
from models.schedule import Assignment, RotationRow, ShiftRow
from services import people, platform
from services.people import AnyActor, Permission
from services.schedule import rotations, shifts
from services.schedule.events import Assigned
from services.schedule.schemas import AssignmentForm, AssignmentView, AssignmentWish


def assign(actor: AnyActor, wish: AssignmentWish) -> AssignmentView:
    """Gives a shift or a rotation to the company, a department or a person; of several the latest to begin wins."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    given, is_person = _given(wish), wish.scope == AudienceKind.PERSON
    row = Assignment(
        id=new_id(),
        shift_id=wish.shift_id,
        rotation_id=wish.rotation_id,
        position=wish.position - 1,
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
    platform.publish(_event(row))
    return _view(row, given, name)


def _given(wish: AssignmentWish) -> str:
    """What the shift or the rotation is called; `NotFound` when it is not in use, `Invalid` for a turn it lacks."""
    if wish.shift_id:
        return shifts.in_use(wish.shift_id).name
    rotation = rotations.in_use(wish.rotation_id or "")
    if wish.position > len(rotation.content["turns"]):
        raise Invalid(f"“{rotation.name}”一轮只有 {len(rotation.content['turns'])} 天，请重新填写从第几天开始")
    return rotation.name


def assign_as_told(actor: AnyActor, form: AssignmentForm) -> AssignmentView:
    """The same from the console's form, which names a person by userid or employee number."""
    given = form.given
    if form.ends_on is not None and form.ends_on < form.starts_on:
        raise Invalid("结束日期不能早于开始日期")
    if form.person and form.department_id:
        raise Invalid("部门和员工只填一项")
    if form.person:
        found = people.known_as([form.person]).get(form.person)
        if found is None:
            raise Invalid(f"没有找到“{form.person}”，请填写员工的账号或工号")
        return assign(actor, AssignmentWish(scope=AudienceKind.PERSON, target_id=found.id, **given))
    scope = AudienceKind.DEPARTMENT if form.department_id else AudienceKind.COMPANY
    return assign(actor, AssignmentWish(scope=scope, target_id=form.department_id, **given))


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
    before = {"shift": row.shift_id or row.rotation_id, "starts_on": row.starts_on.isoformat()}
    platform.audit.record(actor, "schedule.shift.unassign", row.id, person_id=row.person_id, before=before)
    platform.publish(_event(row))
    db.session.delete(row)


def _event(row: Assignment) -> Assigned:
    return Assigned(AudienceKind(row.scope), row.person_id or row.department_id, row.starts_on, row.ends_on)


def assignments() -> list[AssignmentView]:
    """All assignments: the company's, departments', people's; the latest first."""
    rows = db.session.execute(
        select(Assignment, func.coalesce(ShiftRow.name, RotationRow.name))
        .outerjoin(ShiftRow, ShiftRow.id == Assignment.shift_id)
        .outerjoin(RotationRow, RotationRow.id == Assignment.rotation_id)
        .order_by(Assignment.scope, Assignment.starts_on.desc(), Assignment.id)
    ).all()
    names = target_names([row for row, _ in rows])
    return [_view(row, given, names.get(row.person_id or row.department_id or "", "全公司")) for row, given in rows]


def _view(row: Assignment, given: str, target_name: str) -> AssignmentView:
    return AssignmentView(
        id=row.id,
        shift_id=row.shift_id,
        rotation_id=row.rotation_id,
        shift_name=given,
        position=row.position + 1,
        scope=AudienceKind(row.scope),
        target_id=row.person_id or row.department_id,
        target_name=target_name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )
