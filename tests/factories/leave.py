"""Kinds, entitlement and requests of leave."""

from datetime import date

from models.enums import EntryKind, LeaveState
from models.people import Person
from services import leave, platform
from services.leave import commands, ledger
from services.leave.ledger import Grant

A_DAY = 480
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def kinds() -> None:
    """The kinds the product comes with."""
    with platform.unit_of_work():
        leave.ensure_kinds()


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
    commands.end(request_id, LeaveState.PENDING, LeaveState.APPROVED)
