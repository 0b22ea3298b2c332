"""The bench itself still runs: one write and one read, in short slices, on a small company."""

import pytest

import bench.__main__ as bench


@pytest.mark.chaos
def test_the_bench_measures_a_write_and_a_read(capsys: pytest.CaptureFixture[str]) -> None:
    size = ["--people", "500", "--large", "0", "--rounds", "1", "--seconds", "0.5"]
    bench.main(["--database", "sqlite", *size, "--only", "submit", "list"])
    printed = capsys.readouterr().out
    assert "submit leave" in printed
    assert "own leave list" in printed
    assert "worker memory" in printed
