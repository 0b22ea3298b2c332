"""`flask leave`: the yearly grant by hand."""

from flask import Flask

from tests.factories import leave as grants
from tests.factories import people as make


def test_kinds_and_grants_are_given_once(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["leave", "kinds"]).output == "19 kinds added.\n"
    assert run(args=["leave", "kinds"]).output == "0 kinds added.\n"
    make.person("lilei")
    assert run(args=["leave", "grant", "--year", "2026"]).output == "1 grants for 2026.\n"
    assert run(args=["leave", "grant"]).output == "0 grants for 2026.\n"
    grants.kinds()
