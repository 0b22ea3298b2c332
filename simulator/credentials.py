"""Tokens, login codes, tickets: everything that proves something for a while."""

import secrets
from collections import Counter

from kit import clock
from simulator.errors import Refusal
from simulator.world import Agent, Code, Ticket, Token, World

TOKEN_SECONDS = 7200
CODE_SECONDS = 300
USER_TICKET_SECONDS = 1800
WEB, MINI = "web", "mini"


class Credentials:
    """Issues and checks them. `gettoken_calls` counts the token calls for each application."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.gettoken_calls: Counter[str] = Counter()

    def token(self, corp_id: str, secret: str) -> tuple[str, int]:
        """The application's token and its remaining seconds; the same one until it expires."""
        if corp_id != self.world.corp_id:
            raise Refusal(40013)
        agent = next((a for a in self.world.agents if a.secret and secrets.compare_digest(a.secret, secret)), None)
        if agent is None:
            raise Refusal(40001)
        self.gettoken_calls[agent.name] += 1
        for text, token in self.world.tokens.items():
            if token.agent == agent.name and not token.revoked and token.expires_at > clock.epoch():
                return text, token.expires_at - clock.epoch()
        fresh = secrets.token_urlsafe(64)
        self.world.tokens[fresh] = Token(agent.name, clock.epoch() + TOKEN_SECONDS)
        return fresh, TOKEN_SECONDS

    def agent_of(self, token: str) -> Agent:
        """Whose token this is: 41001 without one, 40014 unknown, 42001 expired."""
        if not token:
            raise Refusal(41001)
        known = self.world.tokens.get(token)
        if known is None or known.revoked:
            raise Refusal(40014)
        if known.expires_at <= clock.epoch():
            raise Refusal(42001)
        return self.agent(known.agent)

    def agent(self, name: str) -> Agent:
        """The application of that name."""
        return next(a for a in self.world.agents if a.name == name)

    def expire(self, name: str) -> None:
        """Ends the application's tokens as if their time were up."""
        for token in self._tokens(name):
            token.expires_at = clock.epoch()

    def revoke(self, name: str) -> None:
        """Ends them early, as the platform sometimes does: they become unknown."""
        for token in self._tokens(name):
            token.revoked = True

    def _tokens(self, name: str) -> list[Token]:
        return [t for t in self.world.tokens.values() if t.agent == name]

    def code(self, kind: str, agent: Agent, userid: str, private: bool = False) -> str:
        """A fresh login code for a member of the corporation."""
        text = secrets.token_urlsafe(32)
        self.world.codes[text] = Code(kind, agent.name, userid, clock.epoch() + CODE_SECONDS, private)
        return text

    def redeem(self, kind: str, agent: Agent, text: str) -> Code:
        """Spends a code: 40029 when used, late, unknown or of another application."""
        code = self.world.codes.get(text)
        if code is None or code.used or code.kind != kind or code.agent != agent.name:
            raise Refusal(40029)
        if code.expires_at <= clock.epoch():
            raise Refusal(40029, "expired")
        code.used = True
        return code

    def user_ticket(self, userid: str) -> str:
        """A ticket for the private fields of one member."""
        text = secrets.token_urlsafe(48)
        self.world.tickets[text] = Ticket("user", userid, clock.epoch() + USER_TICKET_SECONDS)
        return text

    def owner_of(self, user_ticket: str) -> str:
        """The member whose private fields the ticket opens."""
        ticket = self.world.tickets.get(user_ticket)
        if ticket is None or ticket.kind != "user":
            raise Refusal(84015)
        if ticket.expires_at <= clock.epoch():
            raise Refusal(84014)
        return ticket.owner

    def js_ticket(self, kind: str, agent: Agent) -> tuple[str, int]:
        """The `jsapi` or `agent_config` ticket: the first belongs to the corporation, the second to the application."""
        owner = agent.name if kind == "agent_config" else self.world.corp_id
        for text, ticket in self.world.tickets.items():
            if (ticket.kind, ticket.owner) == (kind, owner) and ticket.expires_at > clock.epoch():
                return text, ticket.expires_at - clock.epoch()
        fresh = secrets.token_urlsafe(48)
        self.world.tickets[fresh] = Ticket(kind, owner, clock.epoch() + TOKEN_SECONDS)
        return fresh, TOKEN_SECONDS
