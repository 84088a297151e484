"""What holds for every test: Prefect, which reads its settings when it is first imported, finds none of the user's."""

import os
import tempfile

import pytest

from tests import postgres_server

OURS = {"PHASEOUT_APPROVE"}  # approves changed golden files
for name in [name for name in os.environ if name.startswith(("PREFECT_", "PHASEOUT_")) and name not in OURS]:
    del os.environ[name]
PREFECT_HOME = tempfile.TemporaryDirectory(prefix="phaseout-tests-")  # kept until the process ends
os.environ |= {"PREFECT_HOME": PREFECT_HOME.name, "DO_NOT_TRACK": "1"}


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server of this process's own, started for the first test that asks for it."""
    folder = postgres_server.programs()
    if folder is None:
        pytest.skip(postgres_server.NOT_INSTALLED)
    with postgres_server.PostgresServer(folder) as server:
        yield server


# With a ledger, a warehouse and letters to each test: more than the everyday set can take.
WITH_THE_WHOLE_OFFICE = ("tests/integration/", "tests/flows/", "tests/unit/usecases/", "tests/year/")
# In the order in which they start: while one process replays the year, no other has to wait for it.
LONGEST = ("tests/year/test_year", "tests/year/test_killed", "tests/smoke/", "tests/soak/", "tests/year/")


@pytest.hookimpl(tryfirst=True)  # before the marks are asked for
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse names that are spelt anew in each process: the workers would collect different tests."""
    # The longest files first, or one process would work on them alone when all else is done.
    items.sort(key=_place)
    for item in items:
        if item.nodeid.startswith(WITH_THE_WHOLE_OFFICE):
            item.add_marker(pytest.mark.slow)
    restless = [item.nodeid for item in items if " at 0x" in item.nodeid or _spells_a_set(item)]
    if restless:
        raise pytest.UsageError(f"the order of a set, or an address, stands in the name of {restless}")


def _place(item: pytest.Item) -> int:
    return next((place for place, of in enumerate(LONGEST) if item.nodeid.startswith(of)), len(LONGEST))


def _spells_a_set(item: pytest.Item) -> bool:
    values = getattr(getattr(item, "callspec", None), "params", {}).values()
    return "{" in item.nodeid and any(isinstance(value, set | frozenset) and len(value) > 1 for value in values)
