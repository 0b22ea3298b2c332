"""Tables of the plumbing: what leaves (outbox), what arrives (inbox), what was done (audit), what was stored (file)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit import clock
from models.base import Base, Hash, Id, Key, LargeSealed, Record, Sequence
from models.enums import Outcome, PromiseState


class Promise(Base):
    """Something to be done outside this transaction, kept by a worker: the outbox.

    While it runs, `due_at` is the end of the worker's lease: whoever finds it past due may take it over.
    `lane` keeps order: a promise waits while an earlier one of its lane is unsettled.
    """

    __tablename__ = "outbox"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    dedupe_key: Mapped[str | None] = mapped_column(Key(191), unique=True)
    lane: Mapped[str | None] = mapped_column(Key(64))
    state: Mapped[PromiseState] = mapped_column(String(16), default=PromiseState.WAITING)
    priority: Mapped[int] = mapped_column(default=5)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_error: Mapped[str | None] = mapped_column(String(500))
    answer: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_outbox_claim", "state", "priority", "seq", "due_at"),  # in the order of claims: they stop early
        Index("ix_outbox_lane", "lane", "state", "seq"),
    )


class Delivery(Base):
    """A callback that was handled: its content identity, so that a repeat is not work twice. The inbox."""

    __tablename__ = "inbox"
    key: Mapped[str] = mapped_column(Hash, primary_key=True)
    agent: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(64))
    userid: Mapped[str | None] = mapped_column(Key(64))
    received_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    result: Mapped[str | None] = mapped_column(String(200))


class StoredAnswer(Base):
    """The answer given to an idempotency key, kept beside the change it made."""

    __tablename__ = "idempotency"
    key: Mapped[str] = mapped_column(Hash, primary_key=True)
    request_hash: Mapped[str] = mapped_column(Hash)
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class AuditRecord(Base):
    """Who did what to which thing; append-only. `mac` proves the row, `AuditLink` proves the sequence."""

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(Key(64), index=True)
    way_in: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(Key(128), index=True)
    person_id: Mapped[str | None] = mapped_column(Id, index=True)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    outcome: Mapped[Outcome] = mapped_column(String(16))
    mac: Mapped[str] = mapped_column(Hash)


class AuditLink(Base):
    """A link of the chain: it binds a stretch of audit rows, in order, to the link before."""

    __tablename__ = "audit_link"
    number: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    first_seq: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int]
    digest: Mapped[str] = mapped_column(Hash)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class ReceiptKey(Base):
    """A public key that signed receipts; those of before stay, so that what they signed can be checked for ever."""

    __tablename__ = "receipt_key"
    id: Mapped[str] = mapped_column(Key(16), primary_key=True)
    public: Mapped[str] = mapped_column(Key(44))
    first_used_at: Mapped[datetime] = mapped_column(default=clock.now)


class Receipt(Record):
    """A signed statement about something that ended; never changed. `day` is whose root its leaf went into."""

    __tablename__ = "receipt"
    kind: Mapped[str] = mapped_column(Key(32))
    thing_id: Mapped[str] = mapped_column(Id)
    content: Mapped[str] = mapped_column(Text)
    leaf: Mapped[str] = mapped_column(Hash)
    key_id: Mapped[str] = mapped_column(Key(16))
    signature: Mapped[str] = mapped_column(Key(88))
    day: Mapped[date | None]

    __table_args__ = (UniqueConstraint("kind", "thing_id"), Index("ix_receipt_day", "day", "id"))


class ReceiptRoot(Base):
    """The Merkle root over the receipts of one day, signed; `anchored_at` when it was written outside."""

    __tablename__ = "receipt_root"
    day: Mapped[date] = mapped_column(primary_key=True)
    root: Mapped[str] = mapped_column(Hash)
    receipts: Mapped[int]
    key_id: Mapped[str] = mapped_column(Key(16))
    signature: Mapped[str] = mapped_column(Key(88))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    anchored_at: Mapped[datetime | None]


class StoredFile(Record):
    """An uploaded or produced file, sealed; reached only through the record that names it."""

    __tablename__ = "file"
    owner_id: Mapped[str | None] = mapped_column(Id, index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Hash)
    sealed: Mapped[bytes] = mapped_column(LargeSealed, deferred=True)


class Setting(Base):
    """A run-time setting that HR changed; unset ones take the default they were declared with."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(Key(64), primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_by: Mapped[str | None] = mapped_column(Id)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class TokenRow(Base):
    """A WeCom token or ticket shared by all processes, with the claim of whoever refreshes it."""

    __tablename__ = "wecom_token"
    key: Mapped[str] = mapped_column(Key(128), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeSealed)
    expires_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]


class MeterRow(Base):
    """How often something happened in a window: the throttle shared by all processes."""

    __tablename__ = "meter"
    key: Mapped[str] = mapped_column(Key(128), primary_key=True)
    window: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    used: Mapped[int]
