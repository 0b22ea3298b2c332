"""What holds for every ledger, whatever the lots and the wishes: found by trying many of them."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from services.leave import rules
from services.leave.granting.rules import annual
from services.leave.rules import Lot, Portion

NEW_YEAR = date(2026, 1, 1)
days = st.integers(0, 9).map(lambda n: NEW_YEAR + timedelta(days=n))


@st.composite
def lots(draw: st.DrawFn) -> list[Lot]:
    made = []
    for number in range(draw(st.integers(0, 4))):
        starts_on, length = draw(days), draw(st.integers(0, 9))
        rest = draw(st.integers(-2, 4)) * 240
        made.append(Lot(str(number), starts_on, starts_on + timedelta(days=length), rest))
    return made


@st.composite
def wishes(draw: st.DrawFn) -> list[Portion]:
    chosen = draw(st.lists(days, min_size=1, max_size=5, unique=True))
    return [Portion(day, 540, 1080, draw(st.sampled_from([240, 480])), 480) for day in sorted(chosen)]


@given(lots(), wishes())
def test_nothing_is_spent_twice_and_nothing_is_lost(lots: list[Lot], wanted: list[Portion]) -> None:
    spending = rules.spend(wanted, lots)
    rest = {lot.id: lot.rest for lot in lots}
    assert sum(spending.taken.values()) + spending.short == sum(portion.minutes for portion in wanted)
    assert all(0 < minutes <= rest[lot_id] for lot_id, minutes in spending.taken.items())


@given(lots(), wishes())
def test_only_lots_that_are_good_then_are_spent(lots: list[Lot], wanted: list[Portion]) -> None:
    spending = rules.spend(wanted, lots)
    for lot in lots:
        if lot.id in spending.taken:
            usable = sum(portion.minutes for portion in wanted if lot.is_good_on(portion.day))
            assert spending.taken[lot.id] <= usable


def _covered(wanted: list[Portion], lots: tuple[Lot, ...]) -> int:
    """How much these lots cover when they are spent in this very order."""
    rest = {lot.id: max(0, lot.rest) for lot in lots}
    covered = 0
    for portion in wanted:
        need = portion.minutes
        for lot in lots:
            part = min(need, rest[lot.id]) if lot.is_good_on(portion.day) else 0
            rest[lot.id] -= part
            need -= part
        covered += portion.minutes - need
    return covered


@given(lots(), wishes())
def test_no_other_order_of_lots_covers_more(lots: list[Lot], wanted: list[Portion]) -> None:
    best = max(_covered(wanted, order) for order in permutations(lots))
    assert sum(rules.spend(wanted, lots).taken.values()) >= best


@given(lots(), wishes())
def test_a_hold_and_its_release_leave_every_lot_as_it_was(lots: list[Lot], wanted: list[Portion]) -> None:
    taken = rules.spend(wanted, lots).taken
    held = [Lot(lot.id, lot.starts_on, lot.expires_on, lot.rest - taken.get(lot.id, 0)) for lot in lots]
    back = [Lot(lot.id, lot.starts_on, lot.expires_on, lot.rest + taken.get(lot.id, 0)) for lot in held]
    assert back == lots
    assert rules.spend(wanted, back) == rules.spend(wanted, lots)


@given(lots(), wishes(), st.integers(0, 4), st.booleans())
def test_days_taken_back_at_an_end_leave_the_others_covered(
    lots: list[Lot], wanted: list[Portion], cut: int, at_start: bool
) -> None:
    """What is kept is spent anew from what was held: it is covered whole, and no lot gives back more than it held."""
    spent = rules.spend(wanted, lots)
    held = [replace(lot, rest=spent.taken[lot.id]) for lot in lots if lot.id in spent.taken]
    covered = wanted if not spent.short else []
    kept = covered[cut:] if at_start else covered[: max(0, len(covered) - cut)]
    again = rules.spend(kept, held)
    assert again.short == 0
    assert all(minutes <= spent.taken[lot_id] for lot_id, minutes in again.taken.items())
    given_back = sum(spent.taken.values()) - sum(again.taken.values())
    assert spent.short or given_back == sum(portion.minutes for portion in wanted if portion not in kept)


@given(lots(), wishes(), wishes())
def test_other_days_never_need_more_than_was_promised(lots: list[Lot], old: list[Portion], new: list[Portion]) -> None:
    """Held when asked: what the new days need beyond what the old ones hold. When they are exchanged that is enough."""
    before = rules.spend(old, lots).taken
    wanted = rules.spend(new, lots)
    more = {lot_id: max(0, minutes - before.get(lot_id, 0)) for lot_id, minutes in wanted.taken.items()}
    rest = {lot.id: max(0, lot.rest) for lot in lots}
    assert all(minutes <= rest[lot_id] - before.get(lot_id, 0) for lot_id, minutes in more.items() if minutes)
    both = [replace(lot, rest=before.get(lot.id, 0) + more.get(lot.id, 0)) for lot in lots]
    assert rules.spend(new, both).short <= wanted.short


@given(lots(), wishes(), st.randoms())
def test_the_order_in_which_lots_are_read_does_not_matter(
    lots: list[Lot], wanted: list[Portion], chance: object
) -> None:
    shuffled = sorted(lots, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert rules.spend(wanted, shuffled) == rules.spend(wanted, lots)


life = st.integers(0, 40 * 365).map(lambda n: date(1990, 1, 1) + timedelta(days=n))


@given(life, life, st.integers(2000, 2030))
def test_annual_leave_is_whole_days_between_none_and_fifteen(hired: date, worked: date, year: int) -> None:
    entitled = annual.entitlement(year, hired, worked)
    assert 0 <= entitled.days <= 15
    assert entitled.starts_on.year == year or not entitled.days


@given(life, st.integers(1, 3000), st.integers(2000, 2030))
def test_who_has_worked_longer_never_has_less(hired: date, longer: int, year: int) -> None:
    longer_ago = hired - timedelta(days=longer)
    assert annual.entitlement(year, hired, longer_ago).days >= annual.entitlement(year, hired, hired).days


@given(life, st.integers(1, 3000), st.integers(2000, 2030))
def test_who_joins_later_never_has_more(hired: date, later: int, year: int) -> None:
    first_worked = date(1980, 1, 1)
    late = annual.entitlement(year, hired + timedelta(days=later), first_worked)
    assert late.days <= annual.entitlement(year, hired, first_worked).days
