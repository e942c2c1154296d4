"""A bare clone becomes a running Muster: the lock holds everything, by hash, and names nobody's machine."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = re.findall(r"^([a-z0-9-]+)==", LOCK, re.MULTILINE)


def _name(requirement):
    return re.match(r"[A-Za-z0-9-]+", requirement)[0].lower()


def test_the_lock_holds_every_package_that_the_project_asks_for():
    wanted = [
        *PROJECT["dependencies"],
        *(each for extra in PROJECT["optional-dependencies"].values() for each in extra),
    ]
    assert {_name(each) for each in wanted} <= set(PACKAGES)


def test_every_locked_package_has_its_hashes():
    blocks = re.split(r"^(?=[a-z0-9-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(PACKAGES)
    for block in blocks:
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block)) >= 1, block.splitlines()[0]


def test_the_lock_names_no_index_and_no_folder():
    assert not re.search(r"://|^\s*(-i|-f|-e|--index|--extra-index|--find-links)|@ |\s/\w", LOCK, re.MULTILINE)


def test_all_that_must_hold_is_run_before_a_change_is_taken():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^section \S+ make (\w+)$", script, re.MULTILINE) == [
        *("foreign", "check", "test", "try", "slow"),
    ]


def test_the_lock_for_node_holds_every_package_by_hash_and_names_no_registry():
    folder = ROOT / "tests" / "foreign"
    asked = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert packages.pop("")["dependencies"] == asked
    assert {f"node_modules/{name}" for name in asked} <= set(packages)
    assert [name for name, each in packages.items() if not each["integrity"].startswith("sha512-")] == []
    assert [name for name, each in packages.items() if "resolved" in each] == []
