"""Commands: thin routes for whoever runs the system; each is one transaction as the system's own actor."""

from collections.abc import Callable
from functools import partial

from flask import Flask

from entrypoints.cli import audit, database, demo, jobs, leave, outbox, people, wecom

GROUPS = (audit.group, database.group, demo.group, jobs.group, leave.group, outbox.group, people.group, wecom.group)


def install(app: Flask) -> None:
    """Adds every command group to `flask`."""
    for group in GROUPS:
        app.cli.add_command(group)


def check_first(check: Callable[..., None]) -> None:
    """Has every command look at its surroundings before it works; those on the schema need only a database."""
    for group in GROUPS:
        group.callback = partial(check, at_head=group is not database.group)
