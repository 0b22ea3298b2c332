"""How the database is reached: its address, and what the engine does with connections."""

from pathlib import Path
from typing import Any

from kit import config

LOCAL = "sqlite:///"


def url(settings: config.Database, home: Path) -> str:
    """The address for SQLAlchemy; a SQLite file named without a leading slash lies below `home`."""
    address = settings.url.get_secret_value()
    if not address.startswith(LOCAL) or address.startswith(f"{LOCAL}/"):
        return address
    path = home / address.removeprefix(LOCAL)
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"{LOCAL}{path}"


def options(settings: config.Database) -> dict[str, Any]:
    """What `create_engine` is told beside the address."""
    if settings.url.get_secret_value().startswith("sqlite"):
        return {"pool_size": settings.pool_size}
    # Read committed: a claim or a conditional UPDATE must see what others have just decided.
    return {
        "pool_size": settings.pool_size,
        "pool_pre_ping": True,
        "pool_reset_on_return": None,  # every transaction here ends by itself: no second roll-back on the way back
        "pool_recycle": 1800,
        "isolation_level": "READ COMMITTED",
        # whoever waits longer for a row gives up and is tried again: WeCom hangs up after five seconds
        "connect_args": {"charset": "utf8mb4", "connect_timeout": 5, "init_command": "SET innodb_lock_wait_timeout=2"},
    }
