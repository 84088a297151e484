"""What a run tells the server: natural keys, Chinese labels, and few events whatever happens."""

from datetime import UTC, datetime

from phaseout.domain.decision import Decision
from phaseout.domain.happened import Handled, HandledForm, Overdue, WrittenLetter
from phaseout.domain.letter import DispatchOutcome, LetterKind
from phaseout.domain.run_events import (
    MOST,
    OVERDUE,
    Happening,
    intake_happenings,
    letter_happenings,
    sent_happenings,
)
from phaseout.domain.submission import Outcome

CAMPAIGN = "made-up-2022"
NINE = datetime(2022, 6, 6, 1, tzinfo=UTC)


def form(decision, number=1):
    return HandledForm(f"{CAMPAIGN}/320500/contact#{number}", "《工作联系人信息》", number, decision, "")


def delivery(*forms, outcome=Outcome.ACCEPTED, reason=""):
    return Handled("d1", CAMPAIGN, "320500", "苏州市", "表.xlsx", NINE, outcome, reason, forms)


def letter(*overdue, kind=LetterKind.OVERDUE, is_draft=False):
    key = "draft/1" if is_draft else "1"
    return WrittenLetter(key, CAMPAIGN, "320500", "苏州市", kind, is_draft, tuple(overdue))


def test_a_submission_is_told_by_its_key_with_what_was_decided():
    told = intake_happenings([delivery(form(Decision.ACCEPTED), form(Decision.RETURNED, 2), form(Decision.HELD, 3))])

    assert told == [
        Happening(
            "phaseout.submission.accepted",
            "phaseout.submission.made-up-2022/320500/contact#1",
            "苏州市《工作联系人信息》第1版审核通过",
            CAMPAIGN,
            {"unit": "320500", "version": 1},
        ),
        Happening(
            "phaseout.submission.returned",
            "phaseout.submission.made-up-2022/320500/contact#2",
            "苏州市《工作联系人信息》第2版退回更正",
            CAMPAIGN,
            {"unit": "320500", "version": 2},
        ),
    ]


def test_a_delivery_in_quarantine_is_told_with_its_reason():
    (told,) = intake_happenings([delivery(outcome=Outcome.QUARANTINED, reason="发件人不在联系人名册内")])

    assert (told.event, told.resource) == ("phaseout.delivery.quarantined", "phaseout.delivery.d1")
    assert told.label == "来件隔离待查：发件人不在联系人名册内"


def test_an_obligation_is_told_to_be_late_once_however_many_letters_speak_of_it():
    late = Overdue(f"{CAMPAIGN}/320500/contact", "工作联系人信息", 3)

    told = letter_happenings([letter(late), letter(late, kind=LetterKind.SUPERVISION, is_draft=True)])

    assert [(one.event, one.label) for one in told] == [
        ("phaseout.obligation.overdue", "苏州市《工作联系人信息》逾期3个工作日"),
        ("phaseout.letter.drafted", "苏州市督办函待签发"),
    ]


def test_of_many_the_rest_is_told_together():
    told = letter_happenings([letter(*(Overdue(f"{CAMPAIGN}/{n}", "进展月报", 1) for n in range(MOST + 20)))])

    assert len(told) == MOST + 1
    assert told[-1] == Happening(OVERDUE, f"phaseout.campaign.{CAMPAIGN}", "另有20项", CAMPAIGN, {"count": 20})


def test_letters_that_left_are_told_together_by_kind():
    sent, filed = DispatchOutcome.SENT, DispatchOutcome.FILED
    tried = [(LetterKind.RECEIPT, sent), (LetterKind.RECEIPT, sent), (LetterKind.RETURN, filed)]

    (told,) = sent_happenings(tried)

    assert (told.event, told.label, told.facts) == ("phaseout.letter.sent", "发出函件2件", {"回执": 2})
    assert sent_happenings([(LetterKind.RECEIPT, DispatchOutcome.RETRY)]) == []
