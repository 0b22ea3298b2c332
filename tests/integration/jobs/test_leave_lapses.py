"""The nightly end of leave: what the law lets nobody lose becomes pay, once, and every minute is accounted for."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from kit import clock
from kit.errors import AppError
from kit.ids import new_id
from kit.money import Money
from models.base import db
from models.enums import EntryKind, Role
from models.leave import LeaveEntry, LeaveLot
from models.people import Person
from services import leave, people, platform
from services.leave.granting.settlements import PayLineOut, Price, Restate, SettlementOut, SettlementsQuery
from services.leave.granting.waivers import Declare
from tests.factories import leave as grants
from tests.factories import people as make

D = date.fromisoformat
A_DAY = 480
AFTER = datetime(2027, 12, 31, 17, tzinfo=UTC)  # the night in which the days of 2026 are past: New Year 2028
SUNDAY = D("2026-03-08")


@pytest.fixture
def li(app: Flask) -> Person:
    """Li, five days by law and two of the company's for 2026; HR and payroll stand by."""
    grants.kinds()
    make.person("hr", roles=(Role.HR,))
    make.person("pay", roles=(Role.PAYROLL,))
    person = make.person("lilei", superior=make.person("boss"))
    with platform.unit_of_work():
        form = {"basis": "statutory_annual", "days": "2", "carry_months": 12, "company_carry_months": 12}
        wish = leave.policies.PolicyForm(**form, valid_from=D("2026-01-01"), version=1)
        leave.policies.release(people.by_userid("hr"), "annual", wish)
        leave.grant_for(person.id)
    return person


def night(at: datetime = AFTER) -> None:
    """The nightly job."""
    with clock.frozen(at), platform.unit_of_work():
        leave.keep_expiry({"slot": new_id()})


def lines(reason: str | None = None) -> list[SettlementOut]:
    with platform.unit_of_work(writes=False):
        return leave.settlements.listing(people.by_userid("hr"), SettlementsQuery(reason=reason)).items


def give_up(days: str, userid: str = "lilei", year: int = 2026) -> str:
    with platform.unit_of_work():
        wish = Declare(kind="annual", year=year, days=days, reason="个人安排", agrees=True)
        return leave.waivers.declare(people.by_userid(userid), wish)


def revoke(waiver_id: str, userid: str = "lilei") -> None:
    with platform.unit_of_work():
        leave.waivers.revoke(people.by_userid(userid), waiver_id)


def take(day: str) -> str:
    with platform.unit_of_work():
        asked = leave.apply(people.by_userid("lilei"), leave.Apply(kind="annual", first_day=D(day), last_day=D(day)))
        grants.approve(asked.id)
        return asked.id


def moved(person: Person) -> dict[str, int]:
    """The minutes of each kind of entry, of all lots of somebody."""
    with platform.unit_of_work(writes=False):
        rows = db.session.execute(
            select(LeaveEntry.kind, func.sum(LeaveEntry.minutes))
            .where(LeaveEntry.person_id == person.id)
            .group_by(LeaveEntry.kind)
        )
        return {str(kind): int(minutes) for kind, minutes in rows}


def ended(person: Person) -> int:
    """The minutes that were paid or dropped."""
    return -sum(minutes for kind, minutes in moved(person).items() if kind in (EntryKind.SETTLE, EntryKind.EXPIRE))


def pay(days: tuple[str, str]) -> list[PayLineOut]:
    with platform.unit_of_work(writes=False):
        return leave.settlements.pay_lines(D(days[0]), D(days[1]))


def test_statutory_days_become_pay_and_the_companys_end(li: Person) -> None:
    night()
    (one,) = lines()
    assert (one.reason, one.days, one.percent, one.state, one.due_on) == ("expired", 5, 200, "due", D("2027-12-31"))
    assert "未休法定年假 5 天" in one.sentences[0]
    assert moved(li) == {"grant": 7 * A_DAY, "settle": -5 * A_DAY, "expire": -2 * A_DAY}
    with platform.unit_of_work():
        leave.settlements.price(people.by_userid("pay"), one.id, Price(average_wage="7250.00"))
    (line,) = pay(("2027-12-01", "2027-12-31"))
    assert (line.person_id, line.days, line.amount, line.percent) == (li.id, 5, Money.yuan("3333.33"), 200)
    assert pay(("2028-01-01", "2028-01-31")) == []


def test_the_night_before_nothing_is_lost(li: Person) -> None:
    night(datetime(2027, 12, 30, 17, tzinfo=UTC))
    assert (lines(), moved(li)) == ([], {"grant": 7 * A_DAY})


def test_many_nights_are_one_night(li: Person) -> None:
    for _ in range(3):
        night()
    assert [one.days for one in lines()] == [5]
    assert sum(moved(li).values()) == 0


def test_what_comes_back_later_is_a_line_of_its_own(li: Person) -> None:
    asked = take("2026-03-10")
    night()
    assert ended(li) == 6 * A_DAY
    with clock.frozen(datetime(2028, 1, 3, tzinfo=UTC)), platform.unit_of_work():
        leave.ledger.release(asked, leave.ledger.Cause("销假", "system:tests", asked))
    for day in (3, 4):
        night(datetime(2028, 1, day, 17, tzinfo=UTC))
    assert (ended(li), sum(one.days for one in lines())) == (7 * A_DAY, 5)


def test_what_was_given_up_is_not_paid(li: Person) -> None:
    give_up("1.5")
    assert give_up("0.5")
    night()
    (one,) = lines()
    assert one.days == 3
    assert ["2 天本人已书面声明不休" in said for said in one.sentences] == [False, True]
    assert moved(li)["waive"] == -2 * A_DAY
    night(datetime(2028, 1, 4, 17, tzinfo=UTC))
    assert moved(li)["waive"] == -2 * A_DAY


def test_who_gives_everything_up_has_no_line(li: Person) -> None:
    give_up("5")
    night()
    assert (lines(), moved(li)["waive"]) == ([], -5 * A_DAY)


def test_a_declaration_taken_back_counts_no_more(li: Person) -> None:
    waiver = give_up("2")
    with pytest.raises(AppError):
        revoke(waiver, "boss")
    revoke(waiver)
    with pytest.raises(AppError, match="已经撤回"):
        revoke(waiver)
    night()
    assert [one.days for one in lines()] == [5]


def test_no_more_is_given_up_than_is_left_and_nothing_after_the_end(li: Person) -> None:
    waiver = give_up("4")
    for days, year in (("1.5", 2026), ("0.5", 2025), ("0.5", 2027)):
        with pytest.raises(AppError, match="最多"):
            give_up(days, year=year)
    night()
    with clock.frozen(AFTER):
        with pytest.raises(AppError, match="到期"):
            revoke(waiver)
        with pytest.raises(AppError, match="最多"):
            give_up("0.5")


def test_who_was_not_asked_to_agree_gives_nothing_up(li: Person) -> None:
    with platform.unit_of_work(), pytest.raises(AppError, match="勾选"):
        leave.waivers.declare(people.by_userid("lilei"), Declare(kind="annual", year=2026, days="1", reason="个人"))


def test_a_declaration_is_kept_word_by_word_and_a_change_is_seen(li: Person) -> None:
    give_up("2")
    with platform.unit_of_work(writes=False):
        (shown,) = leave.declared.listing(people.by_userid("hr"), leave.declared.DeclaredQuery()).items
    assert (shown.days, shown.is_intact, shown.revoked_at) == (2, True, None)
    assert "自愿不休其中 2 天" in shown.text
    with platform.unit_of_work():
        row = db.session.scalars(select(leave.waivers.LeaveWaiver)).one()
        row.minutes *= 2
    with platform.unit_of_work(writes=False):
        (shown,) = leave.declared.listing(people.by_userid("hr"), leave.declared.DeclaredQuery()).items
    assert not shown.is_intact


def worked(person: Person, minutes: int = 240) -> None:
    with platform.unit_of_work():
        assert leave.grant_compensatory(person.id, minutes, SUNDAY, "sunday")


@pytest.mark.parametrize("drops", [False, True])
def test_overtime_that_was_never_made_up_for_is_paid_unless_the_company_says_no(li: Person, drops: bool) -> None:
    if drops:
        with platform.unit_of_work():
            form = {"basis": "overtime", "carry_months": 12, "drops_unspent": True, "valid_from": D("2026-01-01")}
            wish = leave.policies.PolicyForm(**form, version=1)
            leave.policies.release(people.by_userid("hr"), "compensatory", wish)
    worked(li)
    night(datetime(2027, 3, 8, 17, tzinfo=UTC))
    found = lines("overtime")
    assert [(one.days, one.percent, one.due_on) for one in found] == ([] if drops else [(0.5, 200, D("2027-03-08"))])
    if found:
        with platform.unit_of_work():
            priced = leave.settlements.price(people.by_userid("pay"), found[0].id, Price(average_wage="8700.00"))
        assert priced.amount == Money.yuan("400.00")


def test_a_line_is_taken_back_without_giving_days_that_are_past(li: Person) -> None:
    night()
    (one,) = lines()
    with platform.unit_of_work(), pytest.raises(AppError, match="离职折算"):
        leave.settlements.restate(people.by_userid("hr"), one.id, Restate(left_on=D("2026-03-01")))
    with platform.unit_of_work():
        leave.settlements.void(people.by_userid("hr"), one.id)
    night(datetime(2028, 1, 4, 17, tzinfo=UTC))
    assert [(one.state, one.days) for one in lines()] == [("void", 5)]
    assert pay(("2027-12-01", "2028-12-31")) == []
    assert moved(li) == {"grant": 7 * A_DAY, "settle": 0, "expire": -7 * A_DAY}


def test_an_expired_line_does_not_end_the_employment(li: Person) -> None:
    night()
    with clock.frozen(datetime(2028, 1, 3, tzinfo=UTC)), platform.unit_of_work():
        assert leave.grant_for(li.id) == 2


def test_hr_is_warned_three_months_before(li: Person) -> None:
    give_up("1")
    query = leave.lapsing_soon.SoonQuery()
    for day, meant in ((29, []), (30, [("lilei", D("2027-12-31"), 5, 1, 4)])):
        with clock.frozen(datetime(2027, 9, day, 20, tzinfo=UTC)), platform.unit_of_work(writes=False):
            found = leave.lapsing_soon.listing(people.by_userid("hr"), query).items
        assert [(one.person_name, one.expires_on, one.days, one.waived, one.payable) for one in found] == meant


def test_the_warning_goes_on_where_a_page_ends(li: Person) -> None:
    for number in range(12):
        make.person(f"p{number:02}")
    with platform.unit_of_work():
        leave.grant_yearly(2026)
    with clock.frozen(datetime(2027, 11, 1, tzinfo=UTC)), platform.unit_of_work(writes=False):
        hr, seen, cursor = people.by_userid("hr"), [], None
        while cursor or not seen:
            page = leave.lapsing_soon.listing(hr, leave.lapsing_soon.SoonQuery(limit=5, cursor=cursor))
            seen, cursor = seen + [one.person_id for one in page.items], page.next_cursor
        assert len(seen) == len(set(seen)) == 16


def test_more_people_cost_no_more_statements(li: Person, statements: list[str]) -> None:
    counts = []
    for more in (0, 1, 9):
        persons = [make.person(f"n{more}_{number}") for number in range(more + 1)]
        with platform.unit_of_work():
            for person in persons:
                leave.grant_for(person.id)
        with clock.frozen(datetime(2027, 11, 1, tzinfo=UTC)), platform.unit_of_work(writes=False):
            hr = people.by_userid("hr")
            statements.clear()
            leave.lapsing_soon.listing(hr, leave.lapsing_soon.SoonQuery())
            soon = len(statements)
        give_up("1", f"n{more}_0")
        statements.clear()
        night()
        counts.append((soon, len(statements)))
    assert counts[1] == counts[2]
    assert max(counts[2]) < 25


acts = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, 20)),
        st.tuples(st.just("waive"), st.integers(1, 6)),
        st.tuples(st.just("revoke"), st.integers(0, 3)),
        st.tuples(st.just("night"), st.integers(0, 2)),
    ),
    max_size=6,
)
numbers = iter(range(10_000))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_lines_used_waived_and_ended_are_what_was_granted(li: Person, plan: list[tuple[str, int]]) -> None:
    userid, made = f"h{next(numbers)}", list[str]()
    one = make.person(userid, superior=None)
    with platform.unit_of_work():
        leave.grant_for(one.id)
    for act, number in [*plan, ("night", 0), ("night", 1)]:
        try:
            if act == "take":
                with platform.unit_of_work():
                    lots = leave.ledger.lots(one.id, "annual", clock.today())
                    cause = leave.ledger.Cause("取", "system:tests")
                    part = min(number * 60, lots[0].rest)
                    leave.ledger.take(one.id, "annual", EntryKind.HOLD, {lots[0].id: part} if part else {}, cause)
            elif act == "waive":
                made.append(give_up(str(number / 2), userid))
            elif act == "revoke" and made:
                revoke(made[number % len(made)], userid)
            elif act == "night":
                night()
        except AppError:
            pass
    found = moved(one)
    assert found["grant"] == 7 * A_DAY == -sum(minutes for kind, minutes in found.items() if kind != "grant")
    with platform.unit_of_work(writes=False):
        settled = [line for line in leave.settlements.pay_lines(D("2027-12-31"), D("2028-01-01"))]
        rests = db.session.scalars(select(leave.ledger.REST).select_from(LeaveLot).where(LeaveLot.person_id == one.id))
        assert set(rests) == {0}
    paid = sum(line.days for line in settled if line.person_id == one.id)
    assert abs(float(paid) * A_DAY + found.get("settle", 0)) < 5  # the column keeps two decimals of a day
