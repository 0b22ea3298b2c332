"""Step-up: somebody who is logged in proves themselves again, by a PIN or a TOTP code, before pay and power.

Tries are counted per person, whatever the session. A wrong try must be remembered although the act is refused, so
`prove` returns its verdict instead of raising it: the way in commits first and refuses then.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from pydantic import Field
from sqlalchemy import or_, select, update

from kit import clock
from kit.errors import Conflict, Forbidden, TooMany
from kit.schema import View, Wish
from models.base import db
from models.enums import Outcome, StepUpMethod
from models.people import StepUpSecret
from services import platform
from services.people import access, rules, sessions
from services.people.actor import Actor
from services.people.permissions import Permission

# OWASP's first choice for argon2id where memory is 19 MiB
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
TOTP_SECONDS = 30
ISSUER = "人事自助"


class Proof(Wish):
    """A PIN or a code."""

    secret: str = Field(min_length=6, max_length=6, pattern=r"^[0-9]{6}$")


class NewPin(Wish):
    """The PIN to use from now on."""

    pin: str = Field(max_length=20)


class StepUpView(View):
    """Where somebody stands: is the second proof set, may it be set now, and until when is it locked?

    `uri` is the address of a TOTP seed that waits for its first code.
    """

    method: StepUpMethod
    is_set: bool
    may_set: bool
    locked_until: datetime | None
    uri: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What came of a try; `retry_after` is seconds when the lock has just fallen."""

    is_right: bool
    tries_left: int = 0
    retry_after: int = 0

    def demand(self) -> None:
        """Refuses the act unless the try was right."""
        if self.retry_after:
            raise TooMany("输错次数过多，已暂时锁定，请稍后再试或联系人事重置", retry_after=self.retry_after)
        if not self.is_right:
            raise Forbidden(f"验证失败，还可以再试 {self.tries_left} 次")


def state(actor: Actor, method: StepUpMethod) -> StepUpView:
    """How the actor stands with the method in force."""
    row = _row(actor.person_id)
    may_set = sessions.has_stepped_up(actor) or sessions.is_fresh(actor)
    return StepUpView(
        method=method,
        is_set=_is_set(row, method),
        may_set=may_set,
        locked_until=row.locked_until if row and row.locked_until and row.locked_until > clock.now() else None,
        uri=_uri(actor, row) if row and may_set and method is StepUpMethod.TOTP and not row.last_totp_step else None,
    )


def _row(person_id: str) -> StepUpSecret | None:
    theirs = select(StepUpSecret).where(StepUpSecret.person_id == person_id)
    return db.session.scalars(theirs.execution_options(populate_existing=True)).first()


def _is_set(row: StepUpSecret | None, method: StepUpMethod) -> bool:
    if row is None:
        return False
    return row.sealed_pin is not None if method is StepUpMethod.PIN else row.last_totp_step > 0


def prove(actor: Actor, method: StepUpMethod, secret: str) -> Verdict:
    """Takes one try; a right one marks the session. `TooMany` while locked, `Conflict` while nothing is set."""
    row = _row(actor.person_id)
    if row is None or (row.sealed_pin if method is StepUpMethod.PIN else row.sealed_totp) is None:
        raise Conflict("还没有设置身份验证，请先设置" + ("安全密码" if method is StepUpMethod.PIN else "动态口令"))
    if not _take_try(actor.person_id):
        return Verdict(is_right=False, retry_after=_seconds_until(row.locked_until or clock.now()))
    db.session.refresh(row)
    is_right = _fits_pin(row, secret) if method is StepUpMethod.PIN else _uses_code(row, secret)
    outcome = Outcome.DONE if is_right else Outcome.REFUSED
    platform.audit.record(actor, "people.step_up.prove", actor.person_id, person_id=actor.person_id, outcome=outcome)
    return _right(actor) if is_right else _wrong(row)


def _take_try(person_id: str) -> bool:
    """Counts the try before it is judged, so that parallel guesses cannot share one."""
    free = or_(StepUpSecret.locked_until.is_(None), StepUpSecret.locked_until <= clock.now())
    counted = update(StepUpSecret).where(StepUpSecret.person_id == person_id, free)
    return bool(platform.changed(counted.values(failures=StepUpSecret.failures + 1)))


def _right(actor: Actor) -> Verdict:
    cleared = update(StepUpSecret).where(StepUpSecret.person_id == actor.person_id)
    platform.changed(cleared.values(failures=0, locked_until=None))
    sessions.mark_stepped_up(actor)
    return Verdict(is_right=True)


def _wrong(row: StepUpSecret) -> Verdict:
    lock = rules.lock_after(row.failures)
    if lock is None:
        return Verdict(is_right=False, tries_left=rules.FREE_TRIES - row.failures)
    row.locked_until = clock.now() + lock
    return Verdict(is_right=False, retry_after=_seconds_until(row.locked_until))


def _seconds_until(at: datetime) -> int:
    return max(1, int((at - clock.now()).total_seconds()))


def _fits_pin(row: StepUpSecret, pin: str) -> bool:
    assert row.sealed_pin is not None
    digest = platform.vault.sealer().open(_context("pin", row.person_id), row.sealed_pin).decode()
    try:
        return HASHER.verify(digest, pin)
    except VerifyMismatchError:
        return False


def _uses_code(row: StepUpSecret, code: str) -> bool:
    """Does the code fit this half minute or one beside it, later than any used before? Each works once."""
    totp, now = _totp(row), clock.epoch() // TOTP_SECONDS
    steps = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(totp.generate_otp(step), code)]
    if not steps:
        return False
    later = (StepUpSecret.person_id == row.person_id, StepUpSecret.last_totp_step < steps[-1])
    return bool(platform.changed(update(StepUpSecret).where(*later).values(last_totp_step=steps[-1])))


def _totp(row: StepUpSecret) -> pyotp.TOTP:
    assert row.sealed_totp is not None
    seed = platform.vault.sealer().open(_context("totp", row.person_id), row.sealed_totp).decode()
    return pyotp.TOTP(seed, interval=TOTP_SECONDS)


def _uri(actor: Actor, row: StepUpSecret) -> str | None:
    return _totp(row).provisioning_uri(name=actor.name, issuer_name=ISSUER) if row.sealed_totp else None


def set_pin(actor: Actor, method: StepUpMethod, wish: NewPin) -> None:
    """Sets the first PIN right after a WeCom login, or another one right after proving the present one."""
    _check_in_force(StepUpMethod.PIN, method)
    rules.check_pin(wish.pin)
    _check_may_set(actor, StepUpMethod.PIN)
    sealed = platform.vault.sealer().seal(_context("pin", actor.person_id), HASHER.hash(wish.pin).encode())
    _store(actor, "people.step_up.set_pin", sealed_pin=sealed)
    sessions.mark_stepped_up(actor)


def begin_totp(actor: Actor, method: StepUpMethod) -> None:
    """Makes a new seed; it comes into force with its first code."""
    _check_in_force(StepUpMethod.TOTP, method)
    _check_may_set(actor, StepUpMethod.TOTP)
    sealed = platform.vault.sealer().seal(_context("totp", actor.person_id), pyotp.random_base32().encode())
    _store(actor, "people.step_up.begin_totp", sealed_totp=sealed, last_totp_step=0)


def _check_in_force(wanted: StepUpMethod, method: StepUpMethod) -> None:
    """Nobody has set the other method, so setting it would pass for a proof and forget the tries counted here."""
    if wanted is not method:
        raise Conflict("贵公司没有启用这种验证方式，请刷新页面后按提示验证")


def _check_may_set(actor: Actor, method: StepUpMethod) -> None:
    if sessions.has_stepped_up(actor):
        return
    if _is_set(_row(actor.person_id), method):
        raise Forbidden("请先用现在的验证方式验证身份；如果忘记了，请联系人事重置")
    if not sessions.is_fresh(actor):
        raise Forbidden("为了确认是您本人，请先从企业微信重新登录，再设置")


def _store(actor: Actor, action: str, **values: object) -> None:
    fresh = {"person_id": actor.person_id, "failures": 0, "last_totp_step": 0, **values}
    if not platform.first(StepUpSecret, **fresh):
        mine = update(StepUpSecret).where(StepUpSecret.person_id == actor.person_id)
        platform.changed(mine.values(failures=0, locked_until=None, **values))
    platform.audit.record(actor, action, actor.person_id, person_id=actor.person_id)


def reset(actor: Actor, person_id: str) -> None:
    """Takes a forgotten PIN or lost TOTP away; the person sets a new one after logging in to WeCom again."""
    person = access.person(actor, person_id, Permission.PEOPLE_PERSON_EDIT)
    if person.id == actor.person_id:
        raise Forbidden("不能重置自己的身份验证，请由另一位同事操作")
    row = _row(person.id)
    if row is None:
        raise Conflict("该员工没有设置身份验证，无需重置")
    db.session.delete(row)
    sessions.end_all(person.id)
    platform.audit.record(actor, "people.step_up.reset", person.id, person_id=person.id)


def _context(column: str, person_id: str) -> str:
    return f"step_up.{column}:{person_id}"
