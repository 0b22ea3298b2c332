"""Tokens, login codes, JS tickets (pages 91039, 91023, 95833, 91507, 90506)."""

import base64
import secrets
from typing import Any

from simulator.api.desk import ANY, PUBLIC, Asked, Routes
from simulator.credentials import MINI, USER_TICKET_SECONDS, WEB
from simulator.errors import Refusal

routes = Routes()


@routes.get("gettoken", who=PUBLIC)
def gettoken(asked: Asked) -> dict[str, Any]:
    token, seconds = asked.twin.credentials.token(asked.query.get("corpid", ""), asked.query.get("corpsecret", ""))
    return {"access_token": token, "expires_in": seconds}


@routes.get("auth/getuserinfo")
def getuserinfo(asked: Asked) -> dict[str, Any]:
    """The visitor of a web or PC login; with consent and in visible range also a ticket for private fields."""
    code = asked.twin.credentials.redeem(WEB, asked.agent, asked.query.get("code", ""))
    reply: dict[str, Any] = {"userid": code.userid}
    if code.private and code.userid.lower() in asked.twin.directory.visible_members(asked.agent):
        reply |= {"user_ticket": asked.twin.credentials.user_ticket(code.userid), "expires_in": USER_TICKET_SECONDS}
    return reply


@routes.get("user/getuserinfo")
def old_getuserinfo(asked: Asked) -> dict[str, Any]:
    """The older call, with its capitalised names."""
    code = asked.twin.credentials.redeem(WEB, asked.agent, asked.query.get("code", ""))
    return {"UserId": code.userid, "DeviceId": ""}


@routes.post("auth/getuserdetail")
def getuserdetail(asked: Asked) -> dict[str, Any]:
    userid = asked.twin.credentials.owner_of(str(asked.body.get("user_ticket", "")))
    member = asked.twin.directory.member(userid)
    fields = {"mobile": member.mobile, "email": member.email, "biz_mail": member.biz_mail}
    return {"userid": member.userid, "gender": member.gender, **{k: v for k, v in fields.items() if v}}


@routes.get("miniprogram/jscode2session")
def jscode2session(asked: Asked) -> dict[str, Any]:
    if asked.query.get("grant_type") != "authorization_code":
        raise Refusal(40035, "grant_type")
    code = asked.twin.credentials.redeem(MINI, asked.agent, asked.query.get("js_code", ""))
    session_key = base64.b64encode(secrets.token_bytes(16)).decode()
    return {"corpid": asked.twin.world.corp_id, "userid": code.userid, "session_key": session_key}


@routes.get("get_jsapi_ticket", per_minute=400)
def get_jsapi_ticket(asked: Asked) -> dict[str, Any]:
    ticket, seconds = asked.twin.credentials.js_ticket("jsapi", asked.agent)
    return {"ticket": ticket, "expires_in": seconds}


@routes.get("ticket/get", per_minute=100)
def ticket_get(asked: Asked) -> dict[str, Any]:
    if asked.query.get("type") != "agent_config":
        raise Refusal(91040)
    ticket, seconds = asked.twin.credentials.js_ticket("agent_config", asked.agent)
    return {"ticket": ticket, "expires_in": seconds}


@routes.get("getcallbackip", who=ANY)
def getcallbackip(asked: Asked) -> dict[str, Any]:
    return {"ip_list": ["127.0.0.1"]}


@routes.get("get_api_domain_ip", who=ANY)
def get_api_domain_ip(asked: Asked) -> dict[str, Any]:
    return {"ip_list": ["127.0.0.1"]}
