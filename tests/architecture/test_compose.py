"""The server for the ledger that `deployments/compose.yaml` describes is reached by this machine alone."""

import re

import yaml

from phaseout.settings import PROJECT

FILE = PROJECT / "deployments" / "compose.yaml"
COMPOSE = yaml.safe_load(FILE.read_text("utf-8"))
(LEDGER,) = COMPOSE["services"].values()
GUIDE = PROJECT / "docs" / "how-to" / "keep-the-ledger-on-postgresql.md"


def test_its_release_is_named():
    assert re.fullmatch(r"postgres:\d+(\.\d+)?-\w+", LEDGER["image"])


def test_it_listens_on_this_machine_alone():
    assert all(port.startswith("127.0.0.1:") for port in LEDGER["ports"])


def test_its_data_outlive_the_container():
    volumes = dict(volume.split(":") for volume in LEDGER["volumes"])

    assert set(volumes) == set(COMPOSE["volumes"])
    assert set(volumes.values()) == {"/var/lib/postgresql/data"}


def test_it_says_when_it_is_ready():
    assert "pg_isready" in " ".join(LEDGER["healthcheck"]["test"])


def test_its_password_stands_in_a_file_that_is_not_in_the_repository():
    assert "password" not in " ".join(LEDGER["environment"]).lower()
    assert f"deployments/{LEDGER['env_file']}" in (PROJECT / ".gitignore").read_text("utf-8").splitlines()


def test_the_guide_names_role_and_database_as_the_file_does():
    known = LEDGER["environment"]

    assert f"postgresql://{known['POSTGRES_USER']}@127.0.0.1/{known['POSTGRES_DB']}" in GUIDE.read_text("utf-8")
