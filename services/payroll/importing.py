"""From a workbook to a draft: every row is somebody, every figure reconciles, or nothing is stored."""

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, insert, select

from kit import clock, workbook
from kit.errors import Conflict
from kit.ids import new_id
from kit.workbook import Findings
from models.base import db
from models.enums import BatchState
from models.payroll import Payslip, PayslipBatch
from services import people, platform
from services.payroll import access, rules, sheet
from services.payroll.rules import Slip
from services.payroll.schemas import Prepare
from services.payroll.sheet import Given
from services.people import Actor, Permission, PersonView

MOST_SLIPS = 20_000
Matched = list[tuple[str, Slip]]


def template(actor: Actor) -> bytes:
    """The workbook to fill in, with everybody within reach who works here; recorded."""
    actor.require(Permission.PAYROLL_BATCH_EDIT)
    found = people.many(access.reached(actor, Permission.PAYROLL_BATCH_EDIT, db.session.scalars(people.active_ids())))
    known = sorted(found.values(), key=lambda person: (person.department_name, person.employee_number or person.userid))
    platform.audit.record(actor, "payroll.template.export", "people", after={"rows": len(known)})
    return sheet.template((person.employee_number or "", person.userid, person.name) for person in known)


def prepare(actor: Actor, wish: Prepare) -> str:
    """A draft from a workbook; its id. The same workbook again is the same batch.

    `Invalid` lists every wrong row with its column, and nothing is stored.
    """
    actor.require(Permission.PAYROLL_BATCH_EDIT)
    month = date.fromisoformat(f"{wish.month}-01")
    rows = workbook.read(wish.file.content, max_rows=MOST_SLIPS)
    findings = Findings(rows.name)
    matched = _match(actor, sheet.given(rows, findings), month, findings)
    findings.refuse_any()
    family = rules.family(month, wish.title)
    content = fingerprint(family, wish.is_correction, matched)
    same = db.session.scalar(select(PayslipBatch.id).where(PayslipBatch.content == content))
    if same:
        return same
    next_version(family, wish.is_correction)
    return _store(actor, wish, content, matched)


def _match(actor: Actor, rows: Sequence[Given], month: date, findings: Findings) -> Matched:
    known = people.known_as([key for row in rows for key in (row.number, row.userid) if key])
    reach = access.reached(actor, Permission.PAYROLL_BATCH_EDIT, {person.id for person in known.values()})
    matched: dict[str, tuple[int, Slip]] = {}
    for row in rows:
        person = _person(row, known, findings)
        if person is None or not _may_be_paid(row, person, person.id in reach, month, findings):
            continue
        if person.id in matched:
            findings.add(row.row, sheet.NAME, f"与第 {matched[person.id][0]} 行是同一个人")
        matched[person.id] = (row.row, row.slip)
    return [(person_id, slip) for person_id, (_, slip) in matched.items()]


def _person(row: Given, known: dict[str, PersonView], findings: Findings) -> PersonView | None:
    """The person whom number, userid and name agree on."""
    keys = {sheet.NUMBER: row.number, sheet.USERID: row.userid}
    found = {column: known.get(key) for column, key in keys.items() if key}
    if not found:
        findings.add(row.row, sheet.NUMBER, "没有填写；工号和企业微信账号至少填一项")
        return None
    for column, person in found.items():
        if person is None:
            findings.add(row.row, column, f"通讯录中没有“{keys[column][:32]}”")
            return None
    first, *others = [person for person in found.values() if person]
    if any(other.id != first.id for other in others):
        findings.add(row.row, sheet.USERID, "与工号不是同一个人")
        return None
    if row.name != first.name:
        findings.add(row.row, sheet.NAME, "与通讯录中的姓名不一致")
        return None
    return first


def _may_be_paid(row: Given, person: PersonView, is_reached: bool, month: date, findings: Findings) -> bool:
    if not is_reached:
        findings.add(row.row, sheet.NAME, "不在您负责的范围内")
    elif not person.is_active and (person.left_on is None or person.left_on < month):
        findings.add(row.row, sheet.NAME, "在这个月之前已离职")
    else:
        return True
    return False


def fingerprint(family: str, is_correction: bool, matched: Matched) -> str:
    """What the batch says, as one keyed hash: equal for equal content, and no help in guessing amounts."""
    rows = [[person_id, access.written(slip).decode()] for person_id, slip in matched]
    text = json.dumps([family, is_correction, rows], ensure_ascii=False, separators=(",", ":"))
    return platform.vault.sealer().fingerprint("payslip_batch.content", text)


def next_version(family: str, is_correction: bool) -> int:
    """The number the next released batch of the family gets; a correction follows something, nothing else does."""
    last = db.session.scalar(select(func.max(PayslipBatch.version)).where(PayslipBatch.family == family)) or 0
    if is_correction and not last:
        raise Conflict("这个月还没有发布过同名的工资条，不能作为更正导入；请检查月份和名称")
    if last and not is_correction:
        raise Conflict("这个月同名的工资条已经发布；如需修改请选择“更正”，如为另一笔发放请换一个名称")
    return last + 1


def _store(actor: Actor, wish: Prepare, content: str, matched: Matched) -> str:
    batch_id, month = new_id(), date.fromisoformat(f"{wish.month}-01")
    is_new = platform.first(
        PayslipBatch, id=batch_id, family=rules.family(month, wish.title), month=month, title=wish.title,
        state=BatchState.DRAFT, is_correction=wish.is_correction, people=len(matched), published=0, content=content,
        sealed_totals=access.seal_totals(batch_id, rules.combined(slip for _, slip in matched)),
        prepared_by=actor.person_id, created_at=clock.now(),
    )  # fmt: skip
    if not is_new:  # somebody else has just uploaded the same workbook
        return db.session.scalars(select(PayslipBatch.id).where(PayslipBatch.content == content)).one()
    db.session.execute(insert(Payslip), [_row(batch_id, place, *one) for place, one in enumerate(matched, 1)])
    facts = {"family": f"{wish.month} {wish.title}", "people": len(matched), "is_correction": wish.is_correction}
    platform.audit.record(actor, "payroll.batch.prepare", batch_id, after=facts)
    return batch_id


def _row(batch_id: str, position: int, person_id: str, slip: Slip) -> dict[str, object]:
    payslip_id = new_id()
    sealed = access.seal(payslip_id, slip)
    return {"id": payslip_id, "batch_id": batch_id, "person_id": person_id, "position": position, "sealed": sealed}
