"""What can go wrong with WeCom, drawn by what the caller should do next.

    WecomError
    ├── Refused            never repeat the same call
    │   ├── Misconfigured  an administrator must act: trusted IP, permission, domain
    │   └── Spent          a one-time code is used or expired: begin its flow again
    ├── Later              the same call may succeed later, not before `wait_seconds`
    │   ├── StaleToken     the token was refused, even after one refresh
    │   ├── Throttled      a quota or our own brake: wait for the window
    │   └── BadCredentials the secret is wrong: nobody asks again for ten minutes
    ├── BadCallback        an incoming callback we do not trust; uniform on purpose
    └── InvalidMessage     we were about to send something WeCom's limits forbid; names the field

Texts are redacted and short: they may be logged. They are never shown to people.
"""

from pydantic import ValidationError

from kit.log import redact
from kit.text import clip, plain

LONGEST_TEXT = 300
CREDENTIALS_REST_SECONDS = 600


class WecomError(Exception):
    """`api` is the interface's path, `errcode` WeCom's number when it gave one."""

    def __init__(self, text: str, *, api: str = "", errcode: int | None = None) -> None:
        self.text = clip(redact(plain(text)), LONGEST_TEXT)
        self.api = api
        self.errcode = errcode
        super().__init__(" ".join(part for part in (api, "" if errcode is None else str(errcode), self.text) if part))


class Refused(WecomError):
    """WeCom understood and said no; repeating changes nothing."""


class Misconfigured(Refused):
    """Nothing is wrong with the call: an administrator has to change a setting of the corporation."""


class Spent(Refused):
    """A login code, user ticket, response code or message id is used up or expired."""


class Later(WecomError):
    """Repeat later. `is_ambiguous`: the effect may already have happened (a write whose answer was lost)."""

    def __init__(
        self,
        text: str,
        *,
        api: str = "",
        errcode: int | None = None,
        wait_seconds: float = 0,
        is_ambiguous: bool = False,
    ) -> None:
        super().__init__(text, api=api, errcode=errcode)
        self.wait_seconds = wait_seconds
        self.is_ambiguous = is_ambiguous


class StaleToken(Later):
    """The access token was refused; the client has refreshed it once already when this reaches a caller."""


class Throttled(Later):
    """Too often: a quota of WeCom (45009) or a limit we keep ourselves; `wait_seconds` until the window opens."""


class BadCredentials(Later):
    """`gettoken` refused corp id or secret; after three such answers nobody asks for ten minutes."""


class BadCallback(WecomError):
    """Not a callback we trust. The text is always the same; `reason` is for counters, never for the answer.

    `stale` is only raised for a correctly signed callback, so a run of them with a steady `skew_seconds`
    (their time minus ours) means that a clock is wrong.
    """

    def __init__(self, reason: str, skew_seconds: int = 0) -> None:
        super().__init__("callback refused")
        self.reason = reason
        self.skew_seconds = skew_seconds


class InvalidMessage(WecomError):
    """A limit of WeCom's reference is broken. `field` is the path of the first culprit, e.g. `button_list.0.text`."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def invalid(error: ValidationError) -> InvalidMessage:
    """Our error for pydantic's: the path of the first broken limit and what it wants, without the value."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return InvalidMessage(".".join(str(part) for part in first["loc"]), first["msg"].removeprefix("Value error, "))
