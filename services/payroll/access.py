"""The only functions that fetch a row of pay for somebody, and the only ones that seal and open figures.

Figures open under `payslip:<id>`, so a blob moved to another row does not open.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, select

from kit.errors import NotFound
from kit.money import Money
from models.base import db
from models.enums import BatchState, ItemKind
from models.payroll import Payslip, PayslipBatch, PayslipDispute
from services import people, platform
from services.payroll.rules import Line, Recalled, Slip
from services.people import Actor, Permission

_SLIP = select(
    Payslip.id, Payslip.person_id, Payslip.sealed, Payslip.published_at, Payslip.replaced_at, Payslip.opened_at,
    Payslip.confirmed_at, PayslipBatch.month, PayslipBatch.title, PayslipBatch.version, PayslipBatch.state,
).join(PayslipBatch, PayslipBatch.id == Payslip.batch_id)  # fmt: skip
"""What is shown of a payslip, with what its batch says of it."""
IN_ONE_STATEMENT = 900
RawLine = tuple[str, str, int]
"""Kind, name and fen of a payslip's line."""

_TO_ME = (Payslip.person_id == bindparam("me")) & Payslip.published_at.is_not(None)
_FAMILY = (
    select(PayslipBatch.family)
    .join(Payslip, Payslip.batch_id == PayslipBatch.id)
    .where(Payslip.id == bindparam("payslip_id"), _TO_ME)
    .scalar_subquery()
)
_VERSIONS = _SLIP.where(PayslipBatch.family == _FAMILY, _TO_ME).order_by(PayslipBatch.version.desc())


def batch(actor: Actor, batch_id: str, permission: Permission, *, lock: bool = False) -> PayslipBatch:
    """The batch, if everybody in it is within reach; `lock` keeps others from deciding about it meanwhile."""
    actor.require(permission)
    query = select(PayslipBatch).where(PayslipBatch.id == batch_id, within_reach(actor, permission))
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound()
    return found


def within_reach(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """No payslip of the batch belongs to somebody beyond the actor's grants."""
    reach = people.within(actor, permission)
    return ~exists().where(Payslip.batch_id == PayslipBatch.id, Payslip.person_id.not_in(reach))


def reached(actor: Actor, permission: Permission, person_ids: Iterable[str]) -> set[str]:
    """Those of the people whom the actor may treat."""
    inside, wanted = people.within(actor, permission).subquery(), list(person_ids)
    parts = [wanted[at : at + IN_ONE_STATEMENT] for at in range(0, len(wanted), IN_ONE_STATEMENT)]
    asked = [select(inside.c[0]).where(inside.c[0].in_(part)) for part in parts]
    return {found for query in asked for found in db.session.scalars(query)}


def payslip(actor: Actor, payslip_id: str, permission: Permission) -> Row[*tuple[Any, ...]]:
    """Somebody's payslip in a batch that the actor may treat."""
    actor.require(permission)
    return _one(_SLIP.where(Payslip.id == payslip_id, Payslip.person_id.in_(people.within(actor, permission))))


def own(actor: Actor, payslip_id: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """The actor's own published payslip, and after it the versions that it replaced, newest first; one statement."""
    versions = platform.rows(_VERSIONS, {"payslip_id": payslip_id, "me": actor.person_id})
    place = next((at for at, row in enumerate(versions) if row.id == payslip_id), None)
    if place is None:
        raise NotFound()
    if versions[place].state == BatchState.RECALLED:
        raise Recalled()
    return versions[place:]


def own_current(actor: Actor, payslip_id: str) -> Row[*tuple[Any, ...]]:
    """The actor's own payslip while it is in force: not recalled, not replaced."""
    row = _one(_SLIP.where(Payslip.id == payslip_id, _TO_ME), {"me": actor.person_id})
    if row.state == BatchState.RECALLED or row.replaced_at:
        raise NotFound()
    return row


def own_dispute(actor: Actor, dispute_id: str) -> PayslipDispute:
    """The actor's own question."""
    query = select(PayslipDispute).where(PayslipDispute.id == dispute_id, PayslipDispute.person_id == actor.person_id)
    return _only(db.session.scalars(query.with_for_update()).first())


def dispute(actor: Actor, dispute_id: str) -> PayslipDispute:
    """Somebody's question, for those who answer."""
    actor.require(Permission.PAYROLL_DISPUTE_ANSWER)
    reach = people.within(actor, Permission.PAYROLL_DISPUTE_ANSWER)
    query = select(PayslipDispute).where(PayslipDispute.id == dispute_id, PayslipDispute.person_id.in_(reach))
    return _only(db.session.scalars(query.with_for_update()).first())


def _one(query: Select[*tuple[Any, ...]], parameters: dict[str, str] | None = None) -> Row[*tuple[Any, ...]]:
    found = platform.rows(query, parameters)
    if not found:
        raise NotFound()
    return found[0]


def _only(found: PayslipDispute | None) -> PayslipDispute:
    if found is None:
        raise NotFound()
    return found


def seal(payslip_id: str, slip: Slip) -> bytes:
    """The figures, sealed for this payslip."""
    return platform.vault.sealer().seal(f"payslip:{payslip_id}", written(slip))


def opened(payslip_id: str, sealed: bytes) -> Slip:
    """The figures of this payslip; `SealBroken` when the blob is not its own or was altered."""
    return _read(platform.vault.sealer().open(f"payslip:{payslip_id}", sealed))


def lines_of(payslip_id: str, sealed: bytes) -> list[RawLine]:
    """Its lines as they are stored, for sums over many; `SealBroken` as from `opened`."""
    lines: list[RawLine] = json.loads(platform.vault.sealer().open(f"payslip:{payslip_id}", sealed))["lines"]
    return lines


def seal_totals(batch_id: str, totals: Slip) -> bytes:
    """The sums of a batch, sealed for it."""
    return platform.vault.sealer().seal(f"payslip_batch:{batch_id}", written(totals))


def opened_totals(batch: PayslipBatch) -> Slip:
    """The sums that the batch was prepared with."""
    return _read(platform.vault.sealer().open(f"payslip_batch:{batch.id}", batch.sealed_totals))


def written(slip: Slip) -> bytes:
    """Figures in their stored form: whole fen, one spelling for the same figures."""
    lines = [[line.kind, line.name, line.amount.fen] for line in slip.lines]
    parts: dict[str, Any] = {"lines": lines, "net": slip.net.fen, "notes": slip.notes}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def _read(content: bytes) -> Slip:
    parts = json.loads(content)
    lines = tuple(Line(ItemKind(kind), name, Money(fen)) for kind, name, fen in parts["lines"])
    return Slip(lines, Money(parts["net"]), tuple((name, text) for name, text in parts["notes"]))
