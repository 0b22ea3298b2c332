"""Proofs that are still to come and medical periods that are nearly used up: said once, to whom it concerns."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from models.base import db
from models.enums import Role
from models.people import Person
from models.platform import Promise
from services import leave, people, platform
from tests.conftest import MONDAY_MORNING
from tests.factories import leave as grants
from tests.factories import people as make


@pytest.fixture
def li(app: Flask) -> Person:
    grants.kinds()
    grants.edit("sick", proof_within_days=3)
    make.person("chen", "陈人事", roles=(Role.HR,))
    wang = make.person("wangwu", "王五")
    return make.person("lilei", "李雷", superior=wang, hired_on=date(2024, 3, 1), first_worked_on=date(2024, 3, 1))


def sick(first: date, last: date) -> str:
    with platform.unit_of_work():
        wish = leave.Apply(kind="sick", first_day=first, last_day=last, reason="住院")
        made = leave.apply(people.by_userid("lilei"), wish).id
        grants.approve(made)
    return made


def run() -> list[tuple[list[str], str]]:
    """Runs the job; whom it tells what, of all that was ever said about proofs and medical periods."""
    with platform.unit_of_work():
        leave.reminding.remind({})
    sent = db.session.scalars(select(Promise.payload).where(Promise.kind == "message.send").order_by(Promise.id))
    titles = [(one["userids"], one["message"]["template_card"]["main_title"]["title"]) for one in sent]
    return [(sorted(who), title) for who, title in titles if "病历" in title or "医疗期" in title]


def test_a_proof_is_asked_for_the_day_before_and_hr_hears_when_it_is_late(li: Person) -> None:
    made = sick(date(2026, 3, 2), date(2026, 3, 4))  # due on Saturday the 7th
    assert run() == []
    with clock.frozen(MONDAY_MORNING + timedelta(days=4)):
        assert run() == run() == [(["lilei"], "病历或诊断证明明天到期")]
    with clock.frozen(MONDAY_MORNING + timedelta(days=6)):
        assert run()[1:] == [(["chen", "lilei"], "病历或诊断证明逾期未交")]
    with clock.frozen(MONDAY_MORNING + timedelta(days=7)):
        assert len(run()) == 2
    assert made


def test_what_a_day_without_the_job_missed_is_said_later(li: Person) -> None:
    sick(date(2026, 3, 2), date(2026, 3, 4))  # due on Saturday the 7th
    with clock.frozen(MONDAY_MORNING + timedelta(days=5)):
        assert run() == run() == [(["lilei"], "病历或诊断证明今天到期")]
    with clock.frozen(MONDAY_MORNING + timedelta(days=9)):
        assert run()[1:] == run()[1:] == [(["chen", "lilei"], "病历或诊断证明逾期未交")]


def test_hr_hears_before_the_medical_period_is_used_up(li: Person) -> None:
    sick(date(2026, 3, 2), date(2026, 5, 31))
    for after, said in ((73, []), (74, ["李雷的医疗期还剩 15 天"]), (75, ["李雷的医疗期还剩 15 天"])):
        with clock.frozen(MONDAY_MORNING + timedelta(days=after)):
            assert [title for _, title in run() if "医疗期" in title] == said
    with clock.frozen(MONDAY_MORNING + timedelta(days=89)):
        assert [one for one in run() if "医疗期" in one[1]][-1] == (["chen"], "李雷的医疗期已用完")
