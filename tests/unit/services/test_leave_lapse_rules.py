"""What becomes of leave past its last day: the cases of the law one by one, then what holds for all of them.

Sources: Decree 514 art. 5; Decree 1 of 2008 arts. 9 to 11; Labour Law art. 44; china-hr-rules 1.2, 1.3 and 3.3.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import Money
from models.enums import SettlementReason
from services.leave.granting.rules import lapses, payout, waivers
from services.leave.granting.rules.lapses import Lapse, Lot
from services.leave.granting.rules.policy import Policy

DAY, NEW_YEARS_EVE = 480, date(2026, 12, 31)
EXPIRED, OVERTIME = SettlementReason.EXPIRED, SettlementReason.OVERTIME
PAYS, DROPS = Policy(), Policy(drops_unspent=True)
STATUTORY, MONTHLY, COMPANY = "annual:2025:p", "annual:2025-07:p", "annual:2025:p:company"


def lot(key: str, rest: int, day: int = DAY) -> Lot:
    return Lot(key, "2025年年假", NEW_YEARS_EVE, rest, day)


@pytest.mark.parametrize(
    ("key", "rest", "waived", "policy", "meant"),
    [
        (STATUTORY, 5 * DAY, 0, PAYS, Lapse(paid=5 * DAY, reason=EXPIRED, days=Fraction(5))),
        (STATUTORY, 5 * DAY, 2 * DAY, PAYS, Lapse(3 * DAY, 2 * DAY, reason=EXPIRED, days=Fraction(3))),
        (STATUTORY, 5 * DAY, 5 * DAY, PAYS, Lapse(waived=5 * DAY)),
        (STATUTORY, 1 * DAY, 3 * DAY, PAYS, Lapse(waived=1 * DAY)),  # two of them were taken after all
        (STATUTORY, 5 * DAY, 0, DROPS, Lapse(paid=5 * DAY, reason=EXPIRED, days=Fraction(5))),  # no policy may drop it
        (STATUTORY, 5 * DAY, 0, None, Lapse(paid=5 * DAY, reason=EXPIRED, days=Fraction(5))),
        (MONTHLY, 200, 0, PAYS, Lapse(paid=200, reason=EXPIRED, days=Fraction(5, 12))),
        (f"{STATUTORY}:2", DAY, 0, PAYS, Lapse(paid=DAY, reason=EXPIRED, days=Fraction(1))),  # the second employment
        (COMPANY, 3 * DAY, 0, PAYS, Lapse(dropped=3 * DAY)),
        (f"{COMPANY}:2", 3 * DAY, 9 * DAY, PAYS, Lapse(dropped=3 * DAY)),
        ("overtime:form", 240, 0, PAYS, Lapse(paid=240, reason=OVERTIME, days=Fraction(1, 2))),
        ("overtime:form", 240, 0, None, Lapse(paid=240, reason=OVERTIME, days=Fraction(1, 2))),
        ("overtime:form", 240, 0, DROPS, Lapse(dropped=240)),
        ("adjust:0123", DAY, 0, PAYS, Lapse(dropped=DAY)),
        ("award:2025abcdef:p", DAY, 0, PAYS, Lapse(dropped=DAY)),  # an id that looks like a year
        ("import:77", DAY, 0, PAYS, Lapse(dropped=DAY)),
    ],
)
def test_what_becomes_of_the_rest(key: str, rest: int, waived: int, policy: Policy | None, meant: Lapse) -> None:
    assert lapses.lapse(lot(key, rest), policy, waived) == meant


def test_a_day_of_overtime_has_eight_hours_whatever_the_shift() -> None:
    assert lapses.lapse(lot("overtime:form", 480, 720), PAYS, 0).days == 1
    assert lapses.lapse(lot(STATUTORY, 720, 720), PAYS, 0).days == 1


def test_each_sentence_names_its_rule() -> None:
    law, work = lot(STATUTORY, 5 * DAY), lot("overtime:form", 100)
    assert lapses.paid_sentence(law, lapses.lapse(law, PAYS, 2 * DAY)) == (
        "“2025年年假”2026-12-31 到期，未休法定年假 3 天，按日工资的 300% 支付，已付的正常工资为其中 100%，另付 200%"
        "（《职工带薪年休假条例》第五条、《企业职工带薪年休假实施办法》第十、十一条）"
    )
    assert lapses.waived_sentence(law, lapses.lapse(law, PAYS, 2 * DAY)) == (
        "“2025年年假”2026-12-31 到期，2 天本人已书面声明不休，只付正常工资"
        "（《企业职工带薪年休假实施办法》第十条第二款）"
    )
    assert lapses.paid_sentence(work, lapses.lapse(work, PAYS, 0)) == (
        "“2025年年假”2026-12-31 到期，休息日加班未安排补休 5/3 小时，按工资的 200% 支付（《劳动法》第四十四条第二项）"
    )


@pytest.mark.parametrize(
    ("wage", "days", "amount", "words"),
    [
        ("10000.00", Fraction(3), "2758.62", "10000.00 ÷ 21.75 × 3 天 × 200%"),  # china-hr-rules 1.3
        ("7250.00", Fraction(5), "3333.33", "7250.00 ÷ 21.75 × 5 天 × 200%"),
        ("7250.00", Fraction(7, 3), "1555.56", "7250.00 ÷ 21.75 × 7/3 天 × 200%"),  # nothing is cut before the end
    ],
)
def test_annual_leave_is_paid_by_the_average_day(wage: str, days: Fraction, amount: str, words: str) -> None:
    line = payout.pay(Money.yuan(wage), days)
    assert (line.amount, line.sentence.startswith(words)) == (Money.yuan(amount), True)


@pytest.mark.parametrize(
    ("minutes", "amount", "hours"),
    [(60, "100.00", "1"), (240, "400.00", "4"), (90, "150.00", "1.5"), (100, "166.67", "5/3")],
)
def test_overtime_is_paid_twice_by_the_hour(minutes: int, amount: str, hours: str) -> None:
    """A base of 8700.00 is 50.00 an hour (china-hr-rules 3.3)."""
    line = payout.overtime(Money.yuan("8700.00"), Fraction(minutes, 480))
    assert line.amount == Money.yuan(amount)
    assert line.sentence == f"8700.00 ÷ 21.75 ÷ 8 × {hours} 小时 × 200% = {amount} 元（《劳动法》第四十四条第二项）"


@pytest.mark.parametrize(
    ("rest", "waived", "most"),
    [(5 * DAY, 0, "5"), (5 * DAY, 2 * DAY, "3"), (5 * DAY, 9 * DAY, "0"), (700, 0, "1"), (720, 0, "1.5"), (0, 0, "0")],
)
def test_whole_and_half_days_can_be_given_up(rest: int, waived: int, most: str) -> None:
    assert waivers.most(rest, waived, DAY) == Decimal(most)


def test_every_version_of_the_declaration_says_what_it_must() -> None:
    said = waivers.Declared("年假", 2025, Decimal("1.50"), NEW_YEARS_EVE, "个人安排")
    for version in waivers.TEXTS:
        text = waivers.text(said, version)
        assert all(part in text for part in ("2025", "1.5 天", "2026-12-31", "个人安排", "公司已安排", "自愿", "撤回"))
        assert len(text) <= 500


keys = st.sampled_from([STATUTORY, MONTHLY, COMPANY, "overtime:x", "adjust:x", "award:2025:x"])
minutes = st.integers(1, 20_000)


@given(keys, minutes, st.integers(-5_000, 20_000), st.sampled_from([PAYS, DROPS, None]), st.integers(60, 1_440))
def test_what_is_left_goes_somewhere_and_only_once(
    key: str, rest: int, waived: int, policy: Policy | None, day: int
) -> None:
    found = lapses.lapse(lot(key, rest, day), policy, waived)
    assert found.paid + found.waived + found.dropped == rest
    assert min(found.paid, found.waived, found.dropped) >= 0
    assert found.waived <= max(0, waived)
    assert (found.reason is not None) == (found.paid > 0) == (found.days > 0)


@given(minutes, st.integers(0, 20_000), st.integers(0, 20_000))
def test_who_gives_up_more_is_never_paid_more(rest: int, waived: int, more: int) -> None:
    less = lapses.lapse(lot(STATUTORY, rest), PAYS, waived + more)
    assert less.paid <= lapses.lapse(lot(STATUTORY, rest), PAYS, waived).paid
