"""Quiet hours, and what may be done with a notice when. Times are Shanghai's."""

from datetime import UTC, datetime, time, timedelta

import pytest

from kit.errors import Conflict, Invalid
from models.enums import NoticeState
from services.notices import body, rules


def at(wall: str, day: int = 2) -> datetime:
    hour, minute = map(int, wall.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


NIGHT = (time(22, 0), time(8, 0))
NOON = (time(12, 0), time(13, 30))


@pytest.mark.parametrize(
    ("wall", "hours", "quiet"),
    [
        ("21:59", NIGHT, False), ("22:00", NIGHT, True), ("03:00", NIGHT, True), ("07:59", NIGHT, True),
        ("08:00", NIGHT, False), ("12:00", NOON, True), ("13:30", NOON, False), ("03:00", NOON, False),
        ("08:00", (time(8, 0), time(8, 0)), False),
    ],
)  # fmt: skip
def test_quiet_hours_may_span_midnight(wall: str, hours: tuple[time, time], quiet: bool) -> None:
    assert rules.is_quiet(at(wall), *hours) is quiet


@pytest.mark.parametrize(
    ("wall", "hours", "loud"),
    [
        ("23:00", NIGHT, at("08:00", day=3)), ("03:00", NIGHT, at("08:00")), ("10:00", NIGHT, at("10:00")),
        ("12:15", NOON, at("13:30")),
    ],
)  # fmt: skip
def test_what_can_wait_waits_for_their_end(wall: str, hours: tuple[time, time], loud: datetime) -> None:
    assert rules.first_loud(at(wall), *hours) == loud


def test_a_notice_is_recalled_within_a_day() -> None:
    sent = at("09:00")
    rules.check_recallable(NoticeState.SENT, sent, sent + timedelta(hours=23, minutes=59))
    rules.check_recallable(NoticeState.SENDING, sent, sent)
    with pytest.raises(Conflict, match="24 小时"):
        rules.check_recallable(NoticeState.SENT, sent, sent + timedelta(hours=24))


@pytest.mark.parametrize("state", [NoticeState.DRAFT, NoticeState.SCHEDULED, NoticeState.RECALLED])
def test_what_was_not_sent_is_not_recalled(state: NoticeState) -> None:
    with pytest.raises(Conflict):
        rules.check_recallable(state, at("09:00"), at("09:01"))


def test_people_are_nudged_at_most_every_four_hours() -> None:
    rules.check_nudgeable(NoticeState.SENT, None, at("09:00"))
    rules.check_nudgeable(NoticeState.SENT, at("09:00"), at("13:00"))
    with pytest.raises(Conflict, match="13:00"):
        rules.check_nudgeable(NoticeState.SENT, at("09:00"), at("12:59"))
    with pytest.raises(Conflict, match="发送完成"):
        rules.check_nudgeable(NoticeState.SENDING, None, at("09:00"))


@pytest.mark.parametrize("wall", ["09:00", "08:59"])
def test_a_notice_is_scheduled_for_later(wall: str) -> None:
    with pytest.raises(Invalid):
        rules.check_time(at(wall), at("09:00"))


def test_a_body_is_lines_with_a_little_structure() -> None:
    parsed = body.blocks("# 标题\n\n正文**重点**，见 https://a.cn/x?y=1。\n- 一\n> 二\n<script>")
    assert [block.kind for block in parsed] == ["heading", "paragraph", "item", "quote", "paragraph"]
    assert [(span.text, span.is_strong, span.link) for span in parsed[1].spans] == [
        ("正文", False, ""), ("重点", True, ""), ("，见 ", False, ""),
        ("https://a.cn/x?y=1", False, "https://a.cn/x?y=1"), ("。", False, ""),
    ]  # fmt: skip
    assert parsed[4].spans[0].text == "<script>"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "http://", "**", "****", "#", "- ", "https://a"])
def test_what_only_looks_like_structure_stays_text(text: str) -> None:
    (block,) = body.blocks(text) or [None]
    assert block is None or not any(span.is_strong or span.link.startswith("javascript") for span in block.spans)


def test_a_summary_has_no_marks() -> None:
    assert body.summary("# 放假\n- **4月4日**放假") == "放假 4月4日放假"
