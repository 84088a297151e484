"""The mail server that the settings name: addresses, passwords, terms, and what `deliver` says when it is refused."""

import sys
from datetime import datetime, time

import pytest

from phaseout.bootstrap import App
from phaseout.bootstrap.mail_server import BadSmtpPassword, BadSmtpUrl
from phaseout.cli import main
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterState
from phaseout.domain.sending_terms import PAUSE, BadQuietHours, QuietHours
from phaseout.settings import Settings
from tests.intake_home import CAMPAIGN, opened
from tests.mail_servers import FaultySmtp, self_signed

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SECRET = "invented-code"  # noqa: S105  no mailbox has it
URL = "smtp://office@gxt.example@smtp.gxt.example"


def app_with(tmp_path, **settings):
    return App(Settings(home=tmp_path / "home", **{"smtp_url": URL, "smtp_password": SECRET} | settings))


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("smtps://smtp.gxt.example", id="another scheme"),
        pytest.param("smtp://", id="no host"),
        pytest.param(f"smtp://office:{SECRET}@smtp.gxt.example", id="a password in the address"),
        pytest.param(f"smtp://office@smtp.gxt.example:{SECRET}", id="a password for a port"),
        pytest.param("smtp://office@smtp.gxt.example?tls=none", id="in the clear"),
        pytest.param("smtp://office@203.0.113.5?tls=none", id="in the clear to a number"),
        pytest.param("smtp://office%0d%0aQUIT@smtp.gxt.example", id="a command in the user"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_by_name(tmp_path, url):
    with pytest.raises(BadSmtpUrl) as refused:
        app_with(tmp_path, smtp_url=url).sender()

    assert "PHASEOUT_SMTP_URL" in str(refused.value)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("mode", "content"),
    [
        pytest.param(0o640, SECRET, id="readable by the group"),
        pytest.param(0o604, SECRET, id="readable by all"),
        pytest.param(0o600, "", id="empty"),
        pytest.param(0o600, "a\nb", id="two lines"),
        pytest.param(None, "", id="not there"),
    ],
)
def test_a_password_file_that_cannot_be_used_is_refused(tmp_path, mode, content):
    file = tmp_path / "password"
    if mode is not None:
        file.write_text(content, encoding="utf-8")
        file.chmod(mode)

    with pytest.raises(BadSmtpPassword) as refused:
        app_with(tmp_path, smtp_password=None, smtp_password_file=file).sender()

    assert SECRET not in str(refused.value)


def test_a_password_is_in_nothing_that_is_shown(tmp_path):
    app = app_with(tmp_path)

    assert SECRET not in repr(app.settings)
    assert SECRET not in repr(app.sender())
    assert SECRET not in str(app.settings.model_dump())


def test_the_terms_are_the_settings(tmp_path):
    usual, free = app_with(tmp_path).terms, app_with(tmp_path, smtp_per_window=0, smtp_per_day=0, quiet_hours="").terms

    assert (usual.per_window, usual.per_day, usual.pause) == (30, 200, PAUSE)
    assert usual.quiet == QuietHours(time(20), time(7))
    assert (free.per_window, free.per_day, free.quiet) == (None, None, None)
    assert not free.is_limited


@pytest.mark.parametrize("text", ["20:00", "eight to seven", "20:00-25:00", "20:00-07:00-08:00"])
def test_quiet_hours_that_are_no_two_times_are_refused_by_name(tmp_path, text):
    with pytest.raises(BadQuietHours, match="PHASEOUT_QUIET_HOURS"):
        _ = app_with(tmp_path, quiet_hours=text).terms


@pytest.mark.parametrize(
    ("hours", "moment", "holds"),
    [
        ("20:00-07:00", "2022-08-12T20:00", True),
        ("20:00-07:00", "2022-08-12T06:59", True),
        ("20:00-07:00", "2022-08-12T07:00", False),
        ("12:00-14:00", "2022-08-12T13:59", True),
        ("12:00-14:00", "2022-08-12T14:00", False),
        ("12:00-14:00", "2022-08-12T23:00", False),
        ("09:00-09:00", "2022-08-12T09:00", False),
    ],
)
def test_quiet_hours_hold_from_their_beginning_until_their_end(hours, moment, holds):
    assert QuietHours.parse(hours).hold(datetime.fromisoformat(moment).replace(tzinfo=CHINA)) is holds


# The command line


def phaseout(monkeypatch, capsys, *words):
    """Run a command; return its exit code and what it printed."""
    monkeypatch.setattr(sys, "argv", ["phaseout", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr()
    return ended.value.code or 0, shown.out + shown.err


@pytest.fixture
def home(tmp_path, monkeypatch, capsys):
    """A home with the first day's letters in the outbox, named by the environment."""
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / "home"))
    phaseout(monkeypatch, capsys, "campaign", "open", CAMPAIGN, "--as-of", "2022-05-20")
    phaseout(monkeypatch, capsys, "remind", "--as-of", "2022-05-20")
    return tmp_path / "home"


def password_file(tmp_path, password):
    file = tmp_path / "password"
    file.write_text(password, encoding="ascii")
    file.chmod(0o600)
    return str(file)


@pytest.mark.slow
def test_deliver_says_what_to_mend_and_ends_with_three_until_it_is_mended(home, tmp_path, monkeypatch, capsys):
    certificate = self_signed(tmp_path)
    deliver = ("deliver", "--as-of", "2022-05-20")
    with FaultySmtp(tls="ssl", certificate=certificate, password=SECRET) as server:
        monkeypatch.setenv("PHASEOUT_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
        monkeypatch.setenv("PHASEOUT_SMTP_PASSWORD_FILE", password_file(tmp_path, "an-older-code"))
        code, shown = phaseout(monkeypatch, capsys, *deliver)
        assert (code, server.handler.logins, server.handler.taken) == (3, [], [])
        assert "PHASEOUT_SMTP_CA_FILE" in shown

        monkeypatch.setenv("PHASEOUT_SMTP_CA_FILE", certificate[0])
        code, shown = phaseout(monkeypatch, capsys, *deliver)
        assert (code, server.handler.taken) == (3, [])
        assert "PHASEOUT_SMTP_PASSWORD_FILE" in shown
        assert "an-older-code" not in shown

        password_file(tmp_path, SECRET)
        code, shown = phaseout(monkeypatch, capsys, *deliver)
        assert (code, len(server.handler.taken)) == (0, 13)
    with opened(home) as app:
        assert {record.letter.state for record in app.ledger.letters()} == {LetterState.SENT}


@pytest.mark.slow
def test_deliver_ends_with_three_while_no_server_is_there_and_says_what_waits_for_a_person(home, monkeypatch, capsys):
    def deliver(at):
        return phaseout(monkeypatch, capsys, "deliver", "--as-of", at)

    with FaultySmtp() as server:
        monkeypatch.setenv("PHASEOUT_SMTP_URL", "smtp://127.0.0.1:1?tls=none")  # nobody listens there
        for hour in range(8, 18):
            code, shown = deliver(f"2022-05-20T{hour:02}:00")
            assert (code, "PHASEOUT_SMTP_URL" in shown, "waiting for a person" in shown) == (3, True, False)
        assert "0 sent, 1 not sent" in shown

        monkeypatch.setenv("PHASEOUT_SMTP_URL", f"smtp://127.0.0.1:{server.port}?tls=none")
        server.handler.at["RCPT"] = "550 5.1.1 no such user"
        code, shown = deliver("2022-05-20T18:00")
        assert (code, "waiting for a person: 13 failed (`phaseout letters list --state failed`)" in shown) == (0, True)
        assert "waiting for a person: 13 failed" in deliver("2022-05-20T18:05")[1]
    with opened(home) as app:
        assert {record.letter.state for record in app.ledger.letters()} == {LetterState.FAILED}


@pytest.mark.slow
def test_a_person_settles_on_the_command_line_what_no_machine_can(home, monkeypatch, capsys):
    with FaultySmtp() as server:
        monkeypatch.setenv("PHASEOUT_SMTP_URL", f"smtp://127.0.0.1:{server.port}?tls=none")
        server.handler.at["RCPT"] = "550 5.1.1 no such user"
        phaseout(monkeypatch, capsys, "deliver", "--as-of", "2022-05-20")
        server.handler.at.clear()

        why = ("--by", "王某", "--reason", "地址已核实", "--as-of", "2022-05-20T10:00")
        assert phaseout(monkeypatch, capsys, "letters", "resend", "1", *why)[0] == 0
        assert phaseout(monkeypatch, capsys, "letters", "settle", "2", "--arrived", *why)[0] == 0
        assert phaseout(monkeypatch, capsys, "letters", "settle", "3", *why)[0] == 2
        assert phaseout(monkeypatch, capsys, "letters", "resend", "3", "--by", " ", "--reason", "x")[0] == 2
        _, listed = phaseout(monkeypatch, capsys, "letters", "list")
        assert "人工决定重新发送（王某）：地址已核实" in listed
        assert "人工核实已送达（王某）：地址已核实" in listed

        phaseout(monkeypatch, capsys, "deliver", "--as-of", "2022-05-20T10:05")
        assert len(server.handler.taken) == 1
    with opened(home) as app:
        states = [record.letter.state for record in app.ledger.letters()]
    assert states == [LetterState.SENT] * 2 + [LetterState.FAILED] * 11
