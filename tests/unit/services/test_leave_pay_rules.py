"""How leave is paid: the examples of china-hr-rules 1.4, 1.5 and 3.5, and the terms that follow from a kind's rules."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from kit.money import Money
from models.enums import PaidAs, PayMethod, Treatment
from services.leave.paying.rules import maternity, minimum, proration, sick
from services.leave.paying.rules.terms import Facts, terms_of
from services.leave.rulebook import catalog
from services.leave.rulebook.rules.kinds import KindRules

D, yuan = date.fromisoformat, Money.yuan
DAY = D("2026-03-02")
SHIPPED = catalog.shipped()


@pytest.mark.parametrize(
    ("place", "floor"), [("北京", "2032.00"), ("上海", "2192.00"), ("深圳", "2016.00")]
)  # china-hr-rules 1.4: 2,540, 2,740 and 2,520
def test_sick_pay_never_falls_below_eighty_percent_of_the_minimum_wage(place: str, floor: str) -> None:
    known = minimum.wage(place, DAY)
    assert known is not None
    paid = sick.monthly(yuan("2000"), 6000, known.amount, 8000)
    assert str(paid.amount) == floor
    assert "低于最低工资" in paid.sentence


def test_nobody_knows_the_minimum_wage_of_a_place_or_day_without_a_row() -> None:
    assert minimum.wage("河南", DAY) is None
    assert minimum.wage("北京", D("2025-08-31")) is None


@pytest.mark.parametrize(
    ("wage", "share", "days", "amount"),
    [
        ("10000", 7000, 2, "643.68"),  # 7,000 / 21.75 x 2
        ("10000", 10000, 3, "1379.31"),
        ("2000", 4000, Fraction(1, 2), "50.39"),  # 2,192 / 21.75 / 2
    ],
)
def test_sick_pay_of_some_days_is_rounded_once(wage: str, share: int, days: Any, amount: str) -> None:
    assert str(sick.pay(yuan(wage), share, yuan("2740"), 8000, Fraction(days)).amount) == amount


@pytest.mark.parametrize(
    ("hired_on", "share"),
    [
        ("2024-03-03", 6000),  # one day less than two years
        ("2024-03-02", 7000),
        ("2022-03-02", 8000),
        ("2020-03-02", 9000),
        ("2018-03-02", 10000),
    ],
)
def test_shanghai_pays_by_service_here(hired_on: str, share: int) -> None:
    found = terms_of(SHIPPED["sick"], DAY, Facts("上海", D(hired_on)))
    assert (found.treatment, found.share, found.floor) == (Treatment.SHARE, share, 8000)
    assert "沪劳保综发〔2003〕2号" in found.rule


@pytest.mark.parametrize(("hired_on", "share"), [("2026-01-05", 4000), ("2025-03-02", 5000), ("2023-03-02", 6000)])
def test_shanghai_pays_less_after_six_months_of_absence(hired_on: str, share: int) -> None:
    ill = [D("2025-09-01") + timedelta(days=n) for n in range(183)]
    found = terms_of(SHIPPED["sick"], DAY, Facts("上海", D(hired_on), ill))
    assert found.share == share
    assert "超过 6 个月" in found.rule


def test_an_absence_goes_back_to_the_last_day_of_work() -> None:
    ill = {D("2026-03-02"), D("2026-02-27"), D("2026-02-25")}
    assert sick.began_on(DAY, ill, {D("2026-02-26")}) == D("2026-02-27"), "a weekend does not break it, a workday does"
    assert sick.began_on(DAY, (), ()) == DAY


def test_without_a_rate_of_the_place_the_company_says_it_and_the_floor_holds() -> None:
    law = terms_of(SHIPPED["sick"], DAY, Facts("北京"))
    assert (law.share, law.floor) == (0, 8000)
    ours = terms_of(SHIPPED["sick"].model_copy(update={"pay_share": 75}), DAY, Facts("上海", D("2025-01-01")))
    assert (ours.share, "公司规定" in ours.rule) == (7500, True), "the better of the two"


def test_who_has_no_first_day_here_is_told_so() -> None:
    assert "入职日期未登记" in terms_of(SHIPPED["sick"], DAY, Facts("上海")).rule


@pytest.mark.parametrize(
    ("code", "treatment", "words"),
    [
        ("annual", Treatment.FULL, "《职工带薪年休假条例》"),
        ("marriage", Treatment.FULL, "《劳动法》第五十一条"),
        ("bereavement", Treatment.FULL, "《劳动法》第五十一条"),
        ("work_injury", Treatment.FULL, "《工伤保险条例》第三十三条"),
        ("breastfeeding", Treatment.FULL, "视同出勤"),
        ("personal", Treatment.UNPAID, "月工资 ÷ 21.75 × 未付薪工作日"),
        ("maternity", Treatment.FUND, "《社会保险法》第五十三至五十六条"),
        ("miscarriage", Treatment.FUND, "低于本人工资的由公司补足"),
    ],
)
def test_each_kind_says_how_it_is_paid_and_by_what_law(code: str, treatment: Treatment, words: str) -> None:
    found = terms_of(SHIPPED[code], DAY, Facts())
    assert found.treatment is treatment
    assert words in found.rule


def test_unpaid_leave_names_its_method() -> None:
    found = terms_of(KindRules(is_paid=False, pay_method=PayMethod.ACTUAL), DAY, Facts())
    assert (found.method, "当月应计薪天数" in found.rule) == (PayMethod.ACTUAL, True)
    assert terms_of(KindRules(is_paid=False, is_work=True, paid_as=PaidAs.FULL), DAY, Facts()).share == 10000


@pytest.mark.parametrize(
    ("method", "unpaid", "payable", "left"),
    [  # china-hr-rules 3.5: salary 10,000
        (PayMethod.DEDUCT, 2, 22, "9080.46"),
        (PayMethod.ATTEND, 0, 15, "6896.55"),
        (PayMethod.ACTUAL, 3, 20, "8500.00"),
        (PayMethod.DEDUCT, 3, 20, "8620.69"),
        (PayMethod.DEDUCT, 23, 23, "0.00"),
        (PayMethod.ATTEND, 0, 23, "10000.00"),
        (PayMethod.ACTUAL, 0, 0, "0.00"),
    ],
)
def test_a_month_with_unpaid_days(method: PayMethod, unpaid: int, payable: int, left: str) -> None:
    assert str(proration.wage(method, yuan("10000"), Fraction(unpaid), Fraction(payable))) == left


def test_the_allowance_is_brought_up_to_her_own_wage() -> None:
    found = maternity.allowance(yuan("9000"), yuan("12000"), 98)
    assert [str(one) for one in (found.allowance, found.own, found.difference)] == ["29400.00", "39200.00", "9800.00"]
    assert "公司补足 9800.00 元" in found.sentence


def test_an_allowance_above_her_wage_needs_nothing_and_what_came_counts() -> None:
    assert str(maternity.allowance(yuan("15000"), yuan("12000"), 98).difference) == "0.00"
    assert str(maternity.allowance(yuan("9000"), yuan("12000"), 98, yuan("30000")).difference) == "9200.00"


def test_without_insurance_the_employer_pays_it_all() -> None:
    found = maternity.uninsured(yuan("12000"), 98)
    assert (str(found.allowance), str(found.difference)) == ("0.00", "39200.00")
