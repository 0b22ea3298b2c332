"""My notices on the phone."""

from collections.abc import Callable

from simulator import Twin
from tests.factories import notices as make
from tests.support.clients import Someone

Ask = Callable[..., Someone]


def test_i_find_read_and_confirm_a_notice(twin: Twin, drain: Callable[[], int], h5: Ask) -> None:
    make.hr(twin)
    make.staff(twin, "lilei")
    notice = make.sent(must_confirm=True, title="<b>手册</b>")
    drain()
    lilei = h5("lilei")
    listed = lilei.get("/notices").text
    assert "&lt;b&gt;手册&lt;/b&gt;" in listed
    assert "请确认" in listed
    page = lilei.get(f"/notices/{notice}").text
    assert "<h3>放假安排</h3>" in page
    assert 'rel="noopener noreferrer"' in page
    assert f'hx-post="/h5/notices/{notice}/open" hx-trigger="load"' in page

    assert lilei.post(f"/notices/{notice}/open").status_code == 204
    assert "hx-trigger" not in lilei.get(f"/notices/{notice}").text
    assert lilei.post(f"/notices/{notice}/confirm", data={}).headers["Location"] == f"/h5/notices/{notice}"
    assert "已确认" in lilei.get(f"/notices/{notice}").text


def test_an_empty_list_says_so(twin: Twin, h5: Ask) -> None:
    make.staff(twin, "lilei")
    assert "还没有公告" in h5("lilei").get("/notices").text
    assert "没有未读的公告" in h5("lilei").get("/notices?only=unread").text


def test_a_draft_is_for_whom_it_was_shown_to(twin: Twin, drain: Callable[[], int], h5: Ask, console: Ask) -> None:
    make.hr(twin)
    make.staff(twin, "lilei", "lucy")
    notice = make.draft(must_confirm=True)
    console("hr").post(f"/notices/{notice}/preview", data={"person": "lilei"})
    drain()
    assert twin.card("lilei").title == "清明节放假安排"
    page = h5("lilei").get(f"/notices/{notice}").text
    assert "预览" in page
    assert "我已阅读并知悉" not in page
    assert h5("lucy").get(f"/notices/{notice}").status_code == 404
    assert h5("lilei").post(f"/notices/{notice}/confirm", data={}).status_code == 409
