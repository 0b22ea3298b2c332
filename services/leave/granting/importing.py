"""HR's workbook of grants: looked at first, then taken over, all rows or none; a second upload changes nothing.

A row is known by person, kind, dates and explanation. With another amount it is refused instead of given once more.
"""

from datetime import date

from sqlalchemy import func, select

from kit import clock, workbook
from kit.errors import Forbidden
from kit.schema import Identifier, View, Wish
from kit.workbook import Findings, Sheet
from models.base import db
from models.enums import EntryKind
from models.leave import LeaveEntry, LeaveLot
from services import people, platform, schedule
from services.leave import ledger, rules
from services.leave.granting import grants, sheet
from services.leave.granting.adjusting import NOT_ONESELF
from services.leave.granting.sheet import Given, Known
from services.people import Actor, Permission
from services.platform import Upload

PURPOSE = "leave.import"
MOST_ROWS, ACCOUNTS_AT_ONCE = 20_000, 450


class ImportWish(Wish):
    """The workbook to look at."""

    book: Upload


class ApplyWish(Wish):
    """The workbook that was looked at, to be taken over now."""

    book_id: Identifier


class LineOut(View):
    """A row as it would be given, or was given before."""

    row: int
    name: str
    kind: str
    length: str
    title: str
    starts_on: date
    expires_on: date
    is_new: bool


class ImportView(View):
    """What a workbook would give, or has given."""

    book_id: str
    rows: int
    fresh: int
    people: int
    lines: list[LineOut]


def template(actor: Actor) -> bytes:
    """The workbook to fill in, with the active people within reach; recorded."""
    actor.require(Permission.LEAVE_BALANCE_ADJUST)
    reach = people.within(actor, Permission.LEAVE_BALANCE_ADJUST).subquery()
    ids = db.session.scalars(select(reach.c.id).where(reach.c.id.in_(people.active_ids()))).all()
    found = sorted(people.many(ids).values(), key=lambda person: (person.department_name, person.userid))
    platform.audit.record(actor, "leave.template.export", "people", after={"rows": len(found)})
    return workbook.write(sheet.SHEET, sheet.HEADER, ((person.userid, person.name) for person in found), sheet.WIDTHS)


def check(actor: Actor, wish: ImportWish) -> ImportView:
    """What the workbook would give; `Invalid` lists every wrong cell by sheet, row and column."""
    rows, before = _understood(actor, wish.book.content)
    book_id = platform.files.store(actor.person_id, PURPOSE, wish.book, platform.files.WORKBOOK)
    return _view(book_id, rows, before)


def apply(actor: Actor, wish: ApplyWish) -> ImportView:
    """Gives what a workbook says that the same person has looked at, as it reads now: all of it or nothing."""
    if platform.files.owner_of(wish.book_id) != actor.person_id:
        raise Forbidden("请先上传并检查这份工作簿")
    rows, before = _understood(actor, platform.files.fetch(wish.book_id, PURPOSE).content)
    ledger.grant([row.grant for row in rows if row.grant.key not in before], actor.label)
    done = _view(wish.book_id, rows, before)
    platform.audit.record(actor, "leave.balance.import", wish.book_id, after={"rows": done.rows, "fresh": done.fresh})
    return done


def _understood(actor: Actor, content: bytes) -> tuple[list[Given], dict[str, int]]:
    """The rows, and what was given before under their keys."""
    actor.require(Permission.LEAVE_BALANCE_ADJUST)
    book = workbook.read(content, max_rows=MOST_ROWS)
    findings = Findings(book.name)
    for name in sheet.HEADER:
        if name not in book.header:
            findings.add(0, name, "缺少这一列，请使用模板")
    findings.refuse_any()
    known = _known(actor, book)
    filled = [row for row in book.rows if row.text(sheet.AMOUNT) or row.text(sheet.KIND)]  # the others get nothing
    rows = [one for row in filled if (one := sheet.given(row, known, findings))]
    if not filled:
        findings.add(0, sheet.AMOUNT, "没有填写任何数量")
    before = _before([one.grant.key for one in rows])
    _compare(rows, before, known, findings)
    for mine in (one.row for one in rows if one.person.id == actor.person_id and one.grant.key not in before):
        findings.add(mine, sheet.ACCOUNT, NOT_ONESELF)
    findings.refuse_any()
    return rows, before


def _known(actor: Actor, book: Sheet) -> Known:
    named = people.known_as(row.text(sheet.ACCOUNT) for row in book.rows)
    reach = people.within(actor, Permission.LEAVE_BALANCE_ADJUST).subquery()
    ids = list({person.id for person in named.values()})
    parts = [ids[at : at + ACCOUNTS_AT_ONCE] for at in range(0, len(ids), ACCOUNTS_AT_ONCE)]
    mine = {one for part in parts for one in db.session.scalars(select(reach.c.id).where(reach.c.id.in_(part)))}
    today = clock.today()
    lengths = schedule.days(mine, today, today) if mine else {}
    kinds = [kind for kind in grants.every_kind().values() if kind.rules.needs_balance]
    return Known(
        {name: person for name, person in named.items() if person.id in mine},
        {title: kind for kind in kinds for title in (kind.name, kind.code)},
        {person_id: plan.full_minutes for (person_id, _), plan in lengths.items()},
    )


def _compare(rows: list[Given], before: dict[str, int], known: Known, findings: Findings) -> None:
    """Each row beside what was given under its key before, and beside the rows above it."""
    seen: dict[str, int] = {}
    for one in rows:
        key, minutes = one.grant.key, one.grant.minutes
        if key in seen:
            findings.add(one.row, sheet.TITLE, f"与第 {seen[key]} 行重复")
        elif before.get(key, minutes) != minutes:
            words = rules.words(before[key], known.lengths[one.person.id], one.kind.rules.unit)
            findings.add(one.row, sheet.AMOUNT, f"已导入过 {words}，数量不同；请到员工页面调整")
        seen.setdefault(key, one.row)


def _before(keys: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(0, len(keys), ACCOUNTS_AT_ONCE):
        rows = db.session.execute(
            select(LeaveLot.grant_key, func.sum(LeaveEntry.minutes))
            .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
            .where(LeaveLot.grant_key.in_(keys[at : at + ACCOUNTS_AT_ONCE]), LeaveEntry.kind == EntryKind.GRANT)
            .group_by(LeaveLot.grant_key)
        )
        found |= {key: int(minutes) for key, minutes in rows}
    return found


def _view(book_id: str, rows: list[Given], before: dict[str, int]) -> ImportView:
    fresh = [one for one in rows if one.grant.key not in before]
    return ImportView(
        book_id=book_id,
        rows=len(rows),
        fresh=len(fresh),
        people=len({one.person.id for one in fresh}),
        lines=[_line(one, is_new=one.grant.key not in before) for one in rows],
    )


def _line(one: Given, *, is_new: bool) -> LineOut:
    return LineOut(
        row=one.row,
        name=one.person.name,
        kind=one.kind.name,
        length=one.length,
        title=one.grant.title,
        starts_on=one.grant.starts_on,
        expires_on=one.grant.expires_on,
        is_new=is_new,
    )
