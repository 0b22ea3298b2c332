"""Receipts: signed statements that whoever holds one can check years later, without us.

A receipt is canonical JSON signed with Ed25519. Once a day the leaves of all receipts not yet bound are put under one
Merkle root, which is signed, entered into the audit trail and written outside the database: a receipt made up later and
dated back has no path to a root that others have kept. `tools/verify_receipt.py` checks both and needs none of this.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update

from kit import clock, merkle
from kit.errors import NotFound
from kit.ids import new_id
from kit.schema import Day, View, Wish
from kit.signing import canonical
from models.base import db
from models.platform import Receipt, ReceiptKey, ReceiptRoot
from services.platform import audit, vault
from services.platform.audit import Doer
from services.platform.reads import rows
from services.platform.writes import add_many, changed, first, first_of_many

CONTENT, ROOT = "wecom-hr receipt", "wecom-hr receipt root"
"""What a signature is for; the verifier knows the same words."""
ALGORITHM = "Ed25519"
MOST_ROOTS = 400


class KeyOut(View):
    """A public key that signs receipts, or did; `public` is 32 bytes in base 64."""

    id: str
    public: str
    algorithm: str = ALGORITHM
    first_used_at: datetime


class RootOut(View):
    """The root over the receipts of one day, hex, with the signature over it."""

    day: date
    root: str
    key_id: str
    signature: str


class RootsQuery(Wish):
    """The roots of days before this one; without it, the last there are."""

    before: Day | None = None


class SignatureOut(View):
    """Who signed the content, and how."""

    algorithm: str = ALGORITHM
    key_id: str
    value: str


class NeighbourOut(View):
    """A hash on the way up to the root, and the side it stands on."""

    side: merkle.Side
    hash: str


class ProofOut(View):
    """The way from the receipt's leaf to the root of its day."""

    path: list[NeighbourOut]
    root: RootOut


class ReceiptOut(View):
    """A receipt as a file: what it says, the signature over it, and its place under a root once it has one."""

    content: dict[str, Any]
    signature: SignatureOut
    proof: ProofOut | None


def issue(kind: str, contents: Mapping[str, Mapping[str, Any]]) -> int:
    """Signs a statement about each of these things (thing id → what is said); the count of those that had none."""
    if not contents:
        return 0
    signer = vault.signer()
    first(ReceiptKey, id=signer.key_id, public=signer.public, first_used_at=clock.now())
    return first_of_many(Receipt, [_row(kind, thing_id, content) for thing_id, content in contents.items()])


def _row(kind: str, thing_id: str, content: Mapping[str, Any]) -> dict[str, Any]:
    signer, written = vault.signer(), canonical(content)
    return {
        "id": new_id(),
        "created_at": clock.now(),
        "kind": kind,
        "thing_id": thing_id,
        "content": written.decode(),
        "leaf": merkle.leaf(written).hex(),
        "key_id": signer.key_id,
        "signature": signer.sign(CONTENT, written),
        "day": None,
    }


def issued(kind: str) -> Select[str]:
    """The ids of the things of this kind that have a receipt."""
    return select(Receipt.thing_id).where(Receipt.kind == kind)


def said(kind: str, after: str, most: int) -> dict[str, dict[str, Any]]:
    """What the receipts of this kind say (thing id → content): the next ones after this id, in order of the ids."""
    stored = select(Receipt.thing_id, Receipt.content).where(Receipt.kind == kind, Receipt.thing_id > after)
    return {row.thing_id: json.loads(row.content) for row in rows(stored.order_by(Receipt.thing_id).limit(most))}


def fetch(kind: str, thing_id: str) -> ReceiptOut:
    """A receipt; `NotFound` when there is none. Whoever asks has checked that it may be seen."""
    row = db.session.scalars(select(Receipt).where(Receipt.kind == kind, Receipt.thing_id == thing_id)).first()
    if row is None:
        raise NotFound()
    signature = SignatureOut(key_id=row.key_id, value=row.signature)
    return ReceiptOut(content=json.loads(row.content), signature=signature, proof=_proof(row))


def _proof(row: Receipt) -> ProofOut | None:
    root = db.session.get(ReceiptRoot, row.day) if row.day else None
    if root is None:
        return None
    leaves = list(db.session.scalars(_leaves(root.day)))
    ways = merkle.path([bytes.fromhex(one) for one in leaves], leaves.index(row.leaf))
    return ProofOut(
        path=[NeighbourOut(side=one.side, hash=one.digest.hex()) for one in ways], root=RootOut.model_validate(root)
    )


def _leaves(day: date) -> Select[str]:
    return select(Receipt.leaf).where(Receipt.day == day).order_by(Receipt.id)


def close(doer: Doer) -> str | None:
    """Binds the receipts made before today under yesterday's root, once; the lines to be written outside, if any.

    What commits too late for its own day goes under the next root: nothing stays without one.
    """
    midnight, day = clock.at_local(clock.today()), clock.today() - timedelta(days=1)
    if not db.session.get(ReceiptRoot, day):
        free = update(Receipt).where(Receipt.day.is_(None), Receipt.created_at < midnight)
        if changed(free.values(day=day)):
            _bind(doer, day)
    waiting = select(ReceiptRoot).where(ReceiptRoot.anchored_at.is_(None)).order_by(ReceiptRoot.day)
    lines = [_line(row) for row in db.session.scalars(waiting)]
    return "\n".join(lines) or None


def _bind(doer: Doer, day: date) -> None:
    leaves = [bytes.fromhex(one) for one in db.session.scalars(_leaves(day))]
    signer, root = vault.signer(), merkle.root(leaves).hex()
    signature = signer.sign(ROOT, canonical({"day": day.isoformat(), "root": root}))
    first(ReceiptKey, id=signer.key_id, public=signer.public, first_used_at=clock.now())
    made = {"day": day, "root": root, "receipts": len(leaves), "key_id": signer.key_id, "signature": signature}
    add_many(ReceiptRoot, [{**made, "made_at": clock.now(), "anchored_at": None}])
    audit.record(doer, "platform.receipts.close", f"receipts:{day}", after={"root": root, "receipts": len(leaves)})


def _line(row: ReceiptRoot) -> str:
    return f"{row.day} {row.root} {row.key_id} {row.signature}"


def anchored(_payload: dict[str, Any], answer: dict[str, Any]) -> None:
    """The roots of these lines are written outside; a root whose line was lost on the way is written again."""
    days = [date.fromisoformat(line.partition(" ")[0]) for line in answer.get("head", "").splitlines()]
    if days:
        changed(update(ReceiptRoot).where(ReceiptRoot.day.in_(days)).values(anchored_at=clock.now()))


def keys() -> list[KeyOut]:
    """Every key that ever signed a receipt, and the one that will sign the next; the newest first."""
    signer = vault.signer()
    used = db.session.scalars(select(ReceiptKey).order_by(ReceiptKey.first_used_at.desc())).all()
    known = [KeyOut(id=one.id, public=one.public, first_used_at=one.first_used_at) for one in used]
    if signer.key_id in {one.id for one in known}:
        return known
    return [KeyOut(id=signer.key_id, public=signer.public, first_used_at=clock.now()), *known]


def roots(before: date | None = None) -> list[RootOut]:
    """The roots of the last days (before `before`, when given), the newest first: for whoever wants to keep them."""
    wanted = select(ReceiptRoot).order_by(ReceiptRoot.day.desc()).limit(MOST_ROOTS)
    found = db.session.scalars(wanted.where(ReceiptRoot.day < before) if before else wanted)
    return [RootOut.model_validate(one) for one in found]
