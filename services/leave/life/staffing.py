"""What a request leaves a department short of: told by the domain that plans shifts, for whoever decides.

Rosters lie above leave, so leave declares who tells; without it no department asks for anybody.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from services.leave.rules import Portion

Times = Mapping[date, tuple[int, int]]
"""When somebody would be away: minutes from the midnight of each day."""
Tell = Callable[[str, Times], list[str]]
"""The minima that would not be met any more if this person were away then, a sentence each."""
MOST_SAID = 2
_tellers: list[Tell] = []


def declare(tell: Tell) -> None:
    """Declares at import who tells of people needed."""
    if _tellers:
        raise ValueError("people needed are told of twice")
    _tellers.append(tell)


def words(person_id: str, portions: Iterable[Portion]) -> str:
    """3月5日早班至少 3 人，批准后剩 2 人; nothing when nobody is missed."""
    times = {one.day: (one.start, one.end) for one in portions}
    said = [sentence for tell in _tellers for sentence in tell(person_id, times)]
    more = f"；等 {len(said)} 处" if len(said) > MOST_SAID else ""
    return "；".join(said[:MOST_SAID]) + more
