"""Keeps one claimed promise, whatever engine carries it.

Inside work runs in one transaction together with its settlement. Outside work (WeCom) runs without any transaction,
holding no connection; its answer is settled, and heard, in one of its own.
"""

from collections.abc import Callable
from typing import Any

from kit import log
from kit.errors import AppError, Upstream
from services import platform, wiring
from services.platform import Claimed

Outside = Callable[[dict[str, Any]], dict[str, Any]]
logger = log.get(__name__)


class Wait(Exception):
    """The outside asks us to come back after `seconds`; it costs the promise no try."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Refusal(Exception):
    """The outside says no for good."""


def keep(claimed: Claimed, outside: dict[str, Outside]) -> None:
    """Keeps the promise or puts it back; never raises."""
    with log.bound(way_in=f"job:{claimed.kind}", promise=claimed.id, attempt=claimed.attempt):
        try:
            _keep(claimed, outside)
        except Wait as wait:
            _put_back(claimed, str(wait), wait.seconds)
        except Refusal as refusal:
            _refuse(claimed, str(refusal))
        except Upstream as error:
            _put_back(claimed, error.title)
        except AppError as error:
            _refuse(claimed, error.title)
        except Exception as error:
            logger.exception("promise.failed")
            _put_back(claimed, type(error).__name__)


def _keep(claimed: Claimed, outside: dict[str, Outside]) -> None:
    if claimed.kind in outside:
        answer = outside[claimed.kind](claimed.payload)
        platform.transact(lambda: _settle(claimed, answer))
    else:
        platform.transact(lambda: _inside(claimed))
    logger.info("promise.kept")


def _inside(claimed: Claimed) -> None:
    if platform.promises.settle(claimed):
        wiring.WORKERS[claimed.kind](claimed.payload)


def _settle(claimed: Claimed, answer: dict[str, Any]) -> None:
    if platform.promises.settle(claimed, answer) and claimed.kind in wiring.ANSWERED:
        wiring.ANSWERED[claimed.kind](claimed.payload, answer)


def _refuse(claimed: Claimed, reason: str) -> None:
    logger.warning("promise.refused", extra={"why": reason})
    platform.transact(lambda: _refused(claimed, reason))


def _refused(claimed: Claimed, reason: str) -> None:
    if platform.promises.refuse(claimed, reason) and claimed.kind in wiring.REFUSED:
        wiring.REFUSED[claimed.kind](claimed.payload, reason)


def _put_back(claimed: Claimed, reason: str, seconds: float | None = None) -> None:
    logger.info("promise.postponed", extra={"why": reason})
    platform.transact(lambda: platform.promises.postpone(claimed, reason, seconds))
