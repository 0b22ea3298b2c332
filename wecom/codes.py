"""WeCom's error numbers sorted into the error tree (pages 90313 and 96213)."""

from wecom.errors import (
    CREDENTIALS_REST_SECONDS,
    BadCredentials,
    Later,
    Misconfigured,
    Refused,
    Spent,
    StaleToken,
    Throttled,
    WecomError,
)

GETTOKEN = "gettoken"
TOO_MANY_AT_ONCE = 45033
NO_PERMISSION_FOR_API = 48002
WINDOW_SECONDS = 60

STALE = {40001, 40014, 41001, 42001}
BUSY = {-1, 6000, TOO_MANY_AT_ONCE, 301022, 301064, 301067, 301070, 302005}
QUOTA = {45009}
WRONG_SECRET = {40001, 40013, 40091}
SETTINGS = {
    40013, 40056, 40091, 43009, 43012, 48001, NO_PERMISSION_FOR_API, 48006, 50001, 50003, 60020,
    301042, 301055, 301062, 301065, 94000,
}  # fmt: skip
ONE_TIME = {40029, 40078, 42022, 42052, 60140, 84014, 84015}


def error_for(api: str, errcode: int, errmsg: str) -> WecomError:
    """The error that says what to do about a non-zero `errcode` of this interface."""
    if api == GETTOKEN and errcode in WRONG_SECRET:
        return BadCredentials(errmsg, api=api, errcode=errcode, wait_seconds=CREDENTIALS_REST_SECONDS)
    if errcode in QUOTA:
        return Throttled(errmsg, api=api, errcode=errcode, wait_seconds=WINDOW_SECONDS)
    return _kind(errcode)(errmsg, api=api, errcode=errcode)


def _kind(errcode: int) -> type[Refused] | type[Later]:
    table: tuple[tuple[set[int], type[Refused] | type[Later]], ...] = (
        (STALE, StaleToken), (BUSY, Later), (SETTINGS, Misconfigured), (ONE_TIME, Spent),
    )  # fmt: skip
    return next((kind for codes, kind in table if errcode in codes), Refused)
