"""Absence in words, asked about once, and who is missed when somebody is away."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

import pytest

from kit import clock
from models.enums import SignMode
from services.approvals import absence
from services.approvals.absence import BRIEF, Away, Roster
from services.approvals.rules import signing
from tests.conftest import MONDAY_MORNING


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "3月2日"),
        (date(2026, 3, 2), date(2026, 3, 6), "3月2日至6日"),
        (date(2026, 3, 30), date(2026, 4, 3), "3月30日至4月3日"),
        (date(2026, 12, 30), date(2027, 1, 3), "2026年12月30日至2027年1月3日"),
    ],
)
def test_days_in_words(first: date, last: date, words: str) -> None:
    assert Away(first, last, MONDAY_MORNING).words == words


def test_everybody_is_asked_about_once_and_who_is_back_soon_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = []

    def tell(person_ids: Collection[str], now: datetime) -> dict[str, Away]:
        questions.append(list(person_ids))
        today = now.date()
        back = {"long": now + BRIEF, "short": now + BRIEF - timedelta(minutes=1)}
        return {one: Away(today, today, back[one]) for one in person_ids if one in back}

    monkeypatch.setattr(absence, "_tellers", [tell])
    with clock.frozen(MONDAY_MORNING):
        roster = Roster()
        roster.look(["long", "short", "here", "long"])
        assert roster.of("long")
        assert not roster.of("short")
        assert not roster.of("here")
        roster.look(["here", "other"])
    assert questions == [["long", "short", "here"], ["other"]]


def test_absences_are_told_of_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absence, "_tellers", [])
    absence.declare_absences(lambda _ids, _now: {})
    with pytest.raises(ValueError, match="twice"):
        absence.declare_absences(lambda _ids, _now: {})


@pytest.mark.parametrize(
    ("mode", "weights", "needed", "is_enough"),
    [
        (SignMode.OR_SIGN, (1,), None, True),
        (SignMode.OR_SIGN, (), None, False),
        (SignMode.COUNTERSIGN, (1, 1), None, False),
        (SignMode.IN_TURN, (1,), None, False),
        (SignMode.N_OF_M, (1, 1), 2, True),
        (SignMode.N_OF_M, (1,), 2, False),
        (SignMode.WEIGHTED, (30, 30), 60, True),
        (SignMode.WEIGHTED, (30, 20), 60, False),
    ],
)
def test_are_those_who_are_there_enough(
    mode: SignMode, weights: tuple[int, ...], needed: int | None, is_enough: bool
) -> None:
    here = {str(number): weight for number, weight in enumerate(weights)}
    assert signing.is_enough(mode, here, needed) is is_enough
