"""Scripted misfortune: which call fails, how, how often, and whether the work was done before it failed.

Over a socket a timeout really sleeps and a cut really closes the connection. Called inline (the WSGI environment
carries `simulator.inline`) they are raised as `TimedOut` and `Cut`, so that a transport adapter can turn them into the
exceptions of its HTTP library at once.
"""

import random
import threading
from dataclasses import dataclass, field

INLINE = "simulator.inline"
TIMEOUT, CUT, HTML, TRUNCATED, SLOW, BAD_GATEWAY = "timeout", "cut", "html", "truncated", "slow", "502"
WIRE = (TIMEOUT, CUT, HTML, TRUNCATED, SLOW, BAD_GATEWAY)
CODES = (-1, 6000, 40014, 42001, 45009, 45033, 60020)
WORKED_FIRST = (TRUNCATED,)  # unless told otherwise, this spoils the answer and not the work


class TimedOut(Exception):
    """The answer never came; `worked` tells whether the work was done."""

    def __init__(self, worked: bool = False) -> None:
        super().__init__("timed out after the effect" if worked else "timed out before the effect")
        self.worked = worked


class Cut(Exception):
    """The connection broke; `worked` tells whether the work was done."""

    def __init__(self, worked: bool = False) -> None:
        super().__init__("cut after the effect" if worked else "cut before the effect")
        self.worked = worked


@dataclass
class Fault:
    """One rule. `kind` is an errcode or a word of `WIRE`; `times` None means always; `seconds` is how long it lasts."""

    api: str
    kind: int | str
    times: int | None = 1
    probability: float = 1.0
    after: bool = False
    seconds: float = 2.0
    hits: int = field(default=0)

    @property
    def spent(self) -> bool:
        return self.times is not None and self.hits >= self.times

    def concerns(self, api: str) -> bool:
        """`*` is every call; `message/*` every call below."""
        return self.api in ("*", api) or (self.api.endswith("/*") and api.startswith(self.api[:-1]))


class Faults:
    """The rules in force. The first one that concerns a call and wins its toss strikes."""

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._chance = random.Random(seed)
        self.rules: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Puts a rule in force; refuses a kind it does not know and a probability outside 0 to 1."""
        if fault.kind not in WIRE and not isinstance(fault.kind, int):
            raise ValueError(f"unknown fault {fault.kind!r}; errcodes and {', '.join(WIRE)} are known")
        if not 0 <= fault.probability <= 1:
            raise ValueError("probability lies between 0 and 1")
        with self._lock:
            self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Good weather again."""
        with self._lock:
            self.rules.clear()

    def strike(self, api: str) -> Fault | None:
        """The fault that hits this call, if any; counts it."""
        with self._lock:
            for rule in self.rules:
                if rule.concerns(api) and not rule.spent and self._chance.random() < rule.probability:
                    rule.hits += 1
                    return rule
        return None
