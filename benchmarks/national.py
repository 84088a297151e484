"""A month of a whole country (全国月度): 3,000 counties, two forms of fifty rows each, in one run with all letters.

Each county sends one mail with both workbooks; one survey in five is wrong and returned.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import samples
from benchmarks.copies import Copier
from benchmarks.figure import Figure, yields
from benchmarks.mails import make_maildir, put_mail, write_mail
from benchmarks.measuring import PHASEOUT, Ran, ran
from benchmarks.month import FORMS, month
from benchmarks.office import CAMPAIGN, Crowd, crowd_of, opened_office
from benchmarks.project import write_project
from benchmarks.telling import tell
from phaseout.domain.calendar import CHINA
from phaseout.domain.form import in_year

COUNTIES, TEMPLATES = 3000, 20
INDUSTRY = samples.INDUSTRIES[0]
ARRIVED = datetime(2022, 8, 30, 9, tzinfo=CHINA)
COLLECTED, PUBLISHED = "2022-08-30T10:00", "2022-08-30T12:00"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the passes took, and what they left."""

    collected: Ran
    published: Ran
    home: Path


def run(*, counties: int = COUNTIES) -> list[Figure]:
    """Let every county write, then collect, assess, answer and publish."""
    definitions = crowd_of(counties, industries=[INDUSTRY])
    with TemporaryDirectory(prefix="bench-national-") as name:
        folder = Path(name)
        tell(f"{counties:,} mails with two workbooks each")
        project = write_project(folder / "project", definitions.campaign(CAMPAIGN))
        home = folder / "home"
        with opened_office(home, definitions=definitions):
            make_maildir(home / "mailbox")
        _write(definitions, home / "mailbox")
        tell("phaseout collect")
        collected = ran([PHASEOUT, "collect", "--as-of", COLLECTED], home=home, project=project)
        assert f"{counties} new deliveries" in collected.said, collected.said  # noqa: S101  or something else was measured
        tell(f"{collected.said.strip()} phaseout publish")
        published = ran([PHASEOUT, "publish", "--as-of", PUBLISHED], home=home, project=project)
        return list(_figures(counties, Taken(collected, published, home)))


def _write(definitions: Crowd, mailbox: Path) -> None:
    campaign = definitions.campaign(CAMPAIGN)
    forms = in_year(definitions.forms(), campaign.year)
    first = campaign.units[0]
    templates = [
        month(campaign, forms, first, number=number, is_wrong=number % samples.WRONG_WORKBOOK_EVERY == 0)
        for number in range(TEMPLATES)
    ]
    for number, unit in enumerate(campaign.units):
        copier, own = Copier(first, unit, number), templates[number % TEMPLATES]
        files = [(f"{forms[form].number}.xlsx", copier.copy(own[form])) for form in FORMS]
        raw = write_mail(unit, files, office=campaign.office.mailbox, number=number)
        put_mail(mailbox, f"{number}.mail", raw, at=ARRIVED)


def _figures(counties: int, taken: Taken) -> Iterator[Figure]:
    workbooks, collected, published = len(FORMS) * counties, taken.collected, taken.published
    note = f"one `phaseout collect`: {collected.said.strip()}"
    yield Figure("national_workbooks", workbooks, "workbooks", note=f"{counties:,} mails with two workbooks each")
    yield Figure("national_rows", workbooks * samples.ROWS, "rows")
    yield Figure("national_collect_s", collected.wall, "s", note=note)
    yield yields("national_workbooks_per_s", workbooks / collected.wall, "/s", note=note)
    yield Figure(
        "national_cpu_ms", 1000 * collected.cpu / workbooks, "ms a workbook", note="letters, marked copies included"
    )
    yield Figure("national_collect_peak_mib", collected.peak_mib, "MiB", note="of the process that assesses")
    yield Figure("national_reader_peak_mib", collected.child_peak_mib, "MiB")
    yield Figure("national_publish_s", published.wall, "s", note="snapshot and board, as a process")
    yield Figure("national_publish_cpu_s", published.cpu, "s of CPU")
    yield Figure("national_publish_peak_mib", published.peak_mib, "MiB")
    for name, pattern in SIZES.items():
        paths = [path for path in taken.home.glob(pattern) if path.is_file()]
        size = sum(path.stat().st_size for path in paths) / 2**20
        yield Figure(f"national_{name}_mib", size, "MiB", note=f"{len(paths):,} files" if len(paths) > 1 else "")


SIZES = {
    "mailbox": "mailbox/**/*",
    "archive": "archive/**/*",
    "ledger": "ledger.sqlite*",
    "warehouse": "warehouse.duckdb*",
    "snapshot": "published/phaseout.duckdb",
    "site": "published/site/**/*",
}
