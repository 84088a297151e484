"""The mailbox that the settings name: which addresses and passwords are taken, and what is never said."""

import sys
from contextlib import closing
from pathlib import Path

import pytest

from phaseout.bootstrap import App, is_anything_waiting, open_app
from phaseout.bootstrap.mailbox import BadMailboxPassword, BadMailboxUrl, UnsupportedMailbox
from phaseout.cli import main
from phaseout.domain.submission import Channel, Outcome
from phaseout.settings import Settings
from tests.filled_forms import CAMPAIGN, contact_form, put_into_inbox
from tests.imap_servers import PASSWORD, USER, Dovecot, free_port
from tests.mail_servers import self_signed

SECRET = "invented-code"  # noqa: S105  no mailbox has it
URL = "imaps://office@gxt.example@imap.gxt.example"


def app_with(tmp_path, url, **other):
    return App(Settings(home=tmp_path / "home", mailbox_url=url, **{"mailbox_password": SECRET} | other))


@pytest.mark.parametrize(
    ("url", "error"),
    [
        pytest.param("pop3://office@gxt.example/", UnsupportedMailbox, id="another protocol"),
        pytest.param("/srv/mail", UnsupportedMailbox, id="no scheme"),
        pytest.param("imaps://office@/", BadMailboxUrl, id="no host"),
        pytest.param("imaps://imap.gxt.example/", BadMailboxUrl, id="no user"),
        pytest.param("imap://office@imap.gxt.example/", BadMailboxUrl, id="a password in the clear"),
        pytest.param("imap://office@203.0.113.5/", BadMailboxUrl, id="in the clear to a number"),
        pytest.param(f"imaps://office:{SECRET}@imap.gxt.example/", BadMailboxUrl, id="a password in the address"),
        pytest.param(f"imaps://office@imap.gxt.example:{SECRET}/", BadMailboxUrl, id="a password for a port"),
        pytest.param("imaps://office%0d%0aLOGOUT@imap.gxt.example/", BadMailboxUrl, id="a command in the user"),
        pytest.param("imaps://a%20b@imap.gxt.example/", BadMailboxUrl, id="a blank in the user"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_by_name(tmp_path, url, error):
    with pytest.raises(error) as refused:
        _ = app_with(tmp_path, url).intakes

    assert "PHASEOUT_MAILBOX_URL" in str(refused.value)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("mode", "content"),
    [
        pytest.param(0o640, SECRET, id="readable by the group"),
        pytest.param(0o604, SECRET, id="readable by all"),
        pytest.param(0o600, "", id="empty"),
        pytest.param(0o600, "a\nb", id="two lines"),
        pytest.param(0o600, "授权码", id="not a code"),
        pytest.param(None, "", id="not there"),
    ],
)
def test_a_password_file_that_cannot_be_used_is_refused(tmp_path, mode, content):
    path = tmp_path / "code"
    if mode is not None:
        path.write_text(content, encoding="utf-8")
        path.chmod(mode)

    with pytest.raises(BadMailboxPassword) as refused:
        _ = app_with(tmp_path, URL, mailbox_password=None, mailbox_password_file=path).intakes

    assert SECRET not in str(refused.value)


def test_a_mailbox_without_a_password_is_refused(tmp_path):
    with pytest.raises(BadMailboxPassword, match="PHASEOUT_MAILBOX_PASSWORD_FILE"):
        _ = app_with(tmp_path, URL, mailbox_password=None).intakes


def test_no_setting_shows_the_password(tmp_path):
    settings = Settings(home=tmp_path, mailbox_url=URL, mailbox_password=SECRET)

    assert SECRET not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_a_maildir_is_still_a_mailbox(tmp_path):
    (tmp_path / "box" / "new").mkdir(parents=True)
    (tmp_path / "box" / "new" / "1").write_bytes(b"a mail")

    mailbox, _ = app_with(tmp_path, f"maildir://{tmp_path}/box", mailbox_password=None).intakes

    assert [mailbox.read(arrival.ref) for arrival in mailbox.waiting()] == [b"a mail"]


def test_a_mailbox_over_tls_is_opened_with_the_code_from_a_file(tmp_path):
    certificate = self_signed(tmp_path)
    code = tmp_path / "code"
    code.write_text(f"{PASSWORD}\n", encoding="ascii")
    code.chmod(0o600)
    with Dovecot(certificate) as server:
        server.deliver(b"Subject: x\r\n\r\ny\r\n")
        url = f"imaps://{USER.replace('@', '%40')}@localhost:{server.imaps}/INBOX"
        options = {"mailbox_password": None, "mailbox_password_file": code, "mailbox_ca_file": Path(certificate[0])}
        with closing(app_with(tmp_path, url, **options)) as app:
            mailbox = next(intake for intake in app.intakes if intake.channel is Channel.MAIL)

            assert is_anything_waiting(app)
            (arrival,) = mailbox.waiting()
            assert mailbox.read(arrival.ref).endswith(b"y\r\n")
        assert (tmp_path / "home" / "mailbox-seen.json").exists()


def test_a_mailbox_that_cannot_be_reached_may_hold_something(tmp_path):
    with closing(app_with(tmp_path, f"imap://office@127.0.0.1:{free_port()}/")) as app:
        assert is_anything_waiting(app)


@pytest.mark.parametrize(
    ("settings", "is_without"),
    [
        pytest.param({"mailbox_url": URL}, True, id="a mailbox whose provider has no name"),
        pytest.param({"mailbox_url": "maildir:///srv/mail"}, True, id="a folder of mail that comes from elsewhere"),
        pytest.param({"mailbox_url": URL, "authserv_id": "mx.gxt.example"}, False, id="a provider that is named"),
        pytest.param({"mailbox_url": URL, "require_authentic": "dkim_or_provider"}, False, id="signatures will do"),
        pytest.param({"mailbox_url": URL, "require_authentic": "none"}, False, id="nobody is asked"),
        pytest.param({}, False, id="the home's own"),
    ],
)
def test_proof_by_a_provider_takes_its_name(tmp_path, settings, is_without):
    assert App(Settings(home=tmp_path, **settings)).is_without_proof is is_without


@pytest.mark.parametrize(
    ("named", "is_authentic"),
    [pytest.param(None, False, id="ours, which anybody can read"), pytest.param("mx.gxt.example", True, id="its own")],
)
def test_of_a_real_mailbox_only_the_provider_that_is_named_is_believed(tmp_path, named, is_authentic):
    provider = named or "mail.office.example"
    raw = (
        f"Authentication-Results: {provider}; dmarc=pass header.from=city.example\r\n"
        "From: gxj@city.example\r\nSubject: x\r\n\r\ny\r\n"
    ).encode()
    with closing(app_with(tmp_path, URL, authserv_id=named)) as app:
        assert app.tools.messages.read(raw).is_authentic is is_authentic


def run(*arguments):
    sys.argv = ["phaseout", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code or 0
    return 0


@pytest.fixture
def away(tmp_path, monkeypatch):
    """Return an office with a file in an inbox folder and a mailbox at which nobody answers."""
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / "home"))
    assert run("campaign", "open", CAMPAIGN, "--as-of", "2022-05-20") == 0
    put_into_inbox(tmp_path / "home", contact_form())
    monkeypatch.setenv("PHASEOUT_MAILBOX_URL", f"imap://office@127.0.0.1:{free_port()}/")
    monkeypatch.setenv("PHASEOUT_MAILBOX_PASSWORD", SECRET)


def outcomes():
    with open_app() as app:
        return [record.outcome for record in app.ledger.deliveries()]


@pytest.mark.slow
@pytest.mark.usefixtures("away")
def test_the_command_answers_what_lies_in_the_folders_although_the_mailbox_is_away(capsys):
    assert run("collect", "--as-of", "2022-06-01") == 3

    assert "ConnectionRefused" in capsys.readouterr().err
    assert outcomes() == [Outcome.ACCEPTED]
