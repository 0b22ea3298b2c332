"""The ceilings: Flask and SQLAlchemy at one insert, a read and insert, a list of twenty, a leave in seven statements.

Served by the same gunicorn settings as the product: `BENCH_URL=… gunicorn bench.limits:app`.
"""

import json
import os
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, jsonify, request
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Sequence, db

PEOPLE = 5000


class Employee(Base):
    __tablename__ = "bench_employee"
    id: Mapped[int] = mapped_column(Sequence, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(64))


class Balance(Base):
    __tablename__ = "bench_balance"
    employee_id: Mapped[int] = mapped_column(Sequence, primary_key=True)
    days: Mapped[int]


class Leave(Base):
    __tablename__ = "bench_leave"
    id: Mapped[int] = mapped_column(Sequence, primary_key=True)
    employee_id: Mapped[int] = mapped_column(index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(16))
    reason: Mapped[str] = mapped_column(sa.String(255))


class Note(Base):
    __tablename__ = "bench_note"
    id: Mapped[int] = mapped_column(Sequence, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(32))
    detail: Mapped[str] = mapped_column(sa.String(255))
    at: Mapped[datetime]


TABLES = [model.__table__ for model in (Employee, Balance, Leave, Note)]


def create_app(url: str) -> Flask:
    """The limit server over a database."""
    app = Flask(__name__)
    options: dict[str, Any] = {"pool_size": 8}
    if not url.startswith("sqlite"):
        options["isolation_level"] = "READ COMMITTED"
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options)
    db.init_app(app)
    app.add_url_rule("/hello", view_func=hello)
    for view in (insert, read_insert, leave):
        app.add_url_rule(f"/{view.__name__}", view_func=view, methods=["POST"])
    app.add_url_rule("/list20", view_func=list20)
    return app


def prepare(url: str) -> None:
    """Fresh tables with five thousand employees, each with a balance and twenty requests."""
    with create_app(url).app_context():
        Base.metadata.drop_all(db.engine, tables=TABLES)
        Base.metadata.create_all(db.engine, tables=TABLES)
        numbers = range(1, PEOPLE + 1)
        db.session.execute(sa.insert(Employee), [{"id": n, "name": f"员工{n}"} for n in numbers])
        db.session.execute(sa.insert(Balance), [{"employee_id": n, "days": 10**6} for n in numbers])
        day = date(2020, 1, 1)
        for index in range(20):
            on = day + timedelta(days=index)
            rows = [
                {"employee_id": n, "first_day": on, "last_day": on, "state": "approved", "reason": ""} for n in numbers
            ]
            db.session.execute(sa.insert(Leave), rows)
        db.session.commit()


def _somebody() -> int:
    return random.randrange(1, PEOPLE + 1)


def _note(kind: str) -> Note:
    return Note(kind=kind, detail="card", at=datetime.now(UTC))


def hello() -> Response:
    return jsonify(ok=True)


def _begin() -> None:
    if db.engine.dialect.name == "sqlite":
        db.session.connection(execution_options={"writes": True})


def insert() -> tuple[Response, int]:
    """One ORM insert, committed."""
    _begin()
    db.session.add(_note("punch"))
    db.session.commit()
    return jsonify(ok=True), 201


def read_insert() -> Response:
    """A single read and an insert, committed."""
    _begin()
    found = db.session.get(Employee, _somebody())
    assert found is not None
    db.session.add(_note("view"))
    db.session.commit()
    return jsonify(name=found.name)


def leave() -> tuple[Response, int]:
    """Seven statements: employee, locked balance, overlap, insert, balance, audit, outbox."""
    _begin()
    body = request.get_json()
    employee = db.session.get(Employee, _somebody())
    assert employee is not None
    day = date(2027, 1, 1) + timedelta(days=random.randrange(30000))
    balance = db.session.execute(
        sa.select(Balance).where(Balance.employee_id == employee.id).with_for_update()
    ).scalar_one()
    overlap = sa.select(Leave.id).where(Leave.employee_id == employee.id, Leave.first_day <= day, Leave.last_day >= day)
    db.session.execute(overlap.limit(1)).first()
    made = Leave(employee_id=employee.id, first_day=day, last_day=day, state="pending", reason=body["reason"])
    db.session.add(made)
    balance.days -= 1
    db.session.flush()
    db.session.add(_note("leave.submit"))
    db.session.flush()
    db.session.add(Note(kind="card", detail=json.dumps({"leave": made.id}), at=datetime.now(UTC)))
    db.session.commit()
    return jsonify(id=made.id), 201


def list20() -> Response:
    """Twenty rows of one employee."""
    rows = db.session.scalars(
        sa.select(Leave).where(Leave.employee_id == _somebody()).order_by(Leave.id.desc()).limit(20)
    ).all()
    return jsonify([{"id": r.id, "first": str(r.first_day), "last": str(r.last_day), "state": r.state} for r in rows])


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    return create_app(os.environ["BENCH_URL"])
