"""Leave for what happens in life: days by place and occasion, limits, the medical period; with the law's examples."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from kit.errors import AppError, Conflict, Invalid
from models.enums import Counting, LeaveUnit, Occasion, Per, Sandwich
from services.leave import gaps, rules
from services.leave.life.rules import ahead, amounts, limits
from services.leave.life.rules.limits import Length, Limit, OverLimit, Taken
from services.leave.rulebook.rules import medical, occasions, packs
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rulebook.rules.occasions import Told
from services.leave.rules import Ask, NotEligible, Portion
from services.schedule import rules as days_of
from tests.support.days import planned

D = date.fromisoformat


def portions(first: str, last: str, kind: KindRules, **ask: Any) -> list[Portion]:
    days = [planned(day) for day in days_of.span(D(first), D(last))]
    return rules.portions(Ask(D(first), D(last), **ask), kind, days)


def length(first: str, last: str, kind: KindRules) -> Decimal:
    return rules.total_days(portions(first, last, kind))


class TestSandwich:
    """Days off between two days of leave, as the kind says (lesson 5 of other systems)."""

    @pytest.mark.parametrize(
        ("sandwich", "first", "last", "days"),
        [
            (Sandwich.NONE, "2026-03-06", "2026-03-09", 2),  # Friday to Monday
            (Sandwich.REST_DAYS, "2026-03-06", "2026-03-09", 4),
            (Sandwich.ALL, "2026-03-06", "2026-03-09", 4),
            (Sandwich.REST_DAYS, "2026-03-06", "2026-03-08", 1),  # the weekend is not between
            (Sandwich.REST_DAYS, "2026-03-07", "2026-03-09", 1),
            (Sandwich.NONE, "2026-04-03", "2026-04-07", 2),  # Qingming: Saturday, the holiday on Sunday, Monday off
            (Sandwich.REST_DAYS, "2026-04-03", "2026-04-07", 4),  # all but the statutory day
            (Sandwich.ALL, "2026-04-03", "2026-04-07", 5),
            (Sandwich.NONE, "2026-04-30", "2026-05-09", 5),  # Saturday the 9th is worked
            (Sandwich.REST_DAYS, "2026-04-30", "2026-05-09", 8),
            (Sandwich.ALL, "2026-04-30", "2026-05-09", 10),
        ],
    )
    def test_case(self, sandwich: Sandwich, first: str, last: str, days: int) -> None:
        assert length(first, last, KindRules(sandwich=sandwich)) == days

    def test_a_kind_by_the_calendar_counts_as_before(self) -> None:
        kind = KindRules(counting=Counting.CALENDAR_EXCEPT_STATUTORY, sandwich=Sandwich.ALL)
        assert length("2026-04-03", "2026-04-07", kind) == 4


def of(place: str, kind: str, on: str = "2026-03-02", **told: Any) -> Decimal:
    found = packs.pack_for(place, kind, D(on))
    assert found is not None
    return found.days_for(Told(**told), D(on))


class TestPacks:
    """The rows of china-hr-rules 1.1 and 1.6."""

    @pytest.mark.parametrize(
        ("place", "kind", "told", "days"),
        [
            ("全国", "marriage", {}, 3),
            ("北京", "marriage", {}, 10),
            ("上海", "marriage", {}, 10),
            ("广东", "marriage", {}, 3),  # none of its own: the country's
            ("浙江", "marriage", {}, 13),
            ("河南", "marriage", {}, 21),
            ("河南", "marriage", {"is_checked": True}, 28),
            ("全国", "bereavement", {"relative": "parent"}, 3),
            ("全国", "bereavement", {"relative": "spouse"}, 3),
            ("全国", "bereavement", {"relative": "child"}, 3),
            ("北京", "bereavement", {"relative": "grandparent"}, 0),
            ("全国", "maternity", {}, 98),
            ("全国", "maternity", {"is_difficult": True}, 98 + 15),
            ("北京", "maternity", {"babies": 2}, 98 + 15),
            ("北京", "maternity", {"babies": 3, "is_difficult": True}, 98 + 15 + 30),
            ("全国", "miscarriage", {"weeks": 15}, 15),
            ("全国", "miscarriage", {"weeks": 16}, 42),
            ("全国", "maternity_ext", {}, 0),
            ("北京", "maternity_ext", {}, 60),
            ("上海", "maternity_ext", {}, 60),
            ("广东", "maternity_ext", {}, 80),
            ("浙江", "maternity_ext", {"child_number": 1}, 60),
            ("浙江", "maternity_ext", {"child_number": 2}, 90),
            ("浙江", "maternity_ext", {"child_number": 3}, 90),
            ("河南", "maternity_ext", {}, 90),
            ("全国", "paternity", {}, 0),
            ("北京", "paternity", {}, 15),
            ("上海", "paternity", {}, 10),
            ("广东", "paternity", {}, 15),
            ("河南", "paternity", {}, 30),
            ("北京", "childcare", {}, 5),
            ("北京", "childcare", {"spouse_days": 5}, 5),
            ("北京", "childcare", {"spouse_days": 7}, 3),
            ("北京", "childcare", {"spouse_days": 12}, 0),
            ("上海", "childcare", {}, 5),
            ("广东", "childcare", {}, 10),
            ("浙江", "childcare", {}, 10),
            ("北京", "elder_care", {"is_only_child": True}, 10),
            ("北京", "elder_care", {}, 0),
            ("上海", "elder_care", {"is_only_child": True}, 0),  # not confirmed
            ("广东", "elder_care", {"is_only_child": True, "event_on": D("1966-03-02")}, 5),
            ("广东", "elder_care", {"is_only_child": True, "event_on": D("1966-03-03")}, 0),  # 60 tomorrow
            ("广东", "elder_care", {"is_only_child": True, "event_on": D("1960-01-01"), "is_hospitalised": True}, 15),
            ("广东", "elder_care", {"event_on": D("1960-01-01")}, 0),
            ("浙江", "elder_care", {"is_only_child": True, "event_on": D("1960-01-01")}, 5),
            ("河南", "elder_care", {"is_only_child": True, "is_hospitalised": True}, 20),
        ],
    )
    def test_days(self, place: str, kind: str, told: dict[str, Any], days: int) -> None:
        assert of(place, kind, **told) == days

    def test_a_row_counts_from_its_day_on(self) -> None:
        before = packs.pack_for("浙江", "marriage", D("2024-09-26"))
        after = packs.pack_for("浙江", "marriage", D("2024-09-27"))
        assert before is not None
        assert after is not None
        assert (before.place, after.place) == ("全国", "浙江")

    def test_every_row_has_a_source_and_says_how_sure_it_is(self) -> None:
        assert all(row.source and row.certainty in packs.CERTAINTIES for row in packs.rows())
        assert packs.places()[0] == "全国"

    def test_a_place_nobody_knows_follows_the_country(self) -> None:
        assert of("火星", "marriage") == 3
        assert packs.pack_for("全国", "no_such_kind", D("2026-03-02")) is None


@pytest.mark.parametrize(
    ("first", "parts", "last"),
    [  # china-hr-rules 1.5: maternity runs through holidays and weekends
        ("2026-05-06", [("maternity", {})], "2026-08-11"),
        ("2026-05-06", [("maternity", {"is_difficult": True})], "2026-08-26"),
        ("2026-05-06", [("maternity", {}), ("maternity_ext", {})], "2026-10-10"),
        ("2025-12-01", [("maternity", {"babies": 2}), ("maternity_ext", {})], "2026-05-22"),
    ],
)
def test_maternity_leave_of_beijing_ends_on_the_day_the_law_says(first: str, parts: Any, last: str) -> None:
    whole = int(sum(of("北京", kind, first, **told) for kind, told in parts))
    end = (D(first) + timedelta(days=whole - 1)).isoformat()
    assert end == last
    assert length(first, end, KindRules(counting=Counting.CALENDAR)) == whole


class TestFormulas:
    @pytest.mark.parametrize("text", ["5", "15 if weeks < 16 else 42", "min(babies, 2) * 3", ""])
    def test_accepted(self, text: str) -> None:
        assert KindRules(event_days=text).event_days == text

    @pytest.mark.parametrize("text", ["5 天", "salary * 2", "__import__('os')", "is_checked", "'5'"])
    def test_refused(self, text: str) -> None:
        with pytest.raises(ValidationError):
            KindRules(event_days=text)

    def test_never_below_zero_and_a_division_says_so(self) -> None:
        assert occasions.days("babies - 3", Told(), D("2026-03-02")) == 0
        with pytest.raises(Invalid, match="算不出来"):
            occasions.days("10 / (babies - 1)", Told(), D("2026-03-02"))


@pytest.mark.parametrize(
    ("occasion", "told", "missing"),
    [
        (Occasion.NONE, {}, None),
        (Occasion.MARRIAGE, {}, "结婚登记日期"),
        (Occasion.DEATH, {"event_on": D("2026-03-01")}, "与您的关系"),
        (Occasion.MISCARRIAGE, {"event_on": D("2026-03-01")}, "怀孕周数"),
        (Occasion.PARENT, {"event_on": D("1950-03-01")}, None),
    ],
)
def test_what_an_occasion_needs_is_asked_for(occasion: Occasion, told: dict[str, Any], missing: str | None) -> None:
    if missing is None:
        occasions.check_told(occasion, Told(**told))
    else:
        with pytest.raises(Invalid, match=missing):
            occasions.check_told(occasion, Told(**told))


def test_events_are_told_apart_by_what_when_and_who() -> None:
    told = Told(event_on=D("2026-03-01"), relative="parent")
    assert occasions.event_key(Occasion.DEATH, told) == "death:2026-03-01:parent"
    assert occasions.event_key(Occasion.MARRIAGE, Told(event_on=D("2026-03-01"))) == "marriage:2026-03-01"
    assert occasions.event_key(Occasion.NONE, told) is None
    assert occasions.words(Occasion.DEATH, told) == [("亲属去世日期", "2026-03-01"), ("与您的关系", "父母")]


A_DAY = [Portion(D("2026-03-04"), 540, 1080, 480, 480)]


def taken(day: str, days: str = "1", key: str | None = None) -> Taken:
    return Taken(D(day), Fraction(days), key)


class TestLimits:
    def test_a_year_counts_what_was_taken_in_it(self) -> None:
        (limit,) = limits.limits(KindRules(max_days_year=2), "事假", Told(), None, None, [D("2026-03-04")])
        limits.check(limit, [taken("2026-01-05"), taken("2025-12-31", "9")], A_DAY)
        assert limits.note(limit, [taken("2026-01-05", "1/2")], A_DAY) == "2026年事假共 2 天，本次之后还剩 0.5 天"
        with pytest.raises(OverLimit, match=r"2026年事假最多 2 天，已请 1\.5 天，本次 1 天"):
            limits.check(limit, [taken("2026-01-05"), taken("2026-02-05", "1/2")], A_DAY)

    def test_a_request_over_new_year_is_measured_by_each_year(self) -> None:
        over = portions("2026-12-30", "2026-12-31", KindRules()) + A_DAY
        days = [D("2026-12-30"), D("2026-12-31"), D("2027-01-04")]
        found = limits.limits(KindRules(max_days_year=2), "事假", Told(), None, None, days)
        assert [(one.first_day, one.last_day) for one in found] == [
            (D("2026-01-01"), D("2026-12-31")),
            (D("2027-01-01"), D("2027-12-31")),
        ]
        assert found[1].wanted(over) == 0

    def test_an_event_has_its_own_days_whenever_they_are_taken(self) -> None:
        given = Length(Decimal(3), Per.EVENT, "某条")
        (limit,) = limits.limits(KindRules(), "丧假", Told(), "death:a", given, [D("2026-03-04")])
        limits.check(limit, [taken("2026-03-03", "2", "death:a"), taken("2026-02-03", "3", "death:b")], A_DAY)
        with pytest.raises(OverLimit, match="（某条）"):
            limits.check(limit, [taken("2025-03-03", "3", "death:a")], A_DAY)

    @pytest.mark.parametrize(
        ("born", "day", "first", "last"),
        [
            ("2025-03-05", "2026-03-04", "2025-03-05", "2026-03-04"),
            ("2025-03-04", "2026-03-04", "2026-03-04", "2027-03-03"),
            ("2024-02-29", "2025-02-28", "2025-02-28", "2026-02-27"),  # clamped to the end of the month
            ("2024-02-29", "2025-02-27", "2024-02-29", "2025-02-27"),
        ],
    )
    def test_a_year_of_age_runs_from_birthday_to_birthday(self, born: str, day: str, first: str, last: str) -> None:
        assert limits.age_years(D(born), [D(day)]) == [(D(first), D(last))]

    def test_childcare_starts_anew_on_the_birthday(self) -> None:
        given, told = Length(Decimal(5), Per.AGE_YEAR, ""), Told(event_on=D("2024-03-05"))
        days = [D("2026-03-04"), D("2026-03-05")]
        found = limits.limits(KindRules(), "育儿假", told, "child:a", given, days)
        assert [one.used([taken("2026-03-03", "4", "child:a")]) for one in found] == [4, 0]

    def test_once_is_once(self) -> None:
        limits.check_once("婚假", [taken("2026-02-02", "1", "marriage:a")], "marriage:a")
        with pytest.raises(OverLimit, match="只能请一次，您在 2020-02-02"):
            limits.check_once("婚假", [taken("2020-02-02", "1", "marriage:b")], "marriage:a")

    @pytest.mark.parametrize(
        ("event", "months", "more", "is_extended", "last"),
        [
            ("2026-03-10", 12, 0, False, "2027-03-09"),  # breastfeeding (1.7)
            ("2026-02-01", 12, 12, False, "2027-01-31"),  # work injury (1.7)
            ("2026-02-01", 12, 12, True, "2028-01-31"),
            ("2023-03-10", 36, 0, False, "2026-03-09"),  # a child under three
        ],
    )
    def test_until_when(self, event: str, months: int, more: int, is_extended: bool, last: str) -> None:
        kind = KindRules(within_months=months, extended_months=more, source="某条")
        told = Told(event_on=D(event), is_extended=is_extended)
        assert limits.last_day_for(kind, told) == D(last)
        limits.check_within(kind, "工伤假", told, [D(event), D(last)])
        with pytest.raises(NotEligible, match=f"{event} 至 {last} 之间休（某条）"):
            limits.check_within(kind, "工伤假", told, [D(last), D(last) + timedelta(days=1)])

    def test_no_limit_without_a_rule(self) -> None:
        assert limits.limits(KindRules(), "事假", Told(), None, None, [D("2026-03-04")]) == []
        assert limits.last_day_for(KindRules(), Told(event_on=D("2026-03-04"))) is None
        assert Limit("x", Decimal(1)).used([]) == 0


def test_breastfeeding_for_twins_is_two_hours_each_working_day() -> None:
    """China-hr-rules 1.7: 16 working days of a month with 16 workdays are 32 paid hours."""
    kind = KindRules(unit=LeaveUnit.HOUR, daily_minutes=60)
    ask = Ask(D("2026-02-01"), D("2026-02-28"), from_minute=960, to_minute=1080)
    rules.check_span(ask, kind, D("2026-02-02"))
    hours = portions("2026-02-01", "2026-02-28", kind, from_minute=960, to_minute=1080)
    assert (len(hours), sum(one.minutes for one in hours)) == (16, 32 * 60)
    amounts.check_amount(kind, hours, babies=2)
    with pytest.raises(Conflict, match="每天最多 1小时"):
        amounts.check_amount(kind, hours)


def test_the_least_at_once() -> None:
    kind = KindRules(unit=LeaveUnit.HOUR, least_minutes=120)
    with pytest.raises(Invalid, match="最少 2小时"):
        amounts.check_amount(kind, portions("2026-03-04", "2026-03-04", kind, from_minute=540, to_minute=600))
    amounts.check_amount(kind, portions("2026-03-04", "2026-03-04", kind, from_minute=540, to_minute=660))


class TestAhead:
    NOTICE = KindRules(notice="超过 0 天 提前 1 天\n超过3天 提前7天\n10：15")

    @pytest.mark.parametrize(
        ("first", "days", "ahead_days"),
        [("2026-03-03", "1", None), ("2026-03-02", "1", 1), ("2026-03-08", "4", 7), ("2026-03-09", "4", None),
         ("2026-03-16", "11", 15), ("2026-03-05", "3", None)],
    )  # fmt: skip
    def test_notice_by_length(self, first: str, days: str, ahead_days: int | None) -> None:
        today = D("2026-03-02")
        if ahead_days is None:
            ahead.check_notice(self.NOTICE, D(first), Decimal(days), today)
        else:
            earliest = today + timedelta(days=ahead_days)
            with pytest.raises(Conflict, match=f"提前 {ahead_days} 天申请，最早可从 {earliest} 开始"):
                ahead.check_notice(self.NOTICE, D(first), Decimal(days), today)

    def test_closed_days_say_why(self) -> None:
        kind = KindRules(blackouts="2026-06-15..2026-06-18 年中大促")
        ahead.check_days(kind, "年假", [D("2026-06-14"), D("2026-06-19")])
        with pytest.raises(Conflict, match="6月15日不能请这种假：年中大促"):
            ahead.check_days(kind, "年假", [D("2026-06-14"), D("2026-06-15")])

    def test_days_of_its_own(self) -> None:
        kind = KindRules(on_days="03-08", source="《全国年节及纪念日放假办法》第三条")
        ahead.check_days(kind, "妇女节半天假", [D("2026-03-08")])
        with pytest.raises(NotEligible, match="只能在 03-08 请（《全国年节"):
            ahead.check_days(kind, "妇女节半天假", [D("2026-03-09")])

    def test_asking_afterwards_says_why(self) -> None:
        ahead.check_backdating(KindRules(), D("2026-03-02"), "", D("2026-03-02"))
        ahead.check_backdating(KindRules(), D("2026-03-01"), "发烧", D("2026-03-02"))
        ahead.check_backdating(KindRules(backdate_needs_reason=False), D("2026-03-01"), "", D("2026-03-02"))
        with pytest.raises(Invalid, match="请写明事由"):
            ahead.check_backdating(KindRules(), D("2026-03-01"), "", D("2026-03-02"))


class TestWhatHrWrites:
    def test_lines_survive_being_stored(self) -> None:
        kind = KindRules(
            notice=["超过 3 天 提前 7 天"], blackouts="2026-06-15至2026-06-18 大促", only_places="北京、上海 北京"
        )
        again = KindRules.model_validate(kind.model_dump(mode="json"))
        assert again == kind
        assert [str(one) for one in again.notice] == ["超过 3 天 提前 7 天"]
        assert [str(one) for one in again.blackouts] == ["2026-06-15..2026-06-18 大促"]
        assert again.only_places == ("北京", "上海")

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("notice", "很早就要说"),
            ("blackouts", "2026-06-15..2026-06-18"),
            ("blackouts", "2026-06-18..2026-06-15 反了"),
            ("blackouts", "2026-06-31..2026-07-01 没有这天"),
            ("on_days", "13-01"),
            ("max_days", "0"),
            ("max_days", "2.25"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, field: str, text: str) -> None:
        with pytest.raises(ValidationError):
            KindRules.model_validate({field: text})

    def test_rules_stored_before_there_were_these_still_hold(self) -> None:
        old = KindRules.model_validate({"unit": "day", "max_days": 3, "proof_after_days": 0})
        assert old.max_days == 3
        assert not old.is_limited


def sick(*spans: tuple[str, str]) -> list[date]:
    return [day for first, last in spans for day in gaps.between(D(first), D(last))]


class TestMedicalPeriod:
    @pytest.mark.parametrize(
        ("first", "total", "here", "months", "end"),
        [  # china-hr-rules 1.4
            ("1995-03-05", 3, 2, 3, "1995-09-05"),
            ("2026-04-10", 8, 6, 6, "2027-04-10"),
            ("2026-08-31", 11, 2, 6, "2027-08-31"),
            ("2025-06-15", 18, 12, 12, "2026-12-15"),
        ],
    )
    def test_months_and_window(self, first: str, total: int, here: int, months: int, end: str) -> None:
        day = D(first)
        found = medical.period("全国", day.replace(year=day.year - total), day.replace(year=day.year - here), [day])
        assert found is not None
        assert (found.months, found.last_day) == (months, D(end))

    @pytest.mark.parametrize(
        ("total", "here", "months", "window"),
        [(9, 4, 3, 6), (9, 5, 6, 12), (10, 4, 6, 12), (10, 5, 9, 15), (10, 9, 9, 15), (10, 10, 12, 18),
         (15, 15, 18, 24), (20, 19, 18, 24), (20, 20, 24, 30), (40, 40, 24, 30)],
    )  # fmt: skip
    def test_the_whole_table(self, total: int, here: int, months: int, window: int) -> None:
        row = medical.row_for(medical.tables()["全国"], total, here)
        assert (row.months, row.window) == (months, window)

    def test_usage_of_the_first_example(self) -> None:
        since, spans = D("2024-01-01"), [("2026-04-01", "2026-04-20"), ("2026-06-01", "2026-07-31")]
        found = medical.period("全国", since, since, sick(*spans))
        assert found is not None
        assert (found.used, found.days, found.left) == (81, 90, 9)
        more = medical.period("全国", since, since, sick(*spans, ("2026-08-01", "2026-08-09")))
        assert more is not None
        assert (more.used, more.left) == (90, 0)
        assert "医疗期 3 个月（90 天），从 2026-04-01 算到 2026-10-01" in medical.words(found)

    def test_what_lies_outside_the_window_opens_a_new_one(self) -> None:
        since, spans = D("2024-01-01"), [("2026-01-10", "2026-02-08"), ("2026-08-01", "2026-08-20")]
        first = medical.period("全国", since, since, sick(*spans), D("2026-07-10"))
        second = medical.period("全国", since, since, sick(*spans))
        assert first is not None
        assert second is not None
        assert (first.used, first.last_day) == (30, D("2026-07-10"))
        assert (second.used, second.first_day) == (20, D("2026-08-01"))

    @pytest.mark.parametrize(("here", "months"), [(0, 3), (1, 3), (2, 4), (10, 12), (22, 24), (30, 24)])
    def test_shanghai_has_its_own(self, here: int, months: int) -> None:
        day = D("2026-03-02")
        found = medical.period("上海", D("1990-01-01"), day.replace(year=2026 - here), [day])
        assert found is not None
        assert (found.months, found.last_day) == (months, None)

    def test_nobody_sick_has_no_period(self) -> None:
        assert medical.period("全国", D("2020-01-01"), D("2020-01-01"), []) is None

    def test_a_day_that_is_named_twice_counts_once(self) -> None:
        days: Sequence[date] = sick(("2026-03-02", "2026-03-03"), ("2026-03-03", "2026-03-04"))
        found = medical.period("全国", D("2020-01-01"), D("2020-01-01"), days)
        assert found is not None
        assert found.used == 3


def test_refusals_are_of_the_kinds_that_doors_know() -> None:
    assert issubclass(OverLimit, AppError)
