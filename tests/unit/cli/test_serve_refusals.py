"""`serve` does not start where it could not work or others could reach it, and says why in one sentence."""

import pytest

from phaseout.cli.service.auth import BadAuthString, NoColon, auth_string
from phaseout.cli.service.refusals import (
    BrokenPin,
    NoRoom,
    UnsafeBinding,
    require_loopback,
    require_pins,
    require_room,
)
from phaseout.settings import Settings

ASKED = ["prefect==3.8.8", "fastapi<0.151,>=0.139", "sqlalchemy[asyncio]<2.1,>=2.0", "duckdb==2.0.0"]
WORKS = {"prefect": "3.8.8", "fastapi": "0.150.0", "sqlalchemy": "2.0.57", "duckdb": "2.0.0"}


@pytest.mark.parametrize(
    ("installed", "said"),
    [
        pytest.param({"fastapi": "0.151.0"}, "fastapi 0.151.0 is installed, and fastapi<0.151,>=0.139", id="fastapi"),
        pytest.param({"sqlalchemy": "2.1.9"}, "schedules no run, and says nothing", id="sqlalchemy"),
        pytest.param({"prefect": "3.8.9"}, "prefect 3.8.9 is installed, and prefect==3.8.8", id="prefect"),
    ],
)
def test_a_version_that_prefect_breaks_with_is_named(installed, said):
    with pytest.raises(BrokenPin) as refused:
        require_pins(ASKED, installed=(WORKS | installed).__getitem__)

    assert said in str(refused.value)
    assert "requirements.lock" in str(refused.value)


def test_what_is_installed_here_works():
    require_pins()


def test_a_package_that_prefect_does_not_break_with_stops_nothing():
    require_pins(ASKED, installed=(WORKS | {"duckdb": "2.0.1"}).__getitem__)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.7", "localhost"])
def test_this_machines_own_addresses_are_safe(host):
    require_loopback(host, environ={"PREFECT_SERVER_API_HOST": "127.0.0.1"})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "::", "", "phaseout.example"])  # noqa: S104  refused
def test_an_address_that_others_reach_is_refused_with_what_to_do_instead(host):
    with pytest.raises(UnsafeBinding, match="reverse proxy with TLS"):
        require_loopback(host, environ={})


def test_prefects_own_variable_does_not_slip_through():
    with pytest.raises(UnsafeBinding, match=r"PREFECT_SERVER_API_HOST '0\.0\.0\.0'"):
        require_loopback("127.0.0.1", environ={"PREFECT_SERVER_API_HOST": "0.0.0.0"})  # noqa: S104  refused


def test_a_full_disk_is_said_before_anything_is_written(tmp_path):
    with pytest.raises(NoRoom, match=f"on the disk of {tmp_path}"):
        require_room(tmp_path, least=1 << 60)

    assert list(tmp_path.iterdir()) == []


def test_the_auth_string_is_made_once_and_kept_where_only_we_can_read_it(tmp_path):
    settings = Settings(home=tmp_path)

    made = auth_string(settings)

    assert made.startswith("office:")
    assert len(made) > 24
    assert auth_string(settings) == made
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("prefect-auth", 0o600)]


def test_an_auth_string_that_is_given_is_taken_and_not_written_down(tmp_path):
    assert auth_string(Settings(home=tmp_path, prefect_auth="clerk:sesame")) == "clerk:sesame"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_others_may_read_is_refused_and_its_password_not_repeated(tmp_path):
    file = tmp_path / "auth"
    file.write_text("clerk:sesame")
    file.chmod(0o640)

    with pytest.raises(BadAuthString, match=f"others may read {file}; chmod 600") as refused:
        auth_string(Settings(home=tmp_path, prefect_auth_file=file))

    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize("given", ["sesame", ":sesame", "clerk:"])
def test_an_auth_string_is_a_name_and_a_password(tmp_path, given):
    with pytest.raises(NoColon, match="name:password"):
        auth_string(Settings(home=tmp_path, prefect_auth=given))
