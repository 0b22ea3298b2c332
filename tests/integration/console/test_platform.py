"""The plumbing on the console: failed promises are tried again, the trail is read and proven, settings are changed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from entrypoints.jobs import keeper
from kit import clock
from kit.errors import Conflict
from models.enums import Role
from services import people, platform, wiring
from tests.factories.people import person
from tests.support.clients import Someone

As = Callable[..., Someone]


@pytest.fixture(autouse=True)
def _company(app: object) -> None:
    person("lihua", "李华")
    person("hanchen", "韩辰", roles=(Role.ADMIN,))
    person("wangxin", "王辛", roles=(Role.AUDITOR,))


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> str:
    """A promise that was refused."""

    def refuse(_payload: object) -> None:
        raise Conflict("已经结束")

    monkeypatch.setitem(wiring.WORKERS, "test.work", refuse)
    made = platform.transact(lambda: platform.promise("test.work", {}))
    [claimed] = platform.transact(lambda: platform.promises.claim(1))
    keeper.keep(claimed, {})
    return made or ""


class TestOutbox:
    def test_a_failure_shows_with_its_reason_and_is_tried_again(self, console: As, refused: str) -> None:
        admin = console("hanchen")
        assert "已经结束" in admin.get("/platform/outbox?state=refused").text
        answer = admin.post(f"/platform/outbox/{refused}/retry")
        assert answer.headers["Location"] == "/console/platform/outbox"
        assert "没有符合条件的记录" in admin.get("/platform/outbox?state=refused").text

    def test_what_did_not_fail_is_not_tried_again(self, console: As) -> None:
        made = platform.transact(lambda: platform.promise("test.work", {}))
        assert console("hanchen").post(f"/platform/outbox/{made}/retry").status_code == 409

    def test_the_work_is_called_by_its_name(self, console: As) -> None:
        platform.transact(lambda: platform.promise("payroll.publish_chunk", {}))
        assert "分批发布工资条" in console("hanchen").get("/platform/outbox").text

    def test_an_auditor_looks_but_does_not_touch(self, console: As, refused: str) -> None:
        auditor = console("wangxin")
        assert "重试" not in auditor.get("/platform/outbox").text.replace("自动重试", "")
        assert auditor.post(f"/platform/outbox/{refused}/retry").status_code == 403

    def test_pages_follow_each_other(self, console: As) -> None:
        for number in range(45):
            platform.transact(lambda n=number: platform.promise(f"test.kind{n:02}", {}))
        admin, seen, path = console("hanchen"), "", "/platform/outbox?sort=made&limit=20"
        for _ in range(3):
            page = admin.get(path).text
            seen += page
            if "下一页" in page:
                path = "/platform/outbox" + page.split("下一页")[0].rsplit('href="', 1)[1].split('"')[0].replace(
                    "&amp;", "&"
                )
        assert all(seen.count(f"test.kind{number:02}<") == 1 for number in range(45))

    def test_the_list_leaves_as_a_file(self, console: As, refused: str) -> None:
        answer = console("hanchen").get("/platform/outbox?format=csv")
        assert "已经结束" in answer.get_data().decode("utf-8-sig")


def test_callbacks_show_with_what_became_of_them(console: As) -> None:
    with platform.unit_of_work():
        platform.inbox.first_time("a" * 64, "hr", "text", "lihua")
        platform.inbox.note_result("a" * 64, "chat")
    page = console("wangxin").get("/platform/inbox?userid=LIHUA&kind=text").text
    assert "chat" in page
    assert "没有符合条件的记录" in console("wangxin").get("/platform/inbox?userid=other").text


class TestAudit:
    def test_the_trail_is_read_by_auditors_only(self, console: As) -> None:
        with platform.unit_of_work():
            platform.audit.record(people.by_userid("lihua"), "test.act", "thing:1", after={"状态": "新"})
        page = console("wangxin").get("/platform/audit?action=test").text
        assert "李华" in page
        assert "thing:1" in page
        assert console("hanchen").get("/platform/audit").status_code == 403

    def test_the_trail_is_searched_by_who_acted(self, console: As) -> None:
        with platform.unit_of_work():
            platform.audit.record(people.by_userid("lihua"), "test.act", "thing:1")
        auditor = console("wangxin")
        assert "thing:1" in auditor.get("/platform/audit?actor=lihua").text
        assert "thing:1" not in auditor.get("/platform/audit?actor=wangxin").text

    def test_the_trail_is_proven(self, console: As) -> None:
        with platform.unit_of_work():
            platform.audit.record(people.by_userid("lihua"), "test.act", "thing:1")
        with clock.frozen(clock.now() + timedelta(minutes=5)):
            platform.transact(platform.audit.link)
            assert "完整" in console("wangxin").post("/platform/audit/verify").text

    def test_taking_it_away_is_an_act_too(self, console: As) -> None:
        assert console("wangxin").get("/platform/audit?format=xlsx").headers["Location"].startswith("/console/step-up")
        console("wangxin", stepped_up=True).get("/platform/audit?format=xlsx")
        assert "platform.audit.export" in console("wangxin").get("/platform/audit").text


class TestSettings:
    def test_a_change_is_in_force_and_on_record(self, console: As) -> None:
        admin = console("hanchen")
        assert "免打扰时段" in admin.get("/platform/settings").text
        answer = admin.post("/platform/settings/notices.quiet_hours", data={"begins": "23:00", "ends": "07:00"})
        assert answer.status_code == 303
        assert 'value="23:00"' in admin.get("/platform/settings").text
        assert platform.audit.count() >= 1

    @pytest.mark.parametrize("fields", [{"begins": "25:00"}, {"begins": "x", "ends": "y"}])
    def test_what_does_not_fit_is_refused(self, console: As, fields: dict[str, str]) -> None:
        answer = console("hanchen").post("/platform/settings/notices.quiet_hours", data=fields)
        assert answer.status_code == 422

    def test_there_are_no_other_settings(self, console: As) -> None:
        assert console("hanchen").post("/platform/settings/nothing.such", data={"a": "1"}).status_code == 404
