"""`flask db`: the schema and its migrations."""

import click
from flask.cli import AppGroup

from services import platform, wiring

group = AppGroup("db", help="The schema: bring it to head, check it.")


@group.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to the newest migration."""
    platform.schema.upgrade(revision)
    with platform.unit_of_work():
        for begin in wiring.DEFAULTS:
            begin()
    click.echo(f"The database is at {platform.schema.current()}.")


@group.command("check")
def check() -> None:
    """Exit 1 unless the database is at head and agrees with the code."""
    wrong = (
        platform.schema.differences()
        if platform.schema.current() == platform.schema.head()
        else [f"at {platform.schema.current()}, head is {platform.schema.head()}"]
    )
    if wrong:
        raise click.ClickException("the schema differs:\n" + "\n".join(wrong))
    click.echo("The schema is at head and agrees with the code.")


@group.command("revise")
@click.argument("message")
def revise(message: str) -> None:
    """Write the next migration from what differs (developers)."""
    click.echo(platform.schema.revise(message))
