"""`flask audit`: is the trail whole?"""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from services import platform

group = AppGroup("audit", help="The audit trail.")


@group.command("verify")
def verify() -> None:
    """Read the whole trail against its chain and the anchors; name the first broken record."""
    path = Path(current_app.config["AUDIT"].anchor_file)
    anchors = path.read_text().splitlines() if path.exists() else []
    with platform.unit_of_work(writes=False):
        broken, count = platform.audit.verify(anchors), platform.audit.count()
    if broken:
        raise click.ClickException(f"{broken.place}: {broken.why}")
    click.echo(f"The trail is whole: {count} records, {len(anchors)} anchors.")
