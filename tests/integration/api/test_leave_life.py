"""The life of a request: edited, shortened, prolonged, moved and approved in part; each step gives back exactly."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.base import db
from models.enums import Gender, Role
from models.leave import LeaveEntry, LeaveSegment
from models.people import Person
from models.platform import Promise
from services import approvals, leave, people, platform
from services.approvals import Decide, Node
from tests.factories import leave as grants
from tests.factories import people as make
from tests.factories.approvals import HR, SUPERIOR, save_chain
from tests.support.clients import Someone

Ways = Callable[..., Someone]
A_DAY = 480


@pytest.fixture
def li(app: Flask) -> Person:
    """Li has five days until the end of the year and two that expire in March; Wang decides."""
    grants.kinds()
    team = make.department("研发部")
    wang = make.person("wangwu", "王五", dept=team, leads=True)
    make.person("hanmeimei", "韩梅梅", superior=wang, dept=team)
    make.person("chen", "陈人事", roles=(Role.HR,))
    person = make.person("lilei", "李雷", superior=wang, dept=team, gender=Gender.MALE)
    grants.lot(person, 5)
    grants.lot(person, 2, expires_on=date(2026, 3, 31), title="结转")
    return person


def ask(first: str, last: str | None = None, kind: str = "annual", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "first_day": first, "last_day": last or first, **more}


def lots(one: Someone) -> dict[str, float]:
    """Days left of each lot."""
    return {lot["title"]: lot["minutes"] / A_DAY for b in one.get("/leave/balances").json for lot in b["lots"]}


def decide(decision: str = "approve", **more: Any) -> None:
    with platform.unit_of_work():
        wang = people.by_userid("wangwu")
        (task,) = approvals.my_tasks(wang, approvals.MineQuery()).items
        approvals.decide(wang, task.id, Decide(decision=decision, **more))


def approved(me: Someone, plan: dict[str, Any]) -> str:
    made = me.post("/leave/requests", json=plan)
    assert made.status_code == 201, made.json
    decide()
    return str(made.json["id"])


def days_of(request_id: str) -> list[str]:
    found = select(LeaveSegment.day).where(LeaveSegment.request_id == request_id).order_by(LeaveSegment.day)
    return [day.isoformat()[5:] for day in db.session.scalars(found)]


WHOLE = {"结转": 2, "2026年年假": 5}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What leave told the other domains."""
    told: list[Any] = []
    publish = platform.publish
    monkeypatch.setattr(platform, "publish", lambda event: (told.append(event), publish(event)))
    return told


class TestPart:
    @pytest.mark.parametrize(
        ("first", "last", "kept", "left"),
        [
            ("2026-03-12", None, ["03-09", "03-10", "03-11"], {"结转": 0, "2026年年假": 4}),  # an early return
            ("2026-03-10", None, ["03-09"], {"结转": 1, "2026年年假": 5}),
            (None, "2026-03-10", ["03-11", "03-12", "03-13"], {"结转": 0, "2026年年假": 4}),
        ],
    )
    def test_days_at_an_end_go_back_to_what_lasts_longest(
        self, li: Person, api: Ways, heard: list[Any], first: str | None, last: str | None, kept: list[str], left: Any
    ) -> None:
        me = api("lilei")
        made = approved(me, ask("2026-03-09", "2026-03-13"))
        assert lots(me).get("结转", 0) == 0
        wish = {"reason": "提前返岗", **({"first_day": first} if first else {}), **({"last_day": last} if last else {})}
        assert me.post(f"/leave/requests/{made}/cancel", json=wish).status_code == 200
        decide()
        assert days_of(made) == kept
        assert {title: lots(me).get(title, 0) for title in WHOLE} == left
        detail = me.get(f"/leave/requests/{made}").json
        assert (detail["state"], detail["length"]) == ("approved", f"{len(kept)}天")
        (event,) = [one for one in heard if isinstance(one, leave.Cancelled)]
        assert (len(event.dates), event.days) == (5 - len(kept), 5 - len(kept))

    def test_the_rest_can_be_cancelled_and_nothing_is_left_behind(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        made = approved(me, ask("2026-03-09", "2026-03-13", from_half="pm", to_half="am"))
        me.post(f"/leave/requests/{made}/cancel", json={"reason": "提前返岗", "first_day": "2026-03-11"})
        decide()
        assert me.get(f"/leave/requests/{made}").json["span"] == "3月9日下午至3月10日"
        me.post(f"/leave/requests/{made}/cancel", json={"reason": "都不休了"})
        decide()
        assert lots(me) == WHOLE
        held = select(func.sum(LeaveEntry.minutes)).where(LeaveEntry.request_id == made)
        assert int(db.session.scalar(held) or 0) == 0

    @pytest.mark.parametrize(
        ("first", "last", "words"),
        [("2026-03-14", "2026-03-15", "没有请假"), ("2026-02-10", "2026-02-11", "没有请假")],
    )
    def test_what_is_no_part_is_refused(self, li: Person, api: Ways, first: str, last: str, words: str) -> None:
        me = api("lilei")
        made = approved(me, ask("2026-03-09", "2026-03-13"))
        answer = me.post(f"/leave/requests/{made}/cancel", json={"reason": "x", "first_day": first, "last_day": last})
        assert (answer.status_code, words in answer.json["title"]) == (422, True)

    def test_a_refused_part_changes_nothing(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        made = approved(me, ask("2026-03-09", "2026-03-13"))
        before = lots(me)
        me.post(f"/leave/requests/{made}/cancel", json={"reason": "x", "first_day": "2026-03-12"})
        decide("reject", comment="已经安排了人")
        assert (lots(me), len(days_of(made))) == (before, 5)

    def test_days_off_between_go_with_the_days_beside_them(self, li: Person, api: Ways) -> None:
        grants.edit("annual", sandwich="all")
        me = api("lilei")
        made = approved(me, ask("2026-03-06", "2026-03-09"))
        me.post(f"/leave/requests/{made}/cancel", json={"reason": "周一上班", "first_day": "2026-03-09"})
        decide()
        assert days_of(made) == ["03-06"]
        assert lots(me) == {"结转": 1, "2026年年假": 5}


class TestApprovedInPart:
    def test_three_of_five_days(self, li: Person, api: Ways, heard: list[Any]) -> None:
        me = api("lilei")
        made = me.post("/leave/requests", json=ask("2026-03-09", "2026-03-13")).json["id"]
        decide(part={"first_day": "2026-03-09", "last_day": "2026-03-11"})
        detail = me.get(f"/leave/requests/{made}").json
        assert (detail["state"], detail["length"], detail["last_day"]) == ("approved", "3天", "2026-03-11")
        assert lots(me) == {"2026年年假": 4}
        (event,) = [one for one in heard if isinstance(one, leave.Granted)]
        assert event.days == 3
        assert any("同意3月9日至3月11日，共3天（申请5天）" in row["note"] + row["title"] for row in
                   me.get(f"/leave/requests/{made}/timeline").json)  # fmt: skip

    def test_who_decides_later_agrees_only_to_days_that_are_left(self, li: Person, api: Ways) -> None:
        save_chain(Node(name="上级", approvers=(SUPERIOR,)), Node(name="人事", approvers=(HR,)), subject="leave")
        me, chen = api("lilei"), people.by_userid("chen")
        made = me.post("/leave/requests", json=ask("2026-03-09", "2026-03-13")).json["id"]
        decide(part={"first_day": "2026-03-09", "last_day": "2026-03-10"})
        (task,) = approvals.my_tasks(chen, approvals.MineQuery()).items
        offered = approvals.detail(chen, task.instance_id).parts
        assert [one.title for one in offered] == ["前1天：3月9日", "后1天：3月10日"]
        place = f"/approvals/tasks/{task.id}/decision"
        more = {"first_day": "2026-03-11", "last_day": "2026-03-13"}
        refused = api("chen").post(place, json={"decision": "approve", "part": more})
        sentence = "前面的审批人只同意3月9日至3月10日，只能在其中选择"
        assert (refused.status_code, refused.json["title"]) == (422, sentence)
        assert api("chen").post(place, json={"decision": "approve", "part": offered[1].part}).status_code == 200
        assert days_of(made) == ["03-10"]

    @pytest.mark.parametrize("part", [{}, {"first_day": "2026-03-20", "last_day": "2026-03-21"}, {"days": 3}])
    def test_what_is_no_part_is_refused(self, li: Person, api: Ways, part: dict[str, Any]) -> None:
        api("lilei").post("/leave/requests", json=ask("2026-03-09", "2026-03-13"))
        with pytest.raises(Exception, match="同意"):
            decide(part=part)


class TestEdit:
    def test_what_waits_is_measured_anew(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        made = me.post("/leave/requests", json=ask("2026-03-09", "2026-03-13")).json["id"]
        answer = me.put(f"/leave/requests/{made}", json=ask("2026-03-10", "2026-03-18", reason="改成七天"))
        assert answer.status_code == 200, answer.json
        assert (answer.json["id"], answer.json["length"]) == (made, "7天")
        assert lots(me) == {}
        assert me.get(f"/leave/requests/{made}").json["may_edit"] is True
        decide()
        assert me.get(f"/leave/requests/{made}").json["state"] == "approved"
        assert me.put(f"/leave/requests/{made}", json=ask("2026-03-10")).status_code == 409

    def test_a_change_that_is_refused_leaves_what_was_asked(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        made = me.post("/leave/requests", json=ask("2026-03-09", "2026-03-13")).json["id"]
        before = lots(me)
        actor, wish = people.by_userid("lilei"), leave.Apply(**ask("2026-03-09", "2026-03-25"))
        with pytest.raises(leave.InsufficientBalance), platform.unit_of_work():
            leave.edit(actor, made, wish)
        db.session.rollback()
        assert (lots(me), len(days_of(made))) == (before, 5)
        assert me.put(f"/leave/requests/{made}", json=ask("2026-03-10", kind="personal")).status_code == 409
        assert api("hanmeimei").put(f"/leave/requests/{made}", json=ask("2026-03-10")).status_code == 404


class TestOtherDays:
    def test_the_old_days_go_when_the_new_ones_come(self, li: Person, api: Ways, heard: list[Any]) -> None:
        me = api("lilei")
        old = approved(me, ask("2026-03-09", "2026-03-13"))
        plan = ask(
            "2026-03-11", "2026-03-17", replaces=old
        )  # over days that are taken, with a balance too small for both
        preview = me.get("/leave/preview", query_string=plan).json
        assert (preview["refusal"], preview["length"]) == (None, "5天")
        moved = me.post("/leave/requests", json=plan)
        assert moved.status_code == 201, moved.json
        assert lots(me) == {"2026年年假": 2}
        assert me.post(f"/leave/requests/{old}/cancel", json={"reason": "x"}).status_code == 409
        assert me.post("/leave/requests", json=plan).status_code == 409
        assert [one["id"] for one in me.get(f"/leave/requests/{old}").json["linked"]] == [moved.json["id"]]
        heard.clear()
        decide()
        assert [type(one).__name__ for one in heard if isinstance(one, leave.Granted | leave.Cancelled)] == [
            "Cancelled",
            "Granted",
        ]
        assert me.get(f"/leave/requests/{old}").json["state"] == "cancelled"
        assert me.get(f"/leave/requests/{moved.json['id']}").json["state"] == "approved"
        assert lots(me) == {"2026年年假": 2}
        me.post(f"/leave/requests/{moved.json['id']}/cancel", json={"reason": "不休了"})
        decide()
        assert lots(me) == WHOLE

    def test_later_days_need_another_lot_and_it_is_kept_for_them(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        old = approved(me, ask("2026-03-30", "2026-03-31"))  # paid by what expires in March
        assert lots(me) == {"2026年年假": 5}
        moved = me.post("/leave/requests", json=ask("2026-04-08", "2026-04-09", replaces=old)).json["id"]
        assert lots(me) == {"2026年年假": 3}  # held until it is decided
        decide("reject", comment="那两天要盘点")
        assert lots(me) == {"2026年年假": 5}
        assert me.get(f"/leave/requests/{old}").json["state"] == "approved"
        assert me.get(f"/leave/requests/{moved}").json["state"] == "rejected"
        me.post("/leave/requests", json=ask("2026-04-08", "2026-04-09", replaces=old))
        decide()
        assert lots(me) == {"结转": 2, "2026年年假": 3}

    def test_only_approved_leave_of_mine_and_the_same_kind(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        waiting = me.post("/leave/requests", json=ask("2026-03-09")).json["id"]
        assert (
            "审批中的请直接修改" in me.post("/leave/requests", json=ask("2026-03-10", replaces=waiting)).json["title"]
        )
        assert me.post("/leave/requests", json=ask("2026-03-10", kind="sick", replaces=waiting)).status_code == 404
        assert api("hanmeimei").post("/leave/requests", json=ask("2026-03-10", replaces=waiting)).status_code == 404


class TestLonger:
    def test_leave_that_goes_on_counts_with_what_it_goes_on_with(self, li: Person, api: Ways) -> None:
        grants.edit("personal", max_days=5)
        me = api("lilei")
        first = approved(me, ask("2026-03-04", "2026-03-06", kind="personal"))
        long = ask("2026-03-09", "2026-03-11", kind="personal", extends=first)
        answer = me.post("/leave/requests", json=long)
        assert answer.json["title"] == "这种假一次最多 5 天，相邻的已请 3 天，本次 3 天"
        more = me.post("/leave/requests", json={**long, "last_day": "2026-03-10"})
        assert more.status_code == 201, more.json
        assert [one["id"] for one in me.get(f"/leave/requests/{first}").json["linked"]] == [more.json["id"]]
        decide()
        again = ask("2026-03-11", kind="personal", extends=more.json["id"])
        assert "已请 5 天" in me.post("/leave/requests", json=again).json["title"]

    def test_a_working_day_between_makes_it_new_leave(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        first = approved(me, ask("2026-03-04", kind="personal"))
        gap = me.post("/leave/requests", json=ask("2026-03-06", kind="personal", extends=first))
        assert "之间有工作日" in gap.json["title"]
        before = me.post("/leave/requests", json=ask("2026-03-03", kind="personal", extends=first))
        assert "结束之后开始" in before.json["title"]


class TestCover:
    def test_the_colleague_is_asked_and_answers(self, li: Person, api: Ways, h5: Ways) -> None:
        me = api("lilei")
        made = me.post("/leave/requests", json=ask("2026-03-09", cover="韩梅梅")).json["id"]
        detail = me.get(f"/leave/requests/{made}").json
        assert (detail["cover"], detail["cover_state"]) == ("韩梅梅", "asked")
        han = h5("hanmeimei")
        assert "可以代班" in han.get(f"/leave/covers/{made}").text
        assert han.post(f"/leave/covers/{made}", data={"accepts": "true"}).status_code < 400
        assert me.get(f"/leave/requests/{made}").json["cover_state"] == "accepted"
        assert han.post(f"/leave/covers/{made}", data={"accepts": "false"}).status_code == 409
        assert h5("wangwu").get(f"/leave/covers/{made}").status_code == 404
        card = db.session.scalars(select(Promise.payload).where(Promise.kind == "message.send"))
        said = [str(payload["message"]) for payload in card]
        assert any("请您代班" in one and f"cover_accept:{made}" in one for one in said)
        assert any("已同意代班" in one for one in said)

    def test_the_mini_program_lists_it_and_answers(self, li: Person, api: Ways) -> None:
        me, han = api("lilei"), api("hanmeimei")
        made = me.post("/leave/requests", json=ask("2026-03-09", cover="韩梅梅")).json["id"]
        (asked,) = han.get("/leave/covers").json
        assert (asked["request_id"], asked["name"], asked["is_open"]) == (made, "李雷", True)
        assert han.get(f"/leave/covers/{made}").json == asked
        declined = han.post(f"/leave/covers/{made}", json={"accepts": False}).json
        assert (declined["state"], declined["is_open"]) == ("declined", False)
        assert me.get(f"/leave/requests/{made}").json["cover_state"] == "declined"
        assert han.post(f"/leave/covers/{made}", json={"accepts": True}).status_code == 409
        assert me.get(f"/leave/covers/{made}").status_code == 404
        assert me.get("/leave/covers").json == []

    def test_nobody_covers_for_themselves_or_what_is_gone(self, li: Person, api: Ways, h5: Ways) -> None:
        me = api("lilei")
        assert "不能选择自己" in me.post("/leave/requests", json=ask("2026-03-09", cover="lilei")).json["title"]
        assert "没有找到" in me.post("/leave/requests", json=ask("2026-03-09", cover="查无此人")).json["title"]
        made = me.post("/leave/requests", json=ask("2026-03-09", cover="hanmeimei")).json["id"]
        same = me.put(f"/leave/requests/{made}", json=ask("2026-03-09", cover="hanmeimei", reason="补充"))
        assert same.status_code == 200, same.json
        me.post(f"/leave/requests/{made}/withdraw")
        assert h5("hanmeimei").post(f"/leave/covers/{made}", data={"accepts": "true"}).status_code == 409

    def test_other_days_are_asked_for_anew(self, li: Person, api: Ways, h5: Ways) -> None:
        me, han = api("lilei"), h5("hanmeimei")
        made = me.post("/leave/requests", json=ask("2026-03-09", cover="hanmeimei")).json["id"]
        han.post(f"/leave/covers/{made}", data={"accepts": "true"})
        me.put(f"/leave/requests/{made}", json=ask("2026-03-09", cover="hanmeimei", reason="补充"))
        assert me.get(f"/leave/requests/{made}").json["cover_state"] == "accepted"
        me.put(f"/leave/requests/{made}", json=ask("2026-03-10", cover="hanmeimei"))
        assert me.get(f"/leave/requests/{made}").json["cover_state"] == "asked"


class TestForm:
    def test_a_request_is_the_form_that_made_it(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        plan = ask("2026-03-09", "2026-03-10", from_half="pm", reason="回家", cover="韩梅梅")
        made = me.post("/leave/requests", json=plan).json["id"]
        form = {name: value for name, value in me.get(f"/leave/requests/{made}/form").json.items() if value}
        assert form.items() >= (plan | {"to_half": "pm", "cover": "韩梅梅"}).items()
        assert me.put(f"/leave/requests/{made}", json=form).status_code == 200
        assert api("hanmeimei").get(f"/leave/requests/{made}/form").status_code == 404

    def test_what_moves_or_goes_on_begins_where_it_should(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        made = approved(me, ask("2026-03-09", "2026-03-10", reason="回家"))
        moved = me.get(f"/leave/form?replaces={made}").json
        assert (moved["first_day"], moved["last_day"], moved["replaces"]) == ("2026-03-09", "2026-03-10", made)
        longer = me.get(f"/leave/form?extends={made}").json
        assert (longer["first_day"], longer["last_day"], longer["extends"]) == ("2026-03-11", "2026-03-11", made)
        assert me.get("/leave/form?kind=annual").json["kind"] == "annual"
        assert api("hanmeimei").get(f"/leave/form?replaces={made}").status_code == 404
