"""The time machine of kinds: rules are tried on past requests, priced, released on a day; requests keep theirs."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from kit import clock
from kit.ids import new_id
from models.base import db
from models.enums import Half, LeaveState, PersonStatus, Role
from models.leave import LeaveEntry, LeaveKindDraft, LeaveKindTrial, LeaveRequest, LeaveRun
from models.people import Grant, Person, Tag, Tagging
from models.platform import AuditRecord
from services import leave, people, platform
from services.leave.granting import grants
from services.leave.kind_drafts import ResultsQuery, running
from simulator import Twin
from tests.factories import leave as leaving
from tests.factories import payroll as paying
from tests.factories import people as make
from tests.factories import schedule as roster
from tests.support.clients import Someone

Ways = Callable[..., Someone]
Drain = Callable[[], int]
D = date.fromisoformat
FRIDAY, MONDAY = "2025-03-07", "2025-03-10"
NEXT_MONDAY = datetime(2026, 3, 8, 16, 0, 5, tzinfo=UTC)
"""Five seconds past midnight of 9 March 2026 in Shanghai."""


@pytest.fixture
def staff(app: Flask, twin: Twin) -> dict[str, Person]:
    """Li and Han of the shop, Zhao of the warehouse; HR and payroll."""
    leaving.kinds()
    shop, warehouse = make.department("门店"), make.department("仓库")
    found = {}
    for userid, name, dept in (("li", "李雷", shop), ("han", "韩梅", shop), ("zhao", "赵六", warehouse)):
        found[userid] = paying.staff(twin, userid, name, dept=dept)
    for role in (Role.HR, Role.PAYROLL, Role.PAYROLL_REVIEWER):
        found[role.value] = paying.staff(twin, role.value, roles=(role,), hired_on=None)
    return found


def took(
    person: Person,
    first: str,
    last: str | None = None,
    kind: str = "personal",
    asked: str = "2025-01-02",
    **more: object,
) -> str:
    """A granted request of the past, asked for on a day."""
    at = datetime.combine(D(asked), time(4), tzinfo=UTC)
    with platform.unit_of_work():
        same = {"kind_version": 1, "minutes": 480, "days": Decimal(1), "is_confirmed": True, "reason": ""}
        span = {"first_day": D(first), "last_day": D(last or first), "from_half": Half.AM, "to_half": Half.PM}
        whose = {"id": new_id(), "created_at": at, "person_id": person.id, "kind_code": kind}
        row = LeaveRequest(**{**whose, **same, **span, "state": LeaveState.APPROVED, **more})
        db.session.add(row)
    return row.id


def form(code: str = "personal", **changes: object) -> dict[str, object]:
    """What HR's form of a kind sends, some of it changed."""
    kind = leave.kind_detail(code)
    rules = kind.rules.model_dump(mode="json") | {"name": kind.name, "is_active": kind.is_active, **changes}
    lines = {name: "\n".join(map(str, getattr(kind.rules, name))) for name in ("notice", "blackouts")}
    words = {name: " ".join(getattr(kind.rules, name)) for name in ("on_days", "only_places", "only_tags")}
    return {
        name: value
        for name, value in (rules | {**lines, **words, "version": kind.version} | changes).items()
        if value not in (None, False, "")
    }


def post(who: Someone, path: str, **fields: object):
    return who.post(path, data={**fields, "_key": new_id()}, headers={"HX-Request": "true"})


def saved(hr: Someone, code: str = "personal", **changes: object) -> str:
    """A draft that HR has saved; the address of its page."""
    answer = post(hr, f"/leave/kinds/{code}/drafts", **form(code, **changes))
    assert answer.status_code == 204, answer.text
    return answer.headers["HX-Redirect"].removeprefix("/console")


def tried(hr: Someone, drain: Drain, year: int = 2025, **changes: object) -> str:
    """A draft that was tried on last year; the address of its page."""
    path = saved(hr, **changes)
    assert post(hr, f"{path}/trials", year=year).status_code == 204
    drain()
    return path


def rows(who: Someone, path: str, query: str = "") -> list[list[str]]:
    """The requests that change: who, department, left, span, before, after, difference, note, refusal."""
    answer = who.get(f"{path}?format=csv{query}")
    assert answer.status_code == 200, answer.text
    return [line.split(",") for line in answer.data.decode("utf-8-sig").splitlines()[1:]]


def trials() -> int:
    return db.session.scalar(select(func.count()).select_from(LeaveKindTrial)) or 0


class TestTrial:
    def test_a_draft_is_saved_tried_and_read(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        took(staff["li"], FRIDAY, MONDAY)
        took(staff["zhao"], FRIDAY)
        hr = console("hr")
        assert "还没有草案" in hr.get("/leave/kind-drafts").text
        path = saved(hr, sandwich="all")
        assert "未试算" in hr.get("/leave/kind-drafts").text
        page = hr.get(path).text
        assert ("开始试算" in page, "夹在假期中间的休息日" in page, "都计入请假" in page) == (True, True, True)
        post(hr, f"{path}/trials", year=2025)
        assert "0 / 2 人" in hr.get(f"{path}/progress").text
        drain()
        assert hr.get(f"{path}/progress").headers["Location"] == f"/console{path}"
        page = hr.get(path).text
        for words in (
            "1 人多扣、0 人少扣",
            "合计 +2.00 天",
            '<svg class="bars" role="img"',
            "多计3月8日、3月9日",
            "仓库",
        ):
            assert words in page, words
        assert "已试算 2025 年" in hr.get("/leave/kind-drafts").text

    def test_nothing_is_changed_by_trying(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        request_id = took(staff["li"], FRIDAY, MONDAY)
        tried(console("hr"), drain, sandwich="all")
        row = db.session.get_one(LeaveRequest, request_id)
        assert (row.minutes, row.kind_version, leave.kind_detail("personal").version) == (480, 1, 1)
        assert db.session.scalar(select(func.count()).select_from(LeaveEntry)) == 0
        assert "试算" not in console("hr").get("/leave/grants/runs").text

    @pytest.mark.parametrize(
        ("code", "changes", "days"),
        [
            ("personal", {"sandwich": "all"}, ["2.00", "4.00", "2.00", "多计3月8日、3月9日"]),
            ("personal", {"counting": "calendar"}, ["2.00", "4.00", "2.00", "多计3月8日、3月9日"]),
            ("civic", {"counting": "calendar"}, ["2.00", "4.00", "2.00", "多计3月8日、3月9日"]),
        ],
    )
    def test_both_sides_measure_the_days(
        self, staff: dict[str, Person], console: Ways, drain: Drain, code: str, changes: dict[str, str], days: list[str]
    ) -> None:
        took(staff["li"], FRIDAY, MONDAY, kind=code)
        (li,) = rows(console("hr"), tried(console("hr"), drain, code=code, **changes))
        assert li[4:8] == days

    def test_hours_are_rounded_up_by_the_step(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        """From 09:00 to 10:10 are 90 minutes by half hours, 120 by hours."""
        took(staff["li"], FRIDAY, from_minute=540, to_minute=610)
        (li,) = rows(console("hr"), tried(console("hr"), drain, step_minutes=60))
        assert li[3:8] == ["3月7日 09:00–10:10", "0.19", "0.25", "0.06", "3月7日由1.5小时改计2小时"]

    def test_shifts_are_those_of_the_day(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        """From nine to eleven, Li's early shift of last year worked only until ten."""
        early = roster.shift("早班", ((360, 600),))
        roster.assigned(early, staff["li"], starts_on=D("2025-01-01"), ends_on=D("2025-12-31"))
        for who in ("li", "han"):
            took(staff[who], FRIDAY, from_minute=540, to_minute=660)
        path = tried(console("hr"), drain, step_minutes=240)
        assert {row[0]: row[7] for row in rows(console("hr"), path)} == {
            "李雷": "3月7日由1小时改计4小时",
            "韩梅": "3月7日由2小时改计4小时",
        }

    def test_days_taken_back_stay_out(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        took(staff["li"], "2025-03-06", "2025-03-11", gaps=[MONDAY])
        (li,) = rows(console("hr"), tried(console("hr"), drain, counting="calendar"))
        assert li[4:6] == ["3.00", "5.00"]

    def test_what_is_not_granted_or_of_another_year_is_left_out(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        took(staff["li"], FRIDAY, MONDAY, state=LeaveState.CANCELLED)
        took(staff["li"], "2024-03-08", "2024-03-11")
        took(staff["li"], FRIDAY, MONDAY, kind="civic")
        path = tried(console("hr"), drain, sandwich="all")
        assert "那一年没有已批准的这种假" in console("hr").get(path).text
        assert trials() == 0

    def test_filters_sort_and_pages(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        took(staff["li"], FRIDAY, MONDAY)
        took(staff["han"], FRIDAY)
        hr = console("hr")
        path = tried(hr, drain, sandwich="all")
        for query, li, han in (
            ("change=more", 1, 0),
            ("change=same", 0, 1),
            ("change=less", 0, 0),
            ("person=李", 1, 0),
        ):
            page = hr.get(f"{path}?{query}").text
            assert (f">{staff['li'].name}</a>" in page, f">{staff['han'].name}</a>" in page) == (bool(li), bool(han)), (
                query
            )
        assert rows(hr, path, f"&department_id={staff['zhao'].department_id}") == []
        first = hr.get(f"{path}?limit=1&sort=difference").text
        assert ("韩梅" in first, "李雷" in first, "下一页" in first) == (True, False, True)
        kept = select(func.count()).where(AuditRecord.action == "leave.kind_draft.export")
        assert db.session.scalar(kept) == 1

    def test_chunks_go_on_where_they_were_and_count_nothing_twice(
        self, staff: dict[str, Person], console: Ways, drain: Drain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(grants, "CHUNK", 1)
        for who in ("li", "han", "zhao"):
            took(staff[who], FRIDAY, MONDAY)
        path = saved(console("hr"), sandwich="all")
        post(console("hr"), f"{path}/trials", year=2025)
        run_id = db.session.scalar(select(LeaveRun.id))
        for _ in range(2):  # a chunk and the same promise again, as after a kill
            with platform.unit_of_work():
                running.keep_trial({"run": run_id})
        assert "2 / 3 人" in console("hr").get(f"{path}/progress").text
        drain()
        assert ("3 人多扣" in console("hr").get(path).text, trials()) == (True, 3)

    def test_who_has_left_since_is_in_it_and_marked(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        took(staff["han"], FRIDAY, MONDAY)
        with platform.unit_of_work():
            gone = update(Person).where(Person.id == staff["han"].id)
            db.session.execute(gone.values(status=PersonStatus.INACTIVE, left_on=D("2025-06-30")))
        path = tried(console("hr"), drain, sandwich="all")
        assert "2025-06-30 离职" in console("hr").get(path).text
        assert [row[:3] for row in rows(console("hr"), path)] == [["韩梅", "门店", "2025-06-30"]]

    def test_hr_of_a_department_sees_its_people_only(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        took(staff["li"], FRIDAY, MONDAY)
        path = tried(console("hr"), drain, sandwich="all")
        with platform.unit_of_work():
            narrowed = update(Grant).where(Grant.person_id == staff["hr"].id)
            db.session.execute(narrowed.values(department_id=staff["zhao"].department_id))
        hr = console("hr")
        assert "李雷" not in hr.get(path).text
        assert rows(hr, path) == []

    @pytest.mark.parametrize("year", [2026, 2007, "last"])
    def test_only_a_past_year_can_be_tried(self, staff: dict[str, Person], console: Ways, year: object) -> None:
        assert post(console("hr"), f"{saved(console('hr'))}/trials", year=year).status_code == 422

    def test_a_new_trial_takes_the_place_of_the_one_before(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        took(staff["li"], FRIDAY, MONDAY)
        path = tried(console("hr"), drain, sandwich="all")
        post(console("hr"), f"{path}/trials", year=2024)
        drain()
        assert (trials(), "2024 年试算结果" in console("hr").get(path).text) == (0, True)

    def test_more_people_ask_no_more_statements(
        self, staff: dict[str, Person], console: Ways, drain: Drain, statements: list[str]
    ) -> None:
        reading, trying, hr = set(), set(), people.by_userid("hr")
        for n in range(3):
            took(make.person(f"more{n}"), FRIDAY, MONDAY)
            path = saved(console("hr"), sandwich="all")
            post(console("hr"), f"{path}/trials", year=2025)
            run_id = db.session.scalar(select(LeaveRun.id).where(LeaveRun.ended_at.is_(None)))
            statements.clear()
            with platform.unit_of_work():
                running.keep_trial({"run": run_id})
            trying.add(len(statements))
            statements.clear()
            draft_id = path.rpartition("/")[2]
            leave.kind_drafts.summary(hr, draft_id)
            leave.kind_drafts.listing(hr, draft_id, ResultsQuery())
            reading.add(len(statements))
        assert (len(trying), len(reading)) == (1, 1)


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"max_days": "1"}, "这种假一次最多 1 天，本次 2 天"),
            ({"notice": "超过 0 天 提前 90 天"}, "最早可从 2025-04-02 开始"),
            ({"blackouts": "2025-03-10..2025-03-12 年中大促"}, "3月10日不能请这种假：年中大促"),
            ({"unit": "day", "from_half": Half.PM}, "这种假按整天请，不能请半天"),
            ({"min_service_months": "600"}, "入职满 600 个月才能请这种假"),
            ({"only_tags": "正式工"}, "这种假只限正式工"),
            ({"only_places": "上海"}, "这种假只限所在地为上海的员工"),
            ({"least_minutes": "1440"}, "这种假一次最少 24小时"),
            ({"proof_after_days": "1"}, "超过 1 天需要上传证明材料"),
            ({"is_active": ""}, "公司目前没有启用事假"),
        ],
    )
    def test_the_rule_says_so(
        self, staff: dict[str, Person], console: Ways, drain: Drain, changes: dict[str, str], sentence: str
    ) -> None:
        half = {"from_half": changes.pop("from_half")} if "from_half" in changes else {}
        took(staff["li"], FRIDAY, MONDAY, **half)
        hr = console("hr")
        path = tried(hr, drain, **changes)
        (li,) = rows(hr, path, "&change=refused")
        assert sentence in li[8]
        assert li[6] == "0.00", "nobody knows what would have been asked for instead"
        page = hr.get(path).text
        assert ("1 次会被拒绝" in page, sentence in page) == (True, True)

    def test_asked_early_enough_on_the_day_it_was_asked(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        took(staff["li"], FRIDAY, asked="2025-03-02")
        took(staff["han"], FRIDAY, asked="2025-03-06")
        path = tried(console("hr"), drain, notice="超过 0 天 提前 3 天")
        assert [row[0] for row in rows(console("hr"), path)] == ["韩梅"]

    def test_a_year_is_used_up_in_the_order_of_asking(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        """The two days of March were asked for last: with the two of May they are more than three."""
        took(staff["li"], FRIDAY, MONDAY, asked="2025-02-20")
        took(staff["li"], "2025-05-08", "2025-05-09", asked="2025-02-10")
        (li,) = rows(console("hr"), tried(console("hr"), drain, max_days_year="3"))
        assert (li[3], li[8]) == ("3月7日至3月10日", "2025年事假最多 3 天，已请 2 天，本次 2 天")

    def test_leave_of_two_requests_is_measured_as_one(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        """Friday, then Monday: a sandwich asks for the weekend between."""
        took(staff["li"], FRIDAY, asked="2025-02-10")
        took(staff["li"], MONDAY, asked="2025-02-11")
        (li,) = rows(console("hr"), tried(console("hr"), drain, sandwich="all"))
        assert (li[3], "请把中间的日期一起选上" in li[8]) == ("3月10日", True)

    def test_what_the_rules_of_now_refuse_as_well_is_not_the_drafts(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        """Granted under older rules: its days still count."""
        took(staff["li"], FRIDAY, MONDAY, asked="2025-12-30")
        (li,) = rows(console("hr"), tried(console("hr"), drain, sandwich="all"))
        assert (li[6], li[8]) == ("2.00", "")

    def test_tags_are_read_for_all(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        with platform.unit_of_work():
            tag = Tag(wecom_id=7, name="正式工")
            db.session.add(tag)
            db.session.flush()
            db.session.add(Tagging(tag_id=tag.id, person_id=staff["li"].id))
        for who in ("li", "han"):
            took(staff[who], FRIDAY)
        path = tried(console("hr"), drain, only_tags="正式工")
        assert [row[0] for row in rows(console("hr"), path)] == ["韩梅"]


class TestDiscard:
    def test_a_draft_goes_with_what_was_found(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        took(staff["li"], FRIDAY, MONDAY)
        path = tried(console("hr"), drain, sandwich="all")
        assert post(console("hr"), f"{path}/discard").headers["HX-Redirect"] == "/console/leave/kind-drafts"
        assert trials() == 0
        assert console("hr").get(path).status_code == 404

    def test_its_trial_stops(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        took(staff["li"], FRIDAY, MONDAY)
        path = saved(console("hr"), sandwich="all")
        post(console("hr"), f"{path}/trials", year=2025)
        post(console("hr"), f"{path}/discard")
        drain()
        assert trials() == 0

    def test_a_form_is_filled_from_it(self, staff: dict[str, Person], console: Ways) -> None:
        path = saved(console("hr"), source="员工手册第九条")
        assert "员工手册第九条" in console("hr").get(f"/leave/kinds/personal?draft={path.rpartition('/')[2]}").text
        assert "员工手册第九条" not in console("hr").get("/leave/kinds/personal").text


class TestRelease:
    def test_today(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        path = tried(hr, drain, sandwich="all")
        assert post(hr, f"{path}/release", valid_from="2026-03-02").status_code == 204
        kind = leave.kind_detail("personal")
        assert (kind.version, kind.rules.sandwich) == (2, "all")
        assert "已发布为第 2 版" in hr.get(path).text
        acts = set(db.session.scalars(select(AuditRecord.action)))
        assert {"leave.kind_draft.save", "leave.kind_draft.try", "leave.kind.edit"} <= acts
        assert post(hr, f"{path}/release", valid_from="2026-03-02").status_code == 409
        assert post(hr, f"{path}/discard").status_code == 409

    def test_on_a_day_to_come(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        path = tried(hr, drain, sandwich="all")
        assert post(hr, f"{path}/release", valid_from="2026-03-09").status_code == 204
        drain()
        assert leave.kind_detail("personal").version == 1
        assert "定于 2026-03-09 生效" in hr.get(path).text
        refused = post(hr, "/leave/kinds/personal", **form(is_paid="true"))
        assert (refused.status_code, "请先在规则草案中撤回" in refused.text) == (409, True)
        with clock.frozen(NEXT_MONDAY):
            drain()
            drain()
        assert leave.kind_detail("personal").version == 2
        assert "已发布为第 2 版" in hr.get(path).text

    def test_a_day_taken_back(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        path = tried(hr, drain, sandwich="all")
        assert post(hr, f"{path}/recall").status_code == 409
        post(hr, f"{path}/release", valid_from="2026-03-09")
        assert post(hr, f"{path}/recall").status_code == 204
        with clock.frozen(NEXT_MONDAY):
            drain()
        assert leave.kind_detail("personal").version == 1
        assert post(hr, f"{path}/release", valid_from="2026-03-10").status_code == 204

    def test_the_same_day_chosen_again(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        path = tried(hr, drain, sandwich="all")
        for act, fields in (
            ("release", {"valid_from": "2026-03-09"}),
            ("recall", {}),
            ("release", {"valid_from": "2026-03-09"}),
        ):
            assert post(hr, f"{path}/{act}", **fields).status_code == 204
        with clock.frozen(NEXT_MONDAY):
            drain()
        assert leave.kind_detail("personal").version == 2

    def test_what_cannot_be_released_any_more_says_so(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        hr = console("hr")
        path = tried(hr, drain, sandwich="all")
        post(hr, f"{path}/release", valid_from="2026-03-09")
        with platform.unit_of_work():  # by hand, past the console
            leaving.edit("personal", is_paid=True)
        with clock.frozen(NEXT_MONDAY):
            drain()
        row = db.session.scalars(select(LeaveKindDraft)).one()
        assert (row.released_version, leave.kind_detail("personal").version) == (None, 2)
        with clock.frozen(datetime(2026, 3, 10, 2, tzinfo=UTC)):
            assert "没有生效" in console("hr").get(path).text
            assert post(console("hr"), f"{path}/recall").status_code == 204

    def test_only_what_was_tried_and_never_for_days_past(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        path = saved(console("hr"), sandwich="all")
        assert "请先试算" in post(console("hr"), f"{path}/release", valid_from="2026-03-02").text
        post(console("hr"), f"{path}/trials", year=2025)
        drain()
        late = post(console("hr"), f"{path}/release", valid_from="2026-03-01")
        assert (late.status_code, "不能早于今天" in late.text) == (422, True)

    def test_not_after_another_version_has_come(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        path = tried(hr, drain, sandwich="all")
        assert post(hr, "/leave/kinds/personal", **form(step_minutes=60)).status_code == 204
        assert post(hr, f"{path}/release", valid_from="2026-03-02").status_code == 409
        assert post(hr, f"{path}/trials", year=2025).status_code == 409

    def test_two_drafts_do_not_wait_at_once(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        one, other = tried(hr, drain, sandwich="all"), tried(hr, drain, step_minutes=60)
        assert post(hr, f"{one}/release", valid_from="2026-03-09").status_code == 204
        assert post(hr, f"{other}/release", valid_from="2026-03-10").status_code == 409

    def test_the_law_is_a_floor(self, staff: dict[str, Person], console: Ways) -> None:
        refused = post(console("hr"), "/leave/kinds/marriage/drafts", **form("marriage", min_service_months=12))
        assert (refused.status_code, "不能低于法定标准" in refused.text) == (422, True)

    def test_running_requests_keep_theirs(
        self, staff: dict[str, Person], console: Ways, api: Ways, drain: Drain
    ) -> None:
        wish = {"kind": "personal", "first_day": "2026-03-13", "last_day": "2026-03-16", "reason": "回家"}
        asked = api("han").post("/leave/requests", json=wish, headers={"Idempotency-Key": new_id()})
        assert asked.status_code == 201, asked.text
        path = tried(console("hr"), drain, sandwich="all")
        assert post(console("hr"), f"{path}/release", valid_from="2026-03-02").status_code == 204
        kept = select(LeaveRequest.kind_version, LeaveRequest.minutes).where(LeaveRequest.id == asked.json["id"])
        assert tuple(db.session.execute(kept).one()) == (1, 960)
        with platform.unit_of_work():
            leaving.approve(asked.json["id"])
        assert tuple(db.session.execute(kept).one()) == (1, 960)
        new = api("li").get("/leave/preview?kind=personal&first_day=2026-03-13&last_day=2026-03-16")
        assert new.json["minutes"] == 1920


class TestCost:
    def paid(self, staff: dict[str, Person], drain: Drain) -> None:
        content = paying.excel([paying.row(staff["li"], base=10875, bonus=0)])
        paying.released(staff["payroll"], staff["payroll_reviewer"], content, "2026-02")
        drain()

    @pytest.mark.parametrize(
        ("code", "changes", "lines"),
        [
            ("personal", {"sandwich": "all"}, [["门店", "1", "-2.00", "0.00", "-1000.00", "-1000.00", "0"]]),
            ("annual", {"counting": "calendar"}, [["门店", "1", "-2.00", "0.00", "-1000.00", "-1000.00", "0"]]),
            ("civic", {"counting": "calendar"}, []),
            ("personal", {"is_paid": "true"}, [["门店", "1", "2.00", "1000.00", "0.00", "1000.00", "0"]]),
            ("personal", {"max_days": "1"}, []),
        ],
    )
    def test_days_that_people_bear_by_the_daily_wage(
        self,
        staff: dict[str, Person],
        console: Ways,
        drain: Drain,
        code: str,
        changes: dict[str, str],
        lines: list[list[str]],
    ) -> None:
        """10875 / 21.75 x 2 days = 1000.00: out of pay, out of a balance, out of neither, no longer out of pay."""
        self.paid(staff, drain)
        took(staff["li"], FRIDAY, MONDAY, kind=code)
        path = tried(console("hr"), drain, code=code, **changes).replace("kind-drafts", "costs/kinds")
        assert "计算规则" in console("payroll").get("/leave/costs").text
        pay = console("payroll", stepped_up=True)
        assert rows(pay, path) == lines
        assert "少扣或多扣的天数" in pay.get(path).text

    def test_pay_is_for_payroll_only(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        path = tried(console("hr"), drain, sandwich="all").replace("kind-drafts", "costs/kinds")
        assert console("hr", stepped_up=True).get(path).status_code == 403
        assert "折算成本" not in console("hr").get(path.replace("costs/kinds", "kind-drafts")).text
        assert "/step-up" in console("payroll").get(path).headers.get("Location", "")

    def test_only_what_was_tried_to_the_end(self, staff: dict[str, Person], console: Ways) -> None:
        path = saved(console("hr")).replace("kind-drafts", "costs/kinds")
        assert console("payroll", stepped_up=True).get(path).status_code == 409
