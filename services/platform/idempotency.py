"""Idempotency keys: the answer is stored in the transaction of the change, so a repeat finds both or neither."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from kit import clock
from kit.errors import Invalid
from models.base import db
from models.platform import StoredAnswer
from services.platform.writes import changed, first

KEPT_FOR = timedelta(hours=48)


@dataclass(frozen=True)
class Answer:
    """A stored answer: HTTP status and body text."""

    status: int
    body: str


def digest(*parts: bytes) -> str:
    """One hash over several parts, each bounded by its length."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def begin(key: str, request_hash: str) -> Answer | None:
    """Takes the key for this request; an earlier answer to the same request is returned instead.

    The same key with another request is `Invalid`. A twin running at this moment is waited for by the row lock.
    """
    if first(StoredAnswer, key=key, request_hash=request_hash, status=0, body="", created_at=clock.now()):
        return None
    stored = select(StoredAnswer.request_hash, StoredAnswer.status, StoredAnswer.body).where(StoredAnswer.key == key)
    row = db.session.execute(stored).one()
    if row.request_hash != request_hash:
        raise Invalid("这个操作编号已用于另一份内容，请刷新后重新提交")
    return Answer(row.status, row.body)


def finish(key: str, answer: Answer) -> None:
    """Stores the answer beside the change."""
    answered = update(StoredAnswer).where(StoredAnswer.key == key)
    changed(answered.values(status=answer.status, body=answer.body))


def forget_old() -> int:
    """Deletes answers older than two days; the count deleted."""
    return changed(delete(StoredAnswer).where(StoredAnswer.created_at < clock.now() - KEPT_FOR))
