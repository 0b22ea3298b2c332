"""`flask outbox`: what could not be sent, and sending it again."""

import click
from flask.cli import AppGroup

from services import people, platform

group = AppGroup("outbox", help="Promises that were refused or died.")
OPERATOR = people.System("cli.outbox")


@group.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
def list_failed(limit: int) -> None:
    """Show refused and dead promises, newest first."""
    with platform.unit_of_work(writes=False):
        failed = platform.promises.failed(limit)
    for promise in failed:
        click.echo(f"{promise.id}  {promise.state:8}  {promise.kind:20}  {promise.attempts:>2}×  {promise.last_error}")
    click.echo(f"{len(failed)} promises failed.")


@group.command("retry")
@click.argument("promise_id")
def retry(promise_id: str) -> None:
    """Give one failed promise a fresh set of tries."""
    with platform.unit_of_work():
        done = platform.promises.retry(promise_id)
        if done:
            platform.audit.record(OPERATOR, "platform.delivery.retry", promise_id)
    if not done:
        raise click.ClickException("no failed promise has this id; `flask outbox list` shows them")
    click.echo("It will be tried again.")
