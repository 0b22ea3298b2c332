"""`flask people`: the directory by hand, and the first administrator."""

from flask import Flask
from sqlalchemy import select

from models.base import db
from models.people import Person
from services import people
from simulator import Twin


def run(app: Flask, *args: str) -> tuple[int, str]:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["people", *args])
    db.session.expire_all()
    return result.exit_code, result.output


def company(twin: Twin) -> None:
    with twin.quiet():
        for userid in ("wang", "li", "zhao"):
            twin.add_member(userid, userid)


def test_sync_says_what_it_did(app: Flask, twin: Twin) -> None:
    company(twin)
    assert run(app, "sync") == (0, "3 people: 3 joined, 0 left, 0 moved.\n")
    assert run(app, "sync") == (0, "3 people: 0 joined, 0 left, 0 moved.\n")


def test_a_suspicious_directory_needs_force(app: Flask, twin: Twin) -> None:
    company(twin)
    run(app, "sync")
    with twin.quiet():
        twin.remove_member("li")
        twin.remove_member("zhao")
    code, said = run(app, "sync")
    assert code == 1
    assert "可见范围" in said
    assert run(app, "sync", "--force") == (0, "1 people: 0 joined, 2 left, 0 moved.\n")


def test_wecom_away_is_one_line(app: Flask, twin: Twin) -> None:
    twin.fault("*", "cut", times=None)
    code, said = run(app, "sync")
    assert (code, said.count("\n")) == (1, 1)


def test_the_first_administrator(app: Flask, twin: Twin) -> None:
    company(twin)
    run(app, "sync")
    assert run(app, "grant", "wang", "admin")[0] == 0
    person_id = db.session.scalars(select(Person.id).where(Person.userid == "wang")).one()
    assert [given.role for given in people.grants.of_person(person_id)] == ["admin"]
    assert run(app, "grant", "nobody", "admin")[0] == 1
    assert run(app, "grant", "wang", "king")[0] == 2
