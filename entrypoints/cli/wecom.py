"""`flask wecom`: what is set up at WeCom by command."""

import click
from flask import current_app
from flask.cli import AppGroup

import wecom
from services.assistant import Command
from wecom.menu import Action, Group, MenuBar, TopAction

group = AppGroup("wecom", help="The application at WeCom.")


def menu(public_url: str) -> MenuBar:
    """The menu under the chat: pages open, the rest is answered by the assistant."""

    def page(name: str, path: str) -> Action:
        return Action(type="view", name=name, url=f"{public_url}{path}")

    def question(name: str, command: Command) -> Action:
        return Action(type="click", name=name, key=command.value)

    return MenuBar(
        button=(
            Group(
                name="假勤",
                sub_button=(
                    page("打卡", "/h5/attendance"),
                    page("请假", "/h5/leave/new"),
                    question("我的假期", Command.BALANCES),
                    question("今日打卡", Command.PUNCH),
                ),
            ),
            Group(
                name="查询",
                sub_button=(
                    question("工资条", Command.PAYSLIP),
                    page("公告", "/h5/notices"),
                    question("帮助", Command.HELP),
                ),
            ),
            TopAction(type="click", name="待办", key=Command.TODO.value),
        )
    )


@group.command("menu")
def create_menu() -> None:
    """Replace the application's menu by ours."""
    client: wecom.Client = current_app.extensions["wecom"]
    try:
        client.menu.create(menu(current_app.config["PUBLIC_URL"].rstrip("/")))
    except wecom.WecomError as error:
        raise click.ClickException(str(error)) from None
    click.echo("The menu is in place.")
