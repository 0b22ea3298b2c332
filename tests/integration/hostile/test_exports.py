"""Whatever takes data of people away as a file leaves a record of who took it."""

from sqlalchemy import func, select

from models.base import db
from models.platform import AuditRecord
from tests.integration.hostile.attack import undone
from tests.integration.hostile.routes import Fields, Visit, visits
from tests.integration.hostile.world import World

FILLED = ("/console/people/import/template", "/console/payroll/template")
"""Workbooks to fill in, with everybody already in them."""


def _taken(visit: Visit) -> list[Fields]:
    return [form for form in visit.forms if form] or [{}] * (visit.path in FILLED)


def _exports() -> int:
    return db.session.scalar(select(func.count()).where(AuditRecord.action.endswith(".export"))) or 0


def test_every_export_leaves_one_record(world: World) -> None:
    seen, wrong = 0, []
    for visit in visits(world):
        for form in _taken(visit):
            with undone():
                before = _exports()
                has_come = visit.pay(world, query=visit.query | form).status_code == 200
                seen += has_come
                if _exports() - before != has_come:
                    wrong.append(f"{visit.route} {form}")
    assert seen > 25
    assert wrong == []
