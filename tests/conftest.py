"""What every test may ask for."""

import os
from pathlib import Path

from hypothesis import settings

# A busy machine is no fault of what is tested; what has to be quick is measured where it says so.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_collection_modifyitems(items):
    """What is long begins first. Each worker begins with its own part of the list (--dist worksteal)."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    share = -(-len(others) // workers)
    items[:] = [each for n in range(workers) for each in (*long[n::workers], *others[n * share : (n + 1) * share])]


pytest_plugins = ("tests.postgres",)


def pytest_addoption(parser):
    words = "keep the browser tests' pictures there, such as docs/screenshots (make screenshots)"
    parser.addoption("--screenshots", type=Path, metavar="FOLDER", help=words)
