"""`flask audit receipts`: whoever changes a receipt, a root or a history is found."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from kit import clock
from models.approvals import ApprovalHistory
from models.base import db
from models.enums import Act
from models.platform import Receipt, ReceiptRoot
from services import approvals, people, platform, wiring
from services.approvals.trail import Entry
from tests.factories.approvals import ask, company, open_tasks


@pytest.fixture
def check(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[int, str]]:
    """Three receipts under a root that was written outside; `check()` is what the command says then."""
    staff, place = company(), tmp_path / "roots.log"
    for _ in range(3):
        trip = ask(staff.li)
        with platform.unit_of_work():
            wish = approvals.Decide(decision="approve")
            approvals.decide(people.by_id(staff.lead.id), open_tasks(trip)["lead"].id, wish)
    platform.transact(lambda: wiring.WORKERS["approvals.issue_receipts"]({"slot": "tonight"}))
    with clock.frozen(clock.now() + timedelta(days=1)):
        place.write_text(platform.transact(lambda: platform.receipts.close(people.System("tests"))) or "")
    monkeypatch.setitem(app.config, "AUDIT", app.config["AUDIT"].model_copy(update={"receipt_file": str(place)}))

    def run() -> tuple[int, str]:
        db.session.commit()
        db.session.expire_all()
        done = app.test_cli_runner().invoke(args=["audit", "receipts"])
        return done.exit_code, done.output

    return run


Check = Callable[[], tuple[int, str]]


def test_untouched_receipts_are_sound(check: Check) -> None:
    assert check() == (0, "The receipts are sound: 1 roots outside.\n")


def test_what_is_written_after_the_end_does_no_harm(check: Check) -> None:
    instance_id = db.session.scalars(select(ApprovalHistory.instance_id).limit(1)).one()
    with platform.unit_of_work():
        approvals.trail.note(instance_id, Entry(Act.COMMENTED, comment="谢谢"))
    assert check()[0] == 0


def test_a_changed_receipt_is_named(check: Check) -> None:
    one = db.session.scalars(select(Receipt).limit(1)).one()
    db.session.execute(update(Receipt).where(Receipt.id == one.id).values(content=one.content.replace("1天", "9天")))
    assert check() == (1, f"Error: receipt approval:{one.thing_id}: its content was changed\n")


def test_a_receipt_without_its_signature_is_named(check: Check) -> None:
    first, other = db.session.scalars(select(Receipt.signature).order_by(Receipt.id).limit(2)).all()
    db.session.execute(update(Receipt).where(Receipt.signature == first).values(signature=other))
    assert "its signature does not fit" in check()[1]


def test_a_removed_receipt_is_found(check: Check) -> None:
    gone = db.session.scalars(select(func.max(Receipt.id))).one()
    db.session.execute(delete(Receipt).where(Receipt.id == gone))
    assert check() == (1, "Error: root of 2026-03-02: receipts were removed, inserted or changed\n")


def test_a_root_that_was_not_written_outside_is_found(check: Check) -> None:
    db.session.execute(update(ReceiptRoot).values(root="0" * 64))
    assert check() == (1, "Error: root of 2026-03-02: it is not the one that was written outside\n")


def test_a_root_without_its_signature_is_found(check: Check) -> None:
    db.session.execute(update(ReceiptRoot).values(signature=""))
    assert "root of 2026-03-02: its signature does not fit" in check()[1]


def test_a_changed_history_is_named(check: Check) -> None:
    seq, instance_id = db.session.execute(select(ApprovalHistory.seq, ApprovalHistory.instance_id).limit(1)).one()
    db.session.execute(update(ApprovalHistory).where(ApprovalHistory.seq == seq).values(comment="改过的理由"))
    assert f"request {instance_id}: its history" in check()[1]
