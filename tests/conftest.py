"""What every test may ask for."""

from pathlib import Path

pytest_plugins = ("tests.postgres",)


def pytest_addoption(parser):
    words = "keep the browser tests' pictures there, such as docs/screenshots (make screenshots)"
    parser.addoption("--screenshots", type=Path, metavar="FOLDER", help=words)
