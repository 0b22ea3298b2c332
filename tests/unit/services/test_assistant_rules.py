"""What a sentence means. Today is Monday, 2 March 2026."""

from datetime import date
from decimal import Decimal

import pytest

from models.enums import Half
from services.assistant.rules import Command, Gap, Leave, command, continued, end_of, understand

TODAY = date(2026, 3, 2)
KINDS = {"annual": "年假", "compensatory": "调休", "personal": "事假", "sick": "病假", "paternity": "陪产假",
         "maternity": "产假", "prenatal_check": "产前检查"}  # fmt: skip


def heard(text: str) -> Leave:
    wish = understand(text, TODAY, KINDS)
    assert wish is not None
    return wish


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("我的假期", Command.BALANCES), (" 打卡。", Command.PUNCH), ("工资条", Command.PAYSLIP), ("待办", Command.TODO),
        ("帮助", Command.HELP), ("HELP", Command.HELP), ("我还有几天年假？", Command.BALANCES),
        ("年假还剩多少", Command.BALANCES), ("请假怎么请", Command.HELP), ("明天不请假了", Command.HELP),
        ("下周三请一天年假", None), ("天气真好", None), ("", None),
    ],
)  # fmt: skip
def test_commands_are_known_by_their_words(text: str, meant: Command | None) -> None:
    assert command(text) is meant


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天请年假", date(2026, 3, 2)), ("明天请年假", date(2026, 3, 3)), ("后天请年假", date(2026, 3, 4)),
        ("大后天请年假", date(2026, 3, 5)), ("昨天请病假", date(2026, 3, 1)),
        ("周五请年假", date(2026, 3, 6)), ("周一请年假", date(2026, 3, 2)), ("这周三请年假", date(2026, 3, 4)),
        ("下周三请年假", date(2026, 3, 11)), ("下下周一请年假", date(2026, 3, 16)), ("星期日请年假", date(2026, 3, 8)),
        ("上周五请病假", date(2026, 2, 27)), ("下个礼拜二请年假", date(2026, 3, 10)),
        ("3月5日请年假", date(2026, 3, 5)), ("三月五号请年假", date(2026, 3, 5)), ("3/5请年假", date(2026, 3, 5)),
        ("十二月二十三日请年假", date(2026, 12, 23)), ("2026-03-09 请年假", date(2026, 3, 9)),
        ("2026年3月9日请年假", date(2026, 3, 9)), ("15号请年假", date(2026, 3, 15)), ("1号请年假", date(2026, 4, 1)),
        ("2月20日请病假", date(2026, 2, 20)), ("1月5日请年假", date(2027, 1, 5)),
    ],
)  # fmt: skip
def test_a_day_is_found_however_it_is_named(text: str, day: date) -> None:
    assert heard(text).first_day == day


@pytest.mark.parametrize("text", ["2月30日请年假", "13月1日请年假", "请年假", "5日和9日请年假", "5日、9日、11日请年假"])
def test_what_names_no_single_stretch_is_asked_about(text: str) -> None:
    assert heard(text).gap is Gap.DAY


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("3月5日到3月7日请年假", (date(2026, 3, 5), date(2026, 3, 7), "am", "pm")),
        ("3月5日至7日请年假", (date(2026, 3, 5), date(2026, 3, 7), "am", "pm")),
        ("3月5日下午到7日上午请年假", (date(2026, 3, 5), date(2026, 3, 7), "pm", "am")),
        ("下周三到周五休年假", (date(2026, 3, 11), date(2026, 3, 13), "am", "pm")),
        ("周五～下周一请年假", (date(2026, 3, 6), date(2026, 3, 9), "am", "pm")),
        ("3月30日到2日请年假", (date(2026, 3, 30), date(2026, 4, 2), "am", "pm")),
        ("12月31日到1月2日请年假", (date(2026, 12, 31), date(2027, 1, 2), "am", "pm")),
    ],
)
def test_a_range_has_two_ends(text: str, stretch: tuple[date, date, str, str]) -> None:
    wish = heard(text)
    assert (wish.first_day, wish.last_day, wish.from_half, wish.to_half) == stretch
    assert wish.gap is None


@pytest.mark.parametrize(
    ("text", "days"),
    [("请一天年假", "1"), ("明天起请3天年假", "3"), ("请两天半年假", "2.5"), ("请1.5天年假", "1.5"),
     ("请十二天年假", "12")],
)  # fmt: skip
def test_a_length_in_days_is_a_number(text: str, days: str) -> None:
    assert heard(text).days == Decimal(days)


def test_half_a_day_needs_to_be_said_which() -> None:
    assert heard("明天下午请半天事假") == Leave("personal", date(2026, 3, 3), from_half=Half.PM, to_half=Half.PM)
    assert heard("明天请半天事假").gap is Gap.HALF


def test_hours_need_to_be_said_from_when_to_when() -> None:
    wish = heard("明天下午2点到4点半请事假")
    assert (wish.from_time, wish.to_time, wish.gap) == ("14:00", "16:30", None)
    assert heard("明天9:00-11:30请调休").to_time == "11:30"
    assert heard("明天请2小时调休").gap is Gap.TIMES
    assert heard("明天25点到26点请调休").gap is Gap.TIMES


@pytest.mark.parametrize(
    ("text", "kind"),
    [("明天请陪产假", "paternity"), ("明天请产假", "maternity"), ("明天产检请假", "prenatal_check"),
     ("今天发烧请一天假", "sick"), ("明天有事请假", "personal"), ("明天年休一天", "annual"), ("明天请假", None)],
)  # fmt: skip
def test_a_kind_is_known_by_its_name_or_by_what_people_say(text: str, kind: str | None) -> None:
    assert heard(text).kind == kind


def test_a_kind_the_company_does_not_have_is_asked_about() -> None:
    assert understand("明天请年假", TODAY, {"personal": "事假"}) == Leave(first_day=date(2026, 3, 3))


def test_a_reason_is_what_follows_because() -> None:
    assert heard("明天请年假，因为搬家。谢谢").reason == "搬家"


@pytest.mark.parametrize("text", ["天气真好", "明天开会", "周五交报告", "3月5日", "你是谁", "1" * 5000, "半" * 300])
def test_what_is_about_something_else_is_not_leave(text: str) -> None:
    assert understand(text, TODAY, KINDS) is None


@pytest.mark.parametrize(
    ("first", "answer", "expected"),
    [
        ("请一天假", "明天", {"first_day": date(2026, 3, 3), "gap": Gap.KIND}),
        ("明天请假", "年假", {"kind": "annual", "gap": None}),
        ("明天请半天年假", "上午", {"to_half": Half.AM, "gap": None}),
        ("明天请2小时事假", "下午2点到4点", {"from_time": "14:00", "gap": None}),
        ("请三天年假", "下周三", {"first_day": date(2026, 3, 11), "days": Decimal(3), "gap": None}),
        ("请三天年假", "下周三到周四", {"last_day": date(2026, 3, 12), "days": None}),
        ("请年假", "三天", {"days": Decimal(3), "gap": Gap.DAY}),
        ("请假", "请三小时事假", {"kind": "personal", "wants_hours": True, "gap": Gap.DAY}),
        ("请三小时事假", "明天下午", {"first_day": date(2026, 3, 3), "gap": Gap.TIMES}),
    ],
)
def test_an_answer_fills_what_was_open(first: str, answer: str, expected: dict[str, object]) -> None:
    merged = continued(heard(first), answer, TODAY, KINDS)
    assert {name: getattr(merged, name) for name in expected} == expected


def test_what_is_no_answer_changes_nothing() -> None:
    assert continued(heard("请一天假"), "天气真好", TODAY, KINDS) is None


@pytest.mark.parametrize(
    ("days", "half", "end"),
    [
        ("1", Half.AM, (date(2026, 3, 6), Half.AM, Half.PM)),
        ("1", Half.PM, (date(2026, 3, 9), Half.PM, Half.AM)),
        ("1.5", Half.AM, (date(2026, 3, 9), Half.AM, Half.AM)),
        ("0.5", Half.PM, (date(2026, 3, 6), Half.PM, Half.PM)),
        ("2", Half.AM, (date(2026, 3, 9), Half.AM, Half.PM)),
        ("2.5", Half.AM, None),
    ],
)
def test_days_are_counted_on_the_days_that_count(days: str, half: Half, end: object) -> None:
    friday_and_monday = [date(2026, 3, 6), date(2026, 3, 9)]
    assert end_of(Leave(days=Decimal(days), from_half=half), friday_and_monday) == end
