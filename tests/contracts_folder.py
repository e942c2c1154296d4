"""Where the vendors' own documents are. A test that needs them skips, saying so, where they are absent."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("MUSTER_CONTRACTS") or ROOT.parent / "shared" / "contracts")


def contract(name: str) -> Any:
    """The parsed JSON document of that name, such as `slack/methods.json`."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"no contract {name}: set MUSTER_CONTRACTS to the folder that holds it")
    return json.loads(path.read_text(encoding="utf-8"))


def form_of(vector: Any) -> list[tuple[str, str]]:
    """The form that one of Twilio's signed examples is made of, in a file of its own where it is long."""
    return list((vector.get("form") or contract("webhooks/" + vector["form_file"])["form"]).items())
