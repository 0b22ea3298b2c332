"""The job that looks for signals: five hundred people at a time, their punches of the last week, and whoever used the
same phones or routers. Looking again finds the same and opens nothing twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, select

from kit import log
from models.attendance import Place, Punch
from models.base import db
from models.enums import PunchSource
from services import platform
from services.attendance import settling
from services.attendance.geo import Point
from services.attendance.punches import cases, rules, witnesses
from services.attendance.punches.rules import Limits, Seen
from services.attendance.sites import MICRO

WATCH = "attendance.watch"
CHUNK = 500
LOOK_BACK = timedelta(days=7)
IN_ONE_STATEMENT = 400
logger = log.get(__name__)


class Watch(BaseModel):
    """Where oddness begins."""

    share_minutes: int = Field(10, ge=1, le=120, title="同一手机多少分钟内为两人打卡")
    kmh: int = Field(400, ge=100, le=1200, title="两次打卡之间的时速超过多少公里")
    vague_metres: int = Field(150, ge=50, le=200, title="定位误差多少米算不准")
    vague_times: int = Field(6, ge=3, le=30, title="一周内至少几次都不准")


SETTING = platform.declare("attendance.watch", "打卡核实：什么样的打卡请主管再看一眼（不自动处罚）", Watch())

_SEEN = select(
    Punch.person_id, Punch.at, Punch.source, Punch.place_id, Punch.distance_m, Punch.accuracy_m, Punch.device,
    Punch.wifi, Punch.is_mocked, Place.latitude_e6, Place.longitude_e6, Place.radius_m,
).outerjoin(Place, Place.id == Punch.place_id)  # fmt: skip


def watch(payload: dict[str, Any]) -> None:
    """Opens a case for what is odd about the punches of the last week; these people now, the next in another run."""
    until = datetime.fromisoformat(payload["slot"])
    ids = settling.after(payload.get("after"), CHUNK)
    found = look(ids, until - LOOK_BACK, until)
    logger.info("attendance.watched", extra={"people": len(ids), "cases": found})
    if len(ids) == CHUNK:
        following = {**payload, "after": ids[-1]}
        platform.promise(WATCH, following, dedupe_key=f"{WATCH}:{payload['slot']}:{ids[-1]}")


def look(ids: Sequence[str], since: datetime, until: datetime) -> int:
    """Looks at the punches of these people, from `since` to `until`; the count of cases opened."""
    own = _seen(Punch.person_id.in_(ids), since, until)
    signals = rules.find([*own, *_beside(own, set(ids), since, until)], witnesses.owners(), _limits())
    return cases.open_cases(signals)


def _limits() -> Limits:
    wanted = SETTING.get()
    return Limits(wanted.share_minutes, wanted.kmh, vague_metres=wanted.vague_metres, vague_times=wanted.vague_times)


def _beside(own: Sequence[Seen], ids: set[str], since: datetime, until: datetime) -> list[Seen]:
    """What others did with the same phones and on the same routers.

    Only that: whether those others are odd by themselves is seen when it is their turn.
    """
    phones = [part for part in _parts({one.device for one in own if one.device})]
    routers = [part for part in _parts({one.wifi for one in own if one.wifi})]
    met = [_seen(Punch.device.in_(part), since, until) for part in phones]
    met += [_seen(Punch.wifi.in_(part), since, until) for part in routers]
    return list({one for part in met for one in part if one.person_id not in ids})


def _parts(values: Iterable[Any]) -> Iterable[list[Any]]:
    ordered = sorted(values)
    return (ordered[at : at + IN_ONE_STATEMENT] for at in range(0, len(ordered), IN_ONE_STATEMENT))


def _seen(whose: ColumnElement[bool], since: datetime, until: datetime) -> list[Seen]:
    wanted = _SEEN.where(whose, Punch.at >= since, Punch.at <= until)
    return [_one(row) for row in db.session.execute(wanted)]


def _one(row: Any) -> Seen:
    source = PunchSource(row.source)
    has_centre = row.latitude_e6 is not None
    return Seen(
        person_id=row.person_id,
        at=row.at,
        source=source,
        place_id=row.place_id,
        centre=Point(row.latitude_e6 / MICRO, row.longitude_e6 / MICRO) if has_centre else None,
        away=row.distance_m if row.distance_m is not None else (row.radius_m or 0),
        at_least=row.distance_m or 0,
        accuracy=row.accuracy_m,
        device=row.device,
        wifi=row.wifi,
        is_mocked=row.is_mocked,
    )
