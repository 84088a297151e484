"""Load (入库): bring the warehouse up to what the ledger accepted, from the archive."""

from collections.abc import Iterable

from phaseout.domain.dividing import divide
from phaseout.domain.intake import industry_of
from phaseout.domain.reading import read_form
from phaseout.domain.reference_tables import reference_tables
from phaseout.domain.submission import Submission
from phaseout.ports import Archive, Definitions, Ledger, StagedWorkbook, Warehouse, WorkbookReader

BATCH = 200


def load(
    *,
    definitions: Definitions,
    ledger: Ledger,
    archive: Archive,
    workbooks: WorkbookReader,
    warehouse: Warehouse,
) -> int:
    """Load accepted submissions that the warehouse does not hold, in the order of decision; return how many.

    Nothing is judged again: the ledger's decision stands.
    """
    campaigns = [definitions.campaign(campaign_id) for campaign_id in ledger.open_campaigns()]
    for campaign in campaigns:
        warehouse.refresh(reference_tables(campaign), campaign=campaign.id)
    missing = frozenset(warehouse.missing(ledger.accepted()))
    if not missing:
        return 0
    waiting = [
        submission
        for campaign in campaigns
        for submission in ledger.submissions(campaign.id)
        if submission.id in missing
    ]
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        with warehouse.batch():
            for form, of_form in _by_form(batch):
                warehouse.stage(
                    definitions.forms()[form],
                    [_staged(one, definitions=definitions, archive=archive, workbooks=workbooks) for one in of_form],
                )
                warehouse.promote(form, [one.id for one in of_form])
            warehouse.commit()
    return len(waiting)


def _by_form(submissions: Iterable[Submission]) -> list[tuple[str, list[Submission]]]:
    forms: dict[str, list[Submission]] = {}
    for submission in submissions:
        forms.setdefault(submission.form, []).append(submission)
    return list(forms.items())


def _staged(
    submission: Submission, *, definitions: Definitions, archive: Archive, workbooks: WorkbookReader
) -> StagedWorkbook:
    workbook = workbooks.read(archive.get(submission.sha256))
    campaign = definitions.campaign(submission.obligation.split("/")[0])
    form = definitions.forms()[submission.form].in_year(campaign.year)
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
    )
