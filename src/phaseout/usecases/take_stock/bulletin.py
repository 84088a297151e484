"""What the bulletin (情况通报) of a month says, from the marts."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from phaseout.domain.bulletin import BulletinRow, UnitFigures, bulletin, bulletin_facts, filing_word
from phaseout.domain.calendar import day_in_china
from phaseout.domain.campaign import Condition, Milestone, Term
from phaseout.domain.document import DocumentKind, Draft, Figures
from phaseout.domain.document_words import FIGURE_LABELS, addressees
from phaseout.domain.shares import share_words
from phaseout.errors import UsageError
from phaseout.usecases.take_stock.bench import Sources

ONE_DAY = timedelta(days=1)
PROGRESS = "progress"
_FILED = ("standing", "has_arrived", "days_late")


class NoBulletin(UsageError):
    """The campaign has no bulletin for a month, or not yet."""

    def __init__(self, *, campaign: str, period: str | None) -> None:
        self.campaign = campaign
        self.period = period
        super().__init__(
            f"{campaign} has no bulletin for {period or 'no month'}; name a month with --period, as 2022-09"
        )


def draft_bulletin(sources: Sources, period: str | None) -> Draft:
    """Return the bulletin of a month.

    Raises:
        NoBulletin: there is none for that month, or its window has not opened.
    """
    milestone, term = _term(sources, period)
    assert term.period is not None  # noqa: S101  as it was found by its period
    periods = [one.period for one in milestone.terms]
    number = periods.index(term.period) + 1
    # A conditional term is not owed by all, so it is no deadline for all.
    following = [one for one in milestone.terms[number:] if one.condition is Condition.ALWAYS]
    rows = sources.ask(
        "document/bulletin_units",
        period=term.period,
        previous_period=periods[number - 2] if number > 1 else term.period,
        # What was planned for later than the month's end is not yet overdue in it, whenever the bulletin is written.
        overdue_before=min(day_in_china(sources.as_of), term.nominal_due + ONE_DAY),
    )
    units = [_unit_figures(row) for row in rows]
    facts = bulletin_facts(
        sources.campaign,
        units,
        period=term.period,
        number=number,
        next_due=following[0].nominal_due if following else None,
    )
    content = bulletin(units)
    return Draft(
        campaign=sources.campaign.id,
        kind=DocumentKind.BULLETIN,
        period=term.period,
        facts=facts | {"addressees": addressees(sources.campaign), "stands_on": term.nominal_due},
        figures=_figures((*content.rows, content.totals)),
        lists={
            "分行业进展": sources.ask("document/industries", period=term.period),
            "分行业产能": sources.ask("document/capacities", period=term.period),
            "逐月进展": _months(sources, term.period),
        },
    )


def _term(sources: Sources, period: str | None) -> tuple[Milestone, Term]:
    today = day_in_china(sources.as_of)
    for milestone in sources.campaign.dated_milestones:
        for term in milestone.terms:
            if PROGRESS in milestone.forms and term.period == period and term.period and term.opens <= today:
                return milestone, term
    raise NoBulletin(campaign=sources.campaign.id, period=period)


def _unit_figures(row: Mapping[str, object]) -> UnitFigures:
    figures = {key: value for key, value in row.items() if key not in {"unit_code", "unit_name", *_FILED}}
    standing = row["standing"]
    return UnitFigures(
        code=str(row["unit_code"]),
        name=str(row["unit_name"]),
        filing=filing_word(
            None if standing is None else str(standing),
            has_arrived=bool(row["has_arrived"]),
            days_late=int(str(row["days_late"] or 0)),
        ),
        **figures,  # type: ignore[arg-type]  # named as the statement selects them
    )


def _figures(rows: Sequence[BulletinRow]) -> Figures:
    return {
        row.unit_name: {label: getattr(row, name) for name, label in FIGURE_LABELS.items()}
        | {"完成率": share_words(row.rate), "排名": row.rank_word}
        for row in rows
    }


def _months(sources: Sources, period: str) -> list[Mapping[str, object]]:
    labels = {
        "period": "月份",
        "sets": "应淘汰台（套）数",
        "done_this_month": "本月完成",
        "done": "累计完成",
        "dismantled": "其中拆除",
        "sealed": "其中封存",
        "left_open": "尚未完成",
    }
    return [{labels[key]: value for key, value in row.items()} for row in sources.ask("document/months", period=period)]
