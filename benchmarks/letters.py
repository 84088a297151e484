"""Letters: a day's planning for 3,000 units, requests with a prefilled form, and frozen letters sent over TLS."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.certificate import self_signed
from benchmarks.figure import Figure, cost, yields
from benchmarks.mail_sink import mail_sink
from benchmarks.office import CAMPAIGN, OPENED, crowd_of, opened_office
from benchmarks.telling import tell
from phaseout.bootstrap import App
from phaseout.domain.letter import LetterState
from phaseout.usecases.deliver import deliver
from phaseout.usecases.remind import letters_due, remind

PLANNED_UNITS, WRITTEN_UNITS = 3000, 300
SENT_LETTERS = 2000
WARM_UP = 20  # letters: imports and templates are nobody's
PLAN_AT_MOST_S, SEND_AT_LEAST, WRITE_AT_LEAST = 1.0, 300.0, 80.0


def run(
    *, planned_units: int = PLANNED_UNITS, written_units: int = WRITTEN_UNITS, sent_letters: int = SENT_LETTERS
) -> list[Figure]:
    """Return the figures of planning, writing and sending, each beside what is asked of it."""
    with TemporaryDirectory(prefix="bench-letters-") as folder:
        home = Path(folder)
        tell(f"plan a day for {planned_units:,} units")
        planned = _planning(home / "planning", units=planned_units)
        tell(f"write {written_units} requests with their forms")
        written = _writing(home / "writing", units=written_units)
        tell(f"send {sent_letters:,} letters over TLS")
        sent = _sending(home / "writing", home, units=written_units, letters=sent_letters)
    return [
        cost("plan_letters_s", planned, "s", at_most=PLAN_AT_MOST_S, note=f"a day's for {planned_units:,} units"),
        yields("letters_with_form_per_s", written, "/s", at_least=WRITE_AT_LEAST, note=f"{written_units} of them"),
        yields("smtp_letters_per_s", sent, "/s", at_least=SEND_AT_LEAST, note=f"{sent_letters:,} over TLS on loopback"),
    ]


def _planning(home: Path, *, units: int) -> float:
    with opened_office(home, definitions=crowd_of(units)) as app:
        start = perf_counter()
        planned = letters_due(
            app.definitions.campaign(CAMPAIGN), as_of=OPENED, calendar=app.calendar, ledger=app.ledger
        )
        seconds = perf_counter() - start
    assert len(planned) == units  # noqa: S101  or something else was measured
    return seconds


def _writing(home: Path, *, units: int) -> float:
    with opened_office(home.with_name("warm"), definitions=crowd_of(WARM_UP)) as app:
        _remind(app)
    with opened_office(home, definitions=crowd_of(units)) as app:
        _ = app.form_files  # opens the warehouse; a process does that once
        start = perf_counter()
        count = _remind(app)
        return count / (perf_counter() - start)


def _sending(home: Path, folder: Path, *, units: int, letters: int) -> float:
    """Send what was written, as often as it takes to measure it, from ledger and archive."""
    certificate, key = self_signed(folder)
    with mail_sink(certificate, key) as port:
        url = f"smtp://127.0.0.1:{port}?tls=ssl"
        known = crowd_of(units)
        with opened_office(home, definitions=known, smtp_url=url, smtp_ca_file=certificate) as app:
            _send(app)  # the requests with their forms, as they were written
            _queue_again(app, letters)
            start = perf_counter()
            sent = _send(app)
            return sent / (perf_counter() - start)


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


def _queue_again(app: App, count: int) -> None:
    """Queue the same letters under keys of their own, as many as it takes to measure."""
    first = [record.letter for record in app.ledger.letters()]
    app.ledger.queue(
        [
            replace(first[number % len(first)], key=f"again/{number}", items=(), state=LetterState.QUEUED)
            for number in range(count)
        ]
    )


def _send(app: App) -> int:
    return deliver(
        as_of=OPENED, ledger=app.ledger, archive=app.archive, outgoing=app.outgoing, sender=app.sender()
    ).sent
