"""The product's own tables, filled for N people set-based: a person's row is the seed of all that is theirs.

Ids are made from numbers, so that nothing has to be remembered: person 7 is `P00…07`, their first leave `R000…07`.
Two thousand of them, whole departments spread over the company, have a session whose token is known: the actors.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, SQLColumnExpression, func, insert, literal, select, update

from bench.place import Place
from kit import clock
from kit.ids import LENGTH
from kit.money import Money
from models.approvals import ApprovalFlow, ApprovalInstance, ApprovalStep, ApprovalTask
from models.attendance import DayResult, Punch
from models.attendance import Place as WorkPlace
from models.base import Base, db
from models.enums import (
    AudienceKind,
    BatchState,
    Direction,
    EntryKind,
    Half,
    InstanceState,
    ItemKind,
    LeaveState,
    NoticeState,
    Outcome,
    PromiseState,
    PunchSource,
    ReceiptState,
    Role,
    SignMode,
    StepState,
    Surface,
    TaskState,
)
from models.leave import LeaveAccount, LeaveEntry, LeaveLot, LeaveRequest, LeaveSegment
from models.notices import Notice, NoticeReceipt
from models.payroll import Payslip, PayslipBatch
from models.people import Department, Grant, LoginSession, Membership, Person
from models.platform import AuditRecord, Promise
from models.schedule import Assignment, ShiftRow
from services import approvals, leave, platform
from services.approvals import Chain
from services.payroll import access as pay
from services.payroll.rules import Line, Slip
from services.people import System

STRETCH = 10_000  # people added in one transaction
IN_DEPARTMENT, IN_DIVISION, IN_TEAM = 50, 500, 10
DIVISIONS = 900_000  # where their numbers at WeCom begin
ACTORS = 2_000
LISTED = 20  # leave requests beyond the common ones that each actor has: a full page
HERE = (31.1774276, 121.5272106)
LOT_MINUTES = 10**6
SLIP = Slip(
    (
        *(Line(ItemKind.EARNING, f"工资项{n}", Money(100_000 + n)) for n in range(8)),
        *(Line(ItemKind.DEDUCTION, f"扣款项{n}", Money(10_000 + n)) for n in range(8)),
        *(Line(ItemKind.EMPLOYER_COST, f"公司项{n}", Money(20_000)) for n in range(4)),
    ),
    Money(720_000),
)
NAMES = "李王张刘陈杨赵黄周吴", "伟芳娜敏静磊洋艳勇军"


def own_id(prefix: str, number: int) -> str:
    """The id of the thing of this kind and number."""
    return f"{prefix}{number:0{LENGTH - len(prefix)}d}"


def person_id(number: int) -> str:
    return own_id("P", number)


def userid(number: int) -> str:
    return f"u{number:06d}"


def token(number: int) -> str:
    """The session token of an actor."""
    return f"bench-session-of-{number:06d}"


def department(number: int) -> int:
    return number // IN_DEPARTMENT


def division_id(number: int) -> str:
    """The department above ten others, with whom nobody else is at home."""
    return own_id("D", DIVISIONS + number)


def superior(number: int) -> int | None:
    """Who stands above: the team's first, the department's first, the company's first."""
    for size in (IN_TEAM, IN_DEPARTMENT):
        if number % size:
            return number - number % size
    return 0 if number else None


class World:
    """What is in one place's tables."""

    def __init__(self, place: Place) -> None:
        self.place, self.people = place, 0
        self.days_asked = 0
        with place.app.app_context(), platform.unit_of_work():
            leave.ensure_kinds()
            _company()

    def grow(self, people: int) -> None:
        """Adds people until there are so many; a multiple of a department's size."""
        with self.place.app.app_context():
            for first in range(self.people, people, STRETCH):
                with platform.unit_of_work():
                    _People(first, min(first + STRETCH, people)).settle()
            self.people = people
            with platform.unit_of_work():
                _open_sessions(self.actors())
                _fill_lists(self.actors())
            _learn_sizes()

    def actors(self) -> list[int]:
        """Numbers of the people with sessions: whole departments, evenly spread."""
        count = min(ACTORS, self.people)
        step = self.people // count
        return [(n // IN_DEPARTMENT) * IN_DEPARTMENT * step + n % IN_DEPARTMENT for n in range(count)]

    def wake(self) -> None:
        """Makes every session just used and stepped up, as those of people at work are."""
        now = clock.now()
        self.execute(update(LoginSession).values(seen_at=now, stepped_up_at=now))

    def hush(self) -> None:
        """Leaves a worker nothing to do."""
        self.execute(update(Promise).where(Promise.state == PromiseState.WAITING).values(state=PromiseState.KEPT))

    def ask_through(self, chain: Chain | None) -> None:
        """Lets new leave requests go through this chain as a saved version, or through the product's own."""
        self.execute(sa.delete(ApprovalFlow))
        if chain:
            with self.place.app.app_context():
                wish = approvals.SaveFlow(based_on=0, definition=chain.model_dump_json())
                platform.transact(lambda: approvals.save(System("bench"), leave.LEAVE, wish))

    def execute(self, statement: Any) -> None:
        with self.place.app.app_context(), platform.unit_of_work():
            db.session.execute(statement, execution_options={"synchronize_session": False})

    def rows(self, statement: Any) -> list[Any]:
        """What a SELECT finds."""
        with self.place.app.app_context(), platform.unit_of_work(writes=False):
            return list(db.session.execute(statement))


def _learn_sizes() -> None:
    """What the nightly upkeep does on SQLite, and a server does by itself some time after so many rows have come."""
    with platform.unit_of_work():
        platform.tidy({})
    if db.engine.dialect.name != "sqlite":
        for table in Base.metadata.sorted_tables:
            db.session.execute(sa.text(f"ANALYZE TABLE {table.name}"))
        db.session.commit()


def _company() -> None:
    """What there is once: the root, a work place, a shift for every day, three notices."""
    db.session.add(Department(id=own_id("D", 0), wecom_id=1, name="公司", parent_id=None, path="/1/"))
    micro = {"latitude_e6": round(HERE[0] * 1e6), "longitude_e6": round(HERE[1] * 1e6)}
    db.session.add(WorkPlace(id=own_id("W", 0), name="总部", radius_m=300, **micro))
    content = {"segments": [[540, 720], [780, 1080]], "late_grace": 10, "early_grace": 0,
               "weekdays": [1, 2, 3, 4, 5, 6, 7], "works_holidays": True}  # fmt: skip
    db.session.add(ShiftRow(id=own_id("F", 0), name="常白班", content=content))
    db.session.flush()
    given = {"scope": AudienceKind.COMPANY, "department_id": None, "person_id": None, "ends_on": None}
    db.session.add(Assignment(id=own_id("F", 1), shift_id=own_id("F", 0), starts_on=date(2020, 1, 1), **given))


class _People:
    """A stretch of people, from one number up to another, with everything they have."""

    def __init__(self, first: int, end: int) -> None:
        self.first, self.end, self.now, self.today = first, end, clock.now(), clock.today()

    def settle(self) -> None:
        """Writes them."""
        self._hire()
        self._notify()
        for number, (code, title) in enumerate((("annual", "年假"), ("compensatory", "调休"))):
            self._entitle(number, code, title)
        for number, back in enumerate((40, 80)):
            self._take_leave(number, self.today - timedelta(days=back))
        for back in (0, 1):
            self._work(self.today - timedelta(days=back))
        self._pay()
        self._remember()

    def _hire(self) -> None:
        homes = sorted({department(n) for n in range(self.first, self.end)})
        divisions = range(-(-self.first // IN_DIVISION), -(-self.end // IN_DIVISION))
        _insert(Department, (_division_row(number) for number in divisions))
        _insert(Department, (_department_row(home) for home in homes))
        numbers = range(self.first, self.end)
        _insert(Person, (_person_row(n) for n in numbers))
        _insert(Membership, (_membership_row(n) for n in numbers))
        if self.first == 0:
            _insert(Grant, ({"id": own_id("G", n), "person_id": person_id(n), "role": role, "created_at": self.now}
                            for n, role in ((1, Role.HR), (2, Role.PAYROLL))))  # fmt: skip
            _insert(Notice, (self._notice(n) for n in range(3)))

    def _each(self, table: type[Base], /, **columns: Any) -> None:
        """One row for each person of the stretch: each column a value, or an expression over the person's row."""
        _derive(table, Person.id.between(person_id(self.first), person_id(self.end - 1)), columns)

    def _notice(self, number: int) -> dict[str, Any]:
        at = self.now - timedelta(days=number + 1)
        return {"id": own_id("N", number), "created_at": at, "title": f"通知{number}", "body": "请查收",
                "sender": "人事部", "audience": {"terms": ["company"]}, "must_confirm": False, "is_urgent": False,
                "state": NoticeState.SENT, "author_id": person_id(0), "expected": self.end, "sent_at": at}  # fmt: skip

    def _notify(self) -> None:
        for number in range(3):
            at = self.now - timedelta(days=number + 1)
            state = ReceiptState.OPENED if number else ReceiptState.DELIVERED
            self._each(NoticeReceipt, notice_id=own_id("N", number), person_id=Person.id, state=state, sent_at=at)

    def _entitle(self, number: int, code: str, title: str) -> None:
        if number == 0:
            self._each(LeaveAccount, person_id=Person.id)
        lot = _own(f"L{number}")
        self._each(LeaveLot, id=lot, created_at=self.now, person_id=Person.id, kind_code=code, title=title,
                   grant_key=literal(f"{code}:") + Person.id, starts_on=date(2020, 1, 1),
                   expires_on=date(2099, 12, 31))  # fmt: skip
        self._each(LeaveEntry, lot_id=lot, person_id=Person.id, kind_code=code, kind=EntryKind.GRANT, request_id=None,
                   minutes=LOT_MINUTES, cause="发放", made_by="system:bench", created_at=self.now)  # fmt: skip

    def _take_leave(self, number: int, day: date) -> None:
        """An approved request of one day, with its segment, ledger entry and approval."""
        request, at = _own(f"R{number:02d}"), self.now - timedelta(days=50 + number)
        self._each(LeaveRequest, id=request, person_id=Person.id, **_request_columns(day, at))
        self._each(LeaveSegment, request_id=request, day=day, person_id=Person.id, start=540, end=1080, minutes=480)
        self._each(LeaveEntry, lot_id=_own("L0"), person_id=Person.id, kind_code="annual", kind=EntryKind.HOLD,
                   minutes=-480, request_id=request, cause="申请", made_by="system:bench", created_at=at)  # fmt: skip
        instance, step = _own(f"J{number}"), _own(f"K{number}")
        self._each(ApprovalInstance, id=instance, created_at=at, subject="leave", subject_id=request, open_key=None,
                   applicant_id=Person.id, flow_version=0, template="leave/approval_request", facts={}, compared={},
                   title="申请年假1天", summary={"rows": []}, state=InstanceState.APPROVED, ended_at=at)  # fmt: skip
        self._each(ApprovalStep, id=step, created_at=at, instance_id=instance, position=0, name="直接上级",
                   mode=SignMode.OR_SIGN, node={}, fallback=Role.HR, state=StepState.APPROVED)  # fmt: skip
        above = func.coalesce(Person.superior_id, person_id(1))
        self._each(ApprovalTask, id=_own(f"T{number}"), created_at=at, step_id=step, instance_id=instance,
                   person_id=above, state=TaskState.APPROVED, action_id=_own(f"A{number}"),
                   action_expires_at=at)  # fmt: skip

    def _work(self, day: date) -> None:
        """The punches of a day, and its result once it is over."""
        common = {"source": PunchSource.API, "nonce": None, "place_id": own_id("W", 0), "distance_m": 20,
                  "accuracy_m": 20, "created_at": self.now}  # fmt: skip
        self._each(Punch, person_id=Person.id, at=clock.at_local(day, 530), direction=Direction.IN, **common)
        if day == self.today:
            return
        self._each(Punch, person_id=Person.id, at=clock.at_local(day, 1085), direction=Direction.OUT, **common)
        minutes = {f"{name}_minutes": 0 for name in ("late", "early", "absent", "leave", "trip")}
        self._each(DayResult, person_id=Person.id, day=day, verdicts="|normal|", expected_minutes=480,
                   worked_minutes=480, fingerprint="0" * 64, settled_at=self.now,
                   **minutes)  # fmt: skip

    def _pay(self) -> None:
        numbers = range(self.first, self.end)
        batch = own_id("B", self.first)
        _insert(PayslipBatch, [_batch_row(batch, f"上月:{self.first}", len(numbers), BatchState.PUBLISHED)])
        _insert(Payslip, (_slip_row(batch, "X", n, self.first, self.now) for n in numbers))

    def _remember(self) -> None:
        """A message that was sent, and two records of the trail."""
        self._each(Promise, id=_own("O0"), kind="message.send", payload={}, dedupe_key=literal("bench:") + Person.id,
                   state=PromiseState.KEPT, priority=5, attempts=1, due_at=self.now, created_at=self.now,
                   settled_at=self.now)  # fmt: skip
        for number in range(2):
            self._each(AuditRecord, id=_own(f"E{number}"), at=self.now, actor=Person.id, way_in="bench", address="",
                       action="bench.made", subject=Person.id, person_id=Person.id, outcome=Outcome.DONE,
                       mac="0" * 64)  # fmt: skip


def _insert(table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == 2000:
            db.session.execute(insert(table), part)
            part = []
    if part:
        db.session.execute(insert(table), part)


def _derive(table: type[Base], who: ColumnElement[bool], columns: dict[str, Any]) -> None:
    """INSERT … SELECT over people: one statement, whatever their number."""
    types = sa.inspect(table).columns
    values = [
        one if isinstance(one, SQLColumnExpression) else literal(one, types[name].type) for name, one in columns.items()
    ]
    db.session.execute(insert(table).from_select(list(columns), select(*values).where(who)))


def _own(prefix: str) -> ColumnElement[str]:
    """The id of something of which every person has one, from the person's id."""
    return literal(prefix) + func.substr(Person.id, len(prefix) + 1)


def _division_row(number: int) -> dict[str, Any]:
    wecom_id = DIVISIONS + number
    return {"id": division_id(number), "created_at": clock.now(), "wecom_id": wecom_id, "name": f"事业部{number}",
            "parent_id": own_id("D", 0), "path": f"/1/{wecom_id}/", "sort": 0, "is_active": True}  # fmt: skip


def _department_row(home: int) -> dict[str, Any]:
    number, above = 1000 + home, home * IN_DEPARTMENT // IN_DIVISION
    return {"id": own_id("D", number), "created_at": clock.now(), "wecom_id": number, "name": f"部门{home}",
            "parent_id": division_id(above), "path": f"/1/{DIVISIONS + above}/{number}/", "sort": 0,
            "is_active": True}  # fmt: skip


def _person_row(number: int) -> dict[str, Any]:
    above = superior(number)
    given, family = NAMES
    return {
        "id": person_id(number),
        "created_at": clock.now(),
        "userid": userid(number),
        "name": f"{given[number % 10]}{family[number // 10 % 10]}{number}",
        "status": "active",
        "department_id": own_id("D", 1000 + department(number)),
        "superior_id": None if above is None else person_id(above),
        "is_manager": number % IN_TEAM == 0,
        "position": "职员",
        "employee_number": f"E{number:06d}",
        "gender": "female" if number % 2 else "male",
        "hired_on": date(2020, 1, 1),
        "first_worked_on": date(2018, 1, 1),
    }


def _membership_row(number: int) -> dict[str, Any]:
    home = own_id("D", 1000 + department(number))
    return {"person_id": person_id(number), "department_id": home, "is_leader": number % IN_DEPARTMENT == 0}


def _request_columns(day: date, at: datetime) -> dict[str, Any]:
    return {"created_at": at, "kind_code": "annual", "kind_version": 1, "state": LeaveState.APPROVED, "first_day": day,
            "last_day": day, "from_half": Half.AM, "to_half": Half.PM, "minutes": 480, "days": Decimal("1.00"),
            "is_confirmed": True, "reason": "家中有事", "decided_at": at}  # fmt: skip


def _batch_row(batch_id: str, family: str, people: int, state: BatchState) -> dict[str, Any]:
    return {"id": batch_id, "created_at": clock.now(), "family": family, "version": 1, "month": date(2026, 10, 1),
            "title": "工资条", "state": state, "is_correction": False, "people": people, "published": 0,
            "sealed_totals": b"", "prepared_by": person_id(2)}  # fmt: skip


def _slip_row(batch_id: str, prefix: str, number: int, first: int, published_at: datetime | None) -> dict[str, Any]:
    payslip = own_id(prefix, number)
    return {"id": payslip, "created_at": clock.now(), "batch_id": batch_id, "person_id": person_id(number),
            "position": number - first + 1, "sealed": pay.seal(payslip, SLIP),
            "published_at": published_at}  # fmt: skip


def released_batch(world: World, round_number: int, people: int) -> str:
    """A batch that a second person has just released, with this many sealed payslips; its id."""
    batch = own_id("Y", round_number)
    with world.place.app.app_context(), platform.unit_of_work():
        row = _batch_row(batch, f"本月:{round_number}", people, BatchState.RELEASED)
        _insert(PayslipBatch, [row | {"released_by": person_id(3)}])
        _insert(Payslip, (_slip_row(batch, f"Z{round_number}", n, 0, None) for n in range(people)))
    return batch


def lapse(world: World, prefix: str, ended_on: date) -> None:
    """Gives everybody a lot, its id beginning so, that ended on a day with all of it left."""
    lot, common = _own(prefix), {"person_id": Person.id, "kind_code": "annual"}
    columns = {"id": lot, "created_at": clock.now(), **common, "title": "往年年假", "starts_on": date(2020, 1, 1),
               "grant_key": literal(f"{prefix}:") + Person.id, "expires_on": ended_on}  # fmt: skip
    granted = {"lot_id": lot, **common, "kind": EntryKind.GRANT, "request_id": None, "minutes": 480, "cause": "发放",
               "made_by": "system:bench", "created_at": clock.now()}  # fmt: skip
    with world.place.app.app_context(), platform.unit_of_work():
        for table, of_each in ((LeaveLot, columns), (LeaveEntry, granted)):
            _derive(table, Person.id.startswith("P"), of_each)


def _open_sessions(actors: Iterable[int]) -> None:
    now = clock.now()
    db.session.execute(sa.delete(LoginSession))
    _insert(LoginSession, (
        {"id": own_id("S", n), "created_at": now, "token_hash": hashlib.sha256(token(n).encode()).hexdigest(),
         "person_id": person_id(n), "surface": Surface.MINIPROGRAM, "csrf": "c", "seen_at": now,
         "expires_at": now + timedelta(hours=12), "stepped_up_at": now}
        for n in actors
    ))  # fmt: skip


def _fill_lists(actors: list[int]) -> None:
    """A page of past leave for each actor."""
    there = set(db.session.scalars(select(LeaveRequest.person_id).where(LeaveRequest.id.like("R02%"))))
    new = [person_id(n) for n in actors if person_id(n) not in there]
    for part in _parts(new, 900):
        for number in range(2, 2 + LISTED):
            at = clock.now() - timedelta(days=50 + number)
            day = clock.today() - timedelta(days=40 * (1 + number))
            columns = {"id": _own(f"R{number:02d}"), "person_id": Person.id, **_request_columns(day, at)}
            _derive(LeaveRequest, Person.id.in_(part), columns)


def _parts(values: list[str], size: int) -> Iterator[list[str]]:
    return (values[at : at + size] for at in range(0, len(values), size))
