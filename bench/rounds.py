"""Limit and product in turn, round by round: what else the machine does meanwhile falls on both."""

from collections.abc import Sequence

from bench.operations import OPERATIONS, SUBMIT, TAP, Bar, Operation, limit_requests
from bench.report import Figure
from bench.servers import Server, Slice
from bench.world import World

WARM_SECONDS = 1.0
TAPS_A_SECOND = 250  # more than can be decided


def one(world: World, product: Server, operation: Operation, seconds: float) -> Slice:
    """One slice of an operation; for writes, every answer must have left its row."""
    if operation is TAP:
        _have_waiting(world, product, seconds)
    world.wake()
    requests = operation.requests(world)
    before = _count(world, operation)
    seen = product.measure(requests, seconds, repeat=operation.repeats)
    made = _count(world, operation) - before
    if not operation.repeats and made != seen.requests:
        raise RuntimeError(f"{operation.name}: {seen.requests} answers, but {made} were done")
    return seen


def _count(world: World, operation: Operation) -> int:
    return 0 if operation.made is None else int(world.rows(operation.made)[0][0])


def _have_waiting(world: World, product: Server, seconds: float) -> None:
    """Sees to it that enough requests wait for a tap."""
    wanted = int(seconds * TAPS_A_SECOND)
    while sum(len(part) for part in TAP.requests(world)) < wanted:
        world.wake()
        product.measure(SUBMIT.requests(world), 60, repeat=False)


def against_limits(
    world: World, product: Server, limit: Server, chosen: Sequence[Operation], rounds: int, seconds: float
) -> tuple[list[Figure], dict[str, list[Slice]]]:
    """Each operation as shares of its limits; and its own slices, for what else is asked of them."""
    slices: dict[str, list[Slice]] = {operation.name: [] for operation in chosen}
    figures = []
    for operation in chosen:
        one(world, product, operation, WARM_SECONDS)
        _warm(limit, operation.bars)
        limits: list[list[Slice]] = []
        for _ in range(rounds):
            limits.append([limit.measure(limit_requests(bar), seconds, repeat=True) for bar in operation.bars])
            slices[operation.name].append(one(world, product, operation, seconds))
        mine = slices[operation.name]
        figures += [
            _figure(operation, bar, mine, [of_round[at] for of_round in limits])
            for at, bar in enumerate(operation.bars)
        ]
    return figures, slices


def _warm(limit: Server, bars: Sequence[Bar]) -> None:
    for bar in bars:
        limit.measure(limit_requests(bar), WARM_SECONDS, repeat=True)


def _figure(operation: Operation, bar: Bar, mine: Sequence[Slice], limit: Sequence[Slice]) -> Figure:
    pairs = list(zip(mine, limit, strict=True))
    cpu = sum(ours.cpu_ms for ours in mine) / sum(theirs.cpu_ms for theirs in limit)
    notes = {"SQL": statements(mine), "CPU ×": f"{cpu:.2f}"}
    shares = [ours.per_second / theirs.per_second for ours, theirs in pairs]
    return Figure(operation.name, bar.words, shares, bar.share, notes=notes)


def statements(slices: Sequence[Slice]) -> str:
    """How many SQL statements a request took: one number, or the range."""
    seen = sorted({count for part in slices for count in part.statements})
    return str(seen[0]) if len(seen) == 1 else f"{seen[0]}–{seen[-1]}"


def growth(
    small: tuple[World, Server], large: tuple[World, Server], chosen: Sequence[Operation], rounds: int, seconds: float
) -> list[Figure]:
    """CPU of a request in the large company as a multiple of the same in the small one, and its statements in both."""
    figures = []
    for operation in chosen:
        seen: tuple[list[Slice], list[Slice]] = ([], [])
        for world, server in (small, large):
            one(world, server, operation, WARM_SECONDS)
        for _ in range(rounds):
            for found, (world, server) in zip(seen, (small, large), strict=True):
                found.append(one(world, server, operation, seconds))
        ratios = [big.cpu_ms / little.cpu_ms for little, big in zip(*seen, strict=True)]
        counts = " / ".join(statements(found) for found in seen)
        against = f"{small[0].people} people, CPU"
        figures.append(
            Figure(f"{operation.name}, {large[0].people} people", against, ratios, 1.2, True, {"SQL": counts})
        )
    return figures


__all__ = ["OPERATIONS", "against_limits", "growth", "one"]
