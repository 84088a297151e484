"""Receipt (回执): one workbook in the mailbox, from the pass that finds it to the answer at the mail server."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import samples
from benchmarks.certificate import self_signed
from benchmarks.figure import Figure, cost
from benchmarks.mail_sink import mail_sink
from benchmarks.mails import make_maildir, put_mail, write_mail
from benchmarks.measuring import PHASEOUT, Ran, ran
from benchmarks.office import ARRIVED, CAMPAIGN, Crowd, crowd_of, opened_office, survey_of
from benchmarks.project import write_project
from benchmarks.telling import tell

UNITS = 13
MOST_S = 10.0
TIMES = 3
COLLECTED, SENT = "2022-08-08T10:05", "2022-08-08T10:06"


def run(*, times: int = TIMES) -> list[Figure]:
    """Return what the two passes take that stand between a mail and its receipt."""
    definitions = crowd_of(UNITS)
    with TemporaryDirectory(prefix="bench-receipt-") as name:
        folder = Path(name)
        project = write_project(folder / "project", definitions.campaign(CAMPAIGN))
        with opened_office(folder / "home", definitions=definitions):
            make_maildir(folder / "home" / "mailbox")
        certificate, key = self_signed(folder)
        with mail_sink(certificate, key) as port:
            server = {"smtp_url": f"smtp://127.0.0.1:{port}?tls=ssl", "smtp_ca_file": certificate}
            done = [_answered(definitions, folder / "home", number, project, server) for number in range(times)]
    slowest = max(done, key=lambda passes: sum(one.wall for one in passes))
    wall, cpu = sum(one.wall for one in slowest), sum(one.cpu for one in slowest)
    note = f"`phaseout collect` and `phaseout deliver` as processes, the slowest of {times} mails; polling not counted"
    return [
        cost("receipt_s", wall, "s", at_most=MOST_S, note=note),
        Figure("receipt_cpu_s", cpu, "s of CPU"),
        Figure("receipt_peak_mib", max(one.peak_mib for one in slowest), "MiB"),
    ]


def _answered(definitions: Crowd, home: Path, number: int, project: Path, server: dict[str, object]) -> tuple[Ran, Ran]:
    """Let a mail arrive, take it in and send its receipt."""
    campaign, form = definitions.campaign(CAMPAIGN), survey_of(definitions)
    unit = campaign.units[number]
    content = samples.workbook(campaign, form, unit, unit.industries[0], number=number, wrong_every=0)
    raw = write_mail(unit, [("表2.xlsx", content)], office=campaign.office.mailbox, number=number)
    put_mail(home / "mailbox", f"{number}.mail", raw, at=ARRIVED)
    tell(f"mail {number + 1}: phaseout collect, phaseout deliver")
    taken = ran([PHASEOUT, "collect", "--as-of", COLLECTED], home=home, project=project, **server)
    assert "1 accepted" in taken.said, taken.said  # noqa: S101  or something else was measured
    sent = ran([PHASEOUT, "deliver", "--as-of", SENT], home=home, project=project, **server)
    assert sent.said.startswith("1 sent"), sent.said  # noqa: S101  or something else was measured
    return taken, sent
