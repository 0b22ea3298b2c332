"""Audit: who did what to which thing, in the same transaction as the thing.

Each row carries a MAC over its own content, so a changed row is seen at once and writers never wait for each other.
A job binds the rows, in order, into a keyed chain whose head is written outside the database; removed, inserted and
reordered rows break the chain (reliability R55).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any, Protocol

from sqlalchemy import func, select

from kit import clock, log
from kit.ids import new_id
from models.base import db
from models.enums import Outcome
from models.platform import AuditLink, AuditRecord
from services.platform import vault
from services.platform.writes import add

CHUNK = 2000
# a row's number is drawn before it commits; younger rows may still be preceded by an uncommitted one
SETTLED_SECONDS = 60
GENESIS = "0" * 64
COVERED = (
    "id", "at", "actor", "way_in", "address", "action", "subject", "person_id", "before", "after", "outcome",
)  # fmt: skip
"""What the MAC of a row proves, in this order."""


class Doer(Protocol):
    """Whoever acts: audit needs a label only."""

    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Broken:
    """Where the trail stops being trustworthy: the first bad record or link, and why."""

    place: str
    why: str


def record(  # noqa: PLR0913 — the six questions of an audit trail
    doer: Doer,
    action: str,
    subject: str,
    *,
    person_id: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    outcome: Outcome = Outcome.DONE,
) -> None:
    """Writes one audit row. `before` and `after` are masked by the caller: no amounts, no ID numbers."""
    bound = log.context()
    values = {
        "id": new_id(),
        "at": clock.now(),
        "actor": doer.label,
        "way_in": str(bound.get("way_in", "")),
        "address": str(bound.get("ip", "")),
        "action": action,
        "subject": subject,
        "person_id": person_id,
        "before": before,
        "after": after,
        "outcome": outcome,
    }
    add(AuditRecord, **values, mac=_sealed(values))


def _mac(row: AuditRecord) -> str:
    return _sealed({name: getattr(row, name) for name in COVERED})


def _sealed(values: Mapping[str, Any]) -> str:
    parts = [values[name] if name != "at" else values["at"].isoformat() for name in COVERED]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return vault.sealer().fingerprint("audit.row", text)


def link(now: datetime | None = None) -> str | None:
    """Binds the settled rows since the last link into a new one; its head, or `None` when there was nothing."""
    last = db.session.scalars(select(AuditLink).order_by(AuditLink.number.desc()).limit(1)).first()
    rows = _rows_after(last.last_seq if last else 0, (now or clock.now()))
    if not rows:
        return None
    number = last.number + 1 if last else 1
    digest = _digest(last.digest if last else GENESIS, rows)
    db.session.add(
        AuditLink(number=number, first_seq=rows[0].seq, last_seq=rows[-1].seq, rows=len(rows), digest=digest)
    )
    return f"{number} {rows[-1].seq} {digest}"


def _rows_after(seq: int, now: datetime) -> list[AuditRecord]:
    found = db.session.scalars(select(AuditRecord).where(AuditRecord.seq > seq).order_by(AuditRecord.seq).limit(CHUNK))
    return list(takewhile(lambda row: (now - row.at).total_seconds() >= SETTLED_SECONDS, found))


def _digest(previous: str, rows: list[AuditRecord]) -> str:
    return vault.sealer().fingerprint("audit.link", previous + "".join(f"{row.seq}:{row.mac};" for row in rows))


def verify(anchors: Iterable[str] = ()) -> Broken | None:
    """Reads the whole trail in chunks; the first broken record or link, or `None` when all is sound.

    `anchors` are heads written outside; a chain that does not reach one of them was cut or rewritten.
    """
    heads: dict[int, str] = {}
    previous, after = GENESIS, 0
    for chained in db.session.scalars(select(AuditLink).order_by(AuditLink.number)):
        broken = _check_link(chained, previous, after, len(heads) + 1)
        if broken:
            return broken
        previous, after, heads[chained.number] = chained.digest, chained.last_seq, chained.digest
    return _check_anchors(anchors, heads) or _check_tail(after)


def _check_link(chained: AuditLink, previous: str, after: int, number: int) -> Broken | None:
    rows = list(
        db.session.scalars(
            select(AuditRecord)
            .where(AuditRecord.seq > after, AuditRecord.seq <= chained.last_seq)
            .order_by(AuditRecord.seq)
        )
    )
    bad = next((row for row in rows if row.mac != _mac(row)), None)
    if bad:
        return Broken(f"record {bad.seq}", "its content was changed")
    if chained.number != number or len(rows) != chained.rows or chained.digest != _digest(previous, rows):
        return Broken(f"records {after + 1}..{chained.last_seq}", "records were removed, inserted or reordered")
    return None


def _check_anchors(anchors: Iterable[str], heads: dict[int, str]) -> Broken | None:
    for line in anchors:
        number, _, digest = [*line.split(), "", "", ""][:3]
        if heads.get(int(number) if number.isdigit() else 0) != digest:
            return Broken(f"link {number}", "the chain does not reach the head that was anchored outside")
    return None


def _check_tail(after: int) -> Broken | None:
    tail = db.session.scalars(select(AuditRecord).where(AuditRecord.seq > after).order_by(AuditRecord.seq))
    bad = next((row for row in tail if row.mac != _mac(row)), None)
    return Broken(f"record {bad.seq}", "its content was changed") if bad else None


def count() -> int:
    """How many rows the trail has."""
    return db.session.scalar(select(func.count()).select_from(AuditRecord)) or 0
