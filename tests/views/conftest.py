"""Golden files: what people see, kept as files that a reviewer reads. `pytest tests/views --update-golden` rewrites."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files of the views anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Compares with the file of this name: text as it is, all else as JSON."""

    def check(name: str, seen: object) -> None:
        text = seen if isinstance(seen, str) else json.dumps(seen, indent=2, ensure_ascii=False) + "\n"
        path = GOLDEN / name
        if request.config.getoption("--update-golden", default=False):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{name} is missing: run pytest tests/views --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return check
