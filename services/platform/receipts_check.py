"""Are the receipts we keep what was signed, bound and written outside? What an auditor asks, from our side."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from sqlalchemy import select

from kit import merkle
from kit.signing import canonical, is_signed
from models.base import db
from models.platform import Receipt, ReceiptKey, ReceiptRoot
from services.platform.audit import Broken
from services.platform.receipts import CONTENT, ROOT

CHUNK = 1000
Keys = Mapping[str, str]


def verify(anchors: Iterable[str] = ()) -> Broken | None:
    """Reads all receipts and roots; the first that is broken, or `None`. `anchors` are the lines written outside."""
    keys = {key.id: key.public for key in db.session.scalars(select(ReceiptKey))}
    roots = db.session.scalars(select(ReceiptRoot).order_by(ReceiptRoot.day)).all()
    return next(chain(_not_anchored(anchors, roots), _not_bound(roots, keys), _not_signed(keys)), None)


def _not_anchored(anchors: Iterable[str], roots: Sequence[ReceiptRoot]) -> Iterator[Broken]:
    kept = {str(one.day): one.root for one in roots}
    for line in anchors:
        day, _, rest = line.partition(" ")
        if kept.get(day) != rest.partition(" ")[0]:
            yield Broken(f"root of {day}", "it is not the one that was written outside")


def _not_bound(roots: Sequence[ReceiptRoot], keys: Keys) -> Iterator[Broken]:
    for one in roots:
        leaves = list(db.session.scalars(select(Receipt.leaf).where(Receipt.day == one.day).order_by(Receipt.id)))
        statement = canonical({"day": str(one.day), "root": one.root})
        if not leaves or merkle.root([bytes.fromhex(leaf) for leaf in leaves]).hex() != one.root:
            yield Broken(f"root of {one.day}", "receipts were removed, inserted or changed")
        if not is_signed(keys.get(one.key_id, ""), ROOT, statement, one.signature):
            yield Broken(f"root of {one.day}", "its signature does not fit")


def _all() -> Iterator[Receipt]:
    after, wanted = "", select(Receipt).order_by(Receipt.id).limit(CHUNK)
    while chunk := db.session.scalars(wanted.where(Receipt.id > after)).all():
        yield from chunk
        after = chunk[-1].id


def _not_signed(keys: Keys) -> Iterator[Broken]:
    for one in _all():
        content = one.content.encode()
        if merkle.leaf(content).hex() != one.leaf:
            yield Broken(f"receipt {one.kind}:{one.thing_id}", "its content was changed")
        if not is_signed(keys.get(one.key_id, ""), CONTENT, content, one.signature):
            yield Broken(f"receipt {one.kind}:{one.thing_id}", "its signature does not fit")
