"""`python -m bench`: every operation as a share of what the same machine can do at best, measured in the same run."""

import argparse
from collections.abc import Callable, Sequence

from bench import days, jobs, limits, runs, servers
from bench.operations import OPERATIONS, TAP, Operation
from bench.place import Place
from bench.report import Figure, table
from bench.rounds import against_limits, growth
from bench.servers import Server
from bench.world import World

Part = Callable[..., list[Figure]]
Run = Callable[[World, World, int], list[Figure]]

MARIADB = "mysql+pymysql://root@127.0.0.1:3306"
MEMORY_MIB = 120
JOBS = (jobs.broadcast, jobs.cards, jobs.publish)
RUNS = (runs.grant_a_year, runs.expire, runs.team_calendar, days.settle_a_day)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures as the options say and prints the tables."""
    options = _options(arguments)
    wanted = ("sqlite", "mariadb") if options.database == "both" else (options.database,)
    chosen = [one for one in OPERATIONS if not options.only or any(word in one.name for word in options.only)]
    for database in wanted:
        server = options.server if database == "mariadb" else ""
        figures = measure(server, chosen, options)
        print(
            table(f"{database}: {options.rounds} rounds of {options.seconds:g} s, limit and product in turn", figures)
        )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--database", choices=["mariadb", "sqlite", "both"], default="both")
    parser.add_argument("--server", default=MARIADB, help="where databases named hr_bench_* may be made and dropped")
    parser.add_argument("--seconds", type=float, default=3, help="length of a slice")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--large", type=int, default=100_000, help="people of the large company; 0 leaves it out")
    parser.add_argument("--only", nargs="*", help="operations whose name contains one of these words")
    return parser.parse_args(arguments)


def measure(server: str, chosen: Sequence[Operation], options: argparse.Namespace) -> list[Figure]:
    """All figures on one database."""
    with Place(server, "small") as place:
        world = World(place)
        world.grow(options.people)
        limits.prepare(place.url)
        product = servers.gunicorn("bench.product:app", place.environment)
        limit = servers.gunicorn("bench.limits:app", place.environment)
        try:
            figures, slices = against_limits(world, product, limit, chosen, options.rounds, options.seconds)
            if TAP.name in slices:
                figures.append(jobs.callback_share(slices[TAP.name]))
            if chosen:
                figures.append(Figure("worker memory", "MiB", [product.memory_mib()], MEMORY_MIB, at_most=True))
            if options.large:
                figures += _large(server, (world, product), chosen, options)
        finally:
            product.stop()
            limit.stop()
        return figures


def _large(
    server: str, small: tuple[World, Server], chosen: Sequence[Operation], options: argparse.Namespace
) -> list[Figure]:
    """What shows only in a large company: jobs for twenty thousand, runs over all, and whether requests cost more."""
    figures: list[Figure] = []
    with Place(server, "large") as place:
        world = World(place)
        world.grow(min(options.large, jobs.BROADCAST_PEOPLE))
        for job in JOBS:
            if _wants(options, job):
                figures += job(world, options.rounds)
        wanted = [run for run in RUNS if _wants(options, run)]
        if chosen or wanted:
            world.grow(options.large)
        if chosen:
            product = servers.gunicorn("bench.product:app", place.environment)
            try:
                figures += growth(small, (world, product), chosen, options.rounds, options.seconds)
            finally:
                product.stop()
        if wanted:
            figures += _runs(server, world, wanted, options.rounds)
    return figures


def _wants(options: argparse.Namespace, part: Part) -> bool:
    words = part.__name__.replace("_", " ")
    return not options.only or any(word in words for word in options.only)


def _runs(server: str, many: World, wanted: Sequence[Run], rounds: int) -> list[Figure]:
    """Runs over all of a large company, with a small one beside it."""
    with Place(server, "few") as place:
        few = World(place)
        few.grow(min(many.people, runs.SMALL))
        return [figure for run in wanted for figure in run(few, many, rounds)]


if __name__ == "__main__":
    main()
