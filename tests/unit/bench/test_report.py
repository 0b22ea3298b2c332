"""What the bench prints: a median with its spread, held against a target from the right side."""

from decimal import Decimal

import pytest

from bench.load import Request
from bench.operations import OPERATIONS, SIX, limit_requests
from bench.report import Figure, number, table
from bench.rounds import statements
from bench.runs import CHUNK, stretches
from bench.servers import Slice


@pytest.mark.parametrize(
    ("values", "target", "at_most", "is_met"),
    [
        ([0.4, 0.5, 0.9], 0.5, False, True),
        ([0.4, 0.49, 0.9], 0.5, False, False),
        ([1.0, 1.2, 9.0], 1.2, True, True),
        ([1.0, 1.21, 1.3], 1.2, True, False),
        ([0.01], None, False, True),
    ],
)
def test_the_median_decides(values: list[float], target: float | None, at_most: bool, is_met: bool) -> None:
    assert Figure("punch", "one insert", values, target, at_most).is_met is is_met


def test_a_row_says_ratio_spread_target_and_verdict() -> None:
    printed = table("sqlite", [Figure("punch", "one insert", [0.3, 0.2, 0.4], 0.35, notes={"SQL": "5"})])
    cells = printed.splitlines()[-1].split()
    assert cells == ["punch", "one", "insert", "0.30", "(0.20–0.40)", "≥", "0.35", "SHORT", "5"]


def test_three_figures_that_matter() -> None:
    assert [number(119.4), number(0.256), number(2.0)] == ["119", "0.26", "2.00"]


def test_statements_are_one_number_or_a_range() -> None:
    def seen(*counts: int) -> Slice:
        return Slice(requests=1, per_second=1, p99_ms=1, cpu_ms=1, statements=counts)

    assert statements([seen(5), seen(5)]) == "5"
    assert statements([seen(5, 7), seen(6)]) == "5–7"


def test_a_request_says_the_length_of_its_body_in_bytes() -> None:
    wire = Request("POST", "/leave", {"Content-Type": "application/json"}, '{"reason":"家"}').wire
    assert wire.startswith("POST /leave HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 16\r\n")
    assert wire.endswith('\r\n\r\n{"reason":"家"}')


def test_every_operation_is_held_against_a_limit_that_is_served() -> None:
    for operation in OPERATIONS:
        for bar in operation.bars:
            assert limit_requests(bar)[0][0].path == bar.path


@pytest.mark.parametrize(("people", "rounds"), [(100_000, 3), (100_000, 1), (1_000, 2), (1_250, 2), (500, 1)])
def test_stretches_are_whole_chunks_and_together_everybody(people: int, rounds: int) -> None:
    found = list(stretches(people, rounds))
    assert len(found) == rounds
    assert [begin for begin, _ in found] == [0, *(end for _, end in found[:-1])]
    assert found[-1][1] == people
    assert all(begin % CHUNK == 0 for begin, _ in found)
    assert all(begin < end for begin, end in found)


def test_a_day_of_annual_leave_goes_through_all_six_nodes() -> None:
    assert len(SIX.route({"days": Decimal(1), "minutes": 480, "kind": "annual"})) == 6
