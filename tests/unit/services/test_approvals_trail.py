"""How long a request lay before whoever acts, and that every act can be told."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from models.enums import Act
from services.approvals.rules.waiting import waits
from services.approvals.trail import SENTENCES, TONES

BEGIN = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """An entry so many minutes after the beginning, the number of which is its place."""

    seq: int
    at: datetime
    act: Act
    step_name: str
    actor_id: str | None
    for_id: str | None
    to_id: str | None
    instance_id: str


def told(*entries: str) -> list[Told]:
    """`"30 approved 上级 lead for=boss to=hr in=2"`: minutes, act, step, actor (- for none), then the rest."""
    found = []
    for seq, entry in enumerate(entries):
        minutes, act, step, actor, *rest = entry.split()
        more = dict(part.split("=") for part in rest)
        at = BEGIN + timedelta(minutes=int(minutes))
        who, where = (None if actor == "-" else actor), ("" if step == "-" else step)
        found.append(Told(seq, at, Act(act), where, who, more.get("for"), more.get("to"), more.get("in", "1")))
    return found


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["0 started - li", "0 opened 上级 -", "90 approved 上级 lead"], {2: 90}),
        (["0 opened 上级 -", "60 approved 上级 lead", "60 opened 人事 -", "61 rejected 人事 hr"], {1: 60, 3: 1}),
        (["0 opened 上级 -", "30 transferred 上级 lead to=hr", "50 approved 上级 hr"], {1: 30, 2: 20}),
        (["0 opened 上级 -", "30 reassigned 上级 - for=lead to=hr", "50 approved 上级 hr"], {2: 20}),
        (["0 opened 上级 -", "30 reassigned 上级 - for=lead to=hr", "50 approved 上级 deputy for=hr"], {2: 20}),
        (["0 opened 会签 -", "10 transferred 会签 a to=c", "40 approved 会签 b", "45 approved 会签 c"],
         {1: 10, 2: 40, 3: 35}),
        (["0 opened 上级 -", "30 reminded 上级 - to=lead", "50 approved 上级 lead"], {2: 50}),
        (["0 opened 上级 -", "10 urged - li", "20 withdrawn - li"], {}),
        (["0 opened 上级 -", "5 opened 上级 - in=2", "10 approved 上级 lead in=2"], {2: 5}),
        (["0 opened 上级 -", "10 rejected 上级 lead", "20 opened 上级 -", "25 approved 上级 lead"], {1: 10, 3: 5}),
        ([], {}),
    ],
)  # fmt: skip
def test_time_runs_from_when_it_was_handed_over(entries: list[str], expected: dict[int, int]) -> None:
    assert waits(told(*entries)) == expected


def test_every_act_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Act)
    assert set(TONES) <= set(Act)
