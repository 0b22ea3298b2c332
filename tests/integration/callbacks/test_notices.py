"""Confirming a notice by a tap on its card."""

from collections.abc import Callable

from flask import Flask

from services import notices, people
from simulator import Twin
from tests.factories import notices as make


def test_a_tap_confirms_the_notice_and_greys_the_button(app: Flask, twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    make.staff(twin, "lilei", "lucy")
    notice = make.sent(must_confirm=True)
    drain()
    twin.tap("lilei", twin.card("lilei"), "我已知悉")
    assert twin.card("lilei").greyed == "已确认"
    assert twin.card("lucy").greyed == ""
    assert notices.get(people.by_userid("hr"), notice).tally.confirmed == 1


def test_a_tap_on_a_recalled_notice_says_so(app: Flask, twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    notice = make.sent(must_confirm=True)
    drain()
    card = twin.card("hr")
    notices.recall(people.by_userid("hr"), notice)
    twin.tap("hr", card, "我已知悉")
    assert twin.card("hr").greyed == "这条公告已被撤回"


def test_somebody_else_with_the_key_confirms_nothing(app: Flask, twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    make.staff(twin, "lilei")
    notice = make.sent(must_confirm=True, persons="hr")
    drain()
    twin.hands.press(twin.agent, "lilei", twin.card("hr"), f"confirm_notice:{notice}", {})
    assert notices.get(people.by_userid("hr"), notice).tally.confirmed == 0
