"""The application itself and its menu (pages 90227, 90231 to 90233)."""

from typing import Any

from kit.text import byte_length
from simulator.api.desk import ANY, Asked, Routes
from simulator.errors import Refusal
from simulator.world import Agent

routes = Routes()
PICTURES = ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")
KEYED = ("click", "scancode_push", "scancode_waitmsg", *PICTURES, "location_select")


def _own(asked: Asked) -> Agent:
    if asked.number("agentid") != asked.agent.agent_id:
        raise Refusal(40056)
    return asked.agent


@routes.get("agent/get")
def agent_get(asked: Asked) -> dict[str, Any]:
    agent = _own(asked)
    return {
        "agentid": agent.agent_id,
        "name": agent.name,
        "allow_userinfos": {"user": [{"userid": u} for u in agent.visible_members]},
        "allow_partys": {"partyid": agent.visible_departments},
        "allow_tags": {"tagid": agent.visible_tags},
        "close": 0,
        "redirect_domain": agent.trusted_domain,
        "report_location_flag": 0,
        "isreportenter": int(agent.reports_entering),
        "home_url": agent.home_url,
    }


@routes.get("agent/list", who=ANY)
def agent_list(asked: Asked) -> dict[str, Any]:
    return {"agentlist": [{"agentid": asked.agent.agent_id, "name": asked.agent.name}]}


@routes.post("menu/create")
def menu_create(asked: Asked) -> None:
    agent = _own(asked)
    buttons = asked.body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Refusal(40016)
    for button in buttons:
        _check_main(button)
    asked.twin.world.menus[agent.agent_id] = buttons


@routes.get("menu/get")
def menu_get(asked: Asked) -> dict[str, Any]:
    menu = asked.twin.world.menus.get(_own(asked).agent_id)
    if not menu:
        raise Refusal(46003)
    return {"button": menu}


@routes.get("menu/delete")
def menu_delete(asked: Asked) -> None:
    asked.twin.world.menus.pop(_own(asked).agent_id, None)


def _check_main(button: dict[str, Any]) -> None:
    if not 1 <= byte_length(str(button.get("name", ""))) <= 16:
        raise Refusal(40018)
    children = button.get("sub_button") or []
    if len(children) > 5:
        raise Refusal(40023)
    if not children:
        _check_action(button, 40017, 40019, 40020)
    for child in children:
        if not 1 <= byte_length(str(child.get("name", ""))) <= 40:
            raise Refusal(40025)
        _check_action(child, 40024, 40026, 40027)


def _check_action(button: dict[str, Any], bad_type: int, bad_key: int, bad_url: int) -> None:
    kind = button.get("type")
    if kind in KEYED:
        if not 1 <= byte_length(str(button.get("key", ""))) <= 128:
            raise Refusal(bad_key)
    elif kind == "view":
        url = str(button.get("url", ""))
        if byte_length(url) > 1024 or not url.startswith(("http://", "https://")):
            raise Refusal(bad_url)
    elif kind == "view_miniprogram":
        if not button.get("pagepath") or not button.get("appid"):
            raise Refusal(40054)
    else:
        raise Refusal(bad_type)
