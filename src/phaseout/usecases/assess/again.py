"""Decides again what was held because it came after the close date (重新办理), once its obligation is open again."""

from collections.abc import Sequence
from datetime import datetime

from phaseout.domain.deadline import settled_of
from phaseout.domain.decision import Decision
from phaseout.domain.dividing import divide, held_to
from phaseout.domain.intake import Answered, industry_of
from phaseout.domain.obligation import Obligation
from phaseout.domain.reading_years import read_in_year
from phaseout.domain.submission import Attachment, Channel, Outcome, Submission
from phaseout.ports import Assessment, DeliveryRecord, Lease
from phaseout.usecases.assess.answering import OUTCOMES, REASONS, Answer, answer, views_after
from phaseout.usecases.assess.checking import Judged, check_in_waves
from phaseout.usecases.assess.filing import contacts_of, submission_of
from phaseout.usecases.assess.opening import Opened, Sender
from phaseout.usecases.assess.taking import Taken
from phaseout.usecases.assess.tools import OpenCampaign, Tools, open_campaign_of

AGAIN = "重新开放后办理："


def decide_again(
    obligation_id: str, *, campaign: str, under: Lease, as_of: datetime, tools: Tools
) -> Sequence[Submission]:
    """Check, decide and answer the held submissions of an obligation that count now; return what they became.

    One that a newer version has overtaken stays as it is.

    Raises:
        LeaseLost: another process has taken over what is done *under* the lease.
    """
    within = open_campaign_of(tools, campaign, as_of=as_of)
    obligation = next(one for one in within.obligations if one.id == obligation_id)
    records = {record.delivery.id: record for record in tools.ledger.deliveries()}
    held = [
        submission
        for submission in tools.ledger.submissions(within.campaign.id)
        if submission.obligation == obligation_id and submission.decision is Decision.HELD
    ]
    taken = [_taken(one, records[one.delivery], obligation, within, tools=tools) for one in held]
    counting = [one for one in taken if not (one.is_after_close or one.is_overtaken)]
    if not counting:
        return ()
    with tools.warehouse.batch():
        judged = check_in_waves(counting, tools=tools, as_of=as_of)
        assessment = _assessment(judged, within, records, tools=tools, as_of=as_of)
        tools.ledger.record(assessment, under=under)
        tools.warehouse.commit()
    return assessment.decided_again


def _taken(
    submission: Submission, record: DeliveryRecord, obligation: Obligation, within: OpenCampaign, *, tools: Tools
) -> Taken:
    unit = within.campaign.unit(submission.unit)
    attachment = Attachment(submission.file_name, tools.archive.get(submission.sha256))
    workbook = tools.workbooks.read(attachment.content)
    form, whole = read_in_year(workbook, tools.definitions.forms()[submission.form], within.campaign.year)
    parts = divide(whole, form)
    own = next((one for one in parts if industry_of(one, form, within.campaign) == submission.industry), parts[0])
    return Taken(
        _opened(record, Sender(within, unit), attachment, tools=tools),
        within,
        attachment,
        submission.sha256,
        workbook,
        form,
        held_to(own, form, unit),
        Answered(obligation, unit, submission.industry, submission.period),
        submission.version,
    )


def _opened(record: DeliveryRecord, sender: Sender, attachment: Attachment, *, tools: Tools) -> Opened:
    delivery, message_id = record.delivery, None
    if delivery.channel is Channel.MAIL:
        message_id = tools.messages.read(tools.archive.get(delivery.sha256)).message_id
    return Opened(delivery, record.sender, record.subject, message_id, (sender,), (attachment,))


def _assessment(
    judged: Sequence[Judged],
    within: OpenCampaign,
    records: dict[str, DeliveryRecord],
    *,
    tools: Tools,
    as_of: datetime,
) -> Assessment:
    views = views_after(within, judged, tools=tools, as_of=as_of)
    by_delivery: dict[str, list[Judged]] = {}
    for one in judged:
        by_delivery.setdefault(one.taken.opened.delivery.id, []).append(one)
    answered = [record.letter.delivery for record in tools.ledger.letters(within.campaign.id)]
    answers = {
        delivery: answer(
            parts[0].taken.opened,
            parts,
            views,
            settled=settled_of(views),
            tools=tools,
            as_of=as_of,
            again=answered.count(delivery) + 1,
        )
        for delivery, parts in by_delivery.items()
    }
    return Assessment(
        outcomes={
            delivery: _outcome(one, by_delivery[delivery], records[delivery], within, tools=tools)
            for delivery, one in answers.items()
        },
        senders={},
        submissions=(),
        letters=tuple(one.letter for one in answers.values()),
        contacts=tuple(contact for one in judged for contact in contacts_of(one)),
        decided_again=tuple(submission_of(one, as_of=as_of) for one in judged),
    )


def _outcome(
    new: Answer, parts: Sequence[Judged], record: DeliveryRecord, within: OpenCampaign, *, tools: Tools
) -> tuple[Outcome, str]:
    """Return what the delivery is called now, with those of its workbooks that stay as they were."""
    decided = {one.taken.submission for one in parts}
    others = {
        Outcome(submission.decision.value)
        for submission in tools.ledger.submissions(within.campaign.id)
        if submission.delivery == record.delivery.id and submission.id not in decided
    }
    was = {record.outcome} - {Outcome.HELD, None}  # such as refused, of another of its workbooks
    outcome = next(one for one in OUTCOMES if one in {new.outcome, *others, *was})
    return outcome, AGAIN + REASONS[outcome]
