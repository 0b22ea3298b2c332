"""The verdict on a day: tables of cases, and properties that hold for every day."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import clock
from models.enums import Direction, Presence, PunchSource, Verdict
from services.attendance import rules, words
from services.attendance.rules import Absence, Case, Duty, Mark, Shape, Span
from services.schedule.rules import Flex, LeftLate, Segment, Shift

MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)
IN, OUT = Direction.IN, Direction.OUT
OFFICE = ((540, 720), (780, 1080))  # 09:00–12:00, 13:00–18:00
NIGHT = ((1320, 1560), (1620, 1800))  # 22:00–次日02:00, 次日03:00–次日06:00


def at(text: str, day: date = MONDAY) -> datetime:
    """09:05 or 09:05:30 on the day; 33:00 is nine in the morning of the next."""
    hours, minutes, *seconds = (int(part) for part in text.split(":"))
    return clock.at_local(day, hours * 60 + minutes) + timedelta(seconds=sum(seconds))


def shape(day: date, segments=OFFICE, *, works=True, **rules_of_shift) -> Shape:
    shift = Shift("s", "标准工时", tuple(Segment(*edges) for edges in segments), **rules_of_shift)
    spans = tuple(Span(clock.at_local(day, a, shift.zone), clock.at_local(day, b, shift.zone)) for a, b in segments)
    return Shape(day, "标准工时", spans, works, shift)


def duty(segments=OFFICE, **options) -> Duty:
    around = [shape(MONDAY - timedelta(days=1), segments), shape(MONDAY, segments, **options), shape(TUESDAY, segments)]
    return rules.duties(around)[0]


def marks(text: str) -> tuple[Mark, ...]:
    """`in 09:00, out 18:00`."""
    parts = [part.split() for part in text.split(",") if part]
    return tuple(Mark(at(time), Direction(direction), PunchSource.H5, "总部") for direction, time in parts)


def leave(start: str, end: str) -> Absence:
    return Absence(Span(at(start), at(end)), "年假")


def judged(punches: str, *absences: Absence, now: str = "30:00", **options) -> rules.Result:
    return rules.judge(Case(duty(**options), marks(punches), absences), at(now))


@pytest.mark.parametrize(
    ("punches", "verdicts", "late", "early", "worked"),
    [
        ("in 09:00, out 18:00", "正常", 0, 0, 480),
        ("in 08:31, out 20:10", "正常", 0, 0, 480),
        ("in 09:00:59, out 17:59:01", "正常", 0, 0, 478),  # begun minutes count for the person
        ("in 09:01, out 18:00", "迟到", 1, 0, 479),
        ("in 09:00, out 17:40", "早退", 0, 20, 460),
        ("in 09:03, out 17:40", "迟到、早退", 3, 20, 457),
        ("in 12:30, out 18:00", "迟到", 180, 0, 300),  # lunch is nobody's lateness
        ("in 09:00, out 12:15", "早退", 0, 300, 180),
        ("in 09:00", "下班缺卡", 0, 0, 0),
        ("out 18:00", "上班缺卡", 0, 0, 0),
        ("in 09:10", "下班缺卡、迟到", 10, 0, 0),
        ("", "旷工", 0, 0, 0),
        ("in 08:50, in 09:20, out 18:01", "正常", 0, 0, 480),  # the first in counts
        ("in 09:00, out 12:00, in 13:00, out 18:00", "正常", 0, 0, 480),
        ("in 09:00, out 12:00, in 13:00", "下班缺卡", 0, 0, 0),  # came back and did not punch out
        ("in 09:00, out 18:00, in 18:02", "正常", 0, 0, 480),  # a slip of the finger
        ("out 10:00, in 19:00", "迟到", 480, 0, 0),  # no minute is missed twice
        ("in 09:00, out 28:59", "正常", 0, 0, 480),  # long after midnight is still Monday
    ],
)
def test_an_office_day(punches: str, verdicts: str, late: int, early: int, worked: int) -> None:
    result = judged(punches)
    assert words.title(result.verdicts) == verdicts
    assert (result.late, result.early, result.worked) == (late, early, worked)


@pytest.mark.parametrize(
    ("punches", "verdicts"),
    [
        ("in 09:05:59, out 18:00", "正常"),
        ("in 09:06, out 18:00", "迟到"),
        ("in 09:00, out 17:50", "正常"),
        ("in 09:00, out 17:49", "早退"),
    ],
)
def test_grace(punches: str, verdicts: str) -> None:
    assert words.title(judged(punches, late_grace=5, early_grace=10).verdicts) == verdicts


def test_beyond_the_grace_lateness_counts_from_the_start() -> None:
    assert judged("in 09:06, out 18:00", late_grace=5).late == 6


@pytest.mark.parametrize(
    ("punches", "absences", "verdicts", "expected"),
    [
        ("", [leave("00:00", "24:00")], "请假", 0),
        ("in 13:00, out 18:00", [leave("09:00", "12:00")], "请假、正常", 300),
        ("in 13:04, out 18:00", [leave("09:00", "12:00")], "迟到、请假", 300),
        ("in 09:00, out 12:00", [leave("13:00", "18:00")], "请假、正常", 180),
        ("in 09:00, out 18:00", [leave("10:00", "11:00")], "请假、正常", 420),
        ("", [leave("13:00", "18:00")], "旷工、请假", 180),
        ("", [leave("09:00", "12:00"), leave("13:00", "18:00")], "请假", 0),
        ("in 09:00, out 18:00", [leave("00:00", "24:00")], "请假", 0),  # worked although on leave
    ],
)
def test_leave_excuses(punches: str, absences: list[Absence], verdicts: str, expected: int) -> None:
    result = judged(punches, *absences)
    assert (words.title(result.verdicts), result.expected) == (verdicts, expected)
    assert result.expected + result.leave == 480


def test_leave_granted_after_the_punch_changes_the_verdict_of_the_same_facts() -> None:
    assert words.title(judged("in 10:00, out 18:00").verdicts) == "迟到"
    assert words.title(judged("in 10:00, out 18:00", leave("09:00", "10:00")).verdicts) == "请假、正常"


@pytest.mark.parametrize(
    ("now", "punches", "verdicts"),
    [
        ("04:00", "", ""),  # the day has not begun
        ("08:00", "", "进行中"),
        ("11:00", "", "进行中"),  # not absent before the window closes
        ("11:00", "in 09:10", "迟到、进行中"),
        ("17:45", "in 09:00, out 17:40", "进行中"),  # may still punch out again
        ("28:59", "in 09:00", "进行中"),
        ("29:00", "in 09:00", "下班缺卡"),
        ("29:00", "", "旷工"),
    ],
)
def test_nothing_is_decided_before_the_window_closes(now: str, punches: str, verdicts: str) -> None:
    assert words.title(judged(punches, now=now).verdicts) == verdicts


def test_a_day_off_rests_whatever_is_punched() -> None:
    result = judged("in 10:00, out 15:00", works=False)
    assert (words.title(result.verdicts), result.expected, result.worked) == ("休息", 0, 0)


@pytest.mark.parametrize(
    ("punches", "verdicts", "late", "early"),
    [
        ("in 21:55, out 30:02", "正常", 0, 0),
        ("in 22:10, out 30:02", "迟到", 10, 0),
        ("in 21:55, out 29:30", "早退", 0, 30),
        ("in 24:30, out 30:00", "迟到", 150, 0),  # came after midnight
        ("out 30:02", "上班缺卡", 0, 0),
    ],
)
def test_a_night_belongs_to_the_day_it_began(punches: str, verdicts: str, late: int, early: int) -> None:
    result = judged(punches, segments=NIGHT, now="48:00")
    assert (words.title(result.verdicts), result.late, result.early) == (verdicts, late, early)


def test_windows_of_an_office_week_open_at_five() -> None:
    assert duty().window == Span(at("05:00"), at("29:00"))


def test_windows_between_a_night_and_an_early_shift_meet_half_way() -> None:
    early = ((480, 960),)  # 08:00–16:00
    days = [shape(date(2026, 3, 1)), shape(MONDAY, NIGHT), shape(TUESDAY, early), shape(date(2026, 3, 4))]
    night, morning = rules.duties(days)
    assert night.window.end == morning.window.start == at("31:00")  # 06:00 … 07:00 … 08:00


segments = st.lists(st.integers(0, 95), min_size=2, max_size=6, unique=True).map(
    lambda quarters: tuple(
        (a * 15, b * 15) for a, b in zip(sorted(quarters)[::2], sorted(quarters)[1::2], strict=len(quarters) % 2 == 0)
    )
)
shapes = st.builds(lambda s, offset, works: (tuple((a + offset, b + offset) for a, b in s), works), segments,
                   st.sampled_from([0, 600]), st.booleans())  # fmt: skip


def roster(days: list) -> list[Duty]:
    return rules.duties([shape(MONDAY + timedelta(n), s, works=works) for n, (s, works) in enumerate(days)])


@given(st.lists(shapes, min_size=3, max_size=8), st.integers(0, 8 * 24 * 60))
def test_every_punch_belongs_to_one_day_at_most(days: list, minute: int) -> None:
    moment = clock.at_local(MONDAY, minute)
    made = roster(days)
    assert sum(duty.window.has(moment) for duty in made) == int(made[0].window.start <= moment < made[-1].window.end)


punch_lists = st.lists(st.tuples(st.sampled_from([IN, OUT]), st.integers(300, 1700)), max_size=6).map(
    lambda pairs: tuple(Mark(at("00:00") + timedelta(minutes=m), direction, PunchSource.H5) for direction, m in pairs)
)
absence_lists = st.lists(st.tuples(st.integers(0, 1440), st.integers(1, 600)), max_size=3).map(
    lambda pairs: tuple(
        Absence(Span(at("00:00") + timedelta(minutes=m), at("00:00") + timedelta(minutes=m + n)), "事假")
        for m, n in pairs
    )
)


@given(punch_lists, absence_lists, st.integers(0, 10_000))
def test_the_order_in_which_facts_arrive_does_not_matter(punches: tuple, absences: tuple, seed: int) -> None:
    random = Random(seed)
    shuffled = Case(duty(), tuple(random.sample(punches, len(punches))), tuple(random.sample(absences, len(absences))))
    case = Case(duty(), punches, absences)
    assert rules.judge(case, at("30:00")) == rules.judge(shuffled, at("30:00"))


@given(punch_lists, absence_lists, st.integers(0, 1800))
def test_minutes_never_exceed_what_is_to_be_worked(punches: tuple, absences: tuple, now: int) -> None:
    case = Case(duty(), punches, absences)
    result = rules.judge(case, at("00:00") + timedelta(minutes=now))
    assert result.expected + result.leave == 480
    assert 0 <= result.worked <= result.expected
    assert result.late + result.early + result.absent <= result.expected
    assert words.explain(case, result)  # every verdict can be said


@given(st.lists(st.tuples(punch_lists, absence_lists), max_size=6))
def test_the_month_is_the_sum_of_its_days(days: list) -> None:
    results = [rules.judge(Case(duty(), punches, absences), at("30:00")) for punches, absences in days]
    totals = rules.totals(results)
    assert totals.late_minutes == sum(result.late for result in results)
    assert totals.worked_minutes == sum(result.worked for result in results)
    assert totals.absent_days == sum(Verdict.ABSENT in result.verdicts for result in results)
    assert totals.work_days == len(results)


@pytest.mark.parametrize(("punches", "direction"), [("", IN), ("in 08:59", OUT), ("in 08:59, out 12:00", OUT)])
def test_in_first_then_out(punches: str, direction: Direction) -> None:
    assert rules.suggest(marks(punches)) is direction


@pytest.mark.parametrize(
    ("now", "punches", "absences", "presence"),
    [
        ("08:30", "", [], Presence.EXPECTED),
        ("09:00", "", [], Presence.EXPECTED),
        ("09:01", "", [], Presence.MISSING),
        ("10:00", "in 08:55", [], Presence.HERE),
        ("10:00", "in 09:20", [], Presence.LATE),
        ("18:30", "in 08:55, out 18:00", [], Presence.LEFT),
        ("14:00", "in 08:55, out 12:00, in 13:00", [], Presence.HERE),
        ("10:00", "", [leave("09:00", "12:00")], Presence.AWAY),
        ("12:30", "", [leave("09:00", "12:00")], Presence.EXPECTED),
        ("13:10", "", [leave("09:00", "12:00")], Presence.MISSING),
        ("12:30", "", [leave("09:00", "12:00"), leave("13:00", "18:00")], Presence.AWAY),
    ],
)
def test_where_somebody_is_now(now: str, punches: str, absences: list[Absence], presence: Presence) -> None:
    assert rules.presence(Case(duty(), marks(punches), tuple(absences)), at(now)) is presence


def test_on_a_day_off_nobody_is_missing() -> None:
    assert rules.presence(Case(duty(works=False)), at("10:00")) is Presence.REST
    assert rules.presence(Case(duty(works=False), marks("in 09:30")), at("10:00")) is Presence.HERE


@pytest.mark.parametrize(
    ("punches", "direction", "mends"),
    [
        ("", IN, True),
        ("in 09:00", OUT, True),
        ("in 09:00", IN, False),
        ("in 09:20, out 18:00", IN, True),
        ("in 09:00, out 17:00", OUT, True),
        ("in 09:00, out 18:00", OUT, False),
    ],
)
def test_what_a_correction_can_mend(punches: str, direction: Direction, mends: bool) -> None:
    assert rules.lacks(judged(punches), direction) is mends


def test_the_quota_gives_the_lowest_free_number() -> None:
    assert rules.free_number([], "2026-03", 3) == "2026-03/1"
    assert rules.free_number(["2026-03/1", "2026-03/3"], "2026-03", 3) == "2026-03/2"
    assert rules.free_number(["2026-03/1", "2026-03/2", "2026-03/3"], "2026-03", 3) is None
    assert rules.free_number([], "2026-03", 0) is None


def test_a_late_day_explains_itself() -> None:
    case = Case(duty(late_grace=5), marks("in 09:08, out 17:50"), ())
    assert words.explain(case, rules.judge(case, at("30:00"))) == [
        "班次：标准工时 09:00–12:00、13:00–18:00，迟到宽限 5 分钟。",
        "上班：09:08 手机定位（总部），应在 09:00 前，迟到 8 分钟。",
        "下班：17:50 手机定位（总部），应在 18:00 后，早退 10 分钟。",
        "结论：迟到、早退。",
    ]


def test_a_morning_of_leave_explains_itself() -> None:
    case = Case(duty(), marks("in 12:50"), (leave("09:00", "12:00"),))
    assert words.explain(case, rules.judge(case, at("30:00"))) == [
        "班次：标准工时 09:00–12:00、13:00–18:00。",
        "请假：年假 09:00–12:00，已批准。",
        "上班：12:50 手机定位（总部），应在 13:00 前，准时。",
        "下班：没有打卡。",
        "结论：下班缺卡、请假。如果到岗了，请申请补卡。",
    ]


def test_an_empty_day_says_what_to_do() -> None:
    case = Case(duty())
    assert words.explain(case, rules.judge(case, at("30:00")))[-1] == (
        "全天没有打卡，也没有请假：旷工 8 小时。如果到岗了，请申请补卡。"
    )


def test_leaving_early_is_not_yet_a_verdict_while_the_day_is_open() -> None:
    case = Case(duty(), marks("in 09:00, out 17:40"))
    assert words.explain(case, rules.judge(case, at("17:45")))[-1] == (
        "下班：17:40 手机定位（总部），应在 18:00 后，现在早了 20 分钟，如果之后还会下班打卡，以最后一次为准。"
    )


@pytest.mark.parametrize(("minutes", "said"), [(0, "0 分钟"), (45, "45 分钟"), (60, "1 小时"), (95, "1 小时 35 分钟")])
def test_lengths(minutes: int, said: str) -> None:
    assert words.length(minutes) == said


def test_moments_name_the_other_day() -> None:
    assert words.moment(at("25:30"), MONDAY) == "次日 01:30"
    assert words.moment(at("23:50", date(2026, 3, 1)), MONDAY) == "前一日 23:50"


def test_every_value_has_its_word() -> None:
    assert set(words.VERDICTS) == set(Verdict)
    assert set(words.PRESENCES) == set(Presence)
    assert set(words.SOURCES) == set(PunchSource)
    assert set(rules.GRAVEST_FIRST) == set(Verdict)


# ── flexible hours ──

SLIDES = {"flex": Flex(before=60, after=120)}


@pytest.mark.parametrize(
    ("punches", "verdicts", "late", "early", "worked"),
    [
        ("in 09:00, out 18:00", "正常", 0, 0, 480),
        ("in 08:20, out 17:20", "正常", 0, 0, 480),  # forty minutes earlier, the whole day
        ("in 07:30, out 17:00", "正常", 0, 0, 480),  # an hour at most
        ("in 07:30, out 16:50", "早退", 0, 10, 470),
        ("in 10:30, out 19:30", "正常", 0, 0, 480),
        ("in 10:30, out 18:30", "早退", 0, 60, 420),
        ("in 11:20, out 20:00", "迟到", 20, 0, 460),  # beyond the two hours
    ],
)
def test_a_flexible_day_slides_with_the_first_punch(
    punches: str, verdicts: str, late: int, early: int, worked: int
) -> None:
    result = judged(punches, **SLIDES)
    assert (words.title(result.verdicts), result.late, result.early, result.worked) == (verdicts, late, early, worked)
    assert result.expected == 480


def test_on_a_day_with_leave_the_hours_are_fixed() -> None:
    result = judged("in 09:40, out 13:00", leave("13:00", "18:00"), **SLIDES)
    assert (words.title(result.verdicts), result.late) == ("迟到、请假", 40)


# ── left late, come late ──


@pytest.mark.parametrize(
    ("earned", "punches", "late", "expected"),
    [(0, "in 09:30", 30, 480), (30, "in 09:30", 0, 450), (30, "in 09:40", 10, 450), (30, "in 09:10", 0, 470)],
)
def test_who_left_late_may_come_later_and_no_longer(earned: int, punches: str, late: int, expected: int) -> None:
    case = Case(duty(), marks(f"{punches}, out 18:00"), may_come_later=earned)
    result = rules.judge(case, at("30:00"))
    assert (result.late, result.expected, result.late + result.worked) == (late, expected, expected)


@pytest.mark.parametrize(("out", "earned"), [("18:59", 0), ("19:00", 30), ("23:30", 60)])
def test_leaving_late_is_measured_from_the_end_of_work(out: str, earned: int) -> None:
    day = duty(left_late=(LeftLate(60, 30), LeftLate(120, 60)))
    assert day.shift.may_come_later(rules.left_late_by(day, marks(f"in 09:00, out {out}"))) == earned


# ── whole steps ──


@pytest.mark.parametrize(("time", "late"), [("09:04", 0), ("09:05", 5), ("09:14", 10), ("09:15", 15)])
def test_lateness_counts_in_whole_steps(time: str, late: int) -> None:
    assert judged(f"in {time}, out 18:00", step=5).late == late


# ── a split shift ──

SPLIT = ((540, 720), (1020, 1260))  # 09:00–12:00, 17:00–21:00


@pytest.mark.parametrize(
    ("punches", "verdicts", "late", "early", "absent"),
    [
        ("in 09:00, out 12:00, in 17:00, out 21:00", "正常", 0, 0, 0),
        ("in 09:10, out 12:00, in 17:05, out 20:50", "迟到、早退", 15, 10, 0),
        ("in 09:00, out 12:00", "旷工", 0, 0, 240),
        ("in 09:00, out 12:00, in 17:00", "下班缺卡", 0, 0, 0),
        ("in 09:00, out 21:00", "上班缺卡、下班缺卡", 0, 0, 0),
    ],
)
def test_a_split_shift_is_punched_stretch_by_stretch(
    punches: str, verdicts: str, late: int, early: int, absent: int
) -> None:
    result = judged(punches, segments=SPLIT, punches_each=True)
    got = words.title(result.verdicts), result.late, result.early, result.absent
    assert got == (verdicts, late, early, absent)
    assert result.expected == 420


def test_the_second_stretch_is_open_while_the_first_is_judged() -> None:
    result = judged("in 09:20, out 12:00", segments=SPLIT, punches_each=True, now="16:00")
    assert words.title(result.verdicts) == "迟到、进行中"


# ── trips and the field ──


def trip(start: str, end: str) -> Absence:
    return Absence(Span(at(start), at(end)), "上海", is_trip=True)


@pytest.mark.parametrize(
    ("punches", "absences", "verdicts", "left", "away"),
    [
        ("", [trip("09:00", "18:00")], "出差", 0, 480),
        ("in 09:00, out 12:00", [trip("13:00", "18:00")], "出差、正常", 0, 300),
        ("", [leave("09:00", "12:00"), trip("09:00", "18:00")], "请假、出差", 180, 300),  # leave comes first
    ],
)
def test_a_trip_excuses_after_leave(punches: str, absences: list[Absence], verdicts: str, left: int, away: int) -> None:
    result = judged(punches, *absences)
    assert (words.title(result.verdicts), result.leave, result.trip) == (verdicts, left, away)


def test_a_punch_in_the_field_counts_and_is_named() -> None:
    field = (Mark(at("08:50"), IN, PunchSource.FIELD, "客户"), Mark(at("18:00"), OUT, PunchSource.H5))
    result = rules.judge(Case(duty(), field), at("30:00"))
    assert (words.title(result.verdicts), result.worked) == ("外勤、正常", 480)


# ── other clocks ──


@pytest.mark.parametrize(
    ("day", "minutes"),
    [
        (date(2026, 3, 7), 480),
        (date(2026, 3, 8), 420),  # the night in which New York skips an hour
        (date(2026, 11, 1), 540),  # and the one it has twice
    ],
)
def test_a_night_is_as_long_as_it_is_where_it_is_worked(day: date, minutes: int) -> None:
    days = [shape(day + timedelta(days=n), ((1320 - 1440, 360),), zone="America/New_York") for n in (-1, 0, 1)]
    (worked,) = rules.duties(days)
    assert rules.minutes(worked.spans) == minutes


def test_the_company_may_be_on_another_clock_without_moving_a_verdict() -> None:
    tokyo = duty(zone="Asia/Tokyo")
    early = Mark(clock.at_local(MONDAY, 540, "Asia/Tokyo"), IN, PunchSource.H5)
    result = rules.judge(Case(tokyo, (early,)), at("12:00"))
    assert (result.late, words.moment(early.at, MONDAY, result.zone)) == (0, "09:00")
