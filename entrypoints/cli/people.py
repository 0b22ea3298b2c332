"""`flask people`: the directory by hand, and the first administrator."""

import click
from flask import current_app
from flask.cli import AppGroup

import wecom
from entrypoints import directory
from kit.errors import AppError
from models.enums import Role
from services import people, platform

group = AppGroup("people", help="The directory and roles.")
OPERATOR = people.System("cli.people")


@group.command("sync")
@click.option("--force", is_flag=True, help="Accept a directory with fewer than half of the people known.")
def sync(force: bool) -> None:
    """Read the whole directory from WeCom and follow it."""
    try:
        done = directory.sync(current_app.extensions["wecom"], is_trusted=force)
    except (wecom.WecomError, AppError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{done.people} people: {done.joined} joined, {done.left} left, {done.moved} moved.")


@group.command("grant")
@click.argument("userid")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def grant(userid: str, role: str) -> None:
    """Give a role company-wide; this is how the first administrator comes to be."""
    try:
        with platform.unit_of_work():
            person = people.by_userid(userid)
            people.grants.grant(OPERATOR, person.person_id, people.grants.GrantWish(role=Role(role)))
    except AppError as error:
        raise click.ClickException(error.title) from None
    click.echo(f"{userid} now has the role {role}.")
