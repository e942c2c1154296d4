"""What every test may ask for."""

import os
from pathlib import Path

from hypothesis import settings

# A busy machine is no fault of what is tested; what has to be quick is measured where it says so.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_collection_modifyitems(items):
    """What is long begins early, and not everywhere at once: it waits more than it works. Each worker begins with its
    own part of the list (--dist worksteal)."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    share = -(-len(others) // workers)
    parts = [others[n * share : (n + 1) * share] for n in range(workers)]
    starts = [0 if n % 2 == 0 else len(part) // 4 for n, part in enumerate(parts)]
    items[:] = [
        each
        for n, (part, start) in enumerate(zip(parts, starts, strict=True))
        for each in (*part[:start], *long[n::workers], *part[start:])
    ]


pytest_plugins = ("tests.postgres",)


def pytest_addoption(parser):
    words = "keep the browser tests' pictures there, such as docs/screenshots (make screenshots)"
    parser.addoption("--screenshots", type=Path, metavar="FOLDER", help=words)
