"""Our leave beside WeCom's, pure: both in WeCom's seconds, the difference, its cause, and what a push would write.

WeCom counts a day as 86,400 seconds and an hour as 3,600 whatever the length of a working day, and takes amounts in
tenths of either (wecom-api.md, section 16). Ours are minutes of the person's own working day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction

from models.enums import DriftCause, PushState

DAY, HOUR, MINUTE = 86_400, 3_600, 60
TENTH = 10
ALIKE = 0.5
MOST = 86_400_000
"""WeCom's most for one amount, in both units: 1,000 days and 24,000 hours."""


@dataclass(frozen=True)
class Amounts:
    """What somebody was given and has used (or holds for a request), in WeCom's seconds."""

    granted: int
    used: int

    @property
    def left(self) -> int:
        return self.granted - self.used


def seconds(minutes: int, full_minutes: int, *, is_hourly: bool) -> int:
    """Our minutes as WeCom counts them: by hour as they are, by day as a share of the person's own working day."""
    if is_hourly:
        return minutes * MINUTE
    return _half_up(Fraction(minutes * DAY, full_minutes))


def target(left: int, *, is_hourly: bool) -> int:
    """What a push writes for this much left: the nearest tenth of a day or hour, never below nothing or above the most.

    A debt is written as nothing left, for WeCom knows no negative amounts.
    """
    step = _unit(is_hourly) // TENTH
    return max(0, min(MOST, _half_up(Fraction(left, step)) * step))


def cause(ours: Amounts | None, theirs: Amounts | None, *, is_hourly: bool) -> DriftCause | None:
    """Why the two differ; `None` when nothing has to be said.

    `theirs` is missing when WeCom tells nothing about the person and the kind. What differs is split into what was
    given and what was used; the part that explains more of it gives the name.
    """
    if theirs is None:
        return DriftCause.OUT_OF_SCOPE if ours and ours.left else None
    ours = ours or Amounts(0, 0)
    if ours.left == theirs.left:
        return None
    if target(ours.left, is_hourly=is_hourly) == theirs.left:
        return DriftCause.ROUNDING
    given, used = ours.granted - theirs.granted, theirs.used - ours.used
    if ours.left > theirs.left:
        return DriftCause.GRANTED_HERE if given >= used else DriftCause.TAKEN_THERE
    return DriftCause.GRANTED_THERE if given <= used else DriftCause.TAKEN_HERE


def suggestion(name: str, unmapped: Mapping[str, str]) -> str | None:
    """The code of the kind (code → name) whose name is most like WeCom's; `None` when none is like it at all."""
    scores = {code: _likeness(name, other) for code, other in unmapped.items()}
    best = max(scores, key=lambda code: scores[code], default=None)
    return best if best is not None and scores[best] >= ALIKE else None


def _likeness(one: str, other: str) -> float:
    if one in other or other in one:
        return 1.0 if one == other else 0.9
    return SequenceMatcher(None, one, other).ratio()


def words(amount: int, *, is_hourly: bool, sign: bool = False) -> str:
    """5天 · 1.5小时 · +0.1天: exact to four digits, so that what rounding hides can be seen."""
    value = round(Decimal(amount) / _unit(is_hourly), 4).normalize()
    return f"{value:{'+' if sign else ''}f}{'小时' if is_hourly else '天'}"


def _unit(is_hourly: bool) -> int:
    return HOUR if is_hourly else DAY


def _half_up(value: Fraction) -> int:
    return int((value * 2 + 1) // 2)


PUSHABLE = frozenset({
    DriftCause.TAKEN_THERE, DriftCause.TAKEN_HERE, DriftCause.GRANTED_HERE, DriftCause.GRANTED_THERE,
})  # fmt: skip
"""Differences that writing our amount into WeCom would end."""
BY_ITSELF = PUSHABLE - {DriftCause.TAKEN_THERE}
"""Those of them that are written without being asked: leave taken in WeCom would be given back there by our amount."""


def first_push(why: DriftCause) -> PushState | None:
    """Whether a difference of a kind that is switched on is written as soon as it is found."""
    return PushState.WAITING if why in BY_ITSELF else None
