"""Both kinds of database, as for the tests of storage."""

from tests.storage.conftest import opened, store, url

__all__ = ["opened", "store", "url"]
