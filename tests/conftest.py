"""What every test may ask for."""

from pathlib import Path

from hypothesis import settings

# A busy machine is no fault of what is tested; what has to be quick is measured where it says so.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

pytest_plugins = ("tests.postgres",)


def pytest_addoption(parser):
    words = "keep the browser tests' pictures there, such as docs/screenshots (make screenshots)"
    parser.addoption("--screenshots", type=Path, metavar="FOLDER", help=words)
