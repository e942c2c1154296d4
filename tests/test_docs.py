"""The documents say what is there: no key, variable or target without a word, and no word about what is gone."""

import re
from pathlib import Path

import pytest
import yaml

from domain.settings import Settings
from service.environment import places
from tests.config_paths import config_paths

ROOT = Path(__file__).resolve().parent.parent
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATHS = list(config_paths(Settings))


@pytest.mark.parametrize("path", PATHS)
def test_every_key_of_the_configuration_is_explained(path):
    assert re.search(rf"^\| `{re.escape(path)}` \| \S", CONFIGURATION, re.MULTILINE)


def test_no_key_is_explained_that_is_gone():
    assert sorted(re.findall(r"^\| `([a-z_]+\.[^`]+)` \|", CONFIGURATION, re.MULTILINE)) == sorted(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_every_key_stands_in_the_delivered_file(path):
    found = [yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))]
    for step in re.findall(r"<id>|\[\]|[a-z_]+", path):
        if step == "<id>":
            found = [value for each in found for value in each.values()]
        elif step == "[]":
            found = [value for each in found for value in each]
        else:
            found = [each[step] for each in found if step in each]
    assert found


@pytest.mark.parametrize("place", list(places(Settings)), ids=lambda place: place.variable)
def test_every_variable_is_named_beside_the_key_that_it_sets(place):
    path = ".".join(map(str, place.trail))
    assert re.search(rf"^\| `{re.escape(path)}` \|.*\| `{place.variable}` \|$", CONFIGURATION, re.MULTILINE)


@pytest.mark.parametrize("target", re.findall(r"^([a-z]+):.*##", MAKEFILE, re.MULTILINE))
def test_every_make_target_is_in_the_readme(target):
    assert f"`make {target}`" in README or f"\nmake {target}" in README


def test_no_make_target_is_in_the_readme_that_is_gone():
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"(?:`|\n)make ([a-z]+)", README)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_to_other_files_lead_somewhere(document):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target
