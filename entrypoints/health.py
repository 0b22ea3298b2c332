"""Is it alive, is it ready, how is it doing: for balancers and monitors, without a session."""

from collections.abc import Callable

from flask import Blueprint, Response, json, request
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from entrypoints.http import PUBLIC, endpoint
from kit.errors import NotFound
from services import platform

bp = Blueprint("health", __name__)

OLDEST = Gauge("hr_outbox_oldest_seconds", "Age of the longest overdue promise")
OUTBOX_IS_LATE_SECONDS = 600
LOOPBACK = ("127.0.0.1", "::1")


@bp.get("/healthz")
@endpoint(needs=PUBLIC, outside=True, per_minute=600)
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@endpoint(needs=PUBLIC, outside=True, per_minute=600)
def ready() -> Response:
    """Database, schema and outbox, each by name; 503 when one is not well."""
    checks = {
        "database": _answers(platform.schema.current),
        "schema": _answers(_is_at_head),
        "outbox": _answers(_is_prompt),
    }
    well = all(checks.values())
    return Response(json.dumps(checks), 200 if well else 503, mimetype="application/json")


def _answers(check: Callable[[], object]) -> bool:
    try:
        return bool(check())
    except Exception:  # whatever is wrong, the answer is "not ready"; the cause is in the log of whoever met it
        return False


def _is_at_head() -> bool:
    return platform.schema.current() == platform.schema.head()


def _is_prompt() -> bool:
    with platform.unit_of_work(writes=False):
        return platform.promises.oldest_waiting_seconds() < OUTBOX_IS_LATE_SECONDS


@bp.get("/metrics")
@endpoint(needs=PUBLIC, outside=True, per_minute=600)
def metrics() -> Response:
    """Counters for a monitor on this machine; from elsewhere there is nothing here."""
    if request.remote_addr not in LOOPBACK:
        raise NotFound()
    with platform.unit_of_work(writes=False):
        OLDEST.set(platform.promises.oldest_waiting_seconds())
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
