"""What there will be on a day: lots that begin, are given and expire between now and then."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.leave.answers.rules.forecast import StepKind, Stock, forecast

TODAY = date(2026, 3, 2)
OLD = Stock("2025年年假", date(2025, 1, 1), date(2026, 12, 31), 480)
NEW = Stock("2026年年假", date(2026, 1, 1), date(2027, 12, 31), 2400)
COMING = Stock("2027年年假", date(2027, 1, 1), date(2028, 12, 31), 2880, True, "全年在职")


def told(stocks: list[Stock], day: date) -> list[tuple[str, str, int, int]]:
    return [(f"{s.on:%Y-%m-%d}", s.kind, s.minutes, s.left) for s in forecast(stocks, TODAY, day)]


def test_today_is_what_can_be_taken_today() -> None:
    later = Stock("试用期后", date(2026, 6, 1), date(2026, 12, 31), 960)
    assert told([OLD, NEW, later, COMING], TODAY) == [("2026-03-02", "now", 2880, 2880)]
    assert told([later], date(2026, 6, 1))[-1] == ("2026-06-01", "begins", 960, 960)


def test_a_lot_is_there_on_its_last_day_and_gone_on_the_next() -> None:
    assert told([OLD, NEW], date(2026, 12, 31))[-1][-1] == 2880
    assert told([OLD, NEW], date(2027, 1, 1))[-1] == ("2027-01-01", "expires", -480, 2400)


def test_what_the_rules_will_give_is_counted_from_the_day_they_give_it() -> None:
    assert told([NEW, COMING], date(2026, 12, 31))[-1][-1] == 2400
    assert told([NEW, COMING], date(2027, 1, 1))[-1] == ("2027-01-01", "granted", 2880, 5280)
    overdue = Stock("2026年年假", date(2026, 1, 1), date(2026, 12, 31), 2400, True)
    assert told([overdue], date(2026, 3, 3))[-1] == ("2026-03-03", "granted", 2400, 2400)


def test_a_lot_that_comes_and_goes_before_the_day_leaves_nothing() -> None:
    brief = Stock("旺季调休", date(2026, 5, 1), date(2026, 5, 31), 480)
    assert told([brief], date(2026, 6, 2))[1:] == [
        ("2026-05-01", "begins", 480, 480),
        ("2026-06-01", "expires", -480, 0),
    ]


DAYS = st.dates(date(2025, 6, 1), date(2027, 12, 31))
STOCKS = st.builds(Stock, st.just("一批"), DAYS, DAYS, st.integers(0, 4800), st.booleans())


@given(stocks=st.lists(STOCKS, max_size=6), day=st.dates(TODAY, date(2027, 12, 31)))
def test_the_steps_lead_to_what_is_good_on_the_day(stocks: list[Stock], day: date) -> None:
    steps = forecast(stocks, TODAY, day)
    tomorrow = date(2026, 3, 3)
    begins = {id(s): max(s.starts_on, tomorrow) if s.is_promised else s.starts_on for s in stocks}
    good = [s for s in stocks if begins[id(s)] <= day <= s.expires_on]
    assert steps[-1].left == sum(s.rest for s in good)
    assert steps[0].kind is StepKind.NOW
    assert [step.on for step in steps] == sorted(step.on for step in steps)
    assert all(b.left - a.left == b.minutes for a, b in pairwise(steps))
