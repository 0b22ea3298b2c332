"""Publishing in chunks, telling people without a figure, reminding once, and what a crash may repeat."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from kit import clock
from models.base import db
from models.enums import BatchState
from models.payroll import Payslip, PayslipBatch
from models.platform import Promise
from services import payroll, people, platform
from services.payroll import publishing
from simulator import Twin
from tests.conftest import MONDAY_MORNING
from tests.factories.payroll import Company, excel, prepared, released, row, staff


@pytest.fixture
def company(app: object, twin: Twin) -> Company:
    return Company(twin)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of three, so that a small company needs several."""
    monkeypatch.setattr(publishing, "CHUNK", 3)


def crowd(twin: Twin, company: Company, size: int) -> list[list[object]]:
    return [row(staff(twin, f"p{n:03}"), base=5000 + n) for n in range(size)]


def batch(batch_id: str) -> PayslipBatch:
    db.session.expire_all()
    return db.session.get(PayslipBatch, batch_id)


def told(twin: Twin, userid: str) -> list[str]:
    return [str(seen) for seen in twin.chat(userid)]


def test_everybody_is_told_once_without_name_or_amount(twin: Twin, company: Company, drain: Callable[[], int]) -> None:
    batch_id = company.release(row(company.li, base=98765.43, tax=0), row(company.han))
    drain()

    assert batch(batch_id).state == BatchState.PUBLISHED
    for userid in ("lihua", "hanmei"):
        (card,) = twin.chat(userid)
        words = str(card)
        assert "您的2月工资条已发布" in words
        assert not any(secret in words for secret in ("98765", "99265", "10209", "李华", "韩梅"))
    assert "2月工资条已全部发布" in told(twin, "gao")[0]
    assert "2月工资条已全部发布" in told(twin, "wei")[0]


def test_publishing_runs_in_chunks_with_one_message_each(
    twin: Twin, company: Company, drain: Callable[[], int], small_chunks: None
) -> None:
    batch_id = released(company.preparer, company.releaser, excel(crowd(twin, company, 7)))
    drain()

    sends = [call for call in twin.calls if call.api == "message/send"]
    assert len(sends) == 3 + 1  # 3 + 3 + 1 people, and the summary
    assert batch(batch_id).published == 7
    assert all(len(twin.chat(f"p{n:03}")) == 1 for n in range(7))


def test_a_crash_repeats_at_most_one_chunk_and_tells_nobody_twice(
    twin: Twin, company: Company, drain: Callable[[], int], small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = released(company.preparer, company.releaser, excel(crowd(twin, company, 7)))
    whole, times = publishing._publish, iter([False, True, False, False])

    def dying(*arguments: Any) -> None:
        whole(*arguments)
        if next(times):
            raise RuntimeError("killed in the middle of the second chunk")

    monkeypatch.setattr(publishing, "_publish", dying)
    drain()
    assert batch(batch_id).published == 3

    with clock.frozen(MONDAY_MORNING + timedelta(minutes=10)):
        drain()
    assert batch(batch_id).state == BatchState.PUBLISHED
    assert all(len(twin.chat(f"p{n:03}")) == 1 for n in range(7))


def test_a_promise_kept_twice_publishes_nothing_twice(
    twin: Twin, company: Company, drain: Callable[[], int], small_chunks: None
) -> None:
    batch_id = released(company.preparer, company.releaser, excel(crowd(twin, company, 4)))
    drain()
    before = db.session.scalar(select(func.count()).select_from(Promise))
    with platform.unit_of_work():
        payroll.publish_chunk({"batch": batch_id, "after": 0})

    assert batch(batch_id).published == 4
    assert db.session.scalar(select(func.count()).select_from(Promise)) == before


@pytest.mark.parametrize("size", [20, 200])
def test_a_chunk_costs_the_same_few_statements_at_any_size(
    twin: Twin, company: Company, statements: list[str], size: int
) -> None:
    batch_id = released(company.preparer, company.releaser, excel(crowd(twin, company, size)))
    db.session.commit()
    statements.clear()
    with platform.unit_of_work():
        payroll.publish_chunk({"batch": batch_id, "after": 0})

    assert batch(batch_id).state == BatchState.PUBLISHED
    assert len(statements) <= 14


def test_a_batch_can_wait_for_its_time(twin: Twin, company: Company, drain: Callable[[], int]) -> None:
    batch_id = prepared(company.preparer, excel([row(company.li)]))
    actor = people.by_id(company.releaser.id)
    with platform.unit_of_work():
        wish = payroll.Release(people=1, net="10209.50", publish_at=MONDAY_MORNING + timedelta(hours=2))
        payroll.release(actor, batch_id, wish)
    drain()
    assert batch(batch_id).state == BatchState.RELEASED
    assert twin.chat("lihua") == []

    with clock.frozen(MONDAY_MORNING + timedelta(hours=2)):
        drain()
    assert batch(batch_id).state == BatchState.PUBLISHED
    assert len(twin.chat("lihua")) == 1


def test_a_batch_recalled_on_its_way_goes_no_further(
    twin: Twin, company: Company, drain: Callable[[], int], small_chunks: None
) -> None:
    batch_id = released(company.preparer, company.releaser, excel(crowd(twin, company, 7)))
    with platform.unit_of_work():
        payroll.publish_chunk({"batch": batch_id, "after": 0})
        payroll.recall(people.by_id(company.releaser.id), batch_id)
    drain()

    assert batch(batch_id).state == BatchState.RECALLED
    assert all(twin.chat(f"p{n:03}") == [] for n in range(7))


def test_a_recalled_batch_takes_its_cards_back(
    twin: Twin, company: Company, drain: Callable[[], int], small_chunks: None
) -> None:
    kept = company.release(row(company.li), title="年终奖")
    batch_id = released(company.preparer, company.releaser, excel(crowd(twin, company, 7)))
    drain()
    with platform.unit_of_work():
        payroll.recall(people.by_id(company.releaser.id), batch_id)
    drain()

    assert all(seen.recalled for n in range(7) for seen in twin.chat(f"p{n:03}"))
    assert [seen.recalled for seen in twin.chat("gao")] == [False, True]
    assert (batch(kept).state, [seen.recalled for seen in twin.chat("lihua")]) == (BatchState.PUBLISHED, [False])


def test_a_card_older_than_a_day_stays(twin: Twin, company: Company, drain: Callable[[], int]) -> None:
    batch_id = company.release()
    drain()
    with clock.frozen(MONDAY_MORNING + timedelta(days=2)):
        with platform.unit_of_work():
            payroll.recall(people.by_id(company.releaser.id), batch_id)
        drain()

    assert [seen.recalled for seen in twin.chat("lihua")] == [False]
    assert not platform.promises.failed(10)


def test_a_recalled_batch_stops_messages_that_wait_for_the_morning(
    twin: Twin, company: Company, drain: Callable[[], int]
) -> None:
    with clock.frozen(MONDAY_MORNING.replace(hour=15)):  # 23:00 in Shanghai
        batch_id = company.release()
        drain()
        assert batch(batch_id).state == BatchState.PUBLISHED
        with platform.unit_of_work():
            payroll.recall(people.by_id(company.releaser.id), batch_id)
    with clock.frozen(MONDAY_MORNING + timedelta(days=1)):
        drain()

    assert twin.chat("lihua") == []


def test_those_reached_by_two_payslips_are_reminded_once(
    twin: Twin, company: Company, drain: Callable[[], int]
) -> None:
    company.release(row(company.li))
    company.release(row(company.li), title="年终奖")
    drain()
    remind(drain, days=3)

    assert len(twin.chat("lihua")) == 2 + 1


def unread_after(days: int, hour: int = 2) -> Iterator[None]:
    return clock.frozen(MONDAY_MORNING.replace(hour=hour) + timedelta(days=days))


def remind(drain: Callable[[], int], days: int, hour: int = 2) -> None:
    with unread_after(days, hour):
        with platform.unit_of_work():
            platform.promise("payroll.remind_unread", {}, dedupe_key=f"job:{days}:{hour}")
        drain()


def test_the_unread_are_reminded_once_after_three_days(
    twin: Twin, company: Company, drain: Callable[[], int], small_chunks: None
) -> None:
    released(company.preparer, company.releaser, excel([row(company.li), *crowd(twin, company, 4)]))
    drain()
    db.session.execute(update(Payslip).where(Payslip.person_id == company.li.id).values(opened_at=clock.now()))
    remind(drain, days=2)
    assert len(twin.chat("p000")) == 1

    remind(drain, days=4)
    remind(drain, days=7)
    for n in range(4):
        assert [seen for seen in told(twin, f"p{n:03}") if "尚未查看" in seen] == told(twin, f"p{n:03}")[1:]
        assert len(twin.chat(f"p{n:03}")) == 2
    assert len(twin.chat("lihua")) == 1  # has opened it


def test_nobody_is_reminded_on_a_day_off(twin: Twin, company: Company, drain: Callable[[], int]) -> None:
    company.release()
    drain()
    remind(drain, days=5)  # Saturday
    assert len(twin.chat("lihua")) == 1

    remind(drain, days=7)  # Monday
    assert len(twin.chat("lihua")) == 2


def test_reminders_wait_for_the_end_of_the_quiet_hours(twin: Twin, company: Company, drain: Callable[[], int]) -> None:
    company.release()
    drain()
    remind(drain, days=3, hour=16)  # midnight in Shanghai
    assert len(twin.chat("lihua")) == 1

    with unread_after(4, hour=1):
        drain()
    assert len(twin.chat("lihua")) == 2
