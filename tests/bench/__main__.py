"""`python -m tests.bench [--quick]`: measure, print the table, write bench.json."""

import argparse
import asyncio
import json
import os
import platform
import sys
import time
from pathlib import Path

from tests.bench.figures import Figure, table
from tests.bench.scenarios import QUICK, Size, everything

ROOT = Path(__file__).resolve().parent.parent.parent
REFERENCE = ROOT / "docs" / "bench-reference.json"
LATENCIES_MS = (0, 100)


async def measure(latencies: tuple[int, ...], size: Size) -> dict[str, list[Figure]]:
    """All figures, by the latency of Slack's calls. What is known so far is told on standard error."""
    columns: dict[str, list[Figure]] = {}
    for ms in latencies:
        column = columns.setdefault(f"{ms} ms", [])
        async for figures in everything(ms, size):
            column += figures
            for figure in figures:
                print(f"{ms} ms a call: {figure.name} {_said(figure)}", file=sys.stderr, flush=True)
    return columns


def _said(figure: Figure) -> str:
    return "not reached" if figure.value is None else f"{figure.value:.4g} {figure.unit}"


def machine() -> dict[str, object]:
    """`load`: how many processes wanted a core in the last minute, which no figure can be read without."""
    load = round(os.getloadavg()[0], 1)
    return {"cores": os.cpu_count(), "load": load, "python": platform.python_version(), "system": platform.system()}


def as_json(columns: dict[str, list[Figure]]) -> dict:
    """Latency -> name of the figure -> value."""
    return {column: {f.name: f.value and round(f.value, 4) for f in figures} for column, figures in columns.items()}


def main() -> int:
    """The exit code; a missed aim is said, and is no failure: other machines, other figures."""
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds: whether the bench itself works")
    parser.add_argument("--out", type=Path, default=ROOT / "bench.json", help="default: bench.json")
    options = parser.parse_args()
    began, here = time.monotonic(), machine()
    columns = asyncio.run(measure(LATENCIES_MS[:1], QUICK) if options.quick else measure(LATENCIES_MS, Size()))
    options.out.write_text(json.dumps({"machine": here, "figures": as_json(columns)}, indent=2) + "\n")
    reference = json.loads(REFERENCE.read_text()) if REFERENCE.exists() else {"machine": {}, "figures": {}}
    print(table(columns, reference["figures"]))
    print(f"\nmilliseconds are added to every call of Slack's Web API; reference: {reference['machine']}")
    print(f"this machine: {here}; {time.monotonic() - began:.0f} s in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
