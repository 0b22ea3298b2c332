"""Signals: pairs and patterns of punches that somebody should look at. They prove nothing and punish nobody.

What is found depends on the set of punches alone, not on the order in which they arrived; the same finding has the
same key whenever it is found.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from kit import clock
from models.enums import PunchSource, SignalKind
from services.attendance.geo import Point, distance

BY_POSITION = frozenset({PunchSource.H5, PunchSource.API})
# whoever makes no claim with a phone of their own can share none
NOT_BY_PHONE = frozenset({PunchSource.DEVICE, PunchSource.CORRECTION})
SHORTEST_WAY = timedelta(minutes=1)
DOUBT_METRES = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """Where oddness begins. The speed is above that of any train in service (350 km/h)."""

    share_minutes: int = 10
    kmh: int = 400
    least_metres: int = 3000
    vague_metres: int = 150
    vague_times: int = 6


@dataclass(frozen=True, slots=True)
class Seen:
    """A punch as signals see it. `centre` is that of the place it is measured from.

    `away` is how far from it somebody was at most, `at_least` at least: the same where it was measured.
    """

    person_id: str
    at: datetime
    source: PunchSource
    place_id: str | None = None
    centre: Point | None = None
    away: int = 0
    at_least: int = 0
    accuracy: int | None = None
    device: str = ""
    wifi: str | None = None
    is_mocked: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """Something odd about a person's punches; `key` names it once for all time."""

    person_id: str
    kind: SignalKind
    key: str
    day: date
    facts: dict[str, Any] = field(hash=False)


Owners = Mapping[str, str]
"""BSSID → the place that lists it."""


def find(seen: Sequence[Seen], owners: Owners, limits: Limits = Limits()) -> list[Signal]:
    """Everything odd about these punches, by key."""
    ordered = sorted(seen, key=lambda one: (one.at, one.person_id, one.source, one.device))
    found: dict[str, Signal] = {}
    for rule in RULES:
        for signal in rule(ordered, owners, limits):
            found.setdefault(signal.key, signal)
    return [found[key] for key in sorted(found)]


def shared_device(seen: Sequence[Seen], _owners: Owners, limits: Limits) -> Iterator[Signal]:
    """One phone that punches for two people within minutes: once a day for each of the two."""
    within = timedelta(minutes=limits.share_minutes)
    phones = _grouped((one for one in seen if one.device and one.source not in NOT_BY_PHONE), lambda one: one.device)
    for uses in phones.values():
        for first, second in _close(uses, within):
            yield _about(first, SignalKind.SHARED_DEVICE, second.person_id, second)
            yield _about(second, SignalKind.SHARED_DEVICE, first.person_id, first)


def same_router(seen: Sequence[Seen], _owners: Owners, limits: Limits) -> Iterator[Signal]:
    """Two people on one router within minutes who say they are at places far apart."""
    within = timedelta(minutes=limits.share_minutes)
    routers = _grouped((one for one in seen if one.wifi and one.centre), lambda one: one.wifi or "")
    for uses in routers.values():
        for first, second in _close(uses, within):
            if _apart(first, second) > limits.least_metres:
                yield _about(first, SignalKind.FOREIGN_WIFI, second.person_id, second)
                yield _about(second, SignalKind.FOREIGN_WIFI, first.person_id, first)


def foreign_wifi(seen: Sequence[Seen], owners: Owners, _limits: Limits) -> Iterator[Signal]:
    """At one place by position, on the Wi-Fi that another one lists; or by Wi-Fi, with a position far from it."""
    for one in seen:
        owner = owners.get(one.wifi or "")
        elsewhere = one.source in BY_POSITION and owner is not None and owner != one.place_id
        far = one.source is PunchSource.WIFI and one.away - (one.accuracy or 0) > DOUBT_METRES
        if elsewhere or far:
            yield _about(one, SignalKind.FOREIGN_WIFI, "far" if far else owner or "")


def travel(seen: Sequence[Seen], _owners: Owners, limits: Limits) -> Iterator[Signal]:
    """From one place to another faster than anybody travels."""
    for moves in _grouped((one for one in seen if one.centre), lambda one: one.person_id).values():
        for first, second in pairwise(moves):
            metres, took = _apart(first, second), max(second.at - first.at, SHORTEST_WAY)
            if metres > limits.least_metres and metres / took.total_seconds() * 3.6 > limits.kmh:
                yield _about(second, SignalKind.TRAVEL, _second(first.at), first, metres=round(metres))


def mocked(seen: Sequence[Seen], _owners: Owners, _limits: Limits) -> Iterator[Signal]:
    """The phone itself says that its position is made up."""
    for one in seen:
        if one.is_mocked:
            yield _about(one, SignalKind.MOCKED, _second(one.at))


def vague(seen: Sequence[Seen], _owners: Owners, limits: Limits) -> Iterator[Signal]:
    """Every position of a week so poor that it was only just accepted: once a week."""
    measured = (one for one in seen if one.source in BY_POSITION and one.accuracy is not None)
    weeks = _grouped(measured, lambda one: (one.person_id, clock.local(one.at).isocalendar()[:2]))
    for positions in weeks.values():
        poor = [one for one in positions if (one.accuracy or 0) >= limits.vague_metres]
        if len(poor) >= limits.vague_times and len(poor) == len(positions):
            year, week, _ = clock.local(poor[0].at).isocalendar()
            one = _about(poor[0], SignalKind.VAGUE, "", times=limits.vague_times)
            yield replace(one, key=f"{one.kind}:{one.person_id}:{year}-{week}")


RULES: tuple[Callable[[Sequence[Seen], Owners, Limits], Iterable[Signal]], ...] = (
    shared_device, same_router, foreign_wifi, travel, mocked, vague,
)  # fmt: skip


def _about(one: Seen, kind: SignalKind, what: str, other: Seen | None = None, **more: Any) -> Signal:
    day = clock.local(one.at).date()
    facts: dict[str, Any] = {"at": one.at.isoformat(), **more}
    if other is not None:
        facts |= {"other_at": other.at.isoformat()}
        facts |= {"other_id": other.person_id} if other.person_id != one.person_id else {}
    return Signal(one.person_id, kind, f"{kind}:{one.person_id}:{day}:{what}", day, facts)


def _second(at: datetime) -> str:
    return str(int(at.timestamp()))


def _close(uses: Sequence[Seen], within: timedelta) -> Iterator[tuple[Seen, Seen]]:
    """Neighbours in time of two people that lie so close."""
    return (
        (first, second)
        for first, second in pairwise(uses)
        if first.person_id != second.person_id and second.at - first.at <= within
    )


def _apart(first: Seen, second: Seen) -> float:
    """How many metres lie between the two at least, given how far each may be from where it is measured from."""
    assert first.centre and second.centre  # noqa: PT018 — asked for by whoever calls
    between = distance(first.centre, second.centre)
    least = max(
        between - first.away - second.away,
        first.at_least - between - second.away,
        second.at_least - between - first.away,
    )
    return max(0.0, least - (first.accuracy or 0) - (second.accuracy or 0))


def _grouped(seen: Iterable[Seen], key: Callable[[Seen], Any]) -> dict[Any, list[Seen]]:
    groups: dict[Any, list[Seen]] = defaultdict(list)
    for one in seen:
        groups[key(one)].append(one)
    return groups
