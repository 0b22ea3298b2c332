"""HR sees where approvals take long, are refused or are stuck; a person's own times only from five decisions on."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import literal, select

from kit import clock
from kit.errors import Forbidden
from models.base import UTCDateTime, db
from models.enums import Role
from models.people import Grant, Person
from models.platform import AuditRecord
from services import approvals, people, platform
from services.approvals import FiguresQuery, InstanceOut
from services.approvals.figures import mining
from services.approvals.figures.rules import HIGH, MEDIAN, hours, percentile
from tests.conftest import MONDAY_MORNING
from tests.factories.approvals import Company, ask, company, open_tasks
from tests.factories.people import department, person
from tests.support.clients import Someone

Console = Callable[..., Someone]
EVERYTHING = FiguresQuery()
APPLICANT = select(Person.id).where(Person.userid == "li")
WAITS = (30, 5, 90, 240, 600, 45, 12)  # minutes


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


def after(minutes: int) -> Any:
    return clock.frozen(clock.now() + timedelta(minutes=minutes))


def decide(trip: InstanceOut, by: Person, minutes: int, decision: str = "approve") -> None:
    """A decision so long after the request was made."""
    with after(minutes), platform.unit_of_work():
        task_id = open_tasks(trip)[by.userid].id
        approvals.decide(people.by_id(by.id), task_id, approvals.Decide(decision=decision, comment="说明"))


def decided(staff: Company, *waits: int, refused: int = 0) -> None:
    """Trips that the lead decided after so many minutes, the first ones refused."""
    for at, minutes in enumerate(waits):
        decide(ask(staff.li), staff.lead, minutes, "reject" if at < refused else "approve")


def hr(staff: Company) -> people.Actor:
    return people.by_id(staff.hua.id)


def at_the_end(read: Callable[..., Any], staff: Company, query: FiguresQuery = EVERYTHING) -> Any:
    with after(24 * 60):
        return read(hr(staff), query)


def test_a_node_shows_its_waits_as_the_rule_reckons_them(staff: Company) -> None:
    decided(staff, *WAITS, refused=2)
    (node,) = at_the_end(mining.nodes, staff)
    assert (node.subject, node.node, node.waiting) == ("出差", "直接上级", 0)
    assert node.timed.decided == len(WAITS)
    assert node.timed.median_hours == hours(60 * percentile(WAITS, MEDIAN))
    assert node.timed.high_hours == hours(60 * percentile(WAITS, HIGH))
    assert node.timed.refused_percent == 28.6


def test_every_node_counts_its_own_waits(staff: Company) -> None:
    trip = ask(staff.li, "5")
    decide(trip, staff.lead, 60)
    decide(trip, staff.chief, 180)
    found = {node.node: node for node in at_the_end(mining.nodes, staff)}
    assert [found[name].timed.median_hours for name in ("直接上级", "部门负责人")] == [1.0, 2.0]
    assert [node.node for node in at_the_end(mining.nodes, staff)] == ["部门负责人", "直接上级"]


def test_working_hours_are_those_of_whoever_decided(staff: Company) -> None:
    decide(ask(staff.li), staff.lead, 24 * 60)  # from 09:30 to 09:30: eight hours of work
    (node,) = mined(staff, mining.nodes, days=2)
    assert (node.timed.median_hours, node.timed.worked_median_hours, node.timed.worked_high_hours) == (24.0, 8.0, 8.0)
    (month,) = mined(staff, mining.months, days=2)
    assert (month.high_hours, month.worked_high_hours) == (24.0, 8.0)


def mined(staff: Company, read: Callable[..., Any], days: int) -> Any:
    with after(days * 24 * 60):
        return read(hr(staff), EVERYTHING)


def question(trip: InstanceOut, by: Person, minutes: int, answered: int | None) -> None:
    """A question after so many minutes, and its answer."""
    with after(minutes), platform.unit_of_work():
        task_id = open_tasks(trip)[by.userid].id
        approvals.ask(people.by_id(by.id), task_id, approvals.Question(text="为何？"))
    if answered is not None:
        with after(answered), platform.unit_of_work():
            approvals.answer(people.by_id(db.session.scalars(APPLICANT).one()), trip.id, approvals.Remark(text="因为"))


@pytest.mark.parametrize(
    ("asked", "answered", "decided_at", "hours_left"),
    [(30, 60, 120, 1.5), (30, 150, 120, 0.5), (0, 90, 90, 0.0), (None, None, 120, 2.0)],
)
def test_while_a_question_waits_for_its_answer_no_time_passes(
    staff: Company, asked: int | None, answered: int | None, decided_at: int, hours_left: float
) -> None:
    trip = ask(staff.li)
    if asked is not None:
        question(trip, staff.lead, asked, answered if answered and answered <= decided_at else None)
    decide(trip, staff.lead, decided_at)
    (node,) = at_the_end(mining.nodes, staff)
    assert (node.timed.median_hours, node.timed.worked_median_hours) == (hours_left, hours_left)


def test_what_the_applicant_had_again_is_nobodys_time(staff: Company) -> None:
    trip = ask(staff.li)
    with after(30), platform.unit_of_work():
        task_id = open_tasks(trip)["lead"].id
        approvals.send_back(people.by_id(staff.lead.id), task_id, approvals.SendBack(reason="补充"))
    with after(90), platform.unit_of_work():
        approvals.send_again(people.by_id(staff.li.id), trip.id, approvals.SendAgain(comment="已补充"))
    decide(trip, staff.lead, 120)
    (node,) = at_the_end(mining.nodes, staff)
    assert (node.timed.decided, node.timed.median_hours, node.timed.worked_median_hours) == (1, 0.5, 0.5)


def test_a_persons_working_hours_leave_pauses_out_as_well(staff: Company) -> None:
    for _ in range(5):
        trip = ask(staff.li)
        question(trip, staff.lead, 30, 60)
        decide(trip, staff.lead, 90)
    (lead,) = at_the_end(mining.approvers, staff)
    assert (lead.timed.median_hours, lead.timed.worked_median_hours) == (1.0, 1.0)


def test_what_is_withdrawn_or_waiting_is_no_decision(staff: Company) -> None:
    gone = ask(staff.li)
    with platform.unit_of_work():
        approvals.withdraw("trip", gone.subject_id, people.by_id(staff.li.id))
    ask(staff.li)
    (node,) = at_the_end(mining.nodes, staff)
    assert (node.timed, node.waiting, node.oldest_since) == (None, 1, MONDAY_MORNING)


def test_months_begin_where_the_company_lives(staff: Company) -> None:
    trips = [ask(staff.li) for _ in range(3)]
    for trip, at in zip(trips, ("2026-03-31T23:59", "2026-04-01T00:00", "2026-05-02T10:00"), strict=True):
        moment = datetime.fromisoformat(at).replace(tzinfo=clock.COMPANY_ZONE)
        with clock.frozen(moment), platform.unit_of_work():
            actor = people.by_id(staff.lead.id)
            approvals.decide(actor, open_tasks(trip)["lead"].id, approvals.Decide(decision="approve"))
    query = FiguresQuery(first_day="2026-03-01", last_day="2026-05-01")
    found = mining.months(hr(staff), query)
    assert [(one.month, one.decided) for one in found] == [(date(2026, 3, 1), 1), (date(2026, 4, 1), 1)]
    one_month = FiguresQuery(first_day="2026-05-01", last_day="2026-05-31")
    assert [one.decided for one in mining.months(hr(staff), one_month)] == [1]


def test_what_has_waited_longest_comes_first_with_whom_it_waits_for(staff: Company) -> None:
    first = ask(staff.li, "4")
    with after(60):
        ask(staff.li, "2")
    decide(first, staff.lead, 120)
    with after(180):
        found = mining.stuck(hr(staff), EVERYTHING)
    assert [(one.node, one.hours, one.waiting_for) for one in found] == [
        ("直接上级", 2.0, ["组长"]), ("部门负责人", 1.0, ["部长"]),
    ]  # fmt: skip


def test_a_persons_times_are_shown_from_five_decisions_on(staff: Company) -> None:
    decided(staff, 60, 60, 60, 60, refused=1)
    ask(staff.li)
    (lead,) = at_the_end(mining.approvers, staff)
    assert (lead.name, lead.department, lead.waiting, lead.decided, lead.timed) == ("组长", "门店", 1, 4, None)
    decided(staff, 120)
    (lead,) = at_the_end(mining.approvers, staff)
    assert (lead.timed.median_hours, lead.timed.high_hours, lead.timed.refused_percent) == (1.0, 2.0, 20.0)


def test_who_has_most_waiting_comes_first(staff: Company) -> None:
    ask(staff.lead)
    for _ in range(2):
        ask(staff.li)
    assert [(one.name, one.waiting) for one in at_the_end(mining.approvers, staff)] == [("组长", 2), ("部长", 1)]


def test_a_deputys_decisions_are_the_deputys(staff: Company) -> None:
    days = {"first_day": clock.today(), "last_day": clock.today()}
    with platform.unit_of_work():
        approvals.delegate(people.by_id(staff.lead.id), approvals.Delegate(to="boss", **days))
    for _ in range(5):
        trip = ask(staff.li)
        with after(60), platform.unit_of_work():
            actor = people.by_id(staff.boss.id)
            approvals.decide(actor, open_tasks(trip)["lead"].id, approvals.Decide(decision="approve"))
    (boss,) = at_the_end(mining.approvers, staff)
    assert (boss.name, boss.decided) == ("老板", 5)


def test_only_the_subject_asked_for_counts(staff: Company) -> None:
    decided(staff, 60)
    ask(staff.li)
    other = FiguresQuery(subject="leave")
    assert [at_the_end(read, staff, other) for read in mining.PARTS.values()] == [[], [], [], []]


def test_hr_of_a_department_sees_its_people_only(staff: Company) -> None:
    decided(staff, 60)
    ask(staff.li)
    far = department("分公司")
    local = person("local", "分公司人事", dept=far)
    with platform.unit_of_work():
        db.session.add(Grant(person_id=local.id, role=Role.HR, department_id=far.id))
    actor = people.by_id(local.id)
    with after(24 * 60):
        assert [read(actor, EVERYTHING) for read in mining.PARTS.values()] == [[], [], [], []]


def test_only_hr_sees_people(staff: Company, console: Console) -> None:
    decided(staff, 60)
    person("auditor", "审计", roles=(Role.AUDITOR,))
    assert "审批人 <span" in console("hua").get("/approvals/figures").text
    page = console("auditor").get("/approvals/figures")
    assert (page.status_code, "审批人 <span" in page.text, "直接上级" in page.text) == (200, False, True)
    assert console("auditor").get("/approvals/figures?part=approvers&format=csv").status_code == 403
    with pytest.raises(Forbidden):
        mining.approvers(people.by_userid("auditor"), EVERYTHING)


def test_the_page_draws_what_its_tables_say(staff: Company, console: Console) -> None:
    decided(staff, *WAITS)
    ask(staff.li)
    with after(24 * 60):
        page = console("hua").get("/approvals/figures").text
    charts = [json.loads(unescape(told)) for told in re.findall(r'data-chart="([^"]*)"', page)]
    assert [(one["kind"], one["labels"]) for one in charts] == [
        ("bars", ["直接上级 · 出差"]), ("columns", ["2026-03"]), ("bars", ["李雷申请出差1天"]), ("bars", ["组长"]),
    ]  # fmt: skip
    assert charts[0]["series"][0] == {"name": "中位用时（小时）", "values": [0.8]}
    assert all(words in page for words in (">0.8<", ">10.0<", "正在等待", "审批效率"))


def test_hostile_names_stay_words_in_a_chart(staff: Company, console: Console) -> None:
    with platform.unit_of_work():
        db.session.get_one(Person, staff.lead.id).name = "\"><script>alert('1')</script>"
    ask(staff.li)
    page = console("hua").get("/approvals/figures").text
    assert "<script>alert" not in page


def test_an_empty_period_says_so(staff: Company, console: Console) -> None:
    page = console("hua").get("/approvals/figures").text
    assert "这段时间没有审批" in page
    assert "data-chart" not in page
    assert console("hua").get("/approvals/figures?first_day=2026-03-02&last_day=2026-03-01").status_code == 422


@pytest.mark.parametrize("part", ["nodes", "months", "stuck", "approvers"])
@pytest.mark.parametrize(("form", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK\x03\x04")])
def test_every_table_is_exported_and_the_export_is_audited(
    staff: Company, console: Console, part: str, form: str, start: bytes
) -> None:
    decided(staff, *WAITS)
    ask(staff.li)
    with after(24 * 60):
        file = console("hua").get(f"/approvals/figures?part={part}&format={form}")
    assert file.data.startswith(start)
    (record,) = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "approvals.figures.export"))
    assert record.after == {"part": part, "subject": None, "rows": 1}


def test_the_statements_are_the_same_however_much_there_is(staff: Company, statements: list[str]) -> None:
    def counted() -> list[int]:
        found = []
        for read in mining.PARTS.values():
            statements.clear()
            at_the_end(read, staff)
            found.append(len(statements))
        return found

    decided(staff, 60)
    ask(staff.li)
    alone = counted()
    decided(staff, *WAITS)
    for _ in range(5):
        ask(staff.lead)
    assert counted() == alone


@pytest.mark.parametrize("seconds", [0, 1, 59.6, 86_400, 40 * 86_400 + 1])
def test_both_databases_count_seconds_alike(app: Flask, seconds: float) -> None:
    instants = [literal(MONDAY_MORNING + timedelta(seconds=more), UTCDateTime()) for more in (0, seconds)]
    assert platform.scalar(select(platform.spans.seconds_between(*instants))) == round(seconds)
