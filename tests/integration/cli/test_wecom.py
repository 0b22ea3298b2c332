"""`flask wecom menu` puts our menu under the chat."""

from flask import Flask

from services.assistant import Command
from simulator import Twin


def test_the_menu_leads_to_pages_and_to_the_assistant(app: Flask, twin: Twin) -> None:
    result = app.test_cli_runner().invoke(args=["wecom", "menu"])
    assert result.exit_code == 0, result.output
    (bar,) = twin.world.menus.values()
    entries = [entry for top in bar for entry in top.get("sub_button", [top])]
    assert {entry["key"] for entry in entries if entry["type"] == "click"} == set(Command)
    assert all(entry["url"].startswith("https://hr.example.com/h5/") for entry in entries if entry["type"] == "view")


def test_a_refusal_of_wecom_ends_in_one_line(app: Flask, twin: Twin) -> None:
    twin.fault("menu/create", 60020)
    result = app.test_cli_runner().invoke(args=["wecom", "menu"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: menu/create 60020")
