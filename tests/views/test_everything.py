"""The walk over every view leaves none out."""

import ast
import sys
from pathlib import Path

from tests.views import samples
from tests.views.everything import surfaces

VIEWS = Path(__file__).resolve().parents[2] / "views"
SEEN = {"Answer", "Message", "View"}
"""What a function returns whose result is shown to somebody."""


def makers():
    """(module, name) of every public function of views/ that makes a message, an answer or a form."""
    for path in sorted(VIEWS.glob("*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        of_domain = {name.name for each in body if _from_domain(each) for name in each.names}
        for node in body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.returns:
                names = {each.id for each in ast.walk(node.returns) if isinstance(each, ast.Name)}
                if names & SEEN - of_domain:
                    yield path.stem, node.name


def _from_domain(node):
    """What people wrote is a Message too, and shown to nobody as it is."""
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("domain")


def walked():
    """(module, name) of every function of views/ that the walk comes through."""
    found = set()

    def note(frame, event, _):
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(VIEWS)):
            found.add((Path(code.co_filename).stem, code.co_name))

    sys.setprofile(note)
    try:
        for _ in surfaces("words", samples.FRESH):
            pass
    finally:
        sys.setprofile(None)
    return found


def test_every_function_that_makes_something_to_see_is_in_the_walk():
    """Add it to tests/views/everything.py: limits, escaping and listeners are checked of what is there."""
    there = set(makers())
    assert {("card", "card"), ("answers", "declared"), ("modals", "declare")} <= there
    assert there - walked() == set()
