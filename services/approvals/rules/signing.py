"""Sign modes: who of a step still has to be asked, and how the step stands after each decision."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from models.enums import SignMode, StepState, TaskState

COUNTED = frozenset({SignMode.N_OF_M, SignMode.WEIGHTED})
"""Modes that count the weight of those who agree, so that one refusal need not refuse."""
PENDING = frozenset({TaskState.OPEN, TaskState.WAITING})
SPOKEN = frozenset({TaskState.APPROVED, TaskState.REJECTED})
TAKING_PART = PENDING | SPOKEN
"""Tasks whose people are not asked in the same step once more: nobody speaks twice."""


@dataclass(frozen=True)
class Asked:
    """Who is left to ask in a step, with their weights; what is still `needed` of those whose agreement is counted.

    `is_answered`: what was said before answers the step already.
    """

    people: dict[str, int]
    is_answered: bool
    needed: int | None = None


def without_repeats(
    mode: SignMode, candidates: Mapping[str, int], approved: Collection[str], needed: int | None = None
) -> Asked:
    """Nobody is asked twice: who has approved an earlier step counts as having approved this one."""
    left = {one: weight for one, weight in candidates.items() if one not in approved}
    if mode in COUNTED:
        goal = min(needed or 1, sum(candidates.values()))
        rest = goal - (sum(candidates.values()) - sum(left.values()))
        return Asked(left, is_answered=bool(candidates) and rest <= 0, needed=rest)
    if mode == SignMode.OR_SIGN:
        return Asked(left, is_answered=len(left) < len(candidates))
    return Asked(left, is_answered=bool(candidates) and not left)


@dataclass(frozen=True)
class Part:
    """One task of a step: how it stands, what its agreement weighs, whether a colleague added its signer."""

    state: TaskState
    weight: int = 1
    is_added: bool = False


def standing(mode: SignMode, needed: int | None, parts: Iterable[Part]) -> StepState | None:
    """How the step stands; `None` while somebody still has to speak. Signers who were added must agree as well."""
    told = list(parts)
    added = [part for part in told if part.is_added]
    verdict = _own(mode, needed, [part for part in told if not part.is_added])
    if verdict is StepState.REJECTED or any(part.state is TaskState.REJECTED for part in added):
        return StepState.REJECTED
    return None if any(part.state in PENDING for part in added) else verdict


def _own(mode: SignMode, needed: int | None, parts: list[Part]) -> StepState | None:
    if mode in COUNTED:
        return _counted(needed or 1, parts)
    if any(part.state is TaskState.REJECTED for part in parts):
        return StepState.REJECTED
    is_agreed = any(part.state is TaskState.APPROVED for part in parts)
    is_over = mode == SignMode.OR_SIGN or not any(part.state in PENDING for part in parts)
    return StepState.APPROVED if is_agreed and is_over else None


def _counted(needed: int, parts: list[Part]) -> StepState | None:
    yes, no, open_still = (
        sum(part.weight for part in parts if part.state in states)
        for states in ({TaskState.APPROVED}, {TaskState.REJECTED}, PENDING)
    )
    goal = min(needed, yes + no + open_still)  # those who are gone are not waited for
    if yes >= goal:
        return StepState.APPROVED if yes else None
    return StepState.REJECTED if yes + open_still < goal else None


def is_enough(mode: SignMode, candidates: Mapping[str, int], needed: int | None = None) -> bool:
    """Could these people alone let the step pass, whatever becomes of the others?"""
    if mode in COUNTED:
        return sum(candidates.values()) >= (needed or 1)
    return mode is SignMode.OR_SIGN and bool(candidates)


def all_speak(mode: SignMode, candidates: Collection[str]) -> bool:
    """Is it certain beforehand that each of them will have decided?"""
    return mode in (SignMode.COUNTERSIGN, SignMode.IN_TURN) or len(candidates) == 1
