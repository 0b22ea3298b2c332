"""Sessions: opaque tokens of 256 bits, kept as hashes; they end idle, old, at logout and with a change of rights."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from kit import clock
from kit.errors import Forbidden, Unauthenticated
from kit.ids import new_id, new_secret
from models.base import db
from models.enums import LoginFlow, Surface
from models.people import Grant, LoginSession, LoginState, Person
from services import platform
from services.people.actor import HELD, WHO, Actor, actor_of

STATE_LIVES = timedelta(minutes=10)
TOUCH_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Lifetimes:
    """How long sessions live; from the configuration."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    step_up: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Opened:
    """A new session: the token goes to the client once, the CSRF token into its pages."""

    token: str
    csrf: str
    expires_at: datetime
    actor: Actor


@dataclass(frozen=True)
class Arrival:
    """An OAuth state that came back to the browser it was made for; `tries` logins were begun before it."""

    next_path: str
    tries: int


_lifetimes = [Lifetimes()]


def set_lifetimes(lifetimes: Lifetimes) -> None:
    """Installs the configured life times; the composition root calls it once."""
    _lifetimes[:] = [lifetimes]


def lifetimes() -> Lifetimes:
    """The life times in force."""
    return _lifetimes[0]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(actor: Actor, surface: Surface) -> Opened:
    """A fresh session for somebody whose identity WeCom has just proven."""
    token, csrf, now = new_secret(), new_secret(128), clock.now()
    session = LoginSession(
        id=new_id(),
        token_hash=_hash(token),
        person_id=actor.person_id,
        surface=surface,
        csrf=csrf,
        seen_at=now,
        expires_at=now + lifetimes().absolute,
    )
    db.session.add(session)
    return Opened(token, csrf, session.expires_at, actor)


_SESSION = (
    select(
        *WHO, *HELD, LoginSession.id.label("session_id"), LoginSession.csrf, LoginSession.stepped_up_at,
        LoginSession.seen_at, LoginSession.expires_at,
    )
    .select_from(LoginSession)
    .join(Person, Person.id == LoginSession.person_id)
    .outerjoin(Grant, Grant.person_id == Person.id)
    .where(LoginSession.token_hash == bindparam("hash"), LoginSession.surface == bindparam("place"))
)  # fmt: skip


def actor_for(token: str, surface: Surface) -> Actor:
    """The actor behind a session token of this surface; `Unauthenticated` when it is unknown, idle, old or orphaned."""
    rows = platform.rows(_SESSION, {"hash": _hash(token), "place": surface})
    now = clock.now()
    if not rows or now - rows[0].seen_at > lifetimes().idle or now >= rows[0].expires_at:
        raise Unauthenticated()
    session = rows[0]
    actor = actor_of(rows, session_id=session.session_id, csrf=session.csrf, stepped_up_at=session.stepped_up_at)
    if actor is None:
        raise Unauthenticated()
    if now - session.seen_at > TOUCH_AFTER:
        platform.changed(update(LoginSession).where(LoginSession.id == session.session_id).values(seen_at=now))
    return actor


def has_stepped_up(actor: Actor) -> bool:
    """Has this session proven itself with PIN or TOTP within the last minutes?"""
    return actor.stepped_up_at is not None and clock.now() - actor.stepped_up_at <= lifetimes().step_up


def close_session(actor: Actor) -> None:
    """Logout."""
    db.session.execute(delete(LoginSession).where(LoginSession.id == actor.session_id))


def is_fresh(actor: Actor) -> bool:
    """Was this session opened within the last minutes, so that WeCom's word on who it is still counts as new?"""
    opened = db.session.scalar(select(LoginSession.created_at).where(LoginSession.id == actor.session_id))
    return opened is not None and clock.now() - opened <= lifetimes().step_up


def end_all(person_id: str) -> None:
    """Ends every session of a person: their rights changed, or they left."""
    db.session.execute(delete(LoginSession).where(LoginSession.person_id == person_id))


def mark_stepped_up(actor: Actor) -> None:
    """Remembers that this session has just proven itself again."""
    db.session.execute(
        update(LoginSession).where(LoginSession.id == actor.session_id).values(stepped_up_at=clock.now())
    )


def begin_login(flow: LoginFlow, browser: str, next_path: str, tries: int = 0) -> str:
    """A state for one OAuth round trip, bound to the browser's own cookie value; letters and digits only."""
    state = secrets.token_hex(32)
    db.session.add(
        LoginState(
            state_hash=_hash(state),
            browser_hash=_hash(browser),
            flow=flow,
            next_path=next_path,
            tries=tries,
            expires_at=clock.now() + STATE_LIVES,
        )
    )
    return state


def finish_login(flow: LoginFlow, browser: str, state: str) -> Arrival:
    """Uses up a state; anything but one of ours, of this browser and flow, unused and fresh is `Forbidden`."""
    ours = (
        (LoginState.state_hash == _hash(state))
        & (LoginState.browser_hash == _hash(browser))
        & (LoginState.flow == flow)
        & (LoginState.expires_at > clock.now())
    )
    found = db.session.execute(select(LoginState.next_path, LoginState.tries).where(ours)).first()
    if found is None or not platform.changed(delete(LoginState).where(ours)):
        raise Forbidden("登录请求已失效，请从企业微信重新进入")
    return Arrival(found.next_path, found.tries)


def tidy(_payload: dict[str, Any]) -> None:
    """Deletes states and sessions that are over."""
    now = clock.now()
    platform.changed(delete(LoginState).where(LoginState.expires_at < now))
    platform.changed(delete(LoginSession).where(LoginSession.expires_at < now))
