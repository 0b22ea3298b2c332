"""A person's requests of a past year put to a version of the kind, one after the other, each on the day it was asked.

The checks are those that a request of today passes. Left out: the balance of that day, and other leave at that time,
which the version does not change; and proofs that were overdue then.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any

from kit import clock
from kit.errors import AppError, Conflict
from services.leave import gaps, rules
from services.leave.kind_drafts.past import Whose
from services.leave.kind_drafts.rules import Judged, beside, counted
from services.leave.life import conditions
from services.leave.life.cases import Case
from services.leave.life.queries import ask_of
from services.leave.life.rules import adjoining, amounts
from services.leave.life.rules.adjoining import Beside
from services.leave.life.rules.limits import Taken
from services.leave.life.rules.overlap import absolute
from services.leave.rulebook.catalog import Kind
from services.leave.rulebook.rules.occasions import Told
from services.leave.rules import Portion
from services.leave.schemas import Plan


@dataclass
class Year:
    """One person's year under one version: what was judged so far, for later requests to be measured against."""

    whose: Whose
    kind: Kind
    is_active: bool = True
    _taken: list[Taken] = field(default_factory=list)
    _granted: list[tuple[str | None, Portion]] = field(default_factory=list)

    def judged(self) -> dict[str, Judged]:
        """Each request by its id."""
        self._taken = list(self.whose.earlier)
        return {row.id: self._judge(row) for row in self.whose.requests}

    def _judge(self, row: Any) -> Judged:
        ask, plans = ask_of(row), self.whose.plans
        try:
            portions = counted(ask, gaps.read(row.gaps), self.kind.rules, plans)
        except AppError as cannot:
            return Judged(refusal=cannot)
        if not portions:
            return Judged()
        others = [one for event, one in self._granted if event == row.event_key]
        near = beside(ask, portions, others, plans, self.kind.rules)
        whole = sorted([*portions, *near.filled], key=absolute)
        refusal = self._refusal(row, whole, near)
        if refusal is None:
            self._remember(row, whole)
        return Judged(whole, refusal)

    def _refusal(self, row: Any, portions: Sequence[Portion], near: Beside) -> AppError | None:
        case, has_proof, mine = self._case(row, portions, near), row.proof_id is not None, self.kind.rules
        checks: tuple[Callable[[], None], ...] = (
            self._in_use,
            lambda: rules.check_span(ask_of(row), mine, case.asked_on),
            *(partial(check, case) for check in conditions.checks(case)),
            lambda: adjoining.check(near),
            lambda: amounts.check_length(mine, case.length, has_proof=has_proof, before=near.days),
        )
        return next(_refusals(checks), None)

    def _in_use(self) -> None:
        if not self.is_active:
            raise Conflict(f"公司目前没有启用{self.kind.name}")

    def _case(self, row: Any, portions: Sequence[Portion], near: Beside) -> Case:
        """The request with its facts, which were read with everybody's."""
        told = Told.model_validate(dict(row.told or {}))
        days = {"first_day": row.first_day, "last_day": row.last_day}
        plan = Plan.model_validate({"kind": self.kind.code, **days, **told.model_dump(exclude_defaults=True)})
        length, asked_on = rules.total_days(portions), clock.local(row.created_at).date()
        case = Case(self.whose.person.id, self.kind, plan, portions, length, beside=near, asked_on=asked_on)
        case.person, case.place, case.tags = self.whose.person, self.whose.place, self.whose.tags
        case.before, case.owes_proof_since = self._taken, None
        return case

    def _remember(self, row: Any, portions: Sequence[Portion]) -> None:
        self._taken += [Taken(one.day, Fraction(one.minutes, one.full_minutes), row.event_key) for one in portions]
        self._granted += [(row.event_key, one) for one in portions]


def _refusals(checks: Sequence[Callable[[], None]]) -> Iterator[AppError]:
    for check in checks:
        try:
            check()
        except AppError as refusal:
            yield refusal
