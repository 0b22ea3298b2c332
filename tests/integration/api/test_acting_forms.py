"""Forms that act when they are approved: shifts change, trips need no punches, people move; and all of it is undone."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from kit import clock
from kit.errors import Conflict
from models.base import db
from models.enums import AudienceKind, Role
from models.people import Person
from services import approvals, attendance, forms, leave, people, platform, schedule
from services.people.directory import MemberTold
from simulator import Twin
from tests.factories import attendance as make_days
from tests.factories import forms as make_forms
from tests.factories import people as make
from tests.factories import schedule as make_shifts
from tests.support.clients import Someone

Ways = Callable[..., Someone]
TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)


@pytest.fixture(autouse=True)
def company(app: Flask) -> None:
    """Wang leads Li and Han, who work early and late; Chen is HR."""
    make_forms.shipped()
    platform.transact(leave.ensure_kinds)
    top = make.department("公司")
    team = make.department("研发部", parent=top)
    make.department("销售部", parent=top)
    wang = make.person("wang", "王五", dept=team, leads=True)
    li = make.person("li", "李雷", superior=wang, dept=team, position="工程师")
    han = make.person("han", "韩梅梅", superior=wang, dept=team)
    make.person("chen", "陈人事", dept=top, roles=(Role.HR,))
    make_shifts.assigned(make_shifts.shift("早班"), li)
    make_shifts.assigned(make_shifts.shift("晚班", ((840, 1080), (1140, 1380))), han)


def actor(userid: str) -> people.Actor:
    return people.by_userid(userid)


def decide(userid: str, decision: str = "approve") -> None:
    with platform.unit_of_work():
        (task,) = approvals.my_tasks(actor(userid), approvals.TaskQuery()).items
        approvals.decide(actor(userid), task.id, approvals.Decide(decision=decision, comment="好"))


def void(request_id: str) -> None:
    with platform.unit_of_work():
        forms.void(actor("chen"), request_id, forms.Void(reason="取消"))


def asked(who: Someone, code: str, **values: Any) -> str:
    answer = who.post(f"/forms/{code}/requests", json={"values": values})
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def refused(who: Someone, code: str, **values: Any) -> str:
    answer = who.post(f"/forms/{code}/requests", json={"values": values})
    assert answer.status_code in (409, 422), answer.text
    return str(answer.json["title"])


def previewed(who: Someone, code: str, **values: Any) -> list[list[str]]:
    rows: list[list[str]] = who.post(f"/forms/{code}/preview", json={"values": values}).json["rows"]
    return rows


def shift_on(userid: str, day: date) -> str:
    db.session.expire_all()
    return schedule.day(actor(userid).person_id, day).shift.name


def day_of(userid: str, day: date) -> str:
    db.session.expire_all()
    return attendance.my_day(actor(userid), attendance.DayQuery(day=day)).title


def settled(person_id: str, day: date) -> str:
    found = attendance.results(actor("chen"), attendance.ResultQuery(first_day=day, last_day=day)).items
    return next((row.title for row in found if row.person_id == person_id), "")


def settle(*days: date) -> None:
    """As the nightly job does."""
    for day in days:
        platform.transact(lambda day=day: attendance.settle({"slot": clock.at_local(day, 29 * 60).isoformat()}))


def day_off(userid: str, day: date) -> None:
    """A day of approved leave."""
    with platform.unit_of_work():
        wish = {"kind": "personal", "first_day": day, "last_day": day, "reason": "家里有事"}
        leave.apply(actor(userid), leave.Submit.model_validate(wish))
    decide("wang")


class TestShiftChange:
    OWN = {"day": "2026-03-03", "kind": "改上其他班次", "shift": "晚班", "reason": "看病"}
    SWAP = {"day": "2026-03-03", "kind": "与同事换班", "colleague": "han", "other_day": "2026-03-03", "reason": "接娃"}

    def test_another_shift_is_given_for_the_day_and_taken_back(self, api: Ways) -> None:
        assert previewed(api("li"), "shift_change", **self.OWN) == [["3月3日 李雷", "早班 → 晚班"]]
        made = asked(api("li"), "shift_change", **self.OWN)
        assert shift_on("li", TUESDAY) == "早班"
        decide("wang")
        assert (shift_on("li", TUESDAY), shift_on("li", WEDNESDAY)) == ("晚班", "早班")
        void(made)
        assert shift_on("li", TUESDAY) == "早班"

    def test_the_colleague_agrees_first_and_both_exchange(self, api: Ways) -> None:
        made = asked(api("li"), "shift_change", **self.SWAP)
        assert api("wang").get("/approvals/tasks/count").json == {"waiting": 0}
        decide("han")
        (seen,) = api("wang").get("/approvals/tasks").json["items"]
        assert "调班" in seen["title"]
        decide("wang")
        assert (shift_on("li", TUESDAY), shift_on("han", TUESDAY)) == ("晚班", "早班")
        void(made)
        assert (shift_on("li", TUESDAY), shift_on("han", TUESDAY)) == ("早班", "晚班")

    def test_on_two_days_each_works_what_the_other_would_have(self, api: Ways) -> None:
        asked(api("li"), "shift_change", **{**self.SWAP, "other_day": "2026-03-04"})
        decide("han")
        decide("wang")
        assert [shift_on(who, day) for who in ("li", "han") for day in (TUESDAY, WEDNESDAY)] == [
            "晚班", "晚班", "早班", "早班",
        ]  # fmt: skip

    def test_a_day_that_is_over_is_judged_by_the_shift_that_was_given(self, api: Ways) -> None:
        made = asked(api("li"), "shift_change", **self.OWN)
        person = db.session.query(Person).filter_by(userid="li").one()
        make_days.punches(person, "in 13:55, out 23:05", TUESDAY)
        with clock.frozen(clock.at_local(WEDNESDAY, 10 * 60)):
            settle(TUESDAY)
            assert settled(person.id, TUESDAY) == "迟到"
            decide("wang")
            assert settled(person.id, TUESDAY) == "正常"
            void(made)
            assert settled(person.id, TUESDAY) == "迟到"

    def test_the_approver_is_shown_what_it_comes_to(self, api: Ways, h5: Ways) -> None:
        made = asked(api("li"), "shift_change", **self.OWN)
        page = h5("wang").get(f"/approvals/form:shift_change/{made}").text
        assert "早班 → 晚班" in page

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"shift": "夜班"}, "没有叫“夜班”的班次，可选：早班、晚班"),
            ({"shift": "早班"}, "3月3日本来就是早班，不用调班"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, api: Ways, change: dict[str, str], sentence: str) -> None:
        assert refused(api("li"), "shift_change", **{**self.OWN, **change}) == sentence

    def test_nobody_exchanges_with_themselves_or_the_unscheduled(self, api: Ways) -> None:
        assert "不能和自己换班" in refused(api("li"), "shift_change", **{**self.SWAP, "colleague": "li"})
        assert "还没有排班" in refused(api("li"), "shift_change", **{**self.SWAP, "colleague": "chen"})

    def test_a_day_changes_once(self, api: Ways) -> None:
        asked(api("li"), "shift_change", **self.OWN)
        asked(api("han"), "shift_change", **{**self.SWAP, "colleague": "li"})
        decide("li")
        waiting = approvals.my_tasks(actor("wang"), approvals.TaskQuery()).items
        second, first = sorted(waiting, key=lambda one: one.applicant == "李雷")
        agree = approvals.Decide(decision="approve")
        with platform.unit_of_work():
            approvals.decide(actor("wang"), first.id, agree)
        with pytest.raises(Conflict, match="3月3日已经调过班"), platform.unit_of_work():
            approvals.decide(actor("wang"), second.id, agree)
        assert shift_on("han", TUESDAY) == "晚班"
        assert "已经调过班" in refused(api("li"), "shift_change", **self.OWN)

    def test_leave_stands_in_the_way(self, api: Ways) -> None:
        day_off("li", TUESDAY)
        assert "3月3日有人已请假" in refused(api("li"), "shift_change", **self.OWN)
        assert "3月3日有人已请假" in refused(api("han"), "shift_change", **{**self.SWAP, "colleague": "li"})


class TestTrip:
    TRIP = {"city": "杭州", "span": {"from": "2026-03-03", "to": "2026-03-04"}, "reason": "拜访"}

    def test_nobody_on_a_trip_is_absent(self, api: Ways) -> None:
        assert previewed(api("li"), "trip", **self.TRIP) == [["考勤", "2 个工作日按出差计，不需要打卡"]]
        made = asked(api("li"), "trip", **self.TRIP)
        decide("wang")
        with clock.frozen(clock.at_local(date(2026, 3, 6), 10 * 60)):
            assert day_of("li", TUESDAY) == "出差"
            assert day_of("li", date(2026, 3, 5)) == "旷工"
            month = attendance.my_month(actor("li"), attendance.MonthQuery(month="2026-03")).totals
            assert (month.trip_days, month.trip_minutes) == (2, 960)
            void(made)
            assert day_of("li", TUESDAY) == "旷工"

    def test_approved_afterwards_the_days_are_judged_anew(self, api: Ways) -> None:
        made = asked(api("li"), "trip", **self.TRIP)
        who = actor("li").person_id
        with clock.frozen(clock.at_local(date(2026, 3, 5), 10 * 60)):
            settle(TUESDAY, WEDNESDAY)
            assert settled(who, TUESDAY) == "旷工"
            decide("wang")
            assert (settled(who, TUESDAY), settled(who, WEDNESDAY)) == ("出差", "出差")
            void(made)
            assert settled(who, WEDNESDAY) == "旷工"

    def test_half_a_day_leaves_the_other_half_to_be_worked(self, api: Ways) -> None:
        half = {"from": "2026-03-03", "to": "2026-03-03", "from_half": "pm", "to_half": "pm"}
        asked(api("li"), "trip", **{**self.TRIP, "span": half})
        decide("wang")
        make_days.punches(db.session.query(Person).filter_by(userid="li").one(), "in 08:55, out 12:01", TUESDAY)
        with clock.frozen(clock.at_local(WEDNESDAY, 10 * 60)):
            assert day_of("li", TUESDAY) == "出差、正常"

    def test_leave_counts_before_the_trip(self, api: Ways) -> None:
        asked(api("li"), "trip", **self.TRIP)
        decide("wang")
        day_off("li", TUESDAY)
        with clock.frozen(clock.at_local(date(2026, 3, 5), 10 * 60)):
            assert (day_of("li", TUESDAY), day_of("li", WEDNESDAY)) == ("请假", "出差")

    def test_the_board_says_so(self, api: Ways) -> None:
        asked(api("li"), "trip", **self.TRIP)
        decide("wang")
        with clock.frozen(clock.at_local(TUESDAY, 10 * 60)):
            rows = attendance.board(actor("wang"), attendance.BoardQuery()).people
            assert {row.name: row.title for row in rows}["李雷"] == "出差"
            assert "出差" in str(api("li").get("/attendance/today").json["sentences"])

    def test_dates_that_clash_are_refused(self, api: Ways) -> None:
        asked(api("li"), "trip", **self.TRIP)
        decide("wang")
        again = {**self.TRIP, "span": {"from": "2026-03-04", "to": "2026-03-06"}}
        assert "3月3日起已有出差" in refused(api("li"), "trip", **again)
        day_off("han", TUESDAY)
        assert "3月3日已请假" in refused(api("han"), "trip", **self.TRIP)

    def test_what_came_in_the_way_stops_the_approval(self, api: Ways) -> None:
        made = asked(api("li"), "trip", **self.TRIP)
        with platform.unit_of_work():
            wish = {"kind": "personal", "first_day": TUESDAY, "last_day": TUESDAY, "reason": "家里有事"}
            leave.apply(actor("li"), leave.Submit.model_validate(wish))
        waiting = approvals.my_tasks(actor("wang"), approvals.TaskQuery()).items
        trip, absence = sorted(waiting, key=lambda one: one.subject)
        agree = approvals.Decide(decision="approve")
        with platform.unit_of_work():
            approvals.decide(actor("wang"), absence.id, agree)
        assert api("li").get(f"/forms/requests/{made}").json["consequences"] == [
            ["现在不能批准", "3月3日已请假，请先销假或改日期"]
        ]
        with pytest.raises(Conflict, match="已请假"), platform.unit_of_work():
            approvals.decide(actor("wang"), trip.id, agree)
        assert api("li").get(f"/forms/requests/{made}").json["state"] == "pending"


class TestTransfer:
    def wish(self, day: str = "2026-04-01") -> dict[str, str]:
        sales = next(one for one, name in people.department_tree() if name.strip().endswith("销售部"))
        return {"department": sales, "position": "销售", "day": day, "reason": "发展"}

    def approved(self, api: Ways, day: str = "2026-04-01") -> str:
        made = asked(api("li"), "transfer", **self.wish(day))
        decide("wang")
        decide("chen")
        return made

    def place(self) -> tuple[str, str]:
        db.session.expire_all()
        person = people.get(actor("li").person_id)
        return person.department_name, person.position

    def day_comes(self, day: date) -> None:
        with clock.frozen(clock.at_local(day, 5)):
            platform.transact(lambda: people.moving.make_due({}))

    def test_it_is_made_on_its_day(self, api: Ways) -> None:
        rows = previewed(api("li"), "transfer", **self.wish())
        assert rows[0] == ["2026年4月1日起", "研发部（工程师） → 销售部（销售）"]
        self.approved(api)
        self.day_comes(date(2026, 3, 31))
        assert self.place() == ("研发部", "工程师")
        for _ in "ab":
            self.day_comes(date(2026, 4, 1))
        assert self.place() == ("销售部", "销售")
        members = db.session.scalars(people.audience(AudienceKind.DEPARTMENT, actor("wang").department_id or ""))
        assert actor("li").person_id not in set(members)

    def test_for_today_it_is_made_at_once(self, api: Ways) -> None:
        self.approved(api, "2026-03-02")
        assert self.place() == ("销售部", "销售")

    def test_until_its_day_it_is_called_off(self, api: Ways) -> None:
        made = self.approved(api)
        void(made)
        self.day_comes(date(2026, 4, 1))
        assert self.place() == ("研发部", "工程师")

    def test_once_made_it_is_not_taken_back(self, api: Ways) -> None:
        made = self.approved(api, "2026-03-02")
        with pytest.raises(Conflict, match="已经生效"):
            void(made)
        assert api("li").get(f"/forms/requests/{made}").json["state"] == "approved"

    def test_there_is_one_plan_at_a_time(self, api: Ways) -> None:
        self.approved(api)
        assert "已有4月1日生效的调岗" in refused(api("li"), "transfer", **self.wish("2026-05-01"))

    def test_who_stays_where_they_are_needs_no_form(self, api: Ways) -> None:
        home = actor("li").department_id
        said = refused(api("li"), "transfer", **{**self.wish(), "department": home, "position": "工程师"})
        assert said == "拟调部门和岗位与现在相同"

    def test_the_directory_may_follow_later_and_has_the_last_word(self, api: Ways) -> None:
        """The nightly reading still tells the old place: the move holds. A new telling ends it."""
        self.approved(api, "2026-03-02")

        def told(department: int, position: str, minutes: int) -> tuple[str, str]:
            member = MemberTold("li", "李雷", (department,), home=department, position=position)
            at = clock.now() + timedelta(minutes=minutes)
            platform.transact(lambda: people.directory.sync_member(member, at))
            return self.place()

        assert told(2, "工程师", 1) == ("销售部", "销售")
        assert told(1, "顾问", 2) == ("公司", "顾问")
        assert told(2, "工程师", 3) == ("研发部", "工程师")


class TestResignation:
    def test_hr_is_told_the_last_day_and_nobody_leaves_by_it(
        self, api: Ways, drain: Callable[[], int], twin: Twin
    ) -> None:
        with twin.quiet():
            for userid in ("li", "chen"):
                twin.add_member(userid, userid)
        made = asked(api("li"), "resignation", on_probation="否", last_day="2026-04-10", cause="个人发展")
        decide("wang")
        decide("chen")
        drain()
        assert any("李雷的离职已批准" in seen.title for seen in twin.chat("chen"))
        assert people.get(actor("li").person_id).is_active
        void(made)
        drain()
        assert any("李雷不离职了" in seen.title for seen in twin.chat("chen"))


class TestSentBack:
    def send_back(self) -> None:
        with platform.unit_of_work():
            (task,) = approvals.my_tasks(actor("wang"), approvals.TaskQuery()).items
            approvals.send_back(actor("wang"), task.id, approvals.SendBack(reason="写明客户"))

    def test_its_page_says_so_and_leads_to_editing(self, api: Ways, h5: Ways) -> None:
        made = asked(api("li"), "trip", **TestTrip.TRIP)
        self.send_back()
        page = h5("li").get(f"/forms/requests/{made}").text
        assert "已退回" in page
        assert "写明客户" in page
        assert f'href="/h5/forms/requests/{made}/change">修改并重新提交' in page
        changed = api("li").put(f"/forms/requests/{made}", json={"values": {**TestTrip.TRIP, "city": "宁波"}})
        assert changed.json["state"] == "pending"
        decide("wang")
        assert api("li").get(f"/forms/requests/{made}").json["state"] == "approved"

    def test_submitted_again_as_it_was_it_waits_again(self, api: Ways) -> None:
        made = asked(api("li"), "trip", **TestTrip.TRIP)
        self.send_back()
        (mine,) = api("li").get("/approvals/mine").json["items"]
        with platform.unit_of_work():
            approvals.send_again(actor("li"), mine["id"], approvals.SendAgain(comment="客户在附件"))
        assert api("li").get(f"/forms/requests/{made}").json["state"] == "pending"

    def test_sent_back_it_may_be_withdrawn(self, api: Ways) -> None:
        made = asked(api("li"), "trip", **TestTrip.TRIP)
        self.send_back()
        assert api("li").post(f"/forms/requests/{made}/withdraw").status_code == 204
        assert api("li").get(f"/forms/requests/{made}").json["state"] == "withdrawn"
