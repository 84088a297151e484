"""What a decision leaves in the ledger: the submission (报送件), and the person whom a contact form names."""

from datetime import datetime

from phaseout.domain.contact_list import first_address
from phaseout.domain.decision import Decision
from phaseout.domain.submission import Submission
from phaseout.ports import Contact
from phaseout.usecases.assess.checking import Judged


def submission_of(judged: Judged, *, as_of: datetime) -> Submission:
    """Return the submission that a judged workbook is."""
    taken = judged.taken
    return Submission(
        id=taken.submission,
        obligation=taken.answers.obligation.id,
        delivery=taken.opened.delivery.id,
        sha256=taken.sha256,
        file_name=taken.attachment.name,
        form=taken.form.id,
        unit=taken.answers.unit.code,
        industry=taken.answers.industry,
        period=taken.answers.period,
        version=taken.version,
        arrived_at=taken.opened.delivery.arrived_at,
        is_zero=taken.reading.is_zero,
        decision=judged.decision,
        decided_at=as_of,
        figures=judged.figures,
        findings=judged.findings,
        check_figure=judged.check_figure,
    )


def contacts_of(judged: Judged) -> list[Contact]:
    """Return the person whom an accepted contact form names; from then on letters go to that address."""
    taken = judged.taken
    if judged.decision is not Decision.ACCEPTED:
        return []
    # A cell may hold several addresses, and what the rules were waived for: a letter needs one that is plain.
    named = [
        (row.values, address)
        for row in taken.reading.rows
        if row.values.get("contact_name") and (address := first_address(str(row.values.get("email") or "")))
    ]
    return [
        Contact(
            campaign=taken.within.campaign.id,
            unit=taken.answers.unit.code,
            role="contact",
            name=str(values["contact_name"]),
            address=address,
            phone=str(values.get("mobile") or values.get("office_phone") or ""),
            valid_from=taken.opened.delivery.arrived_at,
        )
        for values, address in named[:1]
    ]
