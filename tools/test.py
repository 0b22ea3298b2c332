"""`make test`: every suite in turn. What a machine lacks is said loudly; with REQUIRE_ALL=1 it is a failure.

The summary's last line counts suites, not tests; pytest's own lines above it count tests. Order and invented examples
follow one seed, so that a red run can be run again as it was; `SEED=7 make test` looks elsewhere.
"""

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass

SERVER = os.environ.get("SERVER", "mysql+pymysql://root@127.0.0.1:3306")
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
SEED = os.environ.get("SEED", "20260302")
PYTEST = [sys.executable, "-m", "pytest", f"--randomly-seed={SEED}", f"--hypothesis-seed={SEED}"]


@dataclass(frozen=True)
class Suite:
    """One run: what it is called, its command and environment, and what it needs (empty when all is there)."""

    name: str
    command: list[str]
    lacks: str = ""
    server: str = ""


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def suites() -> list[Suite]:
    """All suites, each with what this machine lacks for it."""
    server = "" if _answers(3306) else "no MySQL or MariaDB answers on 127.0.0.1:3306"
    chromium = "" if shutil.which("chromium") or shutil.which("google-chrome") else "no Chromium"
    node = "" if shutil.which("npm") else "no Node"
    return [
        Suite("unit", [*PYTEST, "tests/unit", "-n2"]),
        Suite("integration on SQLite", [*PYTEST, "tests/integration", "-n2"]),
        Suite("integration on MariaDB", [*PYTEST, "tests/integration", "-n2"], server, SERVER),
        Suite("browser", [*PYTEST, "tests/browser"], chromium),
        Suite("chaos, small", [*PYTEST, "tests/chaos"], server, SERVER),
        Suite("mini-program", ["make", "-s", "miniprogram"], node),
    ]


def run(suite: Suite) -> str:
    """ "passed", "failed" or "skipped"."""
    print(f"\n━━ {suite.name} ━━", flush=True)
    if suite.lacks:
        print(f"SKIPPED, because there is {suite.lacks}.", flush=True)
        return "failed" if REQUIRE_ALL else "skipped"
    environment = dict(os.environ, **({"TEST_DATABASE_SERVER": suite.server} if suite.server else {}))
    return "passed" if subprocess.run(suite.command, env=environment, check=False).returncode == 0 else "failed"


def main() -> int:
    """Runs all suites, even after a failure; the exit code says whether any failed."""
    results = {suite.name: run(suite) for suite in suites()}
    print("\n━━ suites ━━")
    for name, result in results.items():
        print(f"  {result:8} {name}")
    return 1 if "failed" in results.values() else 0


if __name__ == "__main__":
    sys.exit(main())
