"""A fresh database of each kind, brought to the newest shape."""

import pytest

from storage import migrate
from storage.db import Store

POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(params=["sqlite", POSTGRES])
def url(request, tmp_path):
    """The address of an empty database; every test that rests on it runs on both kinds. Where it is to be brought to
    the newest shape, it may be there already."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'muster.db'}"
    create = request.getfixturevalue("create_database")
    return create(like=request.getfixturevalue("newest_shape")) if "store" in request.fixturenames else create()


@pytest.fixture
def opened(url):
    """opened() -> another Store on the same database, as another process would have it."""
    stores = []

    def another():
        stores.append(Store(url))
        return stores[-1]

    yield another
    for each in stores:
        each.close()


@pytest.fixture
def store(opened):
    first = opened()
    first.migrate(migrate.upgrade)
    return first
