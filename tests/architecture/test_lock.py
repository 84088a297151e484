"""`requirements.lock` holds what `pyproject.toml` asks for: every version with its hashes, and no addresses."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from phaseout.settings import PROJECT

LOCK = (PROJECT / "requirements.lock").read_text("utf-8")
# An entry is a requirement and its hashes, over several lines.
ENTRIES = [re.split(r"\s+(?=--)", entry) for entry in LOCK.replace("\\\n", " ").splitlines() if entry.strip()]
PINS = {canonicalize_name(Requirement(entry[0]).name): Requirement(entry[0]) for entry in ENTRIES}
PROJECT_TABLE = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
ASKED = [*PROJECT_TABLE["dependencies"], *PROJECT_TABLE["optional-dependencies"]["dev"]]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(name):
    (pin,) = PINS[canonicalize_name(name)].specifier
    assert pin.operator == "=="
    return Version(pin.version)


@pytest.mark.parametrize("dependency", ASKED)
def test_every_dependency_is_locked_at_a_version_that_it_allows(dependency):
    asked = Requirement(dependency)

    assert asked.specifier.contains(locked(asked.name))
    assert asked.extras <= PINS[canonicalize_name(asked.name)].extras


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry[0])
def test_every_entry_is_a_version_with_its_hashes_and_nothing_else(entry):
    requirement, *hashes = entry

    assert [pin.operator for pin in Requirement(requirement).specifier] == ["=="]
    assert hashes
    assert all(HASH.fullmatch(one.strip()) for one in hashes)


def test_nothing_is_locked_twice():
    assert len(PINS) == len(ENTRIES)


def test_the_lock_holds_no_address():
    assert re.findall(r"\S*(?:https?|file|git\+\w+)://\S*|--(?:extra-)?index-url.*|--find-links.*", LOCK) == []


@pytest.mark.parametrize(
    ("name", "versions"),
    [
        pytest.param("prefect", "==3.8.8", id="the Prefect that all of this was measured with"),
        pytest.param("fastapi", ">=0.139,<0.151", id="from 0.151 on the server takes no deployment"),
        pytest.param("sqlalchemy", ">=2.0,<2.1", id="from 2.1 on no run is ever scheduled"),
    ],
)
def test_what_prefect_breaks_with_is_kept_out(name, versions):
    asked = next(Requirement(one) for one in ASKED if Requirement(one).name == name)

    assert str(asked.specifier) == str(Requirement(f"{name}{versions}").specifier)
    assert locked(name) in asked.specifier
