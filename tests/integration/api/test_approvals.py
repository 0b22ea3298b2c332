"""A request on its way: who is asked, who may decide, what the late, the wrong and the departed get to hear."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock
from models.approvals import ApprovalHistory, ApprovalInstance
from models.base import db
from models.enums import ApproverKind, InstanceState, PersonStatus, Role, SignMode
from models.people import Person
from models.platform import AuditRecord, Promise
from services import approvals, people, platform, wiring
from services.approvals import Approver, InstanceOut
from tests.conftest import MONDAY_MORNING
from tests.factories.approvals import HEAD, HR, SUPERIOR, Company, ask, company, node, open_tasks, save_chain
from tests.factories.people import person
from tests.support.clients import Someone

Api = Callable[..., Someone]
Drain = Callable[[], int]


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


@pytest.fixture
def decided(app: Flask) -> Iterator[list[approvals.Decided]]:
    """What the owner of the subject hears."""
    heard: list[approvals.Decided] = []
    platform.connect({**wiring.REACTIONS, approvals.Decided: (heard.append,)})
    yield heard
    wiring.connect()


def decide(who: Someone, task_id: str, decision: str = "approve", comment: str = "") -> Any:
    return who.post(f"/approvals/tasks/{task_id}/decision", json={"decision": decision, "comment": comment})


def state(instance: InstanceOut) -> str:
    return db.session.scalar(select(ApprovalInstance.state).where(ApprovalInstance.id == instance.id))


def acts(instance: InstanceOut) -> list[str]:
    of = ApprovalHistory.instance_id == instance.id
    return list(db.session.scalars(select(ApprovalHistory.act).where(of).order_by(ApprovalHistory.seq)))


def cards_to(userid: str) -> list[dict[str, Any]]:
    """The cards promised to this person, with their buttons' keys."""
    sent = db.session.scalars(select(Promise).where(Promise.kind == "message.send").order_by(Promise.seq))
    return [one.payload["message"]["template_card"] for one in sent if one.payload["userids"] == [userid]]


def leave(who: Person) -> None:
    """Somebody leaves the company, and the product hears of it."""
    with platform.unit_of_work():
        db.session.get(Person, who.id).status = PersonStatus.INACTIVE
        db.session.flush()
        platform.publish(people.Left(who.id))


# ── the way of a request ──


def test_one_day_is_decided_by_the_superior(staff: Company, api: Api, decided: list[approvals.Decided]) -> None:
    trip = ask(staff.li)
    assert trip.waiting_for == ["组长"]
    listed = api("lead").get("/approvals/tasks").json["items"]
    assert [(task["title"], task["applicant"], task["step"]) for task in listed] == [
        ("李雷申请出差1天", "李雷", "直接上级")
    ]

    answer = decide(api("lead"), listed[0]["id"], comment="路上小心")

    assert answer.json == {"task": "approved", "instance": "approved"}
    (event,) = decided
    assert (event.subject, event.subject_id, event.state) == ("trip", trip.subject_id, InstanceState.APPROVED)
    assert (event.decided_by, event.comment) == (staff.lead.id, "路上小心")
    assert api("lead").get("/approvals/tasks/count").json == {"waiting": 0}


def test_a_week_also_needs_the_head_who_is_asked_after_the_superior(
    staff: Company, api: Api, decided: list[Any]
) -> None:
    trip = ask(staff.li, "5")
    assert list(open_tasks(trip)) == ["lead"]
    assert decide(api("lead"), open_tasks(trip)["lead"].id).json["instance"] == "pending"
    assert list(open_tasks(trip)) == ["chief"]
    assert not decided
    assert decide(api("chief"), open_tasks(trip)["chief"].id).json["instance"] == "approved"
    assert len(decided) == 1
    assert acts(trip) == ["started", "opened", "approved", "opened", "approved"]


def test_one_of_several_is_enough_and_the_others_cards_say_who_it_was(
    staff: Company, api: Api, drain: Drain, twin: Any
) -> None:
    save_chain(node("人事", HR))
    trip = ask(staff.li)
    tasks = open_tasks(trip)
    assert set(tasks) == {"hua", "hong"}
    assert decide(api("hua"), tasks["hua"].id).json["instance"] == "approved"
    assert not open_tasks(trip)
    assert api("hong").get("/approvals/tasks").json["items"] == []
    late = decide(api("hong"), tasks["hong"].id)
    assert (late.status_code, late.json["title"]) == (409, "人事小华已同意")


def test_countersigners_all_have_to_agree(staff: Company, api: Api, decided: list[Any]) -> None:
    save_chain(node("会签", HR, SUPERIOR, mode=SignMode.COUNTERSIGN))
    trip = ask(staff.li)
    tasks = open_tasks(trip)
    assert set(tasks) == {"hua", "hong", "lead"}
    assert decide(api("hua"), tasks["hua"].id).json["instance"] == "pending"
    assert decide(api("lead"), tasks["lead"].id).json["instance"] == "pending"
    assert decide(api("hong"), tasks["hong"].id).json["instance"] == "approved"
    assert len(decided) == 1


def test_one_countersigner_who_refuses_refuses_for_all(staff: Company, api: Api, decided: list[Any]) -> None:
    save_chain(node("会签", HR, mode=SignMode.COUNTERSIGN), node("上级", SUPERIOR))
    trip = ask(staff.li)
    tasks = open_tasks(trip)
    assert decide(api("hua"), tasks["hua"].id, "reject", "名单未定").json["instance"] == "rejected"
    assert decide(api("hong"), tasks["hong"].id).json["title"] == "人事小华已驳回"
    assert [event.state for event in decided] == [InstanceState.REJECTED]
    steps = api("li").get(f"/approvals/instances/{trip.id}").json["steps"]
    assert [step["state"] for step in steps] == ["rejected", "closed"]


def test_refusing_needs_a_reason(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    answer = decide(api("lead"), open_tasks(trip)["lead"].id, "reject")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["message"] == "驳回时请写明理由"
    assert state(trip) == "pending"


# ── who is asked ──


def test_who_has_agreed_before_is_not_asked_again(staff: Company, api: Api) -> None:
    trip = ask(staff.lead, "5")  # the lead's superior is the head of the department as well
    assert decide(api("chief"), open_tasks(trip)["chief"].id).json["instance"] == "approved"
    assert acts(trip) == ["started", "opened", "approved", "skipped"]


def test_the_head_of_a_department_is_not_asked_about_their_own_request(staff: Company, api: Api) -> None:
    save_chain(node("部门负责人", HEAD))
    assert list(open_tasks(ask(staff.chief))) == ["boss"]


def test_at_the_top_of_the_tree_hr_decides(staff: Company, api: Api) -> None:
    assert set(open_tasks(ask(staff.boss))) == {"hua", "hong"}


def test_two_who_lead_each_other_decide_about_each_other_but_not_about_themselves(app: Flask, api: Api) -> None:
    one, other = person("one"), person("other")
    one.superior_id, other.superior_id = other.id, one.id
    save_chain(node("隔级上级", Approver(kind=ApproverKind.SUPERIOR, level=2)))
    db.session.commit()
    assert list(open_tasks(ask(one))) == ["other"]
    assert list(open_tasks(ask(other))) == ["one"]


def test_without_anybody_who_could_decide_nothing_begins(app: Flask) -> None:
    alone = person("alone", "独行者", roles=(Role.HR,))
    with pytest.raises(approvals.NoApprover, match="找不到可以审批的人"):
        ask(alone)
    assert db.session.scalar(select(func.count()).select_from(ApprovalInstance)) == 0


def test_a_named_approver_who_left_is_replaced_by_who_stood_above(staff: Company) -> None:
    save_chain(node("财务", Approver(kind=ApproverKind.PERSON, person_id=staff.hua.id)))
    assert list(open_tasks(ask(staff.li))) == ["hua"]
    leave(staff.hua)
    assert list(open_tasks(ask(staff.li))) == ["boss"]


def test_a_named_approver_does_not_decide_their_own_request(staff: Company) -> None:
    save_chain(node("财务", Approver(kind=ApproverKind.PERSON, person_id=staff.hua.id)))
    assert list(open_tasks(ask(staff.hua))) == ["boss"]


def test_hr_does_not_decide_its_own_request(staff: Company) -> None:
    save_chain(node("人事", HR))
    assert list(open_tasks(ask(staff.hua))) == ["hong"]


def test_the_same_thing_waits_in_one_chain_at_a_time(staff: Company) -> None:
    trip = ask(staff.li)
    with pytest.raises(approvals.AlreadyDecided.__mro__[1], match="正在审批中"):
        ask(staff.li, subject_id=trip.subject_id)


# ── who may decide ──


@pytest.mark.parametrize("who", ["li", "hua", "chief", "boss"])
def test_somebody_else_cannot_decide_nor_see_that_there_is_something(staff: Company, api: Api, who: str) -> None:
    trip = ask(staff.li)
    answer = decide(api(who), open_tasks(trip)["lead"].id)
    assert (answer.status_code, answer.json["type"]) == (404, "/problems/not_found")
    assert state(trip) == "pending"


def test_a_second_decision_by_the_same_hand_changes_nothing(staff: Company, api: Api, decided: list[Any]) -> None:
    task = open_tasks(ask(staff.li))["lead"]
    decide(api("lead"), task.id)
    again = decide(api("lead"), task.id, "reject", "改主意了")
    assert (again.status_code, again.json["title"]) == (409, "您已同意")
    assert len(decided) == 1


def test_whom_the_task_was_passed_on_to_decides_and_the_former_approver_no_more(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    task = open_tasks(trip)["lead"]
    moved = api("lead").post(f"/approvals/tasks/{task.id}/transfer", json={"to": "chief", "reason": "我在休假"})
    assert moved.status_code == 204
    late = decide(api("lead"), task.id)
    assert (late.status_code, late.json["title"]) == (409, "您已转交他人")
    assert decide(api("chief"), open_tasks(trip)["chief"].id).json["instance"] == "approved"
    history = api("li").get(f"/approvals/instances/{trip.id}").json["history"]
    assert [(one["title"], one["note"]) for one in history][2:] == [
        ("直接上级：组长转交给部长", "我在休假"), ("直接上级：部长同意", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("to", "status", "title"),
    [
        ("li", 409, "不能转交给申请人本人，请另选一位同事"),
        ("lead", 422, "不能选择自己，请另选一位同事"),
        ("nobody", 422, "没有找到这位同事，请填写姓名、企业微信账号或工号"),
    ],
)
def test_a_task_is_passed_on_to_somebody_who_may_decide(
    staff: Company, api: Api, to: str, status: int, title: str
) -> None:
    trip = ask(staff.li)
    answer = api("lead").post(f"/approvals/tasks/{open_tasks(trip)['lead'].id}/transfer", json={"to": to})
    assert (answer.status_code, answer.json["title"]) == (status, title)
    assert list(open_tasks(trip)) == ["lead"]


def test_a_task_is_not_passed_on_to_somebody_who_has_one(staff: Company, api: Api) -> None:
    save_chain(node("会签", HR, mode=SignMode.COUNTERSIGN))
    trip = ask(staff.li)
    answer = api("hua").post(f"/approvals/tasks/{open_tasks(trip)['hua'].id}/transfer", json={"to": "hong"})
    assert answer.json["title"] == "人事小红已在这一步的审批人中，请另选一位同事"


# ── delegation ──


def delegation(who: Someone, to: str, first: str = "2026-03-02", last: str = "2026-03-03") -> Any:
    return who.post("/approvals/delegations", json={"to": to, "first_day": first, "last_day": last})


def test_a_delegate_gets_the_card_and_decides_in_the_others_place(staff: Company, api: Api) -> None:
    assert delegation(api("lead"), "chief").status_code == 201
    trip = ask(staff.li)
    assert [card["main_title"]["title"] for card in cards_to("chief")] == ["组长请您代为审批", "李雷申请出差1天"]
    (task,) = api("chief").get("/approvals/tasks").json["items"]
    assert task["on_behalf_of"] == "组长"
    assert decide(api("chief"), task["id"]).json["instance"] == "approved"
    history = api("li").get(f"/approvals/instances/{trip.id}").json["history"]
    assert history[-1]["title"] == "直接上级：部长（代组长）同意"


def test_a_delegation_holds_from_the_first_to_the_last_day_to_the_second(staff: Company, api: Api) -> None:
    delegation(api("lead"), "hua", "2026-03-03", "2026-03-04")
    task = open_tasks(ask(staff.li))["lead"]
    begins, ends = clock.at_local(date(2026, 3, 3)), clock.at_local(date(2026, 3, 5))
    moments = {begins - timedelta(seconds=1): 0, begins: 1, ends - timedelta(seconds=1): 1, ends: 0}
    for moment, waiting in moments.items():
        with clock.frozen(moment):
            assert api("hua").get("/approvals/tasks/count").json == {"waiting": waiting}, moment
    with clock.frozen(ends):
        assert decide(api("hua"), task.id).status_code == 404


def test_nobody_decides_their_own_request_by_way_of_a_delegation(staff: Company, api: Api) -> None:
    delegation(api("lead"), "li")
    trip = ask(staff.li)
    assert cards_to("lead")
    assert [card["main_title"]["title"] for card in cards_to("li")] == ["组长请您代为审批"]
    assert api("li").get("/approvals/tasks").json["items"] == []
    assert decide(api("li"), open_tasks(trip)["lead"].id).status_code == 404
    assert state(trip) == "pending"


def test_delegations_make_neither_chains_nor_loops(staff: Company, api: Api) -> None:
    assert delegation(api("lead"), "chief").status_code == 201
    back = delegation(api("chief"), "lead")
    assert (back.status_code, back.json["title"]) == (409, "组长这段时间也委托了他人，请另选一位")
    further = delegation(api("chief"), "boss")
    assert (further.status_code, further.json["title"]) == (409, "这段时间有同事委托您审批，请先退回，再委托他人")


def test_who_cannot_stand_in_gives_the_delegation_back_and_is_free_to_delegate(staff: Company, api: Api) -> None:
    made = delegation(api("lead"), "chief").json
    assert api("hua").delete(f"/approvals/delegations/{made['id']}").status_code == 404
    assert api("chief").delete(f"/approvals/delegations/{made['id']}").status_code == 204
    assert [card["main_title"]["title"] for card in cards_to("lead")] == ["部长退回了您的审批委托"]
    assert delegation(api("chief"), "boss").status_code == 201
    task = open_tasks(ask(staff.li))["lead"]
    assert decide(api("boss"), task.id).status_code == 404  # the boss stands in for the chief, not for the lead


def test_a_delegation_that_was_revoked_gives_no_right(staff: Company, api: Api) -> None:
    made = delegation(api("lead"), "chief").json
    task = open_tasks(ask(staff.li))["lead"]
    assert [one["is_mine"] for one in api("chief").get("/approvals/delegations").json] == [False]
    assert api("hua").delete(f"/approvals/delegations/{made['id']}").status_code == 404
    assert api("lead").delete(f"/approvals/delegations/{made['id']}").status_code == 204
    assert decide(api("chief"), task.id).status_code == 404
    assert api("lead").get("/approvals/delegations").json == []


@pytest.mark.parametrize(
    ("to", "first", "last", "status"),
    [
        ("lead", "2026-03-02", "2026-03-03", 422),
        ("ghost", "2026-03-02", "2026-03-03", 422),
        ("chief", "2026-03-03", "2026-03-02", 422),
        ("chief", "2026-02-01", "2026-03-01", 422),
        ("chief", "2026-03-02", "2027-03-02", 422),
        ("chief", "yesterday", "2026-03-02", 422),
    ],
)
def test_a_delegation_needs_a_colleague_and_days_that_make_sense(
    staff: Company, api: Api, to: str, first: str, last: str, status: int
) -> None:
    assert delegation(api("lead"), to, first, last).status_code == status
    assert api("lead").get("/approvals/delegations").json == []


def test_one_delegates_once_at_a_time(staff: Company, api: Api) -> None:
    delegation(api("lead"), "chief")
    assert delegation(api("lead"), "boss", "2026-03-03", "2026-03-09").status_code == 409
    assert delegation(api("lead"), "boss", "2026-03-04", "2026-03-09").status_code == 201


# ── withdrawing, urging ──


def test_a_request_that_was_withdrawn_cannot_be_decided(staff: Company, api: Api, decided: list[Any]) -> None:
    trip = ask(staff.li, "5")
    task = open_tasks(trip)["lead"]
    with platform.unit_of_work():
        approvals.withdraw("trip", trip.subject_id, people.by_id(staff.li.id))
    late = decide(api("lead"), task.id)
    assert (late.status_code, late.json["title"]) == (409, "申请人已撤回")
    assert (state(trip), decided) == ("withdrawn", [])
    assert ask(staff.li, subject_id=trip.subject_id).state == InstanceState.PENDING


def test_a_request_that_was_decided_cannot_be_withdrawn(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    decide(api("lead"), open_tasks(trip)["lead"].id)
    with pytest.raises(approvals.AlreadyDecided, match="不能撤回"), platform.unit_of_work():
        approvals.withdraw("trip", trip.subject_id, people.by_id(staff.li.id))
    assert state(trip) == "approved"


def test_urging_is_heard_once_in_four_hours(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    assert api("lead").post(f"/approvals/instances/{trip.id}/urge").status_code == 404
    assert api("li").post(f"/approvals/instances/{trip.id}/urge").status_code == 204
    again = api("li").post(f"/approvals/instances/{trip.id}/urge")
    assert (again.status_code, again.headers["Retry-After"]) == (429, "14400")
    with clock.frozen(MONDAY_MORNING + timedelta(hours=4)):
        assert api("li").post(f"/approvals/instances/{trip.id}/urge").status_code == 204
    assert [card["main_title"]["title"] for card in cards_to("lead")][1:] == ["李雷请您尽快审批"] * 2


def test_there_is_nothing_to_urge_after_the_decision(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    decide(api("lead"), open_tasks(trip)["lead"].id)
    assert api("li").post(f"/approvals/instances/{trip.id}/urge").status_code == 409


# ── nobody waits for ever ──


def test_when_an_approver_leaves_their_superior_takes_over(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    old = open_tasks(trip)["lead"]
    leave(staff.lead)
    assert list(open_tasks(trip)) == ["chief"]
    assert open_tasks(trip)["chief"].action_id != old.action_id
    assert decide(api("chief"), open_tasks(trip)["chief"].id).json["instance"] == "approved"
    titles = [one["title"] for one in api("li").get(f"/approvals/instances/{trip.id}").json["history"]]
    assert "直接上级：组长已不能审批，改由部长审批" in titles


def test_when_nobody_stands_above_hr_takes_over(staff: Company) -> None:
    trip = ask(staff.chief)
    leave(staff.boss)
    (heir,) = open_tasks(trip)
    assert heir in {"hua", "hong"}


def test_a_step_whose_last_approver_vanished_is_asked_again_when_somebody_is_there(app: Flask, drain: Drain) -> None:
    superior = person("superior")
    worker = person("worker", superior=superior)
    trip = ask(worker)
    leave(superior)
    assert not open_tasks(trip)
    assert acts(trip)[-1] == "stuck"
    person("newhr", roles=(Role.HR,))
    with platform.unit_of_work():
        approvals.rescue({})
    assert list(open_tasks(trip)) == ["newhr"]


def test_the_sweep_moves_what_the_news_of_leaving_did_not(staff: Company) -> None:
    trip = ask(staff.li)
    with platform.unit_of_work():
        db.session.get(Person, staff.lead.id).status = PersonStatus.INACTIVE
    with platform.unit_of_work():
        approvals.rescue({})
    assert list(open_tasks(trip)) == ["chief"]


def test_with_the_delegate_the_delegation_leaves(staff: Company, api: Api) -> None:
    delegation(api("lead"), "hua")
    trip = ask(staff.li)
    leave(staff.hua)
    assert api("lead").get("/approvals/delegations").json == []
    assert list(open_tasks(trip)) == ["lead"]


def move(who: Person, superior: Person) -> None:
    """Somebody gets another superior, and the product hears of it."""
    with platform.unit_of_work():
        db.session.get(Person, who.id).superior_id = superior.id
        db.session.flush()
        platform.publish(people.Moved(who.id, who.department_id, superior.id))


def test_when_the_applicant_moves_the_new_superior_decides_and_the_old_one_no_more(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    old = open_tasks(trip)["lead"]
    move(staff.li, staff.hua)
    assert list(open_tasks(trip)) == ["hua"]
    late = decide(api("lead"), old.id)
    assert (late.status_code, late.json["title"]) == (409, "系统已转交他人")
    assert "直接上级：组长已不能审批，改由人事小华审批" in [
        one["title"] for one in api("li").get(f"/approvals/instances/{trip.id}").json["history"]
    ]
    move(staff.li, staff.hua)
    assert list(open_tasks(trip)) == ["hua"]


def test_what_was_passed_on_by_hand_or_asks_a_role_stays_when_the_applicant_moves(staff: Company, api: Api) -> None:
    passed_on = ask(staff.li)
    api("lead").post(f"/approvals/tasks/{open_tasks(passed_on)['lead'].id}/transfer", json={"to": "boss"})
    save_chain(node("人事", HR))
    with_hr = ask(staff.li)
    move(staff.li, staff.chief)
    assert list(open_tasks(passed_on)) == ["boss"]
    assert set(open_tasks(with_hr)) == {"hua", "hong"}


# ── reminders ──


def remind(at: Any) -> None:
    with clock.frozen(at), platform.unit_of_work():
        approvals.remind_overdue({"slot": at.isoformat()})


def reminders_to(userid: str) -> list[str]:
    titles = [card["main_title"].get("title", "") for card in cards_to(userid)]
    return [title for title in titles if "等待处理" in title]


def test_an_approver_is_reminded_once_a_day_of_all_that_is_late_and_only_at_work(staff: Company) -> None:
    first, second = ask(staff.li), ask(staff.li)
    remind(MONDAY_MORNING + timedelta(hours=7))  # 16:30, not late yet
    remind(clock.at_local(date(2026, 3, 2), 20 * 60))  # late, but it is evening
    assert reminders_to("lead") == []
    remind(clock.at_local(date(2026, 3, 3), 10 * 60))
    remind(clock.at_local(date(2026, 3, 3), 11 * 60))
    assert reminders_to("lead") == ["您有2项审批等待处理"]
    assert acts(first)[-1] == acts(second)[-1] == "reminded"
    remind(clock.at_local(date(2026, 3, 7), 10 * 60))  # a Saturday
    remind(clock.at_local(date(2026, 3, 9), 10 * 60))
    assert len(reminders_to("lead")) == 2


def test_the_delegate_is_reminded_in_the_approvers_place(staff: Company, api: Api) -> None:
    ask(staff.li)
    delegation(api("lead"), "chief", "2026-03-03", "2026-03-03")
    remind(clock.at_local(date(2026, 3, 3), 10 * 60))
    assert (reminders_to("lead"), len(reminders_to("chief"))) == ([], 1)


def test_what_waits_is_reminded_of_in_chunks(staff: Company, drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals.reminders, "CHUNK", 2)
    trips = [ask(staff.li) for _ in range(5)]
    with clock.frozen(clock.at_local(date(2026, 3, 3), 10 * 60)):
        remind(clock.now())
        drain()
    assert all(acts(trip)[-1] == "reminded" for trip in trips)


# ── lists ──


def test_the_list_of_what_waits_comes_in_pages_the_oldest_first(staff: Company, api: Api) -> None:
    made = []
    for minute in range(5):
        with clock.frozen(MONDAY_MORNING + timedelta(minutes=minute)):
            made.append(ask(staff.li).id)
    first = api("lead").get("/approvals/tasks?limit=3").json
    rest = api("lead").get(f"/approvals/tasks?limit=3&cursor={first['next_cursor']}").json
    assert [task["instance_id"] for task in first["items"] + rest["items"]] == made
    assert rest["next_cursor"] is None


def test_my_requests_say_whom_they_wait_for(staff: Company, api: Api) -> None:
    done, waiting = ask(staff.li), ask(staff.li)
    decide(api("lead"), open_tasks(done)["lead"].id)
    listed = {one["id"]: one for one in api("li").get("/approvals/mine").json["items"]}
    assert (listed[done.id]["state"], listed[done.id]["waiting_for"]) == ("approved", [])
    assert (listed[waiting.id]["state"], listed[waiting.id]["waiting_for"]) == ("pending", ["组长"])
    assert [one["id"] for one in api("li").get("/approvals/mine?state=approved").json["items"]] == [done.id]


@pytest.mark.parametrize(
    "query", ["cursor=nonsense", "cursor=WyJhIiwiYiJd", "limit=0", "limit=x", "state=gone", "page=2"]
)
def test_a_query_that_makes_no_sense_is_refused(staff: Company, api: Api, query: str) -> None:
    assert api("li").get(f"/approvals/mine?{query}").status_code == 422


@pytest.mark.parametrize(("who", "status"), [("li", 200), ("lead", 200), ("hua", 200), ("chief", 404), ("boss", 404)])
def test_a_request_is_seen_by_those_concerned(staff: Company, api: Api, who: str, status: int) -> None:
    trip = ask(staff.li)
    answer = api(who).get(f"/approvals/instances/{trip.id}")
    assert answer.status_code == status
    if status == 200:
        assert answer.json["rows"] == [["事由", "拜访客户"]]
        assert (answer.json["my_task_id"] is not None, answer.json["may_urge"]) == (who == "lead", who == "li")


def test_without_details_the_page_says_what_the_card_says(staff: Company, api: Api) -> None:
    trip = ask(staff.li, details=())
    answer = api("lead").get(f"/approvals/instances/{trip.id}")
    assert answer.json["rows"] == [["说明", "李雷提交，等您审批"], ["地点", "杭州"]]


def test_a_preview_names_the_steps_before_anything_is_asked(staff: Company) -> None:
    steps = approvals.preview("trip", people.by_id(staff.lead.id), {"days": 11})
    assert [(step.name, step.state, sorted(step.approvers)) for step in steps] == [
        ("直接上级", "waiting", ["部长"]), ("部门负责人", "skipped", ["部长"]),
        ("人事", "waiting", ["人事小华", "人事小红"]),
    ]  # fmt: skip


def test_the_timeline_of_a_thing_tells_all_its_requests(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    decide(api("lead"), open_tasks(trip)["lead"].id, "reject", "人手不足")
    ask(staff.li, subject_id=trip.subject_id)
    told = approvals.timeline("trip", trip.subject_id)
    assert [one.title for one in told] == [
        "李雷提交申请", "直接上级：等待组长审批", "直接上级：组长驳回", "李雷提交申请", "直接上级：等待组长审批",
    ]  # fmt: skip
    assert (told[2].note, told[2].tone) == ("人手不足", "bad")


# ── what stays constant ──


def test_every_act_is_audited(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    api("lead").post(f"/approvals/tasks/{open_tasks(trip)['lead'].id}/transfer", json={"to": "chief"})
    decide(api("chief"), open_tasks(trip)["chief"].id)
    delegation(api("lead"), "chief")
    actions = db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.seq))
    assert list(actions) == ["approvals.transfer", "approvals.approve", "approvals.delegate"]


def test_the_count_of_statements_does_not_grow_with_the_tables(staff: Company, api: Api, statements: list[str]) -> None:
    def cost(act: Callable[[], Any]) -> int:
        statements.clear()
        assert act().status_code == 200
        return len(statements)

    def measure() -> tuple[int, int, int]:
        lead = api("lead")
        trip = ask(staff.li)
        task_id = open_tasks(trip)["lead"].id
        listed = cost(lambda: lead.get("/approvals/tasks?limit=100"))
        seen = cost(lambda: lead.get(f"/approvals/instances/{trip.id}"))
        return listed, seen, cost(lambda: decide(lead, task_id))

    few = measure()
    for _ in range(30):
        ask(staff.li)
    assert measure() == few
    assert few[2] <= 14


def test_running_requests_stay_on_their_version(staff: Company, api: Api) -> None:
    before = ask(staff.li, "5")
    save_chain(node("人事", HR))
    after = ask(staff.li, "5")
    assert (set(open_tasks(before)), set(open_tasks(after))) == ({"lead"}, {"hua", "hong"})
    decide(api("lead"), open_tasks(before)["lead"].id)
    assert set(open_tasks(before)) == {"chief"}


def test_a_colleague_is_found_by_name_unless_several_are_called_so(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    path = f"/approvals/tasks/{open_tasks(trip)['lead'].id}/transfer"
    person("hua2", "人事小华")
    answer = api("lead").post(path, json={"to": "人事小华"})
    assert (answer.status_code, answer.json["title"]) == (422, "有2位同事叫“人事小华”，请填写其企业微信账号或工号")
    assert api("lead").post(path, json={"to": "部长"}).status_code == 204
    assert list(open_tasks(trip)) == ["chief"]
