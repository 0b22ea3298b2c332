"""kill -9 at random points during approvals: nothing is lost, nothing is done twice (R34)."""

import json
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from kit import clock
from simulator import CannotTap
from tests.chaos.conftest import FULL
from tests.chaos.deployment import Deployment, wait_until

pytestmark = pytest.mark.chaos

PAIRS, DAYS_EACH = (170, 12) if FULL else (20, 5)
KILLS = 200 if FULL else 10
DAY_MINUTES = 480


def _company(deployment: Deployment) -> None:
    """Pairs of an employee and their superior, long in service, with this year's leave granted."""
    for number in range(PAIRS):
        deployment.twin.add_member(f"boss{number}", f"经理{number}")
        deployment.twin.add_member(f"worker{number}", f"员工{number}", direct_leaders=[f"boss{number}"])
    deployment.flask("people", "sync")
    with deployment.database.connect() as connection:
        connection.exec_driver_sql("UPDATE person SET hired_on = '2000-01-01', first_worked_on = '1995-01-01'")
        never_quiet = json.dumps({"begins": "00:00", "ends": "00:00"})
        connection.exec_driver_sql(
            "INSERT INTO setting (name, value, changed_at) VALUES ('notices.quiet_hours', %s, NOW())", (never_quiet,)
        )
    for year in sorted({_first_day().year, (_first_day() + timedelta(days=40)).year}):
        deployment.flask("leave", "grant", "--year", str(year))


def _first_day() -> date:
    return clock.today() + timedelta(days=1)


def _ask(deployment: Deployment, number: int) -> int:
    """One employee asks for single days; the count accepted."""
    code = deployment.twin.js_code(f"worker{number}")
    status, answer = deployment.post("/api/v1/session", {"code": code})
    assert status == 201, answer
    bearer = f"Bearer {json.loads(answer)['token']}"
    asked, day = 0, _first_day()
    while asked < DAYS_EACH:
        wish = {"kind": "annual", "first_day": str(day), "last_day": str(day), "reason": f"{number}"}
        status, answer = deployment.post("/api/v1/leave/requests", wish, Authorization=bearer)
        assert status in (201, 409, 422), answer
        asked += status == 201
        day += timedelta(days=1)
    return asked


def _cards(deployment: Deployment) -> list[tuple[str, str]]:
    """(manager, card) of every card with a button to approve."""
    found = []
    for number in range(PAIRS):
        boss = f"boss{number}"
        cards = [seen for seen in deployment.twin.chat(boss) if seen.kind == "template_card" and seen.buttons]
        found += [(boss, card.id) for card in cards]
    return found


def _approve(deployment: Deployment, boss: str, card: str) -> None:
    """Taps until WeCom's delivery was answered, as a patient manager does."""

    def answered() -> bool:
        try:
            return deployment.twin.tap(boss, card, "同意").accepted
        except CannotTap:  # the card was settled meanwhile: an earlier tap had arrived although its answer was lost
            return True

    wait_until(answered, 120, f"{boss}'s tap was never answered")


def _kill_now_and_then(deployment: Deployment, done: threading.Event) -> None:
    chance = random.Random(20260302)
    for _ in range(KILLS):
        if done.wait(chance.uniform(0.3, 1.5)):
            return
        service = chance.choice(["web", "worker"])
        deployment.kill(service)
        deployment.start(service)


def test_kills_lose_nothing_and_double_nothing(deployment: Deployment) -> None:
    _company(deployment)
    deployment.start("web")
    deployment.start("worker")
    deployment.wait_until_ready()
    with ThreadPoolExecutor(8) as pool:
        total = sum(pool.map(lambda number: _ask(deployment, number), range(PAIRS)))
    wait_until(lambda: len(_cards(deployment)) == total, 120, "not every card arrived")

    done = threading.Event()
    killer = threading.Thread(target=_kill_now_and_then, args=(deployment, done))
    killer.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda card: _approve(deployment, *card), _cards(deployment)))
    killer.join()
    done.set()

    waiting = "SELECT COUNT(*) FROM outbox WHERE state IN ('waiting', 'running')"
    wait_until(lambda: deployment.rows(waiting)[0][0] == 0, 240, "promises are still waiting")
    _check(deployment, total)


def _check(deployment: Deployment, total: int) -> None:
    assert deployment.rows("SELECT state, COUNT(*) FROM approval_instance GROUP BY state") == [("approved", total)]
    assert deployment.rows("SELECT state, COUNT(*) FROM leave_request GROUP BY state") == [("approved", total)]
    decisions = deployment.rows("SELECT COUNT(*) FROM approval_history WHERE act = 'approved' GROUP BY instance_id")
    assert Counter(count for (count,) in decisions) == {1: total}
    charged = deployment.rows("SELECT SUM(minutes) FROM leave_entry WHERE request_id IS NOT NULL GROUP BY request_id")
    assert Counter(int(minutes) for (minutes,) in charged) == {-DAY_MINUTES: total}
    assert deployment.rows("SELECT kind, last_error FROM outbox WHERE state IN ('dead', 'refused')") == []
    for number in range(PAIRS):
        told = [seen for seen in deployment.twin.chat(f"worker{number}") if "已批准" in seen.text]
        assert len(told) == DAYS_EACH, f"worker{number} was told {len(told)} times"
