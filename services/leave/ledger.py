"""The ledger: lots, and the append-only entries whose sum is what is left of them.

Whoever moves minutes holds the person's account row, so that concurrent requests queue and none spends what another
has just spent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from kit import clock
from kit.ids import new_id
from models.base import db
from models.enums import EntryKind
from models.leave import LeaveAccount, LeaveEntry, LeaveKind, LeaveLot
from services import platform
from services.leave.entries import REST as REST
from services.leave.entries import Cause as Cause
from services.leave.entries import entry, write
from services.leave.granting import debts
from services.leave.granting.debts import PREFIX, Fresh
from services.leave.rulebook.catalog import VERSION, Kind, as_of
from services.leave.rules import Lot

LOOK_BACK = timedelta(days=800)
_ACCOUNT = select(LeaveAccount.person_id).where(LeaveAccount.person_id == bindparam("person_id")).with_for_update()


def lock(person_id: str) -> None:
    """Holds the person's account until the transaction ends; opens it on first use."""
    if platform.scalar(_ACCOUNT, {"person_id": person_id}) is None:
        platform.first(LeaveAccount, person_id=person_id)
        platform.scalar(_ACCOUNT, {"person_id": person_id})


def lock_all(person_ids: set[str]) -> None:
    """Holds many accounts, always in the same order."""
    accounts = select(LeaveAccount.person_id).where(LeaveAccount.person_id.in_(person_ids))
    db.session.scalars(accounts.order_by(LeaveAccount.person_id).with_for_update()).all()


_THEIRS = and_(
    LeaveLot.kind_code == LeaveKind.code,
    LeaveLot.person_id == bindparam("person_id"),
    LeaveLot.expires_on >= bindparam("on"),
)
_KIND_AND_LOTS = (
    select(*VERSION, LeaveKind.is_active, LeaveLot.id, LeaveLot.starts_on, LeaveLot.expires_on, REST.label("rest"))
    .outerjoin(LeaveLot, _THEIRS)
    .where(LeaveKind.code == bindparam("code"))
)


def kind_and_lots(person_id: str, code: str, on: date) -> tuple[Kind, bool, list[Lot]] | None:
    """The kind, whether it is in use, and the person's lots of it that have not expired on a day; one statement."""
    rows = platform.rows(_KIND_AND_LOTS, {"person_id": person_id, "code": code, "on": on})
    if not rows:
        return None
    lots = [_lot_of(row.id, row.starts_on, row.expires_on, row.rest) for row in rows if row.id is not None]
    return as_of(rows[0].kind_id, rows[0].rules_version), rows[0].is_active, lots


def lots(person_id: str, code: str, on: date) -> list[Lot]:
    """The person's lots of a kind that have not expired on a day."""
    mine = (LeaveLot.person_id == person_id, LeaveLot.kind_code == code, LeaveLot.expires_on >= on)
    rows = db.session.execute(select(LeaveLot.id, LeaveLot.starts_on, LeaveLot.expires_on, REST).where(*mine))
    return [_lot_of(*row) for row in rows]


def _lot_of(lot_id: str, starts_on: date, expires_on: date, rest: Any) -> Lot:
    return Lot(lot_id, starts_on, expires_on, int(rest))  # a sum comes as a decimal from some servers


def take(person_id: str, code: str, kind: EntryKind, taken: Mapping[str, int], cause: Cause) -> None:
    """Takes minutes from lots, one entry for each."""
    write([entry(person_id, code, lot_id, kind, -minutes, cause) for lot_id, minutes in taken.items()])


def release(request_id: str, cause: Cause) -> None:
    """Gives back to each lot exactly what the request still holds of it; a second time there is nothing to give."""
    held = func.sum(LeaveEntry.minutes)
    rows = db.session.execute(
        select(LeaveLot.id, LeaveLot.person_id, LeaveLot.kind_code, held.label("held"), LeaveLot.grant_key)
        .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
        .where(LeaveEntry.request_id == request_id)
        .group_by(LeaveLot.id)
        .having(held != 0)
    ).all()
    write([entry(row.person_id, row.kind_code, row.id, EntryKind.RELEASE, -int(row.held), cause) for row in rows])
    for row in rows:
        if row.grant_key.startswith(PREFIX):
            lock(row.person_id)
            debts.give_back(row.person_id, row.kind_code, cause.made_by)


@dataclass(frozen=True)
class Grant:
    """Minutes for a person, good from one day to another. `key` makes it happen once.

    `kind_version` names the rules of the kind and `policy_version` the policy that gave it, `day_minutes` the working
    day by which its days became minutes.
    """

    key: str
    person_id: str
    kind_code: str
    title: str
    starts_on: date
    expires_on: date
    minutes: int
    sentence: str
    kind_version: int | None = None
    policy_version: int | None = None
    day_minutes: int | None = None


@dataclass(frozen=True)
class Correction:
    """Minutes by which a grant is changed because its facts or its policy changed."""

    lot_id: str
    person_id: str
    kind_code: str
    minutes: int
    sentence: str
    policy_version: int | None = None


def correct(corrections: Sequence[Correction], made_by: str) -> int:
    """Writes corrections of lots, under the accounts that the caller has locked; the count written."""
    write([
        entry(one.person_id, one.kind_code, one.lot_id, EntryKind.CORRECT, one.minutes,
               Cause(one.sentence, made_by, policy_version=one.policy_version))
        for one in corrections
    ])  # fmt: skip
    return len(corrections)


def grant(grants: Sequence[Grant], made_by: str, kind: EntryKind = EntryKind.GRANT) -> int:
    """Writes those grants whose key is new, each as a lot with its first entry; the count written.

    What somebody has taken ahead is paid back first.
    """
    ids = {new_id(): given for given in grants}
    platform.first_of_many(LeaveAccount, [{"person_id": one} for one in sorted({given.person_id for given in grants})])
    count = platform.first_of_many(LeaveLot, [_lot(lot_id, given) for lot_id, given in ids.items()])
    made = ids if count == len(ids) else _written(ids)
    write([
        entry(given.person_id, given.kind_code, lot_id, kind, given.minutes,
              Cause(given.sentence, made_by, policy_version=given.policy_version))
        for lot_id, given in made.items()
        if given.minutes
    ])  # fmt: skip
    _repay(made, made_by)
    return len(made)


def _written(ids: Mapping[str, Grant]) -> dict[str, Grant]:
    """Those that were new: somebody else has given the others."""
    ours = set(db.session.scalars(select(LeaveLot.id).where(LeaveLot.id.in_(ids))))
    return {lot_id: given for lot_id, given in ids.items() if lot_id in ours}


def _repay(made: Mapping[str, Grant], made_by: str) -> None:
    fresh = [Fresh(lot_id, one.person_id, one.kind_code, one.title, one.minutes) for lot_id, one in made.items()]
    owing = debts.indebted(fresh)
    if owing:  # somebody may borrow more meanwhile: look again while nobody can
        lock_all({person_id for person_id, _ in owing})
        debts.repay(fresh, debts.indebted(fresh), made_by)


def _lot(lot_id: str, given: Grant) -> dict[str, Any]:
    return {
        "id": lot_id,
        "created_at": clock.now(),
        "person_id": given.person_id,
        "kind_code": given.kind_code,
        "grant_key": given.key,
        "title": given.title,
        "starts_on": given.starts_on,
        "expires_on": given.expires_on,
        "kind_version": given.kind_version,
        "day_minutes": given.day_minutes,
    }


def expired(today: date, after: str, limit: int) -> list[str]:
    """Lots past their last day with something left, the earliest first, behind the one named.

    In the order of their index, so that a chunk looks at its own lots and not at all that are to follow. What returned
    to a lot so long ago that nothing can return to it any more is not looked for again.
    """
    reached = db.session.scalar(select(LeaveLot.expires_on).where(LeaveLot.id == after)) or today - LOOK_BACK
    past = select(LeaveLot.id).where(REST > 0).order_by(LeaveLot.expires_on, LeaveLot.id)
    same_day = past.where(LeaveLot.expires_on == reached, LeaveLot.id > after).limit(limit)
    found = list(db.session.scalars(same_day))
    later = past.where(LeaveLot.expires_on > reached, LeaveLot.expires_on < today).limit(limit - len(found))
    return found + list(db.session.scalars(later))
