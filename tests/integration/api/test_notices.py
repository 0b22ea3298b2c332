"""My notices in the mini-program."""

from collections.abc import Callable

from simulator import Twin
from tests.factories import notices as make
from tests.support.clients import Someone

Ask = Callable[..., Someone]


def test_i_read_and_confirm_a_notice(twin: Twin, drain: Callable[[], int], api: Ask) -> None:
    make.hr(twin)
    make.staff(twin, "lilei")
    notice = make.sent(must_confirm=True)
    drain()
    lilei = api("lilei")
    (line,) = lilei.get("/notices?only=unread").json["items"]
    assert (line["title"], line["is_unread"], line["needs_confirmation"]) == ("清明节放假安排", True, True)
    read = lilei.get(f"/notices/{notice}").json
    assert [block["kind"] for block in read["blocks"]] == ["paragraph", "heading", "item", "quote"]
    assert read["blocks"][2]["spans"][0] == {"text": "4月4日", "is_strong": True, "link": ""}
    assert read["blocks"][3]["spans"][1]["link"] == "https://hr.example.com/qm"

    assert lilei.post(f"/notices/{notice}/open").status_code == 204
    assert lilei.get("/notices?only=unread").json["items"] == []
    assert lilei.post(f"/notices/{notice}/confirm").status_code == 204
    assert lilei.post(f"/notices/{notice}/confirm").status_code == 204
    assert lilei.get(f"/notices/{notice}").json["confirmed_at"].startswith("2026-03-02T01:30")


def test_what_is_not_mine_is_absent(twin: Twin, drain: Callable[[], int], api: Ask) -> None:
    make.hr(twin)
    make.staff(twin, "lilei")
    notice = make.sent(persons="hr")
    drain()
    lilei = api("lilei")
    assert lilei.get("/notices").json["items"] == []
    for method, path in (("GET", ""), ("POST", "/open"), ("POST", "/confirm")):
        assert lilei.request(method, f"/notices/{notice}{path}").status_code == 404
        assert lilei.request(method, f"/notices/nothing{path}").status_code == 404


def test_a_notice_without_a_question_takes_no_confirmation(twin: Twin, drain: Callable[[], int], api: Ask) -> None:
    make.hr(twin)
    notice = make.sent()
    drain()
    refusal = api("hr").post(f"/notices/{notice}/confirm")
    assert (refusal.status_code, refusal.json["title"]) == (409, "这条公告无需确认")


def test_my_list_comes_in_pages_newest_first(twin: Twin, drain: Callable[[], int], api: Ask) -> None:
    make.hr(twin)
    made = {make.sent(title=f"第{n}条") for n in range(5)}
    drain()
    hr, seen, cursor = api("hr"), [], ""
    for _ in range(3):
        page = hr.get(f"/notices?limit=2&cursor={cursor}").json
        seen += [line["id"] for line in page["items"]]
        cursor = page["next_cursor"] or ""
    assert set(seen) == made
    assert len(seen) == 5
    assert cursor == ""


def test_a_cursor_somebody_made_up_is_refused(twin: Twin, api: Ask) -> None:
    make.hr(twin)
    assert api("hr").get("/notices?cursor=WzFd").status_code == 422


def test_an_id_that_cannot_be_one_is_merely_absent(twin: Twin, api: Ask) -> None:
    make.hr(twin)
    for strange in ("中文", "%00", "'--", "x" * 300):
        assert api("hr").get(f"/notices/{strange}").status_code == 404
