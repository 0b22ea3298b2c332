"""Balances as sums of entries, and the entries themselves: "why do I have 6.5 days"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from kit import clock, pages
from kit.pages import Page
from models.base import db
from models.enums import EntryKind, LeaveState
from models.leave import LeaveEntry, LeaveKind, LeaveLot, LeaveRequest
from services import people, platform, schedule
from services.leave import access, ledger, rules
from services.leave.rulebook.catalog import VERSION, Kind, as_of, kind_of
from services.leave.schemas import BalanceOut, EntryOut, LedgerQuery, LotOut, PeopleQuery, PersonBalances
from services.people import Actor, Permission

GIVEN = (EntryKind.GRANT, EntryKind.ADJUST, EntryKind.CORRECT)
ENDED = (EntryKind.EXPIRE, EntryKind.WAIVE, EntryKind.SETTLE)
CHUNK, MOST_EXPORTED = 500, 20_000


@dataclass
class Sums:
    """The minutes of one kind by what became of them, and its lots with their rest."""

    granted: int = 0
    used: int = 0
    held: int = 0
    expired: int = 0
    lots: dict[str, tuple[Any, int]] = field(default_factory=dict)

    def add(self, row: Any) -> None:
        """Counts the minutes of a lot that entries of one kind, for requests of one state, moved."""
        minutes = int(row.minutes)
        rest = self.lots.get(row.id, (row, 0))[1]
        self.lots[row.id] = (row, rest + minutes)
        if row.kind in GIVEN:
            self.granted += minutes
        elif row.kind in ENDED:
            self.expired -= minutes
        elif row.state == LeaveState.PENDING:
            self.held -= minutes
        else:  # a hold of approved leave; those of ended requests sum to nothing with their release
            self.used -= minutes

    def close(self, today: date) -> list[tuple[Any, int]]:
        """The lots that can still be taken, the earliest to expire first; what is past counts as expired."""
        past = [rest for lot, rest in self.lots.values() if lot.expires_on < today]
        self.expired += sum(past)
        good = [(lot, rest) for lot, rest in self.lots.values() if lot.expires_on >= today]
        return sorted(good, key=lambda one: (one[0].expires_on, one[0].id))


# built once, for every home page asks both
_KINDS = select(LeaveKind.is_active, *VERSION).order_by(LeaveKind.sort)
_SUMS = (
    select(
        LeaveLot.id, LeaveLot.kind_code, LeaveLot.title, LeaveLot.starts_on, LeaveLot.expires_on, LeaveEntry.kind,
        LeaveRequest.state, func.coalesce(func.sum(LeaveEntry.minutes), 0).label("minutes"),
    )
    .outerjoin(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
    .outerjoin(LeaveRequest, LeaveRequest.id == LeaveEntry.request_id)
    .where(LeaveLot.person_id == bindparam("person_id"), LeaveLot.expires_on >= bindparam("since"))
    .group_by(LeaveLot.id, LeaveEntry.kind, LeaveRequest.state)
)  # fmt: skip


def balances(actor: Actor, person_id: str | None = None, *, plans: schedule.Plans | None = None) -> list[BalanceOut]:
    """What the actor (or somebody they look after) has of each kind that needs a balance; three statements.

    `plans` if the caller has the person's of today.
    """
    whose = access.balances_of(actor, person_id or actor.person_id)
    today = clock.today()
    sums = _sums(whose, today)
    full = (plans or schedule.days([whose], today, today))[whose, today].full_minutes
    return [_balance(kind, sums.get(kind.code, Sums()), full, today) for kind in _shown(set(sums))]


def _shown(codes: set[str]) -> Iterable[Kind]:
    """The kinds that need a balance: those in use, and those of these codes."""
    kinds = ((is_active, as_of(kind_id, version)) for is_active, kind_id, version in platform.rows(_KINDS))
    return (kind for is_active, kind in kinds if kind.rules.needs_balance and (is_active or kind.code in codes))


def _sums(person_id: str, today: date) -> dict[str, Sums]:
    """By kind, over the lots that were good at some time of this year."""
    sums: dict[str, Sums] = {}
    for row in platform.rows(_SUMS, {"person_id": person_id, "since": today.replace(month=1, day=1)}):
        sums.setdefault(row.kind_code, Sums()).add(row)
    return sums


def _balance(kind: Kind, sums: Sums, full: int, today: date) -> BalanceOut:
    good = sums.close(today)
    available = sum(rest for _, rest in good)

    def words(minutes: int) -> str:
        return rules.words(minutes, full, kind.rules.unit)

    return BalanceOut(
        kind=kind.code,
        kind_name=kind.name,
        unit=kind.rules.unit,
        granted=sums.granted,
        used=sums.used,
        held=sums.held,
        expired=sums.expired,
        available=available,
        length=words(available),
        granted_length=words(sums.granted),
        used_length=words(sums.used),
        held_length=words(sums.held),
        lots=[_lot(lot, rest, words(rest)) for lot, rest in good if rest],
    )


def _lot(lot: Any, rest: int, length: str) -> LotOut:
    return LotOut(
        id=lot.id, title=lot.title, starts_on=lot.starts_on, expires_on=lot.expires_on, minutes=rest, length=length
    )


def entries(actor: Actor, query: LedgerQuery, person_id: str | None = None) -> Page[EntryOut]:
    """The ledger of the actor (or somebody they look after), newest first: each movement with its cause."""
    whose = access.balances_of(actor, person_id or actor.person_id)
    wanted = [LeaveEntry.person_id == whose]
    wanted += [LeaveEntry.kind_code == query.kind] if query.kind else []
    wanted += [LeaveEntry.seq < pages.decode(query.cursor, int)[0]] if query.cursor else []
    rows = db.session.execute(
        select(LeaveEntry, LeaveLot.title, LeaveKind)
        .join(LeaveLot, LeaveLot.id == LeaveEntry.lot_id)
        .join(LeaveKind, LeaveKind.code == LeaveEntry.kind_code)
        .where(*wanted)
        .order_by(LeaveEntry.seq.desc())
        .limit(query.limit + 1)
    ).all()
    page = pages.cut(rows, query.limit, lambda row: [row[0].seq])
    full = schedule.day(whose, clock.today()).full_minutes
    return Page(items=[_entry(*row, full) for row in page.rows], next_cursor=page.next_cursor)


def _entry(entry: LeaveEntry, lot: str, kind_row: LeaveKind, full: int) -> EntryOut:
    kind = kind_of(kind_row)
    sign = "+" if entry.minutes > 0 else "−"
    return EntryOut(
        seq=entry.seq,
        at=entry.created_at,
        kind=EntryKind(entry.kind),
        leave_kind=kind.code,
        kind_name=kind.name,
        lot=lot,
        minutes=entry.minutes,
        length=f"{sign}{rules.words(abs(entry.minutes), full, kind.rules.unit)}",
        cause=entry.cause,
        request_id=entry.request_id,
    )


@dataclass(frozen=True)
class Expiring:
    """A lot that ends soon with something left: for the reminder to its owner."""

    lot_id: str
    person_id: str
    kind_name: str
    title: str
    expires_on: date
    minutes: int
    length: str


def expiring(within_days: int) -> list[Expiring]:
    """What people still working here lose within so many days unless they take it; two statements for everybody."""
    today = clock.today()
    rows = db.session.execute(
        select(LeaveLot, LeaveKind, ledger.REST.label("rest"))
        .join(LeaveKind, LeaveKind.code == LeaveLot.kind_code)
        .where(LeaveLot.expires_on.between(today, today + timedelta(days=within_days)))
        .where(LeaveLot.person_id.in_(people.active_ids()))
    ).all()
    left = [row for row in rows if row.rest > 0]
    return list(_expiring(left, today))


def _expiring(rows: list[Any], today: date) -> Iterable[Expiring]:
    lengths = schedule.days([row.LeaveLot.person_id for row in rows], today, today) if rows else {}
    for row in rows:
        lot, kind = row.LeaveLot, kind_of(row.LeaveKind)
        words = rules.words(int(row.rest), lengths[lot.person_id, today].full_minutes, kind.rules.unit)
        yield Expiring(lot.id, lot.person_id, kind.name, lot.title, lot.expires_on, int(row.rest), words)


def overview(actor: Actor, query: PeopleQuery) -> Page[PersonBalances]:
    """The balances of the people the actor looks after, by person; statements do not grow with the people."""
    reach = people.within(actor, Permission.LEAVE_BALANCE_READ).subquery()
    wanted = select(reach.c.id).where(reach.c.id.in_(people.active_ids()))
    if query.person:
        wanted = wanted.where(reach.c.id.in_(people.matching(query.person)))
    if query.cursor:
        wanted = wanted.where(reach.c.id > pages.decode(query.cursor, str)[0])
    found = db.session.scalars(wanted.order_by(reach.c.id).limit(query.limit + 1)).all()
    page = pages.cut(found, query.limit, lambda person_id: [person_id])
    return Page(items=_people(page.rows), next_cursor=page.next_cursor)


def _people(person_ids: Sequence[str]) -> list[PersonBalances]:
    today = clock.today()
    rows = db.session.execute(
        select(LeaveLot.person_id, LeaveKind, func.sum(ledger.REST).label("rest"))
        .join(LeaveKind, LeaveKind.code == LeaveLot.kind_code)
        .where(LeaveLot.person_id.in_(person_ids), LeaveLot.expires_on >= today)
        .group_by(LeaveLot.person_id, LeaveKind.id)
    ).all()
    plans, known = schedule.days(person_ids, today, today), people.many(person_ids)
    lengths: dict[str, dict[str, str]] = {person_id: {} for person_id in person_ids}
    for person_id, row, rest in rows:
        unit = kind_of(row).rules.unit
        lengths[person_id][row.code] = rules.words(int(rest), plans[person_id, today].full_minutes, unit)
    return [
        PersonBalances(
            person_id=person_id,
            name=known[person_id].name,
            department=known[person_id].department_name,
            hired_on=known[person_id].hired_on,
            first_worked_on=known[person_id].first_worked_on,
            lengths=lengths[person_id],
        )
        for person_id in person_ids
    ]


def export_overview(actor: Actor, query: PeopleQuery) -> list[PersonBalances]:
    """Everybody's balances, for a file; an audited act."""
    whole: list[PersonBalances] = []
    cursor: str | None = None
    while len(whole) < MOST_EXPORTED:
        part = overview(actor, query.model_copy(update={"limit": CHUNK, "cursor": cursor}))
        whole, cursor = whole + part.items, part.next_cursor
        if cursor is None:
            break
    platform.audit.record(actor, "leave.balance.export", "leave_balance", after={"rows": len(whole)})
    return whole
