"""What becomes of a draft: discarded, or released by a second person, published in chunks, reminded of, recalled.

A chunk is one promise: its payslips, its message and the promise of the next chunk commit together, so that a crash
repeats at most one chunk and nobody hears twice. Promises of one family queue in a lane: a correction never overtakes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.exc import IntegrityError

from kit import clock
from kit.errors import Conflict
from models.base import db
from models.enums import BatchState
from models.payroll import Payslip, PayslipBatch
from services import notices, people, platform, schedule
from services.payroll import access, importing, rules
from services.payroll.schemas import Release
from services.people import Actor, Permission
from services.platform import Terms
from templates_msg import Message

CHUNK = 500
REMIND_AFTER = timedelta(days=3)
PUBLISH, REMIND = "payroll.publish_chunk", "payroll.remind_unread"
GOING_OUT = (BatchState.RELEASED, BatchState.PUBLISHING)
READY, CORRECTED, DONE = "payslip", "payslip-corrected", "payslips-published"
_UNSYNCED: dict[str, Any] = {"execution_options": {"synchronize_session": False}}


def discard(actor: Actor, batch_id: str) -> None:
    """Throws a draft away."""
    batch = access.batch(actor, batch_id, Permission.PAYROLL_BATCH_EDIT, lock=True)
    rules.check_discardable(BatchState(batch.state))
    db.session.execute(delete(Payslip).where(Payslip.batch_id == batch.id))
    db.session.execute(delete(PayslipBatch).where(PayslipBatch.id == batch.id))
    platform.audit.record(actor, "payroll.batch.discard", batch_id, before={"people": batch.people})


def release(actor: Actor, batch_id: str, wish: Release) -> None:
    """Lets a draft go out, now or at a time; by somebody who did not prepare it and names its count and total."""
    batch = access.batch(actor, batch_id, Permission.PAYROLL_BATCH_RELEASE, lock=True)
    rules.check_releasable(BatchState(batch.state), batch.prepared_by, actor.person_id)
    _check_unchanged(batch, wish)
    now = clock.now()
    due = max(wish.publish_at or now, now)
    values = {"state": BatchState.RELEASED, "released_by": actor.person_id, "released_at": now, "publish_at": due}
    version = importing.next_version(batch.family, batch.is_correction)
    try:
        with platform.savepoint():
            draft = (PayslipBatch.id == batch.id) & (PayslipBatch.state == BatchState.DRAFT)
            taken = platform.changed(update(PayslipBatch).where(draft).values(version=version, **values))
    except IntegrityError:
        raise Conflict("同名的工资条刚刚由他人发布，请刷新后查看") from None
    if not taken:
        raise rules.WrongState("这个批次已经发布或撤回，请刷新后查看")
    _promise_chunk(batch.id, batch.family, 0, due)
    facts = {"people": batch.people, "version": version, "publish_at": due.isoformat()}
    platform.audit.record(actor, "payroll.batch.release", batch.id, after=facts)


def _check_unchanged(batch: PayslipBatch, wish: Release) -> None:
    """What is stored is what was prepared, and what was prepared is what the releaser has looked at."""
    rows = db.session.execute(
        select(Payslip.id, Payslip.person_id, Payslip.sealed)
        .where(Payslip.batch_id == batch.id)
        .order_by(Payslip.position)
    )
    stored = [(person_id, access.opened(payslip_id, sealed)) for payslip_id, person_id, sealed in rows]
    totals = access.opened_totals(batch)
    is_whole = rules.combined(slip for _, slip in stored) == totals
    is_same = importing.fingerprint(batch.family, batch.is_correction, stored) == batch.content
    if not (is_whole and is_same and (wish.people, wish.net) == (len(stored), totals.net)):
        raise rules.TotalsChanged()


def recall(actor: Actor, batch_id: str) -> None:
    """Hides a batch from everybody, published or on its way, with what was said of it; tells those who had looked."""
    batch = access.batch(actor, batch_id, Permission.PAYROLL_BATCH_RELEASE, lock=True)
    rules.check_recallable(BatchState(batch.state))
    values = {"state": BatchState.RECALLED, "recalled_by": actor.person_id, "recalled_at": clock.now(), "content": None}
    before = batch.state
    db.session.execute(update(PayslipBatch).where(PayslipBatch.id == batch.id).values(**values))
    for told in (READY, CORRECTED, DONE):
        notices.take_back(f"{told}:{batch.id}")
    knew = select(Payslip.person_id).where(Payslip.batch_id == batch.id, Payslip.opened_at.is_not(None))
    message = Message("payroll/payslip_recalled", {"month": batch.month, "title": batch.title})
    notices.notify(list(db.session.scalars(knew)), message, key=f"payslip-recalled:{batch.id}")
    platform.audit.record(
        actor, "payroll.batch.recall", batch.id, before={"state": before}, after={"state": BatchState.RECALLED}
    )


def _promise_chunk(batch_id: str, family: str, after: int, due: datetime | None = None) -> None:
    terms = Terms(due_at=due, lane=f"payslips:{family}", priority=platform.BULK)
    platform.promise(
        PUBLISH, {"batch": batch_id, "after": after}, dedupe_key=f"{PUBLISH}:{batch_id}:{after}", terms=terms
    )


def publish_chunk(payload: dict[str, Any]) -> None:
    """Publishes the next payslips of the batch after a position, tells their owners, and promises the rest."""
    batch_id, after = payload["batch"], payload["after"]
    batch = db.session.scalars(select(PayslipBatch).where(PayslipBatch.id == batch_id).with_for_update()).first()
    if batch is None or batch.state not in GOING_OUT:
        return
    rows = db.session.execute(
        select(Payslip.id, Payslip.person_id, Payslip.position)
        .where(Payslip.batch_id == batch_id, Payslip.position > after)
        .order_by(Payslip.position)
        .limit(CHUNK)
    ).all()
    _publish(batch, rows)
    batch.state, batch.published = BatchState.PUBLISHING, batch.published + len(rows)
    if batch.published < batch.people:
        _promise_chunk(batch_id, batch.family, rows[-1].position)
    else:
        _finish(batch)


def _publish(batch: PayslipBatch, rows: Sequence[Row[str, str, int]]) -> None:
    now, ids = clock.now(), [row.id for row in rows]
    db.session.execute(update(Payslip).where(Payslip.id.in_(ids)).values(published_at=now), **_UNSYNCED)
    knew = _replace(batch, [row.person_id for row in rows], now) if batch.is_correction else set()
    first = rows[0].position
    corrected = [row.person_id for row in rows if row.person_id in knew]
    fresh = [row.person_id for row in rows if row.person_id not in knew]
    facts = {"month": batch.month, "title": batch.title}
    if fresh:
        notices.notify(fresh, Message("payroll/payslip_ready", facts), key=f"{READY}:{batch.id}:{first}")
    if corrected:
        message = Message("payroll/payslip_corrected", facts)
        notices.notify(corrected, message, key=f"{CORRECTED}:{batch.id}:{first}")


def _replace(batch: PayslipBatch, person_ids: list[str], now: datetime) -> set[str]:
    """Closes the payslips that these replace; the ids of those who had opened theirs."""
    rows = db.session.execute(
        select(Payslip.id, Payslip.person_id, Payslip.opened_at)
        .join(PayslipBatch, PayslipBatch.id == Payslip.batch_id)
        .where(
            PayslipBatch.family == batch.family,
            Payslip.batch_id != batch.id,
            Payslip.person_id.in_(person_ids),
            Payslip.published_at.is_not(None),
            Payslip.replaced_at.is_(None),
        )
    ).all()
    if rows:
        old = update(Payslip).where(Payslip.id.in_([row.id for row in rows]))
        db.session.execute(old.values(replaced_at=now), **_UNSYNCED)
    return {row.person_id for row in rows if row.opened_at}


def _finish(batch: PayslipBatch) -> None:
    batch.state, batch.published_at = BatchState.PUBLISHED, clock.now()
    facts = {
        "month": batch.month,
        "title": batch.title,
        "people": batch.people,
        "link": f"/console/payroll/batches/{batch.id}",
    }
    two = [who for who in (batch.prepared_by, batch.released_by) if who]
    notices.notify(two, Message("payroll/batch_published", facts), key=f"{DONE}:{batch.id}")
    after = {"people": batch.people, "version": batch.version}
    platform.audit.record(people.System(PUBLISH), "payroll.batch.publish", batch.id, after=after)


def remind_unread(payload: dict[str, Any]) -> None:
    """Reminds, once, those who have not opened a payslip three days after it was published; nobody on a day off."""
    rows = db.session.execute(
        select(Payslip.id, Payslip.person_id)
        .join(PayslipBatch, PayslipBatch.id == Payslip.batch_id)
        .where(
            Payslip.id > payload.get("after", ""),
            Payslip.opened_at.is_(None),
            Payslip.reminded_at.is_(None),
            Payslip.replaced_at.is_(None),
            Payslip.published_at <= clock.now() - REMIND_AFTER,
            PayslipBatch.state != BatchState.RECALLED,
        )
        .order_by(Payslip.id)
        .limit(CHUNK)
    ).all()
    today = clock.today()
    plans = schedule.days([row.person_id for row in rows], today, today)
    _remind([row for row in rows if plans[row.person_id, today].is_working])
    if len(rows) == CHUNK:
        platform.promise(REMIND, {"after": rows[-1].id}, dedupe_key=f"{REMIND}:{today}:{rows[-1].id}")


def _remind(rows: Sequence[Row[str, str]]) -> None:
    if rows:
        ids = [row.id for row in rows]
        db.session.execute(update(Payslip).where(Payslip.id.in_(ids)).values(reminded_at=clock.now()), **_UNSYNCED)
        unread = list(dict.fromkeys(row.person_id for row in rows))
        notices.notify(unread, Message("payroll/payslip_unread"), key=f"payslip-unread:{ids[0]}")
