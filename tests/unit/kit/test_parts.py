"""Lists cut into parts."""

import pytest

from kit.parts import parts


@pytest.mark.parametrize(
    ("count", "made"), [(0, []), (1, [[0]]), (3, [[0, 1, 2]]), (4, [[0, 1, 2], [3]]), (6, [[0, 1, 2], [3, 4, 5]])]
)
def test_parts_are_as_long_as_may_be_and_lose_nothing(count: int, made: list[list[int]]) -> None:
    assert [list(part) for part in parts(list(range(count)), 3)] == made
