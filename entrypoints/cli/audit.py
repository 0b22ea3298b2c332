"""`flask audit`: is the trail whole, are the receipts what was signed?"""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from services import approvals, platform

group = AppGroup("audit", help="The audit trail.")


@group.command("verify")
def verify() -> None:
    """Read the whole trail against its chain and the anchors; name the first broken record."""
    anchors = _lines(current_app.config["AUDIT"].anchor_file)
    with platform.unit_of_work(writes=False):
        broken, count = platform.audit.verify(anchors), platform.audit.count()
    if broken:
        raise click.ClickException(f"{broken.place}: {broken.why}")
    click.echo(f"The trail is whole: {count} records, {len(anchors)} anchors.")


@group.command("receipts")
def receipts() -> None:
    """Check every receipt, the roots of the days against those written outside, and the histories they vouch for."""
    lines = _lines(current_app.config["AUDIT"].receipt_file)
    with platform.unit_of_work(writes=False):
        broken, altered = platform.receipts_check.verify(lines), approvals.altered()
    if broken:
        raise click.ClickException(f"{broken.place}: {broken.why}")
    if altered:
        raise click.ClickException(f"request {altered}: its history is not the one its receipt vouches for")
    click.echo(f"The receipts are sound: {len(lines)} roots outside.")


def _lines(place: str) -> list[str]:
    path = Path(place)
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
