"""An office whose campaign is open, for every test of a use case."""

import pytest

from tests.unit.usecases.office import WAREHOUSES, Office, two_cities, workbook_reader


@pytest.fixture
def office():
    """Return an office on the campaign's first day, before anything was written or arrived."""
    own = Office()
    own.open()
    return own


@pytest.fixture
def small_office():
    """Return such an office for two cities with two industries."""
    own = Office(definitions=two_cities())
    own.open()
    return own


@pytest.fixture(autouse=True)
def _warehouses_are_closed():
    yield
    while WAREHOUSES:
        WAREHOUSES.pop().close()


@pytest.fixture(scope="session", autouse=True)
def _reader_ends_with_the_tests():
    yield
    workbook_reader().close()
