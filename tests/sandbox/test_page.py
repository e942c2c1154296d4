"""The page's files: served anew, never from outside their folder, under a policy that runs no script but theirs."""

import re
from pathlib import Path

import aiohttp
import pytest

WEB = Path(__file__).parents[2] / "sandbox" / "web"
SCRIPTS = sorted(WEB.rglob("*.js"))


@pytest.fixture
async def fetch(sandbox):
    async with aiohttp.ClientSession() as session:

        async def fetch(path, **headers):
            url = aiohttp.client.URL(sandbox.url + path, encoded=True)
            async with session.get(url, headers=headers, allow_redirects=False) as answer:
                return answer.status, answer.headers, await answer.text()

        yield fetch


async def test_the_page_runs_no_script_but_its_own(fetch):
    status, headers, text = await fetch("/")
    assert status == 200
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|style=", text)


async def test_every_file_that_the_page_names_is_there_and_nothing_is_fetched_from_outside(fetch):
    _, _, text = await fetch("/")
    named = re.findall(r'(?:src|href)="(/[^"#]*)"', text)
    for script in SCRIPTS:
        source = script.read_text(encoding="utf-8")
        named += [
            "/page/" + (script.parent / path).resolve().relative_to(WEB).as_posix()
            for path in re.findall(r'from "(\.[^"]+)"', source)
        ]
    assert "/page/main.js" in named
    assert {path: (await fetch(path))[0] for path in set(named)} == dict.fromkeys(set(named), 200)


async def test_a_new_version_is_seen_at_once_and_an_old_one_costs_nothing(fetch):
    _, headers, _ = await fetch("/page/main.js")
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Content-Type"].startswith("text/javascript")
    assert (await fetch("/page/main.js", **{"If-None-Match": headers["ETag"]}))[0] == 304


@pytest.mark.parametrize(
    "path",
    ["/page/../app.py", "/page/%2e%2e/app.py", "/page/..%2fapp.py", "/page//etc/passwd", "/page/css", "/page/none.js"],
)
async def test_nothing_outside_the_folder_is_served(fetch, path):
    assert (await fetch(path))[0] == 404


async def test_slack_s_own_links_lead_to_a_place_on_the_page(fetch):
    _, headers, _ = await fetch("/archives/C0GENERAL/p1700000000000001")
    assert headers["Location"] == "/?at=C0GENERAL&message=1700000000000001"
    assert (await fetch("/archives/C0GENERAL"))[1]["Location"] == "/?at=C0GENERAL"
    assert (await fetch("/archives/C0GENERAL/x%22%3E"))[0] == 404


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.relative_to(WEB).as_posix())
def test_no_script_turns_data_into_markup(script):
    source = script.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source)


async def test_the_page_s_own_requests_are_nobody_s_business(fetch, sandbox):
    sandbox.faults.add("*", "status")
    assert [(await fetch(path))[0] for path in ("/", "/page/main.js")] == [200, 200]
    assert sandbox.record.requests == []
