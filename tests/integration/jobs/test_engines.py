"""Both engines keep what the worker claims; the clock posts a slot once, however many clocks there are."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from flask import Flask
from sqlalchemy import func, select

import app as root
from entrypoints.jobs import celery_app, engines, scheduler
from entrypoints.jobs.worker import Worker
from kit import config
from models.base import Base, db
from models.enums import PromiseState
from models.platform import Promise
from services import platform, wiring
from services.wiring import Job
from tests.conftest import database_url
from tests.support import settings

PROMISES = 40


@pytest.fixture(params=["local", "celery"])
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A product over a database of its own, for threads see what others committed."""
    values = settings.values(database_url(tmp_path, f"engines_{request.param}"))
    values["jobs"] = {"engine": request.param, "broker_url": "memory://", "threads": 4}
    product = root.create_app(config.parse(values, "tests"))
    with product.app_context():
        Base.metadata.create_all(db.engine)
        yield product
        db.session.remove()
        db.engine.dispose()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_every_promise_is_kept_once(product: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setitem(wiring.WORKERS, "test.work", lambda payload: done.append(payload["n"]))
    with platform.unit_of_work():
        platform.promise_many("test.work", [({"n": n}, f"test:{n}") for n in range(PROMISES)])
    jobs = product.config["JOBS"]
    if jobs.engine == "celery":
        with start_worker(celery_app.build(product), pool="threads", concurrency=4, perform_ping_check=False):
            _work(product, engines.build(product, jobs))
    else:
        _work(product, engines.build(product, jobs))
    assert sorted(done) == list(range(PROMISES))


def _work(product: Flask, engine: engines.Engine) -> None:
    worker = Worker(product, engine)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        deadline = threading.Event()
        for _ in range(200):
            with product.app_context():
                kept = select(func.count()).select_from(Promise).where(Promise.state == PromiseState.KEPT)
                if db.session.scalar(kept) == PROMISES:
                    return
            deadline.wait(0.1)
    finally:
        worker.stop()
        thread.join()


SLOT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("clocks", [1, 3])
def test_a_slot_is_posted_once(app: Flask, clocks: int) -> None:
    job = Job("0 * * * *", "test.hourly", "Test")
    for _ in range(clocks):
        scheduler.post("test-hourly", job, SLOT)
    posted: Any = db.session.scalars(select(Promise).where(Promise.kind == "test.hourly")).all()
    assert [promise.payload for promise in posted] == [{"slot": SLOT.isoformat()}]


def test_the_clock_knows_the_whole_timetable(app: Flask) -> None:
    built = scheduler.build(app)
    assert {job.id for job in built.get_jobs()} == set(wiring.TIMETABLE)
