"""Leave that is asked for in pieces is measured as what it is: what adjoins counts together, as does one day."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from models.base import db
from models.enums import Gender
from models.leave import LeaveRequest
from models.people import Person
from services import approvals, people, platform
from services.approvals import Decide
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]


@pytest.fixture
def han(app: Flask) -> Person:
    """Han has ten days; Wang decides."""
    grants.kinds()
    team = make.department("研发部")
    wang = make.person("wangwu", "王五", dept=team, leads=True)
    person = make.person("hanmeimei", "韩梅梅", superior=wang, dept=team, gender=Gender.FEMALE)
    grants.lot(person, 10)
    return person


def ask(first: str, last: str | None = None, kind: str = "annual", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "first_day": first, "last_day": last or first, **more}


def asked(me: Someone, plan: dict[str, Any]) -> str:
    made = me.post("/leave/requests", json=plan)
    assert made.status_code == 201, made.json
    return str(made.json["id"])


def approved(me: Someone, plan: dict[str, Any]) -> str:
    made = asked(me, plan)
    with platform.unit_of_work():
        wang = people.by_userid("wangwu")
        (task,) = approvals.my_tasks(wang, approvals.TaskQuery()).items
        approvals.decide(wang, task.id, Decide(decision="approve"))
    return made


def refusal(me: Someone, plan: dict[str, Any]) -> str:
    """Why it is refused; the request says the same as the preview unless only a proof is missing."""
    answer = me.post("/leave/requests", json=plan)
    assert answer.status_code in (409, 422), answer.json
    return str(answer.json["title"])


def test_an_hour_a_day_is_an_hour_in_all(han: Person, api: Ways) -> None:
    me = api("hanmeimei")
    nursing = ask("2026-03-10", kind="breastfeeding", event_on="2026-01-10", from_time="10:00", to_time="10:30")
    asked(me, nursing)
    asked(me, {**nursing, "from_time": "15:00", "to_time": "15:30"})
    assert refusal(me, {**nursing, "from_time": "17:00", "to_time": "17:30"}) == (
        "这种假每天最多 1小时，3月10日已请 1小时，请调整时间（《女职工劳动保护特别规定》第九条）"
    )
    asked(me, {**nursing, "first_day": "2026-03-11", "last_day": "2026-03-11", "to_time": "11:00"})


def test_two_halves_are_a_day(han: Person, api: Ways) -> None:
    with clock.frozen(datetime(2027, 3, 1, 1, 30, tzinfo=UTC)):
        me = api("hanmeimei")
        asked(me, ask("2027-03-08", kind="half_day", to_half="am"))
        assert "相邻的已请 0.5 天，本次 0.5 天" in refusal(me, ask("2027-03-08", kind="half_day", from_half="pm"))


def test_days_in_a_row_need_the_proof_of_a_long_illness(han: Person, api: Ways) -> None:
    me = api("hanmeimei")
    asked(me, ask("2026-03-06", kind="sick"))
    assert refusal(me, ask("2026-03-09", kind="sick")) == "超过 1 天需要上传病历或诊断证明（和相邻的请假连起来共 2 天）"
    said = me.get("/leave/preview", query_string=ask("2026-03-05", kind="sick")).json["notes"]
    assert "和相邻的病假连起来共 2 天" in said
    asked(me, ask("2026-03-11", kind="sick"))  # a day of work lies between


def test_the_most_at_once_is_not_asked_for_in_two(han: Person, api: Ways) -> None:
    grants.edit("annual", max_days="3", notice="超过 2 天 提前 7 天")
    me = api("hanmeimei")
    asked(me, ask("2026-03-05", "2026-03-06"))
    assert "提前 7 天" in refusal(me, ask("2026-03-04"))
    middle = asked(me, ask("2026-03-10", "2026-03-11"))
    grants.edit("annual", notice="")
    assert refusal(me, ask("2026-03-09")) == "这种假一次最多 3 天，相邻的已请 4 天，本次 1 天"
    me.post(f"/leave/requests/{middle}/withdraw")
    asked(me, ask("2026-03-09"))


def test_leave_for_another_event_is_another_leave(han: Person, api: Ways) -> None:
    grants.edit("bereavement", max_days="3")
    me = api("hanmeimei")
    told = {"relative": "parent", "event_on": "2026-03-02"}
    asked(me, ask("2026-03-04", "2026-03-05", "bereavement", **told))
    asked(me, ask("2026-03-06", "2026-03-09", "bereavement", **(told | {"event_on": "2026-03-01"})))


class TestSandwich:
    @pytest.fixture(autouse=True)
    def _counts(self, han: Person) -> None:
        grants.edit("annual", sandwich="all")

    def test_friday_and_monday_apart_count_the_days_between(self, han: Person, api: Ways) -> None:
        me = api("hanmeimei")
        asked(me, ask("2026-03-06"))
        assert refusal(me, ask("2026-03-09")) == (
            "前后连着请时，夹在中间的3月7日至3月8日也计入假期，请把中间的日期一起选上"
        )
        preview = me.get("/leave/preview", query_string=ask("2026-03-07", "2026-03-09")).json
        assert (preview["refusal"], preview["length"]) == (None, "3天")
        assert "夹在中间的 2 天休息日计入请假" in preview["notes"]
        made = asked(me, ask("2026-03-07", "2026-03-09"))
        assert me.get(f"/leave/requests/{made}").json["length"] == "3天"

    def test_what_is_asked_for_before_fills_up_to_it(self, han: Person, api: Ways) -> None:
        me = api("hanmeimei")
        asked(me, ask("2026-03-09", to_half="am"))
        assert "夹在中间的3月7日至3月8日" in refusal(me, ask("2026-03-06"))
        assert "夹在中间的3月7日至3月8日" in refusal(me, ask("2026-03-05", "2026-03-06"))
        assert me.get("/leave/preview", query_string=ask("2026-03-06", "2026-03-08")).json["length"] == "3天"
        asked(me, ask("2026-03-06", to_half="am"))  # somebody works in the afternoon

    def test_the_days_between_stay_while_both_sides_do(self, han: Person, api: Ways) -> None:
        me = api("hanmeimei")
        approved(me, ask("2026-03-06"))
        made = approved(me, ask("2026-03-07", "2026-03-10"))
        me.post(f"/leave/requests/{made}/cancel", json={"reason": "周二上班", "first_day": "2026-03-10"})
        with platform.unit_of_work():
            wang = people.by_userid("wangwu")
            (task,) = approvals.my_tasks(wang, approvals.TaskQuery()).items
            approvals.decide(wang, task.id, Decide(decision="approve"))
        assert me.get(f"/leave/requests/{made}").json["length"] == "3天"


class TestLonger:
    def test_an_extension_is_counted_once_when_it_is_changed(self, han: Person, api: Ways) -> None:
        grants.edit("personal", max_days="5")
        me = api("hanmeimei")
        first = approved(me, ask("2026-03-09", "2026-03-11", kind="personal"))
        more = ask("2026-03-12", "2026-03-13", kind="personal", extends=first)
        made = asked(me, more)
        changed = me.put(f"/leave/requests/{made}", json={**more, "reason": "补充事由"})
        assert changed.status_code == 200, changed.json

    def test_nothing_goes_on_with_itself(self, han: Person, api: Ways) -> None:
        me = api("hanmeimei")
        first = asked(me, ask("2026-03-10", kind="personal"))
        itself = me.put(f"/leave/requests/{first}", json=ask("2026-03-11", kind="personal", extends=first))
        assert (itself.status_code, itself.json["title"]) == (409, "一次请假不能接着它自己，请直接修改日期")
        later = asked(me, ask("2026-03-11", kind="personal", extends=first))
        round_about = me.put(f"/leave/requests/{first}", json=ask("2026-03-12", kind="personal", extends=later))
        assert round_about.status_code == 409
        assert db.session.scalar(select(LeaveRequest.extends_id).where(LeaveRequest.id == first)) is None

    def test_the_second_extension_can_be_changed(self, han: Person, api: Ways) -> None:
        me = api("hanmeimei")
        first = approved(me, ask("2026-03-09", kind="personal"))
        second = approved(me, ask("2026-03-10", kind="personal", extends=first))
        third = asked(me, ask("2026-03-11", kind="personal", extends=second))
        form = {name: value for name, value in me.get(f"/leave/requests/{third}/form").json.items() if value}
        changed = me.put(f"/leave/requests/{third}", json={**form, "reason": "补充事由"})
        assert changed.status_code == 200, changed.json
