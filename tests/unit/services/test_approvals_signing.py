"""Sign modes: who is still asked, when a step is over, and that nobody is asked twice."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import SignMode, StepState, TaskState
from services.approvals.rules import signing
from services.approvals.rules.signing import PENDING, Part

YES, NO, OPEN, GONE = (
    Part(TaskState.APPROVED), Part(TaskState.REJECTED), Part(TaskState.OPEN), Part(TaskState.TRANSFERRED),
)  # fmt: skip
LATER = Part(TaskState.WAITING)


@pytest.mark.parametrize(
    ("mode", "candidates", "approved", "left", "is_answered"),
    [
        (SignMode.OR_SIGN, "ab", "", "ab", False),
        (SignMode.OR_SIGN, "ab", "a", "b", True),
        (SignMode.OR_SIGN, "aa", "", "a", False),
        (SignMode.COUNTERSIGN, "ab", "a", "b", False),
        (SignMode.COUNTERSIGN, "ab", "ab", "", True),
        (SignMode.COUNTERSIGN, "", "a", "", False),
        (SignMode.IN_TURN, "abc", "b", "ac", False),
        (SignMode.IN_TURN, "ab", "ab", "", True),
    ],
)
def test_nobody_is_asked_twice(mode: SignMode, candidates: str, approved: str, left: str, is_answered: bool) -> None:
    asked = signing.without_repeats(mode, dict.fromkeys(candidates, 1), set(approved))
    assert asked == signing.Asked(dict.fromkeys(left, 1), is_answered)


@pytest.mark.parametrize(
    ("weights", "needed", "approved", "rest", "is_answered"),
    [
        ({"a": 1, "b": 1, "c": 1}, 2, "", 2, False),
        ({"a": 1, "b": 1, "c": 1}, 2, "a", 1, False),
        ({"a": 1, "b": 1, "c": 1}, 2, "ab", 0, True),
        ({"a": 1, "b": 1}, 3, "", 2, False),  # more are asked for than there are: then all
        ({"a": 60, "b": 40}, 70, "a", 10, False),
        ({"a": 60, "b": 40}, 60, "a", 0, True),
    ],
)
def test_what_was_said_before_counts_towards_what_is_needed(
    weights: dict[str, int], needed: int, approved: str, rest: int, is_answered: bool
) -> None:
    asked = signing.without_repeats(SignMode.WEIGHTED, weights, set(approved), needed)
    assert (asked.needed, asked.is_answered) == (rest, is_answered)


@pytest.mark.parametrize(
    ("mode", "needed", "parts", "outcome"),
    [
        (SignMode.OR_SIGN, None, [YES, OPEN, OPEN], StepState.APPROVED),
        (SignMode.OR_SIGN, None, [GONE, OPEN], None),
        (SignMode.OR_SIGN, None, [NO, OPEN, OPEN], StepState.REJECTED),
        (SignMode.COUNTERSIGN, None, [YES, OPEN], None),
        (SignMode.COUNTERSIGN, None, [YES, GONE], StepState.APPROVED),
        (SignMode.COUNTERSIGN, None, [NO, OPEN], StepState.REJECTED),
        (SignMode.IN_TURN, None, [YES, OPEN, LATER], None),
        (SignMode.IN_TURN, None, [YES, YES, YES], StepState.APPROVED),
        (SignMode.N_OF_M, 2, [YES, OPEN, OPEN], None),
        (SignMode.N_OF_M, 2, [YES, YES, OPEN], StepState.APPROVED),
        (SignMode.N_OF_M, 2, [NO, OPEN, OPEN], None),
        (SignMode.N_OF_M, 2, [NO, NO, OPEN], StepState.REJECTED),
        (SignMode.N_OF_M, 2, [YES, GONE, GONE], StepState.APPROVED),  # those who are gone are not waited for
        (SignMode.N_OF_M, 1, [GONE], None),
        (SignMode.WEIGHTED, 60, [Part(TaskState.APPROVED, 60), Part(TaskState.OPEN, 40)], StepState.APPROVED),
        (SignMode.WEIGHTED, 60, [Part(TaskState.APPROVED, 40), Part(TaskState.OPEN, 60)], None),
        (SignMode.WEIGHTED, 60, [Part(TaskState.REJECTED, 60), Part(TaskState.OPEN, 40)], StepState.REJECTED),
        (SignMode.OR_SIGN, None, [YES, Part(TaskState.OPEN, is_added=True)], None),
        (SignMode.OR_SIGN, None, [OPEN, Part(TaskState.APPROVED, is_added=True)], None),
        (SignMode.OR_SIGN, None, [YES, Part(TaskState.REJECTED, is_added=True)], StepState.REJECTED),
        (SignMode.OR_SIGN, None, [YES, Part(TaskState.APPROVED, is_added=True)], StepState.APPROVED),
    ],
)
def test_when_a_step_is_over(mode: SignMode, needed: int | None, parts: list[Part], outcome: StepState | None) -> None:
    assert signing.standing(mode, needed, parts) is outcome


PARTS = st.lists(
    st.builds(Part, st.sampled_from([TaskState.APPROVED, TaskState.REJECTED, TaskState.OPEN]), st.integers(1, 5)),
    min_size=1, max_size=6,
)  # fmt: skip


@given(st.sampled_from(SignMode), st.integers(1, 20), PARTS)
def test_a_step_in_which_all_have_spoken_is_over(mode: SignMode, needed: int, parts: list[Part]) -> None:
    """No mode waits for nobody, and none is over by the agreement of nobody."""
    verdict = signing.standing(mode, needed, parts)
    if not any(part.state in PENDING for part in parts):
        assert verdict is not None
    if verdict is StepState.APPROVED:
        assert any(part.state is TaskState.APPROVED for part in parts)


@given(st.sampled_from(SignMode), st.integers(1, 20), PARTS)
def test_what_is_over_stays_over(mode: SignMode, needed: int, parts: list[Part]) -> None:
    """Whatever the others would have said, an approval by weight or number is not turned."""
    verdict = signing.standing(mode, needed, parts)
    for answer in (TaskState.APPROVED, TaskState.REJECTED) if mode in signing.COUNTED and verdict else ():
        told: list[Any] = [Part(answer, part.weight) if part.state in PENDING else part for part in parts]
        assert signing.standing(mode, needed, told) is verdict


@pytest.mark.parametrize(
    ("mode", "candidates", "all_speak"),
    [
        (SignMode.OR_SIGN, ["a"], True), (SignMode.OR_SIGN, ["a", "b"], False),
        (SignMode.COUNTERSIGN, ["a", "b"], True), (SignMode.IN_TURN, ["a", "b"], True),
        (SignMode.N_OF_M, ["a", "b"], False),
    ],
)  # fmt: skip
def test_who_will_surely_have_spoken(mode: SignMode, candidates: list[str], all_speak: bool) -> None:
    assert signing.all_speak(mode, candidates) is all_speak
