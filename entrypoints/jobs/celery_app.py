"""The celery side of the celery engine: `celery -A entrypoints.jobs.celery_app worker` keeps what was claimed.

The outbox row stays the truth; celery only carries its number to some machine.
"""

from typing import Any

from celery import Celery
from flask import Flask

from entrypoints.jobs import outside
from entrypoints.jobs.keeper import keep
from services.platform import Claimed


def build(app: Flask) -> Celery:
    """The celery application over the product's broker."""
    celery = Celery("hr", broker=app.config["JOBS"].broker_url.get_secret_value())
    celery.conf.update(
        task_ignore_result=True, broker_connection_retry_on_startup=True, worker_hijack_root_logger=False
    )
    kinds = outside.workers(app)

    @celery.task(name="hr.keep")
    def carried(claimed: dict[str, Any]) -> None:
        with app.app_context():
            keep(Claimed(**claimed), kinds)

    return celery


def __getattr__(name: str) -> Any:
    """`celery`, built on first sight for celery's own command line; the composition root is above us."""
    if name != "celery":
        raise AttributeError(name)
    import app as root

    return build(root.app)
