"""The inbox: WeCom repeats what it believes unanswered; the first insert of a content identity wins."""

from datetime import timedelta

from sqlalchemy import delete, update

from kit import clock
from models.platform import Delivery
from services.platform.writes import changed, first

KEPT_FOR = timedelta(days=30)
DONE = "done"


def first_time(key: str, agent: str, kind: str, userid: str | None) -> bool:
    """Is this delivery new? Of any number of simultaneous copies exactly one hears yes.

    It counts as done unless something else is noted; if handling it fails, the row is undone with everything else.
    """
    values = {"key": key, "agent": agent, "kind": kind, "userid": userid, "received_at": clock.now()}
    return first(Delivery, **values, result=DONE)


def note_result(key: str, result: str) -> None:
    """Keeps beside the delivery what else became of it, for the console."""
    changed(update(Delivery).where(Delivery.key == key).values(result=result[:200]))


def forget_old() -> int:
    """Deletes deliveries far older than any repeat or replay window; the count deleted."""
    return changed(delete(Delivery).where(Delivery.received_at < clock.now() - KEPT_FOR))
