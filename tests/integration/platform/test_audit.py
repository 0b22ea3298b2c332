"""The audit trail only grows, and whoever touches it is found (R55)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from kit import clock
from models.base import db
from models.platform import AuditLink, AuditRecord
from services import people, platform
from services.platform import audit

pytestmark = pytest.mark.usefixtures("app")
SOMEBODY = people.System("test")


def _record(count: int) -> None:
    with platform.unit_of_work():
        for number in range(count):
            audit.record(SOMEBODY, "test.act", f"thing:{number}", before={"状态": "旧"}, after={"n": number})


def _link() -> str | None:
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        return platform.transact(audit.link)


@pytest.fixture
def anchors() -> list[str]:
    """Thirty acts in three links, and the heads that were written outside."""
    heads = []
    for _ in range(3):
        _record(10)
        heads.append(_link() or "")
    return heads


def test_an_untouched_trail_is_whole(anchors: list[str]) -> None:
    _record(5)
    assert audit.verify(anchors) is None
    assert audit.count() == 35


def test_rows_still_settling_wait_for_the_next_link() -> None:
    _record(3)
    assert platform.transact(audit.link) is None
    assert _link()


def _seq(index: int) -> int:
    return list(db.session.scalars(db.select(AuditRecord.seq).order_by(AuditRecord.seq)))[index]


@pytest.mark.parametrize("index", [0, 14, 29, 33])
def test_a_changed_row_is_named(anchors: list[str], index: int) -> None:
    _record(5)
    seq = _seq(index)
    db.session.execute(update(AuditRecord).where(AuditRecord.seq == seq).values(actor="somebody else"))
    broken = audit.verify(anchors)
    assert broken is not None
    assert broken.place == f"record {seq}"


def test_a_removed_row_is_found(anchors: list[str]) -> None:
    db.session.execute(delete(AuditRecord).where(AuditRecord.seq == _seq(14)))
    assert "removed" in (audit.verify(anchors) or pytest.fail("not found")).why


def test_a_cut_tail_is_found_by_the_anchor(anchors: list[str]) -> None:
    db.session.execute(delete(AuditRecord).where(AuditRecord.seq > _seq(19)))
    db.session.execute(delete(AuditLink).where(AuditLink.number == 3))
    assert audit.verify() is None, "inside the database nothing shows"
    assert (audit.verify(anchors) or pytest.fail("not found")).place == "link 3"


def test_swapped_rows_are_found(anchors: list[str]) -> None:
    one, other = _seq(3), _seq(4)
    for seq, new in ((one, -1), (other, one), (-1, other)):
        db.session.execute(update(AuditRecord).where(AuditRecord.seq == seq).values(seq=new))
    assert audit.verify(anchors) is not None


def test_a_link_recomputed_without_the_key_is_found(anchors: list[str]) -> None:
    db.session.execute(update(AuditLink).where(AuditLink.number == 2).values(digest="0" * 64))
    assert audit.verify(anchors) is not None


def test_a_foreign_anchor_is_named(anchors: list[str]) -> None:
    assert (audit.verify(["garbage"]) or pytest.fail("not found")).place == "link garbage"
