"""The clock: posts a promise per (job, slot). Two schedulers by accident are harmless, the dedupe key decides."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask import Flask

from kit import clock, log
from services import platform, wiring
from services.wiring import Job

if TYPE_CHECKING:
    from apscheduler.schedulers.blocking import BlockingScheduler

logger = log.get(__name__)


def post(name: str, job: Job, slot: datetime) -> None:
    """Promises the work of one slot, once; the worker is told which slot it is for."""
    key = f"job:{name}:{slot.isoformat()}"
    made = platform.transact(lambda: platform.promise(job.promise, {"slot": slot.isoformat()}, dedupe_key=key))
    if made:
        logger.info("job.posted", extra={"job_name": name, "slot": slot.isoformat()})


def build(app: Flask) -> "BlockingScheduler":
    """A scheduler that posts every line of the timetable; a slot missed by less than an hour is still posted."""
    from apscheduler.schedulers.blocking import BlockingScheduler
    from apscheduler.triggers.cron import CronTrigger

    scheduler = BlockingScheduler(
        timezone=clock.COMPANY_ZONE, job_defaults={"coalesce": True, "misfire_grace_time": 3600, "max_instances": 1}
    )
    for name, job in wiring.TIMETABLE.items():
        trigger = CronTrigger.from_crontab(job.cron, timezone=clock.COMPANY_ZONE)
        scheduler.add_job(_tick, trigger, args=(app, name, job), id=name)
    return scheduler


def _tick(app: Flask, name: str, job: Job) -> None:
    slot = clock.local(clock.now()).replace(second=0, microsecond=0)
    with app.app_context(), log.bound(way_in=f"scheduler:{name}"):
        try:
            post(name, job, slot)
        except Exception:  # one slot lost must not end the clock; the next slot comes
            logger.exception("job.post_failed", extra={"job_name": name})
