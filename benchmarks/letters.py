"""Letters: a day's planning for 3,000 units, requests with a prefilled form, and frozen letters sent over TLS."""

import datetime as dt
import ipaddress
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks import samples
from benchmarks.figure import Figure
from benchmarks.mail_sink import mail_sink
from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import Campaign
from phaseout.domain.letter import LetterState
from phaseout.settings import Settings
from phaseout.usecases.deliver import deliver
from phaseout.usecases.open_campaign import open_campaign
from phaseout.usecases.remind import letters_due, remind

CAMPAIGN = "jiangsu-2022"
PLANNED_UNITS, WRITTEN_UNITS = 3000, 300
SENT_LETTERS = 2000
WARM_UP = 20  # letters: imports and templates are nobody's
OPENED = dt.datetime(2022, 5, 20, 9, tzinfo=CHINA)
PLAN_AT_MOST_S, SEND_AT_LEAST, WRITE_AT_LEAST = 1.0, 300.0, 80.0


def run() -> list[Figure]:
    """Return the figures of planning, writing and sending, each beside what is asked of it."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        planned = _planning(home / "planning")
        written = _writing(home / "writing")
        sent = _sending(home / "writing", home)
    return [
        Figure("plan_letters_s", planned, "s", PLAN_AT_MOST_S, PLAN_AT_MOST_S / planned),
        Figure("letters_with_form_per_s", written, "/s", WRITE_AT_LEAST, written / WRITE_AT_LEAST),
        Figure("smtp_letters_per_s", sent, "/s", SEND_AT_LEAST, sent / SEND_AT_LEAST),
    ]


@contextmanager
def _office(home: Path, *, units: int, **mail: object) -> Iterator[App]:
    """Open an installation whose campaign has so many invented units."""
    settings = Settings(home=home, mailbox_url=None, ledger_url=None, **({"smtp_url": None} | mail))  # type: ignore[arg-type]  # settings of several types
    with closing(App(settings)) as app:
        crowd = samples.crowd(app.definitions.campaign(CAMPAIGN), units)

        def campaign(name: str) -> Campaign:
            assert name == CAMPAIGN  # noqa: S101  there is no other
            return crowd

        app.definitions.campaign = campaign  # type: ignore[method-assign]  # in place of its folder
        yield app


def _planning(home: Path) -> float:
    with _office(home, units=PLANNED_UNITS) as app:
        _open(app)
        start = perf_counter()
        planned = letters_due(
            app.definitions.campaign(CAMPAIGN), as_of=OPENED, calendar=app.calendar, ledger=app.ledger
        )
        seconds = perf_counter() - start
    assert len(planned) == PLANNED_UNITS  # noqa: S101  or something else was measured
    return seconds


def _writing(home: Path) -> float:
    with _office(home.with_name("warm"), units=WARM_UP) as app:
        _open(app)
        _remind(app)
    with _office(home, units=WRITTEN_UNITS) as app:
        _open(app)
        _ = app.form_files  # opens the warehouse; a process does that once
        start = perf_counter()
        count = _remind(app)
        return count / (perf_counter() - start)


def _sending(home: Path, folder: Path) -> float:
    """Send what was written, as often as it takes to measure it, from ledger and archive."""
    certificate, key = _self_signed(folder)
    with mail_sink(certificate, key) as port:
        url = f"smtp://127.0.0.1:{port}?tls=ssl"
        with _office(home, units=WRITTEN_UNITS, smtp_url=url, smtp_ca_file=certificate) as app:
            _send(app)  # the requests with their forms, as they were written
            _queue_again(app)
            start = perf_counter()
            sent = _send(app)
            return sent / (perf_counter() - start)


def _open(app: App) -> None:
    open_campaign(CAMPAIGN, as_of=OPENED, definitions=app.definitions, calendar=app.calendar, ledger=app.ledger)


def _remind(app: App) -> int:
    campaign = app.definitions.campaign(CAMPAIGN)
    return remind(
        CAMPAIGN,
        as_of=OPENED,
        definitions=app.definitions,
        calendar=app.calendar,
        ledger=app.ledger,
        desk=app.desk(campaign),
        forms=app.form_files,
        pages=app.pages,
    ).letters


def _queue_again(app: App) -> None:
    """Queue the same letters under keys of their own, as many as it takes to measure."""
    first = [record.letter for record in app.ledger.letters()]
    app.ledger.queue(
        [
            replace(first[number % len(first)], key=f"again/{number}", items=(), state=LetterState.QUEUED)
            for number in range(SENT_LETTERS)
        ]
    )


def _send(app: App) -> int:
    return deliver(
        as_of=OPENED, ledger=app.ledger, archive=app.archive, outgoing=app.outgoing, sender=app.sender()
    ).sent


def _self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2120, 1, 1, tzinfo=dt.UTC))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths[1].write_bytes(key.private_bytes(*plain))
    return paths
