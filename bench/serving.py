"""`python -m bench.serving`: the product under gunicorn and under granian in turn, for decision 0008.

Every figure is granian's as a multiple of gunicorn's in the same round: two processes of four threads each.
"""

import argparse
from collections.abc import Callable, Sequence

from bench import servers
from bench.operations import CONNECTIONS, OPERATIONS, Operation
from bench.place import Place
from bench.report import Figure, table
from bench.rounds import WARM_SECONDS, one
from bench.servers import Server, Slice
from bench.world import World

APPLICATION = "bench.product:app"
MEASURES: dict[str, Callable[[Slice], float]] = {
    "requests a second": lambda seen: seen.per_second,
    "99th percentile": lambda seen: seen.p99_ms,
    "CPU of a request": lambda seen: seen.cpu_ms,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures every operation under both servers and prints the ratios."""
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__)
    parser.add_argument("--server", default="", help="where databases named hr_bench_* may be made; SQLite without it")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=2_000)
    options = parser.parse_args(arguments)
    with Place(options.server, "serving") as place:
        world = World(place)
        world.grow(options.people)
        figures = compare(world, options.rounds, options.seconds)
    print(table(f"granian over gunicorn, {CONNECTIONS} connections, {options.server or 'sqlite'}", figures))


def compare(world: World, rounds: int, seconds: float) -> list[Figure]:
    """Each operation under both, round by round, then what each holds in memory."""
    gunicorn = servers.gunicorn(APPLICATION, world.place.environment)
    granian = servers.granian(APPLICATION, world.place.environment)
    try:
        figures = [
            figure
            for operation in OPERATIONS
            for figure in _ratios(world, (gunicorn, granian), operation, rounds, seconds)
        ]
        return [*figures, Figure("memory of a process", "gunicorn's", [granian.memory_mib() / gunicorn.memory_mib()])]
    finally:
        gunicorn.stop()
        granian.stop()


def _ratios(
    world: World, pair: tuple[Server, Server], operation: Operation, rounds: int, seconds: float
) -> list[Figure]:
    for server in pair:
        one(world, server, operation, WARM_SECONDS)
    seen = [tuple(one(world, server, operation, seconds) for server in pair) for _ in range(rounds)]
    return [
        Figure(operation.name, f"gunicorn's {words}", [measure(other) / measure(ours) for ours, other in seen])
        for words, measure in MEASURES.items()
    ]


__all__ = ["compare", "main"]

if __name__ == "__main__":
    main()
