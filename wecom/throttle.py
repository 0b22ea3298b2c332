"""Brakes: per member, per interface, after a quota answer, after repeated failures, and on calls under way.

The member's limit must hold across processes, so it is counted by a `Meter` that the application passes in. The other
brakes live in the process: each process learns by itself, at the cost of one call, that WeCom is out of breath.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from kit import clock
from wecom.codes import TOO_MANY_AT_ONCE
from wecom.errors import Later, Throttled, WecomError

MEMBER_PER_HOUR = 950
RATES = {
    "checkin/getcorpcheckinoption": 60, "checkin/getcheckinoption": 600, "checkin/getcheckindata": 600,
    "oa/gettemplatedetail": 600, "oa/getapprovalinfo": 600, "oa/getapprovaldetail": 600,
    "oa/vacation/getcorpconf": 600, "oa/vacation/getuservacationquota": 600,
    "oa/vacation/setoneuserquota": 600,
}  # fmt: skip
"""Calls a minute of the interfaces that WeCom limits below the general 10,000 (pages 90312, 90262, 91983, 93375)."""

QUOTA_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 60, 3600
FAILURES_TO_OPEN, OPEN_SECONDS = 5, 15
SUCCESSES_TO_WIDEN = 20


Limit = tuple[int, int]
"""So many, within so many seconds."""


class Meter(Protocol):
    """Counts events under a key; the application passes one that all its processes share."""

    def reserve(self, key: str, *limits: Limit) -> float:
        """0 and counted, if every limit leaves room for one more; else the seconds to wait.

        A limit must hold for every window of its length, not only for those that begin at a full minute.
        """


class MemoryMeter:
    """A meter for one process."""

    def __init__(self, ticks: Callable[[], float] = clock.ticks) -> None:
        self._ticks = ticks
        self._lock = threading.Lock()
        self._events: defaultdict[str, deque[float]] = defaultdict(deque)

    def reserve(self, key: str, *limits: Limit) -> float:
        with self._lock:
            now, events = self._ticks(), self._events[key]
            while events and events[0] <= now - max(seconds for _, seconds in limits):
                events.popleft()
            waits = [self._wait(events, now, most, seconds) for most, seconds in limits]
            if not any(waits):
                events.append(now)
            return max(waits)

    @staticmethod
    def _wait(events: deque[float], now: float, most: int, seconds: int) -> float:
        recent = [at for at in events if at > now - seconds]
        return recent[0] + seconds - now if len(recent) >= most else 0


class Brake:
    """After `threshold` failures in a row nobody passes for `seconds`; then one probe does, and its fate decides.

    A failed probe doubles the pause, up to `longest`. Calls that were under way when the brake tripped decide nothing.
    """

    def __init__(self, threshold: int, seconds: float, longest: float, ticks: Callable[[], float]) -> None:
        self._threshold, self._seconds, self._longest, self._ticks = threshold, seconds, longest, ticks
        self._lock = threading.Lock()
        self._failures, self._pause = 0, seconds
        self._closed_until: float | None = None
        self._is_probing = False

    def wait(self) -> float:
        """Seconds until the next try is allowed; 0 lets the caller through, as the probe if there was a pause."""
        with self._lock:
            if self._closed_until is None:
                return 0
            left = self._closed_until - self._ticks()
            if left <= 0:
                self._is_probing, self._closed_until = True, self._ticks() + self._pause
            return max(left, 0)

    def failed(self) -> None:
        """One more failure: trips the brake, or prolongs the pause if it was the probe's."""
        with self._lock:
            self._failures += 1
            is_tripped = self._closed_until is not None
            if (is_tripped and not self._is_probing) or self._failures < self._threshold:
                return
            if self._is_probing:
                self._pause = min(self._pause * 2, self._longest)
            self._is_probing, self._closed_until = False, self._ticks() + self._pause

    def passed(self) -> None:
        """A success releases the brake."""
        if not self._failures:
            return
        with self._lock:
            if self._closed_until is None or self._is_probing:
                self._failures, self._pause, self._closed_until, self._is_probing = 0, self._seconds, None, False


class Gate:
    """How many calls may be under way; an interface that answers 45033 gets half, and one more after each good run."""

    def __init__(self, in_flight: int, patience_seconds: float) -> None:
        self.in_flight, self._patience = in_flight, patience_seconds
        self._changed = threading.Condition()
        self._under_way: defaultdict[str, int] = defaultdict(int)
        self._allowed: dict[str, int] = {}
        self._good: defaultdict[str, int] = defaultdict(int)

    @contextmanager
    def passing(self, api: str) -> Iterator[None]:
        """Waits for a free place; `Later` when none comes in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._has_room(api), self._patience):
                raise Later("too many calls under way", api=api, wait_seconds=1)
            self._under_way[api] += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way[api] -= 1
                self._changed.notify_all()

    def narrow(self, api: str) -> None:
        """Halves what this interface may have under way."""
        with self._changed:
            self._allowed[api] = max(1, self._allowed.get(api, self.in_flight) // 2)
            self._good[api] = 0

    def widen(self, api: str) -> None:
        """Counts a good answer of a narrowed interface."""
        if api not in self._allowed:
            return
        with self._changed:
            self._good[api] += 1
            if self._good[api] % SUCCESSES_TO_WIDEN == 0:
                self._allowed[api] = min(self.in_flight, self._allowed[api] + 1)

    def allowed(self, api: str) -> int:
        """How many calls of this interface may be under way now."""
        return self._allowed.get(api, self.in_flight)

    def _has_room(self, api: str) -> bool:
        return sum(self._under_way.values()) < self.in_flight and self._under_way[api] < self.allowed(api)


class Throttle:
    """All brakes of one client, asked before a call and told of its outcome."""

    def __init__(
        self, meter: Meter, in_flight: int, patience_seconds: float, ticks: Callable[[], float] = clock.ticks
    ) -> None:
        self._meter = meter
        self.gate = Gate(in_flight, patience_seconds)
        self._line = Brake(FAILURES_TO_OPEN, OPEN_SECONDS, OPEN_SECONDS, ticks)
        self._quotas: defaultdict[str, Brake] = defaultdict(
            lambda: Brake(1, QUOTA_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, ticks)
        )

    def admit(self, scope: str, api: str) -> None:
        """Lets a call pass or raises `Throttled`; `scope` is the application whose quota it uses."""
        brakes: tuple[tuple[str, Callable[[], float]], ...] = (
            ("our own rate limit", lambda: self._rate(scope, api)),
            ("quota pause", self._quotas[f"{scope}/{api}"].wait),
            ("WeCom is not answering", self._line.wait),
        )
        for why, wait in brakes:
            seconds = wait()
            if seconds > 0:
                raise Throttled(why, api=api, wait_seconds=seconds)

    def answered(self, scope: str, api: str, error: WecomError | None) -> None:
        """WeCom answered, well or with an error code: the line works."""
        self._line.passed()
        if isinstance(error, Throttled):
            self._quotas[f"{scope}/{api}"].failed()
        elif error is not None and error.errcode == TOO_MANY_AT_ONCE:
            self.gate.narrow(api)
        else:
            self._quotas[f"{scope}/{api}"].passed()
            self.gate.widen(api)

    def silent(self) -> None:
        """No usable answer: a time-out, a cut line, a page instead of JSON."""
        self._line.failed()

    def _rate(self, scope: str, api: str) -> float:
        limit = RATES.get(api)
        return self._meter.reserve(f"api:{scope}:{api}", (limit, 60)) if limit else 0
