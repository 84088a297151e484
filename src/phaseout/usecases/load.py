"""Load (入库): bring the warehouse up to what the ledger accepted, from the archive; a damaged one is built anew."""

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from phaseout.domain.campaign import Campaign
from phaseout.domain.damage import Damage
from phaseout.domain.dividing import divide
from phaseout.domain.form import Form
from phaseout.domain.intake import industry_of
from phaseout.domain.reading import read_form
from phaseout.domain.reference_tables import reference_tables
from phaseout.domain.submission import Submission, Unreadable, Workbook
from phaseout.ports import Archive, ArchiveDamaged, Definitions, Ledger, StagedWorkbook, Warehouse, WorkbookReader

BATCH_ROWS = 20_000  # a transaction costs the same for one row as for thousands
BATCH = 1000  # submissions, be they without rows


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many submissions were loaded, which could not be, and what was wrong with the warehouse before."""

    submissions: int
    unreadable: Mapping[str, str] = field(default_factory=dict)  # why, by submission
    damage: Damage | None = None  # it was set aside


def load(
    *,
    definitions: Definitions,
    ledger: Ledger,
    archive: Archive,
    workbooks: WorkbookReader,
    warehouse: Warehouse,
    is_thorough: bool = False,
) -> Loaded:
    """Load accepted submissions that the warehouse does not hold, in the order of decision.

    Nothing is judged again: the ledger's decision stands. What cannot be read from the archive is left out and named:
    it must not keep the others from being loaded. If *thorough*, every row that is there is read and held to its hash.
    """
    warehouse.missing(())  # opens it: what another process accepts and loads from here on waits until we are done
    accepted = ledger.accepted_workbooks()
    damage = warehouse.damage(accepted, is_thorough=is_thorough)
    if damage is not None:
        warehouse.start_anew(damage)
    campaigns = {campaign: definitions.campaign(campaign) for campaign in ledger.open_campaigns()}
    for campaign in campaigns.values():
        warehouse.refresh(reference_tables(campaign), campaign=campaign.id)
    waiting = _waiting(warehouse.missing(tuple(accepted)), campaigns, ledger=ledger)
    unreadable: dict[str, str] = {}
    forms = definitions.forms()
    with closing(_read(waiting, unreadable, archive=archive, workbooks=workbooks)) as read:
        for batch in _batches(_staged(read, unreadable, campaigns, forms)):
            _take_in(batch, forms, warehouse=warehouse)
    return Loaded(len(waiting) - len(unreadable), unreadable, damage)


def _waiting(missing: Collection[str], campaigns: Collection[str], *, ledger: Ledger) -> list[Submission]:
    wanted = frozenset(missing)
    concerned = {submission.partition("/")[0] for submission in wanted}
    return [
        submission
        for campaign in campaigns
        if campaign in concerned
        for submission in ledger.submissions(campaign)
        if submission.id in wanted
    ]


def _campaign(submission: Submission) -> str:
    return submission.obligation.partition("/")[0]


def _read(
    waiting: Sequence[Submission], unreadable: dict[str, str], *, archive: Archive, workbooks: WorkbookReader
) -> Generator[tuple[Submission, Workbook], None, None]:
    """Yield each submission with its workbook while the reader works on the next ones; note which cannot be read."""
    kept: list[Submission] = []  # in the reader's hands

    def contents() -> Iterator[bytes]:
        for submission in waiting:
            try:
                content = archive.get(submission.sha256)
            except ArchiveDamaged as why:
                unreadable[submission.id] = str(why)
                continue
            kept.append(submission)
            yield content

    with closing(workbooks.read_ahead(contents())) as read:
        for workbook in read:
            submission = kept.pop(0)
            if isinstance(workbook, Unreadable):
                unreadable[submission.id] = f"the workbook {submission.sha256} is refused now: {workbook}"
            else:
                yield submission, workbook


def _staged(
    read: Iterable[tuple[Submission, Workbook]],
    unreadable: dict[str, str],
    campaigns: Mapping[str, Campaign],
    forms: Mapping[str, Form],
) -> Iterator[StagedWorkbook]:
    """Yield the rows of each submission, typed; note which workbooks are no longer read as the form they were."""
    for submission, workbook in read:
        campaign = campaigns[_campaign(submission)]
        try:
            yield _typed(submission, workbook, campaign, forms[submission.form].in_year(campaign.year))
        except Unreadable as why:
            unreadable[submission.id] = f"the workbook {submission.sha256} is refused now: {why}"


def _typed(submission: Submission, workbook: Workbook, campaign: Campaign, form: Form) -> StagedWorkbook:
    parts = divide(read_form(workbook, form), form)
    own = next((part for part in parts if industry_of(part, form, campaign) == submission.industry), parts[0])
    return StagedWorkbook(
        submission=submission.id,
        campaign=campaign.id,
        unit=submission.unit,
        industry=submission.industry,
        period=submission.period,
        version=submission.version,
        reading=own,
        sha256=submission.sha256,
    )


def _batches(staged: Iterable[StagedWorkbook]) -> Iterator[Mapping[str, list[StagedWorkbook]]]:
    """Yield batches of so many rows, by form."""
    batch: dict[str, list[StagedWorkbook]] = {}
    count = rows = 0
    for one in staged:
        batch.setdefault(one.reading.form, []).append(one)
        count, rows = count + 1, rows + len(one.reading.rows)
        if count >= BATCH or rows >= BATCH_ROWS:
            yield batch
            batch, count, rows = {}, 0, 0
    if batch:
        yield batch


def _take_in(batch: Mapping[str, Sequence[StagedWorkbook]], forms: Mapping[str, Form], *, warehouse: Warehouse) -> None:
    with warehouse.batch():
        for form, workbooks in batch.items():
            warehouse.stage(forms[form], workbooks)
            warehouse.promote(form, [one.submission for one in workbooks])
        warehouse.commit()
