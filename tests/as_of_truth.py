"""What the pure function says of every obligation as of an instant, to hold the marts' SQL against."""

from phaseout.domain.calendar import CHINA
from phaseout.domain.decision import Decision
from phaseout.domain.exemption import NAMELESS_EXEMPTION
from phaseout.domain.obligation import standings
from phaseout.domain.paper import as_submitted, file_of

QUERY = """
SELECT obligation_id, standing, reason, arrived_at, accepted_at, days_late, versions, open_findings, due_date, is_exempt
FROM mart.obligation_as_of(CAST($as_of AS TIMESTAMP))
"""


def told(connection, as_of):
    """Return what the mart says of each obligation."""
    rows = connection.execute(QUERY, {"as_of": local(as_of)}).fetchall()
    return {obligation: rest for obligation, *rest in rows}


def truth(ledger, campaign, *, calendar, as_of):
    """Return what `standings` says of each obligation, given no more than the ledger knew by then."""
    histories = ledger.histories(campaign.id)
    owed = [one for history in histories if (one := history.as_of(as_of, calendar=calendar)) is not None]
    views = standings(
        owed,
        submitted(ledger, campaign, as_of=as_of),
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    return {one.id: facts(one, views[one.id]) for one in owed}


def submitted(ledger, campaign, *, as_of):
    """Return the versions of each obligation, paper judged by the file that was accepted by then."""
    figures, receipts = {}, {}
    for one in sorted(ledger.submissions(campaign.id), key=lambda one: one.version):
        if one.decision is Decision.ACCEPTED and one.decided_at <= as_of:
            figures[one.obligation] = one.check_figure or ""
    for receipt in ledger.papers(campaign.id):
        receipts.setdefault(receipt.obligation, []).append(receipt)
    on_paper = {one: as_submitted(own, figures.get(file_of(one))) for one, own in receipts.items()}
    return {**ledger.submitted(campaign.id), **on_paper}


def facts(obligation, view):
    reason = NAMELESS_EXEMPTION if view.exempt and view.reason == view.exempt.words else view.reason
    return [
        view.standing.value,
        reason,
        local(view.arrived_at),
        local(view.accepted_at),
        view.days_late,
        view.versions,
        view.open_findings,
        obligation.due,
        view.exempt is not None,
    ]


def local(instant):
    return instant.astimezone(CHINA).replace(tzinfo=None) if instant else None
