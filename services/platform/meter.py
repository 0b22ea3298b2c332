"""A meter shared by all processes: how often something happened within any window of a given length."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, delete, select, update
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from kit import clock
from models.base import db
from models.platform import MeterRow
from services.platform.reads import rows
from services.platform.writes import changed, table_of

BUCKETS = 12
KEPT_SECONDS = 7200

_TABLE = table_of(MeterRow)
_RECENT = (
    select(_TABLE.c.window, _TABLE.c.used)
    .where(_TABLE.c.key == bindparam("of"), _TABLE.c.window > bindparam("after"))
    .order_by(_TABLE.c.window)
    .with_for_update()
)


def reserve(key: str, *limits: tuple[int, int]) -> float:
    """0 and counted, if each limit (so many, in so many seconds) leaves room for one more; else the seconds to wait.

    The shortest window is cut into twelve buckets; one whole bucket more than a window is looked at, so a limit holds
    for every window of that length. Call it in a short transaction of its own.
    """
    size = max(1, min(seconds for _, seconds in limits) // BUCKETS)
    longest = max(seconds for _, seconds in limits)
    now = clock.epoch()
    bucket = now // size * size
    # counted before it is looked at: whoever counts under this key at the same time waits for us here
    db.session.execute(_one_more(db.engine.dialect.name), {"key": key, "window": bucket, "used": 1})
    recent = rows(_RECENT, {"of": key, "after": bucket - longest - size})
    wait = max(_wait(recent, most, now, bucket, seconds + size) for most, seconds in limits)
    if wait:
        here = (_TABLE.c.key == key, _TABLE.c.window == bucket)
        changed(update(_TABLE).where(*here).values(used=_TABLE.c.used - 1))
    return wait


@cache
def _one_more(dialect: str) -> Insert:
    if dialect == "sqlite":
        one = sqlite_insert(_TABLE)
        return one.on_conflict_do_update(index_elements=["key", "window"], set_={"used": _TABLE.c.used + 1})
    return mysql_insert(_TABLE).on_duplicate_key_update(used=_TABLE.c.used + 1)


def _wait(recent: Sequence[Any], most: int, now: int, bucket: int, reach: int) -> float:
    counted = [row for row in recent if row.window > bucket - reach and row.used]
    if sum(row.used for row in counted) <= most:
        return 0.0
    return float(max(1, counted[0].window + reach - now))


def forget_old() -> int:
    """Deletes buckets that no window reaches any more; the count deleted."""
    return changed(delete(MeterRow).where(MeterRow.window < clock.epoch() - KEPT_SECONDS))
