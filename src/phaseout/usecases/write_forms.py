"""Write forms (制表): a unit's blank or prefilled workbooks."""

from collections.abc import Iterator

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Condition
from phaseout.domain.letter import LetterFile
from phaseout.domain.obligation import obligations_of
from phaseout.ports import Definitions
from phaseout.usecases import FormFiles


def write_forms(
    campaign_id: str,
    *,
    units: tuple[str, ...],
    period: str | None,
    definitions: Definitions,
    calendar: WorkCalendar,
    forms: FormFiles,
) -> Iterator[LetterFile]:
    """Yield the forms that the units owe, then those kept below; all units if none is named.

    If a period is given, that month's forms alone.
    """
    campaign = definitions.campaign(campaign_id)
    wanted = [campaign.unit(code) for code in units] if units else campaign.units
    for unit in wanted:
        for milestone in campaign.milestones:
            for term in milestone.terms:
                if period is not None and term.period != period:
                    continue
                if period is None and term.condition is not Condition.ALWAYS:
                    continue
                for obligation in obligations_of(campaign, unit, milestone, term, calendar=calendar):
                    file = forms.file(campaign, obligation)
                    if file is not None:
                        yield file
        if period is None:
            yield from forms.kept(campaign, unit)
