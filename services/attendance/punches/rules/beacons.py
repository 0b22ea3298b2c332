"""A beacon's rolling code: eight bytes that change every half minute, so that a recording is soon worth nothing.

The beacon holds a secret and a clock. Its code is the beginning of HMAC-SHA-256 over the number of the half minute
since 1970 (eight bytes, big-endian): what RFC 6238 does, in the eight bytes that an Eddystone-EID frame carries.
"""

import hmac

STEP_SECONDS = 30
CODE_BYTES = 8
DRIFT = (0, -1, 1)
"""The steps that count: now, the one before (somebody was still tapping), and one ahead (a beacon's clock is cheap)."""


def rolling_code(secret: bytes, step: int) -> str:
    """What the beacon says in this step, in hexadecimal."""
    return hmac.digest(secret, step.to_bytes(8, "big"), "sha256")[:CODE_BYTES].hex()


def heard(secret: bytes, code: str, epoch: int) -> int | None:
    """The step in which the beacon says this, if that is about now."""
    now = epoch // STEP_SECONDS
    fresh = (now + drift for drift in DRIFT)
    return next((step for step in fresh if hmac.compare_digest(rolling_code(secret, step), code.lower())), None)
