"""Kinds, entitlement and requests of leave."""

from datetime import date
from typing import Any

from sqlalchemy import select

from models.base import db
from models.enums import EntryKind, LeaveState
from models.leave import LeaveKind
from models.people import Person
from services import leave, platform
from services.leave import KindRules, ledger
from services.leave.ledger import Grant
from services.leave.life import cancelling

A_DAY = 480
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def kinds() -> None:
    """The kinds the product comes with."""
    with platform.unit_of_work():
        leave.ensure_kinds()


def edit(code: str, **rules: Any) -> None:
    """The kind has other rules from now on."""
    kind = db.session.scalars(select(LeaveKind).where(LeaveKind.code == code)).one()
    kind.rules = KindRules.model_validate(dict(kind.rules) | rules).model_dump(mode="json")
    kind.version += 1
    db.session.flush()


def lot(
    person: Person,
    days: float = 5,
    kind: str = "annual",
    starts_on: date = date(2026, 1, 1),
    expires_on: date = date(2026, 12, 31),
    title: str = "2026年年假",
) -> None:
    """So many days for somebody, good between two days."""
    key = f"{kind}:{person.id}:{starts_on}:{expires_on}:{title}"
    given = Grant(key, person.id, kind, title, starts_on, expires_on, int(days * A_DAY), f"发放 {days} 天")
    with platform.unit_of_work():
        assert ledger.grant([given], "system:tests", EntryKind.GRANT)


def approve(request_id: str) -> None:
    """The request is approved, whoever was asked."""
    cancelling.end(request_id, LeaveState.PENDING, LeaveState.APPROVED)
