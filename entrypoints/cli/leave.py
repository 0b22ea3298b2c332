"""`flask leave`: kinds and yearly grants."""

import click
from flask.cli import AppGroup

from kit import clock
from services import leave, platform

group = AppGroup("leave", help="Kinds of leave and what people are granted.")


@group.command("kinds")
def add_kinds() -> None:
    """Store the kinds the product comes with, unless they are there already."""
    click.echo(f"{platform.transact(leave.ensure_kinds)} kinds added.")


@group.command("grant")
@click.option("--year", type=click.IntRange(2000, 2099), help="The year to grant; this year unless said otherwise.")
def grant(year: int | None) -> None:
    """Give everybody the year's statutory leave; who has got it gets nothing more."""
    wanted, made, after = year or clock.today().year, 0, ""
    while True:
        chunk = platform.transact(lambda after=after: leave.grant_yearly(wanted, after))  # type: ignore[misc]
        made += chunk.made
        if chunk.after is None:
            break
        after = chunk.after
    click.echo(f"{made} grants for {wanted}.")
