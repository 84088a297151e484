"""Register paper (纸质件登记): an officer notes which sealed copies have come; what is outstanding is listed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.check_figure import ALPHABET, is_check_figure
from phaseout.domain.decision import Decision
from phaseout.domain.obligation import Obligation, Standing, StandingView, UnknownObligation, standings
from phaseout.domain.paper import PaperFault, PaperReceipt, faults_of, file_of, written_figure
from phaseout.domain.submission import Submission
from phaseout.errors import UsageError
from phaseout.ports import Definitions, Ledger


class NobodyRegisters(UsageError):
    """Paper is registered by a named person, with a reason."""

    def __init__(self) -> None:
        super().__init__("say who registers it and why: --by NAME --reason TEXT")


class NoReceipt(UsageError):
    """What is to be registered cannot have come."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"this is no receipt: {reason}")


class NoCheckFigure(UsageError):
    """What is said to stand on the copies cannot be a check figure."""

    def __init__(self, *, figure: str) -> None:
        self.figure = figure
        super().__init__(
            f"--check-figure {figure!r} cannot be one: it looks like 7KM3-XWP9, twice four signs of {ALPHABET}; "
            "`phaseout paper list` shows the one that the copies should bear"
        )


@dataclass(frozen=True, slots=True)
class Registered:
    """A receipt with what is wrong with it, and the check figure that the copies should bear."""

    receipt: PaperReceipt
    faults: tuple[PaperFault, ...]
    figure: str | None
    is_new: bool


def register_paper(
    campaign_id: str,
    unit: str,
    *,
    form: str,
    industry: str | None = None,
    period: str | None = None,
    copies: int,
    is_sealed: bool,
    figure: str,
    received_on: date,
    by: str,
    reason: str,
    as_of: datetime,
    definitions: Definitions,
    ledger: Ledger,
) -> Registered:
    """Record copies that have come, complete or not; registered twice, they have come once.

    Raises:
        NobodyRegisters: no name or no reason was given.
        UnknownObligation: the unit owes no such paper.
        NoReceipt: no copy came, or on a day to come.
        NoCheckFigure: it has another shape; empty where nothing stands on them.
    """
    if not by.strip() or not reason.strip():
        raise NobodyRegisters
    if copies < 1:
        raise NoReceipt(reason="--copies counts from 1")
    if received_on > day_in_china(as_of):
        raise NoReceipt(reason=f"{received_on} is still to come")
    if figure.strip() and not is_check_figure(written_figure(figure)):
        raise NoCheckFigure(figure=figure)
    campaign = definitions.campaign(campaign_id)
    owed = _meant(ledger.obligations(campaign_id), (unit, form, industry, period), campaign)
    receipt = PaperReceipt(
        obligation=owed.id,
        copies=copies,
        copies_wanted=campaign.milestone(owed.milestone).paper_copies,
        is_sealed=is_sealed,
        check_figure=written_figure(figure),
        received_on=received_on,
        by=by.strip(),
        reason=reason.strip(),
        at=as_of,
    )
    is_new = ledger.record_papers([receipt]) == 1
    receipts = [one for one in ledger.papers(campaign_id) if one.obligation == owed.id]
    accepted = accepted_files(ledger.submissions(campaign_id)).get(file_of(owed.id))
    wanted = (accepted.check_figure or "") if accepted else None
    *_, faults = faults_of(receipts, wanted)
    return Registered(receipt, faults, wanted, is_new)


def accepted_files(submissions: Iterable[Submission]) -> Mapping[str, Submission]:
    """Return the newest accepted submission of each obligation."""
    ordered = sorted(submissions, key=lambda one: one.version)
    return {one.obligation: one for one in ordered if one.decision is Decision.ACCEPTED}


def _meant(
    obligations: Iterable[Obligation], key: tuple[str, str, str | None, str | None], campaign: Campaign
) -> Obligation:
    unit, form, industry, period = key
    keys = {one.name: one.key for one in campaign.industries}
    meant = (unit, form, keys.get(industry or "", industry), period)
    for one in obligations:
        if one.is_paper and (one.unit, one.form, one.industry, one.period) == meant:
            return one
    raise UnknownObligation(obligation="/".join(part for part in (campaign.id, *meant, "paper") if part))


def outstanding_papers(
    campaign_id: str, *, as_of: datetime, definitions: Definitions, calendar: WorkCalendar, ledger: Ledger
) -> list[dict[str, object]]:
    """Return the paper that is owed and not complete, as flat rows, with what is wrong where some has come."""
    campaign = definitions.campaign(campaign_id)
    obligations = ledger.obligations(campaign_id)
    views = standings(
        obligations,
        ledger.submitted(campaign_id),
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    waited_for = [one for one in obligations if one.is_paper and _is_outstanding(one, views)]
    accepted = accepted_files(ledger.submissions(campaign_id))
    received: dict[str, list[PaperReceipt]] = {}
    for receipt in ledger.papers(campaign_id):
        received.setdefault(receipt.obligation, []).append(receipt)
    return [
        _row(one, campaign, views[one.id], accepted.get(file_of(one.id)), received.get(one.id, []))
        for one in waited_for
    ]


def _is_outstanding(obligation: Obligation, views: Mapping[str, StandingView]) -> bool:
    view = views[obligation.id]
    return view.exempt is None and view.standing not in {Standing.ACCEPTED, Standing.NOT_OPEN}


def _row(
    obligation: Obligation,
    campaign: Campaign,
    view: StandingView,
    file: Submission | None,
    receipts: list[PaperReceipt],
) -> dict[str, object]:
    figure = (file.check_figure or "") if file else None
    faults = list(faults_of(receipts, figure))
    return {
        "unit": obligation.unit,
        "unit_name": campaign.unit(obligation.unit).name,
        "form": obligation.form,
        "industry": obligation.industry,
        "period": obligation.period,
        "due_date": obligation.due,
        "standing": view.standing,
        "copies": campaign.milestone(obligation.milestone).paper_copies,
        "check_figure": figure,
        "file_accepted_on": day_in_china(file.decided_at) if file else None,
        "received_on": receipts[-1].received_on if receipts else None,
        "wrong": ", ".join(faults[-1]) if faults else None,
    }
