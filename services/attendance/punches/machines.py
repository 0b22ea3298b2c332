"""Files of attendance machines: looked at first, then taken over whole or not at all; a second time adds nothing.

What a column means is guessed from its title, chosen by HR where it cannot be, and remembered for the next file with
the same titles. Who and when is the key; a direction that the machine does not tell follows from the plan, so that
files may overlap, be imported at once by two people, and arrive in any order.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from kit import clock
from kit.errors import Forbidden, Invalid
from kit.ids import new_id
from kit.text import clip
from kit.workbook import Findings, Row, Sheet
from models.attendance import Punch
from models.attendance_punches import MachineFormat
from models.base import db
from models.enums import Direction, PunchSource, SignalKind
from services import people, platform
from services.attendance import facts, settling
from services.attendance.punches import cases, rules, sheets
from services.attendance.punches.rules import Signal
from services.attendance.punches.schemas import ApplyMachine, CheckMachine, MachineColumns, MachineOut
from services.people import Actor, Permission

PURPOSE = "attendance.machine"
LONGEST = timedelta(days=366)
MOST_SHOWN = 12
UNCLEAR = "看不出哪一列是员工、哪一列是打卡时间。请展开“列名对不上时”，填写列名后再检查，下次同样的文件会自动识别。"
LEAST_FACE = 60
"""A score below this is looked at; machines call about 80 a match."""
IN_ONE_STATEMENT = 500
ROWS_AT_ONCE = 1000
FACES: rules.FaceAdapter = rules.MachineFaces()


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A row that was understood."""

    row: int
    person_id: str
    at: datetime
    way: Direction | None
    machine: str
    face: int | None

    @property
    def nonce(self) -> str:
        """The same stamp has the same name in every file."""
        return hashlib.sha256(f"device:{self.machine}:{int(self.at.timestamp())}".encode()).hexdigest()


def check(actor: Actor, wish: CheckMachine) -> MachineOut:
    """What the file would add; nothing is stored but the file. `Invalid` lists every wrong cell by row and column."""
    actor.require(Permission.ATTENDANCE_PUNCH_IMPORT)
    workbook = sheets.as_workbook(wish.workbook)
    sheet = sheets.read(workbook)
    columns = _columns(sheet, wish)
    stamps = _understood(sheet, columns)
    file_id = platform.files.store(actor.person_id, PURPOSE, workbook, platform.files.WORKBOOK)
    return _view(file_id, columns, stamps, len(stamps) - _known(stamps))


def apply(actor: Actor, wish: ApplyMachine) -> MachineOut:
    """Takes over the file that the same person has looked at, all of it; what was known stays as it is."""
    actor.require(Permission.ATTENDANCE_PUNCH_IMPORT)
    if platform.files.owner_of(wish.file_id) != actor.person_id:
        raise Forbidden("请先上传并检查这份文件")
    file = platform.files.fetch(wish.file_id, PURPOSE)
    sheet = sheets.read(platform.Upload(file.name, file.content))
    columns = _columns(sheet, wish)
    stamps = _understood(sheet, columns)
    new = _store(stamps)
    _remember(actor, sheet, columns)
    _follow_up(wish.file_id, stamps)
    after = {"rows": len(stamps), "new": new, "name": file.name}
    platform.audit.record(actor, "attendance.machine.import", wish.file_id, after=after)
    return _view(wish.file_id, columns, stamps, new)


# ── which column means what ──


def _columns(sheet: Sheet, wish: MachineColumns) -> dict[str, str]:
    """Chosen now, else remembered, else guessed; `Invalid` when a chosen one is not there or they do not suffice."""
    chosen = wish.chosen()
    if lost := [title for title in chosen.values() if title not in sheet.header]:
        raise Invalid(f"文件里没有“{lost[0]}”这一列，请重新选择")
    known = db.session.scalar(select(MachineFormat.columns).where(MachineFormat.header == _header(sheet)))
    columns = chosen or dict(known or {}) or rules.guess(sheet.header)
    if not _is_enough(columns):
        raise Invalid(f"{UNCLEAR}文件里的列：{_titles(sheet)}。")
    return columns


def _titles(sheet: Sheet) -> str:
    """The titles as a sentence can hold them; whoever wrote the file may have written anything."""
    shown = "、".join(clip(title, 20) for title in sheet.header[:MOST_SHOWN])
    return f"{shown}等 {len(sheet.header)} 列" if len(sheet.header) > MOST_SHOWN else shown


def _header(sheet: Sheet) -> str:
    return hashlib.sha256("\n".join(sheet.header).encode()).hexdigest()


def _is_enough(columns: dict[str, str]) -> bool:
    return "person" in columns and ("at" in columns or {"day", "clock"} <= columns.keys())


def _remember(actor: Actor, sheet: Sheet, columns: dict[str, str]) -> None:
    values = {"columns": columns, "changed_by": actor.person_id, "changed_at": clock.now()}
    key = _header(sheet)
    if platform.first(MachineFormat, id=new_id(), created_at=clock.now(), header=key, **values):
        return
    known = db.session.scalars(select(MachineFormat).where(MachineFormat.header == key)).one()
    if dict(known.columns) != columns:
        known.columns, known.changed_by, known.changed_at = columns, actor.person_id, clock.now()


# ── what the rows say ──


def _understood(sheet: Sheet, columns: dict[str, str]) -> list[_Stamp]:
    findings = Findings(sheet.name)
    known = people.known_as(row.text(columns["person"]) for row in sheet.rows)
    found = [_stamp(row, columns, known, findings) for row in sheet.rows]
    findings.refuse_any()
    once = {(stamp.person_id, stamp.nonce): stamp for stamp in found if stamp is not None}
    return sorted(once.values(), key=lambda stamp: (stamp.person_id, stamp.at, stamp.machine))


def _stamp(row: Row, columns: dict[str, str], known: dict[str, Any], findings: Findings) -> _Stamp | None:
    person = known.get(row.text(columns["person"]))
    if person is None:
        findings.add(row.number, columns["person"], "没有这个工号或账号")
        return None
    if "name" in columns and row.text(columns["name"]) not in ("", person.name):
        findings.add(row.number, columns["name"], f"与通讯录中的“{person.name}”不一致，请核对是否错行")
    at = _read(row, columns, "at" if "at" in columns else "clock", findings)
    way = _way(row, columns, findings)
    machine = row.text(columns["machine"])[:40] if "machine" in columns else ""
    return _Stamp(row.number, person.id, at, way, machine, _face(row, findings)) if at else None


def _read(row: Row, columns: dict[str, str], where: str, findings: Findings) -> datetime | None:
    try:
        at = rules.instant(sheets.moment(row, columns))
        if not clock.now() - LONGEST <= at <= clock.now():
            raise ValueError("打卡时间应在最近一年之内，不能晚于现在")
    except ValueError as error:
        findings.add(row.number, columns[where], str(error))
        return None
    return at


def _way(row: Row, columns: dict[str, str], findings: Findings) -> Direction | None:
    try:
        return rules.stated(row.text(columns["way"])) if "way" in columns else None
    except ValueError as error:
        findings.add(row.number, columns["way"], str(error))
        return None


def _face(row: Row, findings: Findings) -> int | None:
    """The score of a face verdict that failed; a good one is not kept."""
    try:
        verdict = FACES.verdict({title: row.text(title) for title in row.cells})
    except ValueError as error:
        findings.add(row.number, "人脸得分", str(error))
        return None
    return verdict.score if verdict is not None and not verdict.passes(LEAST_FACE) else None


# ── storing ──


def _store(stamps: list[_Stamp]) -> int:
    rows = [_row(stamp, way) for stamp, way in _directed(stamps)]
    parts = (rows[at : at + ROWS_AT_ONCE] for at in range(0, len(rows), ROWS_AT_ONCE))
    new = sum(platform.first_of_many(Punch, part) for part in parts)
    cases.open_cases(_suspect(stamp) for stamp in stamps if stamp.face is not None)
    return new


def _row(stamp: _Stamp, way: Direction) -> dict[str, Any]:
    return {
        "person_id": stamp.person_id,
        "at": stamp.at,
        "direction": way,
        "source": PunchSource.DEVICE,
        "device": hashlib.sha256(stamp.machine.encode()).hexdigest() if stamp.machine else "",
        "spot": stamp.machine or None,
        "nonce": stamp.nonce,
        "is_mocked": False,
        "created_at": clock.now(),
    }


def _directed(stamps: list[_Stamp]) -> Iterable[tuple[_Stamp, Direction]]:
    """Each stamp with its direction: as told, else by the plan of its day."""
    untold = [stamp for stamp in stamps if stamp.way is None]
    ways = by_plan([(stamp.person_id, stamp.at) for stamp in untold])
    return ((stamp, stamp.way or ways[stamp.person_id, stamp.at]) for stamp in stamps)


def by_plan(moments: Iterable[tuple[str, datetime]]) -> dict[tuple[str, datetime], Direction]:
    """Which way people went at these instants, as their plans have it."""
    wanted = list(moments)
    if not wanted:
        return {}
    days = [clock.local(at).date() for _, at in wanted]
    first, last = min(days) - timedelta(days=1), max(days) + timedelta(days=1)
    ids = sorted({person_id for person_id, _ in wanted})
    found: dict[tuple[str, datetime], Direction] = {}
    for begin in range(0, len(ids), IN_ONE_STATEMENT):
        part = set(ids[begin : begin + IN_ONE_STATEMENT])
        duties = facts.duties(sorted(part), first, last)
        own = ((person_id, at) for person_id, at in wanted if person_id in part)
        found |= {key: rules.direction_at(key[1], rules.duty_of(key[1], duties[key[0]])) for key in own}
    return found


def _suspect(stamp: _Stamp) -> Signal:
    told = {"at": stamp.at.isoformat(), "score": stamp.face}
    key = f"{SignalKind.FACE}:{stamp.person_id}:{stamp.nonce[:32]}"
    return Signal(stamp.person_id, SignalKind.FACE, key, clock.local(stamp.at).date(), told)


def _known(stamps: list[_Stamp]) -> int:
    """How many of them are there already, by the name that every file gives them."""
    count = 0
    for begin in range(0, len(stamps), IN_ONE_STATEMENT):
        part = stamps[begin : begin + IN_ONE_STATEMENT]
        mine = {(stamp.person_id, stamp.nonce) for stamp in part}
        there = select(Punch.person_id, Punch.nonce).where(
            Punch.person_id.in_({stamp.person_id for stamp in part}), Punch.nonce.in_([stamp.nonce for stamp in part])
        )
        count += sum((row.person_id, row.nonce) in mine for row in db.session.execute(there))
    return count


def _follow_up(file_id: str, stamps: list[_Stamp]) -> None:
    """The days that the file touches are judged again, a promise for each person."""
    days: dict[str, set[date]] = {}
    for stamp in stamps:
        today = clock.local(stamp.at).date()
        days.setdefault(stamp.person_id, set()).update((today, today - timedelta(days=1)))
    settling.settle_later(days, file_id)


def _view(file_id: str, columns: dict[str, str], stamps: list[_Stamp], new: int) -> MachineOut:
    days = [clock.local(stamp.at).date() for stamp in stamps]
    return MachineOut(
        file_id=file_id,
        columns=columns,
        rows=len(stamps),
        new=new,
        people=len({stamp.person_id for stamp in stamps}),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
    )
