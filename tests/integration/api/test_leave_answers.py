"""Why, what then, and how best: the answers about leave through the mini-program's door."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from models.base import db
from models.enums import Counting, EntryKind
from models.leave import LeaveKind
from models.people import Person
from services import approvals, leave, people, platform
from services.approvals import Decide
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]


@pytest.fixture
def wang(app: Flask) -> Person:
    grants.kinds()
    return make.person("wangwu", "王五", leads=True)


@pytest.fixture
def li(wang: Person) -> Person:
    """Li with the five days of this year and one and a half of the last, and three mates in the shop."""
    shop = make.department("门店")
    li = make.person("lilei", "李雷", superior=wang, dept=shop, first_worked_on=date(2019, 1, 1))
    for n in range(3):
        make.person(f"mate{n}", superior=wang, dept=shop)
    with platform.unit_of_work():
        assert leave.grant_for(li.id) == 1
    grants.lot(li, 1.5, title="2025年年假", starts_on=date(2025, 1, 1))
    return li


def named(userid: str) -> Person:
    return db.session.get_one(Person, people.by_userid(userid).person_id)


def asked(who: Someone, first: str, last: str, kind: str = "annual") -> str:
    answer = who.post("/leave/requests", json={"kind": kind, "first_day": first, "last_day": last, "reason": "休息"})
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def decide(decision: str) -> None:
    with platform.unit_of_work():
        actor = people.by_userid("wangwu")
        (task,) = approvals.my_tasks(actor, approvals.MineQuery()).items
        approvals.decide(actor, task.id, Decide(decision=decision, comment="好"))


class TestWhy:
    def test_the_parts_add_up_to_the_balance(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        asked(me, "2026-03-09", "2026-03-10")
        told = me.get("/leave/why?kind=annual").json
        (balance,) = [one for one in me.get("/leave/balances").json if one["kind"] == "annual"]
        assert told["minutes"] == balance["available"] == sum(lot["minutes"] for lot in told["lots"])
        assert all(lot["minutes"] == sum(move["minutes"] for move in lot["moves"]) for lot in told["lots"])
        assert (told["formula"], told["length"]) == ("4.5天", "4.5天")

    def test_a_lot_opens_to_its_moves_and_they_to_their_days(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        where = asked(me, "2026-03-09", "2026-03-10")
        old, new = me.get("/leave/why?kind=annual").json["lots"]
        assert [(move["title"], move["length"], move["left"]) for move in old["moves"]] == [
            ("发放", "+1.5天", "1.5天"),
            ("申请占用", "−1.5天", "0天"),
        ]
        held = new["moves"][-1]
        assert (held["request_id"], held["rules_version"]) == (where, 1)
        assert held["days"] == [{"day": f"2026-03-{day:02}", "minutes": 480} for day in (9, 10)]

    def test_several_lots_are_a_sum_and_a_refusal_gives_back(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        asked(me, "2026-03-09", "2026-03-10")
        decide("reject")
        told = me.get("/leave/why?kind=annual").json
        assert told["formula"] == "1.5天 + 5天 = 6.5天"
        assert [move["title"] for move in told["lots"][0]["moves"]] == ["发放", "申请占用", "退回"]

    def test_what_the_law_gave_names_its_rules_and_source(self, li: Person, api: Ways) -> None:
        new = make.person("xiaoming", hired_on=date(2026, 1, 19), first_worked_on=date(2021, 1, 1))
        with platform.unit_of_work():
            leave.grant_for(new.id)
        (lot,) = api("xiaoming").get("/leave/why?kind=annual").json["lots"]
        assert lot["rules_version"] == lot["moves"][0]["rules_version"] == 1
        assert "《职工带薪年休假条例》第三条" in lot["moves"][0]["cause"]

    def test_past_lots_come_last_and_do_not_count(self, li: Person, api: Ways) -> None:
        grants.lot(li, 2, title="春节调休", starts_on=date(2026, 1, 1), expires_on=date(2026, 2, 28))
        told = api("lilei").get("/leave/why?kind=annual").json
        assert told["length"] == "6.5天"
        assert (told["lots"][-1]["title"], told["lots"][-1]["is_past"]) == ("春节调休", True)

    def test_every_movement_has_a_name(self) -> None:
        assert set(leave.explain.MOVES) == set(EntryKind)

    def test_an_unknown_kind_is_not_found(self, li: Person, api: Ways) -> None:
        assert api("lilei").get("/leave/why?kind=unheard").status_code == 404


class TestCharge:
    def test_each_day_says_whether_it_counts(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        told = me.get(f"/leave/requests/{asked(me, '2026-04-03', '2026-04-07')}/charge").json
        assert [(day["day"][-2:], day["title"], day["length"]) for day in told["days"]] == [
            ("03", "工作日", "1天"),
            ("04", "休息日", "不计"),
            ("05", "法定节假日", "不计"),
            ("06", "调休放假日", "不计"),
            ("07", "工作日", "1天"),
        ]
        assert (told["length"], told["rules_version"], told["is_changed_since"]) == ("2天", 1, False)
        assert [(lot["title"], lot["length"]) for lot in told["lots"]] == [
            ("2025年年假", "1.5天"),
            ("2026年年假", "0.5天"),
        ]

    def test_it_stays_told_when_the_rules_change_and_the_leave_is_taken_back(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        where = asked(me, "2026-03-09", "2026-03-09")
        with platform.unit_of_work():
            detail = leave.kind_detail("annual")
            changed = detail.rules.model_dump() | {"counting": Counting.CALENDAR, "source": "员工手册"}
            edit = leave.EditKind(**changed, name="年休假", is_active=True, version=detail.version)
            leave.edit_kind(people.System("tests"), "annual", edit)
        me.post(f"/leave/requests/{where}/withdraw")
        told = me.get(f"/leave/requests/{where}/charge").json
        assert (told["rules_version"], told["is_changed_since"]) == (1, True)
        assert (told["rule"], told["source"]) == ("只计本人的工作日，周末和节假日不计", "《职工带薪年休假条例》")
        assert [lot["length"] for lot in told["lots"]] == ["1天"]

    def test_rules_that_were_not_kept_are_not_made_up(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        where = asked(me, "2026-03-09", "2026-03-09")
        db.session.execute(update(LeaveKind).where(LeaveKind.code == "annual").values(version=2))
        told = me.get(f"/leave/requests/{where}/charge").json
        assert (told["rules_version"], told["is_changed_since"], told["rule"]) == (1, True, "")

    def test_others_do_not_see_it(self, li: Person, api: Ways) -> None:
        where = asked(api("lilei"), "2026-03-09", "2026-03-09")
        assert api("wangwu").get(f"/leave/requests/{where}/charge").status_code == 200
        assert api("mate0").get(f"/leave/requests/{where}/charge").status_code == 404


class TestForecast:
    def told(self, who: Someone, day: str) -> dict[str, Any]:
        (one,) = who.get(f"/leave/forecast?kind=annual&day={day}").json
        return dict(one)

    def test_each_step_until_the_day_is_listed(self, li: Person, api: Ways) -> None:
        told = self.told(api("lilei"), "2027-01-01")
        assert [(s["on"], s["kind"], s["title"], s["change"], s["left"]) for s in told["steps"][1:]] == [
            ("2027-01-01", "expires", "2025年年假", "−1.5天", "5天"),
            ("2027-01-01", "granted", "2027年年假", "+5天", "10天"),
        ]
        assert told["steps"][0]["left"] == "6.5天"
        assert told["length"] == "10天"
        assert "全年在职" in told["steps"][-1]["sentence"]

    def test_what_is_held_is_off_already_and_listed(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        where = asked(me, "2026-03-09", "2026-03-10")
        told = self.told(me, "2026-12-20")
        assert told["length"] == "4.5天"
        assert [(held["request_id"], held["state"], held["length"]) for held in told["held"]] == [
            (where, "pending", "2天")
        ]

    def test_what_it_says_is_what_there_is_on_that_day(self, li: Person, api: Ways) -> None:
        """The job that the forecast speaks for comes to the same."""
        foretold = self.told(api("lilei"), "2027-01-01")
        with platform.unit_of_work():
            leave.grant_yearly(2027)
        told = self.told(api("lilei"), "2027-01-01")
        assert told["minutes"] == foretold["minutes"]
        assert [step["kind"] for step in told["steps"]] == ["now", "begins", "expires"]

    @pytest.mark.parametrize("day", ["2026-03-01", "2029-01-01", "soon"])
    def test_other_days_are_refused(self, li: Person, api: Ways, day: str) -> None:
        assert api("lilei").get(f"/leave/forecast?day={day}").status_code == 422

    def test_more_lots_and_requests_ask_no_more_statements(self, li: Person, api: Ways, statements: list[str]) -> None:
        me, counts = api("lilei"), []
        self.told(me, "2026-12-20")  # what a process reads once
        for n in range(3):
            statements.clear()
            self.told(me, "2026-12-20")
            counts.append(len(statements))
            asked(me, f"2026-03-{9 + n:02}", f"2026-03-{9 + n:02}")
            grants.lot(li, 1, title=f"奖励{n}")
        assert len(set(counts)) == 1


class TestPlanner:
    def breaks(self, who: Someone, **query: object) -> Sequence[dict[str, Any]]:
        answer = who.get("/leave/planner", query_string=query)
        assert answer.status_code == 200, answer.text
        return list(answer.json["breaks"])

    def test_three_days_join_two_holidays(self, li: Person, api: Ways) -> None:
        (one,) = self.breaks(api("lilei"), days=3)
        assert (one["first_day"], one["last_day"], one["length"]) == ("2026-09-25", "2026-10-07", 13)
        assert (one["leave_first_day"], one["leave_last_day"], one["leave_days"]) == ("2026-09-28", "2026-09-30", 3)
        assert (one["ratio"], one["refusal"], one["waits_until"]) == ("4.33", None, None)
        marks = {cell["day"]: cell["mark"] for week in one["weeks"] for cell in week}
        assert (marks["2026-09-25"], marks["2026-09-28"], marks["2026-10-10"]) == ("holiday", "leave", "makeup")

    def test_a_suggestion_can_be_asked_for_as_it_stands(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        for one in self.breaks(me):
            if one["refusal"] is None and one["waits_until"] is None:
                asked(me, one["leave_first_day"], one["leave_last_day"])

    def test_days_of_next_year_wait_for_their_grant(self, li: Person, api: Ways) -> None:
        answer = api("lilei").get("/leave/planner").json
        waiting = [one for one in answer["breaks"] if one["waits_until"]]
        assert answer["unconfirmed"] == [2027]
        assert all(one["waits_until"] == "2027-01-01" and not one["is_confirmed"] for one in waiting)
        assert all("放假安排尚未公布" in "".join(one["notes"]) for one in answer["breaks"] if not one["is_confirmed"])

    def test_own_leave_is_free_already(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        asked(me, "2026-09-28", "2026-09-30")
        assert all(one["first_day"] != "2026-09-25" or one["length"] != 13 for one in self.breaks(me, days=3))

    def test_when_half_of_the_team_is_away_nothing_is_suggested(self, li: Person, api: Ways) -> None:
        for n in range(2):
            grants.lot(named(f"mate{n}"), 5)
            asked(api(f"mate{n}"), "2026-09-29", "2026-09-29")
        (one,) = self.breaks(api("lilei"), days=3)
        assert not one["first_day"] <= "2026-09-29" <= one["last_day"]

    def test_one_mate_away_is_said_without_a_name(self, li: Person, api: Ways) -> None:
        grants.lot(named("mate1"), 5)
        asked(api("mate1"), "2026-09-29", "2026-09-29")
        (one,) = self.breaks(api("lilei"), days=3)
        assert one["others_away"] == 1
        assert "同部门已有 1 人在这段时间请假" in one["notes"]
        assert "mate" not in str(one)

    def test_nobody_without_days_gets_suggestions(self, li: Person, api: Ways) -> None:
        make.person("nodate", hired_on=None, first_worked_on=None)
        assert self.breaks(api("nodate")) == []

    @pytest.mark.parametrize("query", ["kind=marriage", "kind=unheard", "days=0", "days=999"])
    def test_what_cannot_be_planned_is_refused(self, li: Person, api: Ways, query: str) -> None:
        assert api("lilei").get(f"/leave/planner?{query}").status_code == 422


class TestWhyNot:
    def told(self, who: Someone, first: str, last: str, kind: str = "annual") -> tuple[str, dict[str, str]]:
        """The rule and its figures."""
        plan = {"kind": kind, "first_day": first, "last_day": last}
        answer = who.get("/leave/why-not", query_string=plan).json
        assert answer["refusal"] == who.get("/leave/preview", query_string=plan).json["refusal"]
        return answer["rule"], {figure["label"]: figure["value"] for figure in answer["figures"]}

    def test_nothing_stands_against_what_is_fine(self, li: Person, api: Ways) -> None:
        assert self.told(api("lilei"), "2026-03-09", "2026-03-10") == ("", {})

    def test_a_balance_shows_each_lot(self, li: Person, api: Ways) -> None:
        rule, figures = self.told(api("lilei"), "2027-01-04", "2027-01-13")
        assert rule == "需要额度，不能透支"
        assert figures == {
            "本次需要": "8天",
            "这些日期可用": "5天",
            "还差": "3天",
            "2025年年假": "剩 1.5天，2026年12月31日到期，早于所选日期",
            "2026年年假": "剩 5天，2027年12月31日到期",
        }

    def test_an_overlap_shows_what_is_there(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        asked(me, "2026-03-09", "2026-03-09")
        assert self.told(me, "2026-03-09", "2026-03-10", "personal") == (
            "同一时间只能请一次假",
            {"2026年3月9日": "审批中的年假 09:00–18:00"},
        )

    def test_who_may_ask_shows_what_is_on_file(self, li: Person, api: Ways) -> None:
        rule, figures = self.told(api("lilei"), "2026-03-09", "2026-03-09", "maternity")
        assert rule == "谁可以请这种假"
        assert figures == {"限": "女职工", "您的档案": "未填写"}
        source = api("lilei").get("/leave/why-not?kind=maternity&first_day=2026-03-09&last_day=2026-03-09").json
        assert (source["source"], source["rules_version"]) == ("《女职工劳动保护特别规定》第七条", 1)

    def test_the_most_at_once_and_the_way_back(self, li: Person, api: Ways) -> None:
        grants.edit("personal", max_days=3)
        me = api("lilei")
        assert self.told(me, "2026-03-09", "2026-03-16", "personal") == (
            "单次最多天数（含续假）",
            {"最多": "3天", "本次": "6天"},
        )
        rule, figures = self.told(me, "2026-01-05", "2026-01-05")
        assert rule == "可补请几天内的假"
        assert figures == {"最早可以从": "2026年1月31日", "您选的开始日期": "2026年1月5日"}

    def test_days_off_show_how_days_count(self, li: Person, api: Ways) -> None:
        rule, figures = self.told(api("lilei"), "2026-03-07", "2026-03-08")
        assert (rule, figures) == ("哪些日子计入", {"计算方式": "只计本人的工作日，周末和节假日不计"})
