"""WeCom tokens shared by all processes: sealed values, and a claim on who refreshes.

Each function is called in a short transaction of its own; whoever adapts it to the client's protocol sees to that.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from kit import clock
from models.base import db
from models.platform import TokenRow
from services.platform import vault
from services.platform.writes import changed, first


def read(key: str) -> tuple[str, datetime] | None:
    """The value under the key and when it expires."""
    row = db.session.execute(select(TokenRow.sealed, TokenRow.expires_at).where(TokenRow.key == key)).first()
    if row is None or row.sealed is None:
        return None
    return vault.sealer().open(_context(key), row.sealed).decode(), row.expires_at


def write(key: str, value: str, expires_at: datetime) -> None:
    """Stores or replaces the value; a claim on the key stays as it is."""
    sealed = vault.sealer().seal(_context(key), value.encode())
    if not first(TokenRow, key=key, sealed=sealed, expires_at=expires_at, leased_until=None):
        changed(update(TokenRow).where(TokenRow.key == key).values(sealed=sealed, expires_at=expires_at))


def forget(key: str, value: str) -> None:
    """Drops the value if it still is this one."""
    stored = db.session.scalar(select(TokenRow.sealed).where(TokenRow.key == key))
    if stored is not None and vault.sealer().open(_context(key), stored).decode() == value:
        changed(update(TokenRow).where(TokenRow.key == key, TokenRow.sealed == stored).values(sealed=None))


def claim(key: str, seconds: float) -> bool:
    """Takes the right to fetch a new value; lost by itself after `seconds`."""
    now = clock.now()
    first(TokenRow, key=key, sealed=None, expires_at=None, leased_until=None)
    free = or_(TokenRow.leased_until.is_(None), TokenRow.leased_until <= now)
    return bool(
        changed(update(TokenRow).where(TokenRow.key == key, free).values(leased_until=now + timedelta(seconds=seconds)))
    )


def release(key: str) -> None:
    """Gives the claim back."""
    changed(update(TokenRow).where(TokenRow.key == key).values(leased_until=None))


def forget_old() -> int:
    """Deletes values that expired a day ago; the count deleted."""
    return changed(delete(TokenRow).where(TokenRow.expires_at < clock.now() - timedelta(days=1)))


def _context(key: str) -> str:
    return f"wecom_token:{key}"
