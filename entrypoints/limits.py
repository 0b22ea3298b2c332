"""How often one caller may knock: a window per process, before any work is done."""

import threading
from collections import Counter

from kit import clock
from kit.errors import TooMany

WINDOW_SECONDS = 60
OFFICE = 10
"""How many times one caller's share an address has: a whole office reaches us from behind one."""


class Windows:
    """Counts of the window under way; the next one begins with none, so nothing has to be cleared away."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window = 0
        self._counts: Counter[tuple[str, int]] = Counter()

    def count(self, key: tuple[str, int], window: int) -> int:
        """Counts one more under the key; how many there were in this window, this one included."""
        with self._lock:
            if window != self._window:
                self._window = window
                self._counts.clear()
            self._counts[key] += 1
            return self._counts[key]

    def clear(self) -> None:
        """Forgets all counts."""
        with self._lock:
            self._counts.clear()


_windows = Windows()


def hit(caller: str, per_minute: int) -> None:
    """Counts one request; `TooMany` with seconds to wait when the window is full."""
    window, passed = divmod(clock.epoch(), WINDOW_SECONDS)
    if _windows.count((caller, per_minute), window) > per_minute:
        raise TooMany(retry_after=WINDOW_SECONDS - passed)


def hit_from(address: str, per_minute: int) -> None:
    """Counts one request of somebody who has not proven who they are, by where it comes from."""
    hit(address, per_minute * OFFICE)


def reset() -> None:
    """Forgets all counts; for tests."""
    _windows.clear()
