"""What people are given beside the policies: by hand for many, and for overtime."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit.errors import AppError
from models.base import db
from models.enums import Role
from models.leave import LeaveEntry, LeaveLot
from models.people import Department
from services import leave, people, platform
from services.leave.granting.awards import Award, ConfirmedAward
from tests.factories import leave as grants
from tests.factories import people as make

D = date.fromisoformat
HEAT = {
    "kind": "compensatory", "amount": "8", "title": "高温假", "starts_on": D("2026-06-01"),
    "expires_on": D("2026-09-30"), "reason": "夏季福利",
}  # fmt: skip
SUNDAY, MONDAY, LABOUR_DAY = D("2026-03-01"), D("2026-03-02"), D("2026-05-01")


@pytest.fixture
def shop(app: Flask) -> Department:
    """A shop with two people in a company of four."""
    grants.kinds()
    dept = make.department("门店")
    make.person("hr", roles=(Role.HR,))
    make.person("other")
    make.person("li", "李雷", dept=dept)
    make.person("han", "韩梅梅", dept=dept)
    return dept


def given(userid: str) -> dict[str, int]:
    with platform.unit_of_work(writes=False):
        rows = db.session.execute(
            select(LeaveLot.title, func.sum(LeaveEntry.minutes))
            .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
            .where(LeaveLot.person_id == people.by_userid(userid).person_id)
            .group_by(LeaveLot.id)
        )
        return {title: int(minutes) for title, minutes in rows}


@pytest.mark.parametrize(("whom", "reached", "minutes"), [("company", 4, 1920), ("shop", 2, 960), ("li", 1, 480)])
def test_an_award_is_shown_then_given_to_whom_it_is_for(
    shop: Department, drain: Callable[[], int], whom: str, reached: int, minutes: int
) -> None:
    scope = {"shop": {"department_id": shop.id}, "li": {"person": "li"}}.get(whom, {})
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        shown = leave.awards.preview(hr, Award(**HEAT, **scope))
        assert (shown.people, shown.minutes) == (reached, minutes)
        leave.awards.give(hr, ConfirmedAward(**HEAT, **scope, people=reached))
    drain()
    got = [userid for userid in ("hr", "other", "li", "han") if given(userid) == {"高温假": 480}]
    assert len(got) == reached
    assert ("li" in got, "other" in got) == (True, whom == "company")


def test_days_are_each_persons_own_and_leave_goes_out_once(shop: Department, drain: Callable[[], int]) -> None:
    wish = HEAT | {"kind": "annual", "amount": "1.5"}
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        leave.awards.give(hr, ConfirmedAward(**wish, people=4))
        (run,) = leave.runs.newest(hr)
        leave.awards.keep_award({"run": run.id})
        leave.awards.keep_award({"run": run.id})
    drain()
    assert given("li") == {"高温假": 720}
    with platform.unit_of_work(writes=False):
        cause = db.session.scalars(select(LeaveEntry.cause)).first()
    assert cause == "高温假：人事发放 1.5天，2026-09-30 前有效；夏季福利"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"people": 3}, "人数已变为 4 人"),
        ({"expires_on": D("2026-05-01")}, "有效期"),
        ({"kind": "personal"}, "不需要额度"),
        ({"person": "nobody"}, "没有找到"),
    ],
)
def test_an_award_that_makes_no_sense_is_refused(shop: Department, changes: dict[str, object], says: str) -> None:
    with platform.unit_of_work(), pytest.raises(AppError, match=says):
        leave.awards.give(people.by_userid("hr"), ConfirmedAward(**{**HEAT, "people": 4, **changes}))
    with platform.unit_of_work(), pytest.raises(AppError):
        leave.awards.preview(people.by_userid("other"), Award(**HEAT))


def test_overtime_on_a_rest_day_becomes_time_off_once(shop: Department) -> None:
    with platform.unit_of_work():
        li = people.by_userid("li").person_id
        assert leave.grant_compensatory(li, 240, SUNDAY, "overtime-1")
        assert not leave.grant_compensatory(li, 240, SUNDAY, "overtime-1")
        (balance,) = (b for b in leave.balances(people.by_userid("li")) if b.kind == "compensatory")
    assert (balance.available, balance.lots[0].expires_on) == (240, D("2027-03-01"))
    with platform.unit_of_work(writes=False):
        cause = db.session.scalars(select(LeaveEntry.cause)).one()
    assert cause == (
        "2026-03-01 休息日加班 240 分钟，按 1:1 换调休，2027-03-01 前有效（《劳动法》第四十四条第二项）；"
        "调休发放规则第 1 版"
    )


@pytest.mark.parametrize(("day", "minutes"), [(MONDAY, 60), (LABOUR_DAY, 60), (SUNDAY, 0)])
def test_other_overtime_is_paid(shop: Department, day: date, minutes: int) -> None:
    with platform.unit_of_work(), pytest.raises(AppError):
        leave.grant_compensatory(people.by_userid("li").person_id, minutes, day, "overtime-2")
