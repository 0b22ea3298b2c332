"""The client: one transport, one token keeper, and the interfaces grouped by what they are about."""

from functools import cached_property

import requests

from kit.config import Agent, Wecom
from wecom.caller import Application, Caller
from wecom.contacts import Contacts
from wecom.jsapi import JsApi
from wecom.media import Media
from wecom.menu import Menu
from wecom.messages import Messages
from wecom.oauth import LoginPages, MiniProgram, OAuth
from wecom.office import Approval, CheckIn
from wecom.schedule import Schedule
from wecom.throttle import Meter, Throttle
from wecom.tokens import Keeper, TokenStore
from wecom.transport import Transport
from wecom.vacation import Vacation

DIRECTORY_SYNC = "@directory-sync"
"""The name its token is kept under; no agent can have it."""


class Client:
    """WeCom as one corporation sees it.

    The application's own agent sends, logs in and signs. Agents named `checkin`, `approval` and `miniprogram` serve
    those interfaces when they are configured; otherwise the own agent does. Threads may share a client.
    """

    def __init__(self, settings: Wecom, transport: Transport, keeper: Keeper, meter: Meter) -> None:
        self._settings = settings
        self._transport = transport
        self._keeper = keeper
        self._meter = meter
        self._own = self._as(settings.own)

    @cached_property
    def messages(self) -> Messages:
        """Sending, card updates, recall."""
        return Messages(self._own, self._meter, self._settings.member_messages_per_minute)

    @cached_property
    def contacts(self) -> Contacts:
        """The directory, through the directory-sync secret where it is configured and allowed."""
        secret = self._settings.contacts.secret
        if not secret.get_secret_value():
            return Contacts([self._own])
        sync = Application(self._settings.corp_id, DIRECTORY_SYNC, secret)
        return Contacts([Caller(self._transport, self._keeper, sync), self._own])

    @cached_property
    def media(self) -> Media:
        """Upload and download."""
        return Media(self._own)

    @cached_property
    def menu(self) -> Menu:
        """The menu in the chat."""
        return Menu(self._own)

    @cached_property
    def oauth(self) -> OAuth:
        """Web login."""
        return OAuth(self._own, LoginPages(self._settings.authorize_url, self._settings.login_url))

    @cached_property
    def miniprogram(self) -> MiniProgram:
        """Mini-program login."""
        return MiniProgram(self._named("miniprogram"))

    @cached_property
    def jsapi(self) -> JsApi:
        """Page signatures."""
        return JsApi(self._own)

    @cached_property
    def checkin(self) -> CheckIn:
        """打卡."""
        return CheckIn(self._named("checkin"))

    @cached_property
    def approval(self) -> Approval:
        """审批."""
        return Approval(self._named("approval"))

    @cached_property
    def vacation(self) -> Vacation:
        """假期."""
        return Vacation(self._named("approval"))

    @cached_property
    def schedule(self) -> Schedule | None:
        """日程; `None` while the company does not want entries written."""
        own = self._settings.own
        return Schedule(self._own, own.agent_id) if self._settings.leave_in_calendar else None

    def _named(self, name: str) -> Caller:
        agent = next((agent for agent in self._settings.agents if agent.name == name), None)
        return self._own if agent is None else self._as(agent)

    def _as(self, agent: Agent) -> Caller:
        application = Application(self._settings.corp_id, agent.name, agent.secret, agent.agent_id)
        return Caller(self._transport, self._keeper, application)


def connect(settings: Wecom, tokens: TokenStore, meter: Meter, session: requests.Session | None = None) -> Client:
    """A client for these settings; nothing is called yet. Tests pass a session with the twin mounted under it."""
    timeouts = (settings.connect_timeout_seconds, settings.read_timeout_seconds)
    throttle = Throttle(meter, settings.in_flight, sum(timeouts))
    transport = Transport(settings.api_base, timeouts, throttle, session)
    return Client(settings, transport, Keeper(tokens), meter)
