"""The documents say what is there: no key, variable or target without a word, and no word about what is gone."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from prometheus_client import Counter
from prometheus_client.metrics import MetricWrapperBase

from domain.fields import variable_of
from domain.settings import Settings
from domain.vendors import Integrations
from service import metrics
from service.environment import places
from tests import commands_page
from tests.config_paths import config_paths

ROOT = Path(__file__).resolve().parent.parent
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
VENDORS = list(Integrations.model_fields)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATHS = list(config_paths(Settings))


@pytest.mark.parametrize("path", PATHS)
def test_every_key_of_the_configuration_is_explained(path):
    assert re.search(rf"^\| `{re.escape(path)}` \| \S", CONFIGURATION, re.MULTILINE)


def test_no_key_is_explained_that_is_gone():
    assert sorted(re.findall(r"^\| `([a-z_]+\.[^`]+)` \|", CONFIGURATION, re.MULTILINE)) == sorted(PATHS)


@cache
def delivered():
    return yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PATHS)
def test_every_key_stands_in_the_delivered_file(path):
    found = [delivered()]
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


def test_the_page_of_commands_is_what_the_verbs_say():
    """Write it anew with: python -m tests.commands_page."""
    assert commands_page.PAGE.read_text(encoding="utf-8") == commands_page.text()


def test_every_metric_is_explained_and_none_that_is_gone():
    told = re.findall(r"^\| `(muster_[a-z_]+)(?:{([a-z,]+)})?` \| \S", OPERATIONS, re.MULTILINE)
    known = [metric for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)]
    names = {metric.describe()[0].name + ("_total" if isinstance(metric, Counter) else "") for metric in known}
    assert {name for name, _ in told} == names


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_has_a_page_that_names_its_variables(vendor):
    page = (ROOT / "docs" / "setup" / f"{vendor}.md").read_text(encoding="utf-8")
    section = Integrations.model_fields[vendor].annotation
    for field in section.needs:
        assert variable_of(section, field) in page


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
