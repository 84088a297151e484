"""What Prefect's programs are told: closed, quiet, and small over a year, whatever the shell holds."""

import pytest

from phaseout.cli.service.logs import bound_log, last_words
from phaseout.cli.service.office import Office, board_part, server_part, worker_part
from phaseout.settings import Settings


@pytest.fixture
def office(tmp_path):
    settings = Settings(home=tmp_path, prefect_auth="office:sesame", runs_kept=100, events_kept=3)
    return Office(settings=settings, host="127.0.0.1", port=4200, board_port=4280)


def test_the_server_asks_everybody_for_the_auth_string_and_takes_no_forged_request(office):
    env = server_part(office).env

    assert env["PREFECT_SERVER_API_AUTH_STRING"] == env["PREFECT_API_AUTH_STRING"] == "office:sesame"
    assert env["PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED"] == "true"
    assert env["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4200"
    assert (env["PREFECT_SERVER_ANALYTICS_ENABLED"], env["DO_NOT_TRACK"]) == ("false", "1")
    assert "sesame" not in " ".join(server_part(office).command)


def test_what_is_kept_is_a_setting(office):
    env = server_part(office).env

    assert env["PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"] == "events,flow_runs"
    assert env["PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD"] == "P100D"
    assert env["PREFECT_SERVER_EVENTS_RETENTION_PERIOD"] == "P3D"


def test_a_years_schedule_is_seen_and_limits_survive_a_restart(office):
    env = server_part(office).env

    assert env["PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME"] == "P400D"
    assert env["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"].endswith(".filesystem")
    assert env["PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE"] == "100"


def test_the_worker_may_ask_the_server_and_the_board_needs_no_secret(office):
    assert worker_part(office).env["PREFECT_API_AUTH_STRING"] == "office:sesame"
    assert "PREFECT_SERVER_API_AUTH_STRING" not in worker_part(office).env
    assert "sesame" not in "".join(board_part(office).env.values())


def test_what_the_shell_holds_of_prefect_is_not_ours(office, monkeypatch):
    monkeypatch.setenv("PREFECT_SERVER_API_HOST", "0.0.0.0")  # noqa: S104  it must not come through
    monkeypatch.setenv("PREFECT_PROFILE", "another")

    for part in (server_part(office), worker_part(office), board_part(office)):
        assert part.env.get("PREFECT_SERVER_API_HOST", "127.0.0.1") == "127.0.0.1"
        assert "PREFECT_PROFILE" not in part.env
    assert server_part(office).command[-4:] == ["--host", "127.0.0.1", "--port", "4200"]


def test_a_log_keeps_its_end_and_one_predecessor(tmp_path):
    log = tmp_path / "server.log"
    with log.open("a") as words:
        for day in ("Monday", "Tuesday"):
            words.write(f"{day} {'.' * 40}\n")
            words.flush()
            assert bound_log(log, largest=40)
        words.write("Wednesday\n")

    assert log.read_text() == "Wednesday\n"
    assert (tmp_path / "server.log.1").read_text().startswith("Tuesday")
    assert not bound_log(log, largest=40)
    assert last_words(log) == "Wednesday"
    assert last_words(tmp_path / "none.log") == ""
