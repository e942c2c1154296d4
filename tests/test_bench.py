"""The bench works: it measures every figure on a small scale, and its table says what was missed."""

import asyncio
import json
import sys

import pytest

from tests.bench.figures import Figure, quantile, table
from tests.world import ROOT


@pytest.mark.slow
async def test_a_quick_bench_reaches_every_figure_and_writes_them_down(tmp_path):
    out = tmp_path / "bench.json"
    bench = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench", "--quick", "--out", str(out)), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await asyncio.wait_for(bench.communicate(), 120)

    assert bench.returncode == 0
    figures = json.loads(out.read_text())["figures"]["0 ms"]
    assert {name for name, value in figures.items() if value is None} == set()
    assert figures["calls that build the room"] == 6
    assert figures["5 at once: errors"] == 0
    assert all(name in printed.decode() for name in figures)


def test_a_missed_aim_and_what_was_not_reached_are_said_beside_the_ratio_to_the_reference():
    columns = {"0 ms": [Figure("ack", 50.0, "ms", aim=25), Figure("rooms", None, "s")]}

    [_, ack, rooms] = table(columns, {"0 ms": {"ack": 20.0}}).splitlines()

    assert ack.split() == ["ack", "(ms)", "50", "2.50", "<", "25", "ms", "MISSED"]
    assert "not reached" in rooms
    assert "MISSED" not in rooms


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_a_quantile_is_a_value_that_was_measured(share, expected):
    assert quantile(range(1, 101), share) == expected


def test_nothing_has_no_quantile():
    assert quantile([], 0.5) is None
