"""`python -m simulator`: the twin on this machine's loopback address, for the demo and for development."""

import argparse
import ipaddress
import logging
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from werkzeug.serving import WSGIRequestHandler, make_server

from kit import config
from simulator.app import create_app
from simulator.company import agents_of, populate
from simulator.twin import Twin

BANNER = "本页只连接本机"
SAVE_SECONDS = 3


class Quiet(WSGIRequestHandler):
    """No line for every request: the page shows them."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""


def main(arguments: list[str] | None = None) -> int:
    """Serves until stopped; 2 when it was started wrongly, with one line that says why."""
    options = _options(arguments)
    try:
        _check_loopback(options.host)
        twin = _twin(options)
    except (config.BadSettings, ValueError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 2
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(
        options.host, options.port, create_app(twin, options.product), threaded=True, request_handler=Quiet
    )
    signal.signal(signal.SIGTERM, _stop)
    stopped = threading.Event()
    if options.state:
        threading.Thread(target=_keep, args=(twin, options.state, stopped), daemon=True).start()
    sys.stdout.write(f"企业微信模拟端  http://{options.host}:{options.port}/  （{BANNER}）\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        stopped.set()
        if options.state:
            twin.save(options.state)
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="企业微信的模拟端，只用于本机的演示和测试")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address; others are refused")
    parser.add_argument("--port", type=int, default=5001)
    parser.add_argument("--product", default="http://127.0.0.1:5000", help="where the product answers")
    parser.add_argument(
        "--config", type=Path, help="the product's configuration, whose [wecom] section both sides share"
    )
    parser.add_argument("--state", type=Path, help="a JSON file to continue from and to save to")
    parser.add_argument(
        "--company", choices=["demo", "empty"], default="demo", help="who works here when there is no state"
    )
    options = parser.parse_args(arguments)
    options.product = options.product.rstrip("/")
    return options


def _check_loopback(host: str) -> None:
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise ValueError(
            f"--host {host} is refused: the twin has no passwords and serves this machine only; use 127.0.0.1"
        )


def _twin(options: argparse.Namespace) -> Twin:
    settings = config.load(options.config or config.default_path(Path.cwd()))
    agents = agents_of(settings, options.product)
    if options.state and options.state.exists():
        twin = Twin.load(options.state)
        if twin.world.corp_id != settings.wecom.corp_id:
            raise ValueError(f"{options.state} belongs to {twin.world.corp_id}; remove it or name another --state")
        twin.world.agents[:] = agents
        return twin
    twin = Twin.of(settings.wecom.corp_id, agents)
    if options.company == "demo":
        populate(twin)
    return twin


def _keep(twin: Twin, path: Path, stopped: threading.Event) -> None:
    """Saves every few seconds while something happens."""
    seen = -1
    while not stopped.wait(SAVE_SECONDS):
        if twin.activity != seen:
            seen = twin.activity
            twin.save(path)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
