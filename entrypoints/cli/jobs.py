"""`flask jobs`: the worker and the scheduler, each a process of its own."""

import click
from flask import current_app
from flask.cli import AppGroup

from entrypoints.jobs import engines, outside, scheduler
from entrypoints.jobs.worker import Worker, drain

group = AppGroup("jobs", help="The worker that keeps promises and the clock that posts jobs.")


@group.command("worker")
def run_worker() -> None:
    """Keep promises until told to stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = Worker(app, engines.build(app, app.config["JOBS"]))
    worker.stop_on_signals()
    worker.run()


@group.command("scheduler")
def run_scheduler() -> None:
    """Post the jobs of the timetable, each slot once."""
    scheduler.build(current_app._get_current_object()).start()  # type: ignore[attr-defined]


@group.command("drain")
def run_drain() -> None:
    """Keep everything that is due now, then stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    click.echo(f"{drain(outside.workers(app))} promises taken up.")
