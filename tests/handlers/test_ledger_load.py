"""The ledger of a database full of incidents is read by indices, and answers before anybody notices."""

import itertools
import statistics
import time

import aiohttp
import pytest
from peewee import chunked

from handlers.http import ledger as http_ledger
from handlers.http import server
from handlers.http.guard import Guard
from service.clock import Clock
from service.ledger import ROWS_AT_MOST, Ledger
from storage import ledger, models
from storage.db import database
from tests.policies import policy
from tests.storage.conftest import opened, store, url
from tests.storage.values import NOW

__all__ = ["opened", "store", "url"]

TOKEN = "hidden-5f3a-of-an-operator"
ROWS, AMONG = 100_000, 2000
P50_S = {"sqlite": 0.015, "postgres": 0.03}
"""A page of the ledger is a dozen questions; to a server each is a journey. Measured: 9 and 18 ms."""
TIMES = 21
BATCHES = 5
"""The quietest counts: what else the machine does meanwhile is not the ledger's."""

BIG = ("timeline", "outbox", "timer", "external_ref")
DELIVERY = {"lane": "slack", "kind": "post", "target": "room", "state": "delivered", "result": "sent", "error": ""}


def fill(rows, among):
    """So many lines in the timeline and rows in the outbox, spread over so many incidents; one in 500 is still owed."""
    _many(models.Incident, ({**_incident(n), "number": n} for n in range(1, among + 1)))
    each = [1 + n * among // rows for n in range(rows)]
    _many(models.Timeline, (_entry(number, id) for id, number in enumerate(each, 1)))
    _many(models.Outbox, (_effect(number, id) for id, number in enumerate(each, 1)))
    _many(models.Timer, ({"incident": n, "kind": "notice", "due_at": NOW, "data": {}} for n in each[::20]))
    _many(models.ExternalRef, (_ref(number, id) for id, number in enumerate(each[::20])))


def _many(model, values):
    for chunk in chunked(values, 500):
        model.insert_many(chunk).execute()


def _incident(n):
    return {"title": f"db {n} down", "severity": "SEV-1", "status": "resolved", "reporter": "U0001", "detected_at": NOW}


def _entry(number, id):
    moments = {"at": NOW, "recorded_at": NOW}
    data = {**DELIVERY, "owed": id, "due_at": NOW.isoformat(), "sent_at": NOW.isoformat(), "attempts": 1}
    return {"incident": number, "kind": "delivery", "author": "muster", "data": data, **moments}


def _effect(number, id):
    names = {"lane": "slack", "kind": "post", "target": f"room {id}", "data": {"say": "update", "text": "x" * 80}}
    state = {"state": "waiting" if id % 500 == 0 else "delivered", "due_at": NOW, "next_at": NOW}
    return {"incident": number, **names, **state, "sent_at": None if id % 500 == 0 else NOW}


def _ref(number, id):
    return {"incident": number, "kind": "call", "name": "ana", "value": f"CA{id}", "data": {"status": "completed"}}


@pytest.fixture
async def get(store):
    """get(path, version) -> the status: the whole way of a request but for the socket's peer."""
    routes = http_ledger.routes(Ledger(store, Clock()), policy(), Guard(TOKEN))
    runner = await server.serve(routes, "127.0.0.1", 0)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}", headers=headers) as session:

        async def get(path, version=""):
            async with session.get(path, headers={"If-None-Match": f'"{version}"'}) as answer:
                body = await answer.read()
                return answer.status, await answer.json() if body else None

        yield get
    await runner.cleanup()


@pytest.mark.slow
async def test_half_of_all_requests_are_answered_in_time(store, get):
    store.transact_now(fill, ROWS, AMONG)
    for path in ("/ledger.json", f"/ledger/{AMONG}.json"):
        status, page = await get(path)
        assert status == 200
        for version, expected in (("", 200), (page["version"], 304)):
            p50 = min([await _median(get, path, version, expected) for _ in range(BATCHES)])
            print(f"\n{path} {expected}: p50 {p50 * 1000:.1f} ms")
            assert p50 < P50_S["postgres" if store.postgres else "sqlite"]


async def _median(get, path, version, expected):
    return statistics.median([await _took(get, path, version, expected) for _ in range(TIMES)])


async def _took(get, path, version, expected):
    begun = time.perf_counter()
    status, _ = await get(path, version)
    took = time.perf_counter() - begun
    assert status == expected
    return took


async def test_the_longest_page_is_bounded(store, get):
    store.transact_now(fill, 2 * ROWS_AT_MOST + 20, 2)
    _, page = await get("/ledger/2.json")
    assert (len(page["timeline"]), page["left_out"]) == (ROWS_AT_MOST, 20)
    assert len([row for row in page["outbox"] if not row["removed"]]) == ROWS_AT_MOST


READS = {
    "page": lambda: ledger.record(5, 500),
    "standings": lambda: ledger.standings(5),
    "trace": lambda: ledger.trace(5),
    "latest": lambda: ledger.latest(50),
}


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_no_table_is_read_from_end_to_end(store, read):
    def work():
        fill(200, 20)
        asked = []
        connection = database.connection()
        connection.set_trace_callback(asked.append)
        READS[read]()
        connection.set_trace_callback(None)
        selects = [text for text in asked if text.startswith("SELECT")]
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {text}").fetchall() for text in selects]
        return selects, [step[3] for step in itertools.chain(*plans)]

    selects, steps = store.transact_now(work)
    assert selects
    assert [step for step in steps if step.startswith("SCAN") and step.split()[1] in BIG] == []
