"""The contract of the outbox's way out (待发箱): once more when nobody knows, limits, and what persons decide."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from phaseout.domain.bounce import NamedBounce
from phaseout.domain.calendar import CHINA, WorkCalendar, days_between
from phaseout.domain.decision import Decision
from phaseout.domain.letter import DispatchOutcome, LetterKind, LetterState
from phaseout.domain.outbox import DispatchAct, DispatchDecision, NotStuck, UnknownLetter
from phaseout.domain.sending_terms import ABSENCE, DISPATCH_ORDER, LONGEST_ABSENCE, PAUSE, QuietHours, SendingTerms
from phaseout.domain.submission import Outcome
from tests.ledger_samples import CAMPAIGN, MINUTE, MORNING, arrived, assessment, filed, item, letter

GRACE = 10 * MINUTE
SENT, UNCERTAIN, RETRY = DispatchOutcome.SENT, DispatchOutcome.UNCERTAIN, DispatchOutcome.RETRY
UNREACHABLE = DispatchOutcome.UNREACHABLE
HALF_YEAR = tuple(day for day in days_between(date(2022, 1, 1), date(2022, 12, 31)) if day.weekday() < 5)
WEEKDAYS = WorkCalendar(years=frozenset({2022}), working_days=HALF_YEAR)
AGAIN = "首次发送是否送达不明，已以同一邮件编号再发一次"


def taken(ledger, *, at=MORNING, limit=10, **terms):
    return [record.letter.key for record in ledger.claim(as_of=at, limit=limit, terms=SendingTerms(**terms))]


def one_try(ledger, outcome, *, at=MORNING, words=""):
    """Take the only letter that may be taken, and settle it."""
    [record] = ledger.claim(as_of=at, limit=10)
    ledger.settle(record.id, outcome, words, as_of=at)
    return record


def only(ledger):
    [record] = ledger.letters()
    return record


@pytest.fixture
def outbox(open_campaign):
    """A ledger with one reminder about 甲市 in its outbox."""
    open_campaign.queue([letter("digest", items=[item("jia")])])
    return open_campaign


# Once more


def test_the_letter_of_which_nobody_knows_leaves_once_more_after_ten_minutes_as_it_is(outbox):
    first = one_try(outbox, UNCERTAIN, words="TimeoutError in text")

    waiting = only(outbox)
    assert (waiting.letter.state, waiting.not_before) == (LetterState.UNCERTAIN, MORNING + GRACE)
    assert waiting.note == "是否送达待查，将以同一邮件编号再发一次；TimeoutError in text"
    assert not outbox.is_anything_queued(as_of=MORNING + GRACE - timedelta(seconds=1))
    assert taken(outbox, at=MORNING + GRACE - timedelta(seconds=1)) == []
    assert outbox.is_anything_queued(as_of=MORNING + GRACE)

    second = one_try(outbox, SENT, at=MORNING + GRACE, words="250 OK")
    assert second.letter == replace(first.letter, state=LetterState.SENDING)
    assert (only(outbox).letter.state, only(outbox).note) == (LetterState.SENT, f"{AGAIN}；250 OK")


def test_what_is_uncertain_twice_is_left_to_a_person(outbox):
    one_try(outbox, UNCERTAIN)
    one_try(outbox, UNCERTAIN, at=MORNING + GRACE, words="line cut")

    stays = only(outbox)
    assert (stays.letter.state, stays.not_before) == (LetterState.UNCERTAIN, None)
    assert stays.note == "两次发送均不能确认是否送达，请人工核实；line cut"
    assert not outbox.is_anything_queued(as_of=MORNING + timedelta(days=30))
    assert taken(outbox, at=MORNING + timedelta(days=30)) == []


@pytest.mark.parametrize("kind", LetterKind, ids=str)
def test_every_kind_of_letter_gets_its_second_try(open_campaign, kind):
    open_campaign.queue([letter("any", kind=kind)])
    one_try(open_campaign, UNCERTAIN)

    assert taken(open_campaign, at=MORNING + GRACE) == ["any"]


@pytest.mark.parametrize(
    ("minutes", "keys"),
    [
        pytest.param(10, [], id="the sender may still be at it"),
        pytest.param(11, ["digest"], id="the sender has died"),
    ],
)
def test_a_claim_that_nobody_settled_counts_as_a_try_of_which_nobody_knows(outbox, minutes, keys):
    taken(outbox)

    assert outbox.is_anything_queued(as_of=MORNING + minutes * MINUTE) is bool(keys)
    assert taken(outbox, at=MORNING + minutes * MINUTE) == keys


def test_the_record_says_that_the_sender_died(outbox):
    taken(outbox)
    one_try(outbox, SENT, at=MORNING + 11 * MINUTE)

    assert (only(outbox).letter.state, only(outbox).note) == (LetterState.SENT, AGAIN)


def test_a_letter_whose_sender_died_twice_is_left_to_a_person(outbox):
    taken(outbox)
    taken(outbox, at=MORNING + 11 * MINUTE)

    later = MORNING + 22 * MINUTE
    assert outbox.is_anything_queued(as_of=later)
    assert taken(outbox, at=later) == []
    assert only(outbox).note == "两次发送均不能确认是否送达，请人工核实；发送过程中断"
    assert not outbox.is_anything_queued(as_of=later)


@pytest.mark.parametrize(
    ("outcome", "next_try"),
    [
        pytest.param(RETRY, timedelta(minutes=11), id="refused for now"),
        pytest.param(DispatchOutcome.SLOW, timedelta(minutes=25), id="too many"),
        pytest.param(DispatchOutcome.AUTH, GRACE, id="the account is broken"),
        pytest.param(UNREACHABLE, GRACE, id="no server is there"),
    ],
)
def test_a_second_try_that_did_not_leave_is_tried_again_and_never_written_anew(outbox, outcome, next_try):
    one_try(outbox, UNCERTAIN)
    one_try(outbox, outcome, at=MORNING + GRACE)

    assert (only(outbox).letter.state, only(outbox).not_before) == (LetterState.UNCERTAIN, MORNING + next_try)
    assert outbox.withdraw_before(date(2022, 9, 1)) == 0
    assert set(outbox.items(CAMPAIGN.id)) == {item("jia")}
    assert taken(outbox, at=MORNING + next_try) == ["digest"]


def test_what_came_back_had_left_and_is_not_sent_again(outbox):
    outbox.record_delivery(arrived("bounce"))
    one_try(outbox, UNCERTAIN)
    bounce = NamedBounce("delivery-bounce", "contact@jia.example", "5.1.1", "<digest@phaseout.example>")
    outbox.record(replace(assessment(), bounces=(bounce,)))

    assert taken(outbox, at=MORNING + GRACE) == []
    assert only(outbox).letter.state is LetterState.SENT
    assert "退信" in only(outbox).note
    assert not outbox.is_anything_queued(as_of=MORNING + GRACE)


def file_of_jia_arrives(ledger):
    ledger.record_delivery(arrived("first"))
    accepted = filed("jia", decision=Decision.ACCEPTED)
    ledger.record(assessment(outcomes={"delivery-first": (Outcome.ACCEPTED, "")}, submissions=[accepted]))


def test_a_file_that_arrives_meanwhile_spares_the_second_try(outbox):
    one_try(outbox, UNCERTAIN)
    file_of_jia_arrives(outbox)

    assert taken(outbox, at=MORNING + GRACE) == []
    assert (only(outbox).letter.state, only(outbox).note) == (
        LetterState.UNCERTAIN,
        "是否送达待查，相关材料已到，不再重发",
    )


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (SENT, LetterState.SENT),
        (RETRY, LetterState.WITHDRAWN),
        (DispatchOutcome.SLOW, LetterState.WITHDRAWN),
        (UNREACHABLE, LetterState.WITHDRAWN),
        (UNCERTAIN, LetterState.UNCERTAIN),
        (DispatchOutcome.PERMANENT, LetterState.FAILED),
    ],
    ids=str,
)
def test_a_file_that_arrives_while_the_letter_is_on_its_way_lets_no_further_try_follow(outbox, outcome, state):
    [record] = outbox.claim(as_of=MORNING, limit=1)
    file_of_jia_arrives(outbox)
    outbox.settle(record.id, outcome, "", as_of=MORNING)

    assert only(outbox).letter.state is state
    assert taken(outbox, at=MORNING + timedelta(days=1)) == []


def test_a_claim_of_the_dead_about_what_has_arrived_is_not_sent_again(outbox):
    taken(outbox)
    file_of_jia_arrives(outbox)

    assert taken(outbox, at=MORNING + 11 * MINUTE) == []
    assert only(outbox).letter.state is LetterState.UNCERTAIN


# One after the other


def test_settling_one_and_taking_the_next_is_one_step(open_campaign):
    open_campaign.queue([letter("first"), letter("second")])
    [first] = open_campaign.claim(as_of=MORNING, limit=1)

    second = open_campaign.settle_and_claim(first.id, SENT, "250 OK", as_of=MORNING)

    assert second.letter.key == "second"
    assert [record.letter.state for record in open_campaign.letters()] == [LetterState.SENT, LetterState.SENDING]
    assert open_campaign.settle_and_claim(second.id, SENT, "250 OK", as_of=MORNING) is None


def test_the_next_letter_keeps_to_the_terms_too(open_campaign):
    open_campaign.queue([letter("first"), letter("second")])
    [first] = open_campaign.claim(as_of=MORNING, limit=1)

    assert open_campaign.settle_and_claim(first.id, SENT, "", as_of=MORNING, terms=SendingTerms(per_day=1)) is None


def test_the_newest_try_tells_how_the_mail_server_answered_last(outbox):
    assert outbox.last_try() is None
    one_try(outbox, RETRY)
    one_try(outbox, DispatchOutcome.AUTH, at=MORNING + 5 * MINUTE)

    assert outbox.last_try() == (DispatchOutcome.AUTH, MORNING + 5 * MINUTE)


# What leaves first


def test_every_kind_of_letter_has_its_place():
    assert set(DISPATCH_ORDER) == set(LetterKind)


def test_the_most_urgent_letter_leaves_first_and_of_these_the_oldest(open_campaign):
    kinds = ["preview", "thanks", "request", "reminder", "overdue", "criticism", "receipt", "return"]
    open_campaign.queue([letter(f"{kind}/{turn}", kind=LetterKind(kind)) for turn in (1, 2) for kind in kinds])

    assert taken(open_campaign, limit=16) == [f"{kind}/{turn}" for kind in reversed(kinds) for turn in (1, 2)]


# How many


@pytest.fixture
def full(open_campaign):
    """A ledger with fifty reminders in its outbox."""
    open_campaign.queue([letter(f"{number:02}") for number in range(50)])
    return open_campaign


def send(ledger, *, at, outcome=SENT, **terms):
    """Send what may leave, one by one; return how many did."""
    count = 0
    record = next(iter(ledger.claim(as_of=at, limit=1, terms=SendingTerms(**terms))), None)
    while record is not None:
        count += 1
        record = ledger.settle_and_claim(record.id, outcome, "", as_of=at, terms=SendingTerms(**terms))
    return count


def test_a_quarter_of_an_hour_and_the_length_of_a_pass_sees_no_more_than_the_limit(full):
    assert send(full, at=MORNING, per_window=30) == 30
    assert not full.is_anything_queued(as_of=MORNING + 18 * MINUTE, terms=SendingTerms(per_window=30))
    assert send(full, at=MORNING + 18 * MINUTE, per_window=30) == 0
    assert full.is_anything_queued(as_of=MORNING + 19 * MINUTE, terms=SendingTerms(per_window=30))
    assert send(full, at=MORNING + 19 * MINUTE, per_window=30) == 20


def test_a_day_in_china_sees_no_more_than_the_limit(full):
    midnight = datetime(2022, 8, 13, tzinfo=CHINA)

    assert send(full, at=midnight - 4 * MINUTE, per_day=20) == 20
    assert send(full, at=midnight - MINUTE, per_day=20) == 0
    assert send(full, at=midnight, per_day=20) == 20


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        (SENT, True),
        (UNCERTAIN, True),
        (DispatchOutcome.HELD, True),
        (DispatchOutcome.PERMANENT, True),
        (RETRY, False),
        (DispatchOutcome.SLOW, False),
        (DispatchOutcome.TOMORROW, False),
        (DispatchOutcome.FILED, False),
    ],
    ids=str,
)
def test_what_a_provider_may_have_counted_counts(full, outcome, counts):
    assert send(full, at=MORNING, outcome=outcome, per_window=30) == (30 if counts else 50)


def test_what_another_process_has_in_hand_counts(full):
    assert len(taken(full, limit=25, per_window=30)) == 25
    assert len(taken(full, limit=25, per_window=30)) == 5
    assert taken(full, limit=25, per_window=30) == []


def test_the_budget_goes_to_the_most_urgent(full):
    full.queue([letter("overdue", kind=LetterKind.OVERDUE), letter("return", kind=LetterKind.RETURN)])

    assert taken(full, limit=10, per_day=3) == ["return", "overdue", "00"]


def test_without_limits_everything_leaves(full):
    assert send(full, at=MORNING) == 50


# When


NIGHT = datetime(2022, 8, 12, 23, tzinfo=CHINA)
SATURDAY = datetime(2022, 8, 13, 10, tzinfo=CHINA)
TERMS = {"quiet": QuietHours.parse("20:00-07:00"), "calendar": WEEKDAYS}


@pytest.mark.parametrize("at", [NIGHT, SATURDAY], ids=["at night", "on a Saturday"])
def test_only_answers_leave_at_night_and_on_days_off(open_campaign, at):
    notice = letter("notice", kind=LetterKind.SUPERVISION, day=at.date())
    open_campaign.queue([notice, letter("digest"), letter("receipt", kind=LetterKind.RECEIPT)])

    assert open_campaign.is_anything_queued(as_of=at, terms=SendingTerms(**TERMS))
    assert taken(open_campaign, at=at, **TERMS) == ["receipt"]
    assert not open_campaign.is_anything_queued(as_of=at, terms=SendingTerms(**TERMS))
    assert taken(open_campaign, at=datetime(2022, 8, 15, 7, tzinfo=CHINA), **TERMS) == ["receipt", "notice", "digest"]


def test_the_second_try_of_a_reminder_waits_for_the_morning_too(outbox):
    one_try(outbox, UNCERTAIN, at=datetime(2022, 8, 11, 19, 55, tzinfo=CHINA))

    assert taken(outbox, at=datetime(2022, 8, 11, 20, 5, tzinfo=CHINA), **TERMS) == []
    assert taken(outbox, at=datetime(2022, 8, 12, 7, tzinfo=CHINA), **TERMS) == ["digest"]


@pytest.mark.parametrize("outcome", [DispatchOutcome.AUTH, DispatchOutcome.CONFIG], ids=str)
def test_the_whole_queue_pauses_when_the_account_is_broken(open_campaign, outcome):
    open_campaign.queue([letter("first"), letter("second")])
    [first] = open_campaign.claim(as_of=MORNING, limit=1)
    open_campaign.settle(first.id, outcome, "535", as_of=MORNING)

    soon, later = MORNING + PAUSE - MINUTE, MORNING + PAUSE
    assert not open_campaign.is_anything_queued(as_of=soon, terms=SendingTerms(pause=PAUSE))
    assert taken(open_campaign, at=soon, pause=PAUSE) == []
    assert taken(open_campaign, at=later, limit=1, pause=PAUSE) == ["first"]


def test_a_letter_that_got_through_ends_the_pause(open_campaign):
    open_campaign.queue([letter("first"), letter("second")])
    [first] = open_campaign.claim(as_of=MORNING, limit=1)
    open_campaign.settle(first.id, DispatchOutcome.AUTH, "535", as_of=MORNING)
    [first] = open_campaign.claim(as_of=MORNING + MINUTE, limit=1)  # by hand, without a pause
    open_campaign.settle(first.id, SENT, "250", as_of=MORNING + MINUTE)

    assert taken(open_campaign, at=MORNING + 2 * MINUTE, pause=PAUSE) == ["second"]


def nobody_there(ledger, *, at, **terms):
    """Try one letter in vain, and put it back."""
    [record] = ledger.claim(as_of=at, limit=1, terms=SendingTerms(**terms))
    ledger.settle(record.id, UNREACHABLE, "Connection refused", as_of=at)


def test_a_server_that_is_away_for_a_day_costs_a_letter_no_try(outbox):
    for minutes in range(0, 24 * 60, 5):
        nobody_there(outbox, at=MORNING + minutes * MINUTE)

    waiting = only(outbox)
    assert (waiting.letter.state, waiting.not_before) == (LetterState.QUEUED, None)
    assert waiting.note == "Connection refused"
    one_try(outbox, RETRY, at=MORNING + timedelta(days=1))
    assert only(outbox).not_before == MORNING + timedelta(days=1) + MINUTE


def test_the_whole_queue_pauses_while_no_server_is_there_and_longer_from_try_to_try(open_campaign):
    open_campaign.queue([letter("first"), letter("second")])
    at = MORNING
    for pause in (ABSENCE, 2 * ABSENCE, 3 * ABSENCE, LONGEST_ABSENCE, LONGEST_ABSENCE, LONGEST_ABSENCE):
        nobody_there(open_campaign, at=at, pause=PAUSE)
        almost = at + pause - timedelta(seconds=1)
        assert not open_campaign.is_anything_queued(as_of=almost, terms=SendingTerms(pause=PAUSE))
        assert taken(open_campaign, at=almost, pause=PAUSE) == []
        at += pause
        assert open_campaign.is_anything_queued(as_of=at, terms=SendingTerms(pause=PAUSE))


@pytest.mark.parametrize("outcome", [SENT, RETRY, DispatchOutcome.PERMANENT], ids=str)
def test_a_server_that_answers_again_ends_the_pause_and_the_row(open_campaign, outcome):
    open_campaign.queue([letter("first"), letter("second")])
    for _ in range(3):
        nobody_there(open_campaign, at=MORNING)
    [first] = open_campaign.claim(as_of=MORNING + MINUTE, limit=1)  # by hand, without a pause
    open_campaign.settle(first.id, outcome, "", as_of=MORNING + MINUTE)

    nobody_there(open_campaign, at=MORNING + MINUTE, pause=PAUSE)
    assert taken(open_campaign, at=MORNING + MINUTE + ABSENCE, limit=1, pause=PAUSE) != []


def test_after_a_night_without_a_try_the_pause_is_short_again(outbox):
    for _ in range(5):
        nobody_there(outbox, at=MORNING)
    nobody_there(outbox, at=MORNING + timedelta(hours=12), pause=PAUSE)

    assert taken(outbox, at=MORNING + timedelta(hours=12) + ABSENCE, pause=PAUSE) == ["digest"]


# What persons decide


def decision(record, act, *, at=MORNING + timedelta(hours=3)):
    return DispatchDecision(record.id, act, "王某", "电话核实", at)


@pytest.mark.parametrize(
    "outcome", [DispatchOutcome.PERMANENT, DispatchOutcome.HELD, UNCERTAIN], ids=["failed", "held", "uncertain"]
)
def test_a_person_lets_a_letter_leave_again_on_whatever_day(outbox, outcome):
    record = one_try(outbox, outcome)
    next_day = decision(record, DispatchAct.RESEND, at=MORNING + timedelta(days=3))
    outbox.decide_dispatch(next_day)

    assert only(outbox).note == "人工决定重新发送（王某）：电话核实"
    assert outbox.withdraw_before(date(2022, 9, 1)) == 0
    assert taken(outbox, at=next_day.at) == ["digest"]
    assert list(outbox.dispatch_decisions()) == [next_day]


def test_a_letter_that_a_person_let_leave_again_has_all_its_tries(outbox):
    record, at = None, MORNING
    for wait in (1, 4, 16, 60, 60, 60, 60, 0):
        record = one_try(outbox, RETRY, at=at)
        at += wait * MINUTE
    assert only(outbox).letter.state is LetterState.FAILED

    outbox.decide_dispatch(decision(record, DispatchAct.RESEND, at=at + MINUTE))
    one_try(outbox, RETRY, at=at + MINUTE)
    assert only(outbox).letter.state is LetterState.QUEUED


def test_a_person_finds_out_that_a_letter_has_arrived(outbox):
    record = one_try(outbox, UNCERTAIN)
    found_out = decision(record, DispatchAct.ARRIVED, at=MORNING + MINUTE)
    outbox.decide_dispatch(found_out)

    settled = only(outbox)
    assert (settled.letter.state, settled.settled_at) == (LetterState.SENT, found_out.at)
    assert settled.note == "人工核实已送达（王某）：电话核实"
    assert taken(outbox, at=MORNING + GRACE) == []


@pytest.mark.parametrize("act", DispatchAct, ids=str)
def test_what_needs_no_person_is_not_decided_by_one(outbox, act):
    with pytest.raises(NotStuck, match="queued"):
        outbox.decide_dispatch(decision(only(outbox), act))
    with pytest.raises(UnknownLetter, match="404"):
        outbox.decide_dispatch(DispatchDecision(404, act, "王某", "", MORNING))

    assert list(outbox.dispatch_decisions()) == []


# Dispatch is stopped


def test_nothing_leaves_while_dispatch_is_stopped_not_even_an_answer(open_campaign):
    open_campaign.queue([letter("receipt", kind=LetterKind.RECEIPT)])

    assert not open_campaign.is_anything_queued(as_of=MORNING, terms=SendingTerms(is_stopped=True))
    assert taken(open_campaign, is_stopped=True) == []
    assert taken(open_campaign) == ["receipt"]


NOTE = "此函可能已经发出"


@pytest.fixture
def before_the_loss(open_campaign):
    """An outbox with a letter in every state."""
    open_campaign.queue([letter("in hand", items=[item("jia")])])
    open_campaign.claim(as_of=MORNING, limit=1)
    open_campaign.queue([letter("in doubt", kind=LetterKind.OVERDUE)])
    one_try(open_campaign, UNCERTAIN)
    open_campaign.queue([letter("gone", kind=LetterKind.THANKS)])
    one_try(open_campaign, SENT)
    more = [letter("waits"), letter("draft", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT)]
    open_campaign.queue(more)
    return open_campaign


def test_what_waits_is_left_in_doubt_and_no_machine_sends_it(before_the_loss):
    assert before_the_loss.leave_in_doubt(NOTE, as_of=MORNING) == 3

    found = {one.letter.key: (one.letter.state, one.note) for one in before_the_loss.letters()}
    left = (LetterState.UNCERTAIN, NOTE)
    assert {key: found[key] for key in ("in hand", "in doubt", "waits")} == dict.fromkeys(
        ("in hand", "in doubt", "waits"), left
    )
    assert found["draft"] == (LetterState.DRAFT, NOTE)
    assert found["gone"][0] is LetterState.SENT
    assert taken(before_the_loss, at=MORNING + timedelta(days=30)) == []


def test_a_person_sends_what_was_left_in_doubt(before_the_loss):
    before_the_loss.leave_in_doubt(NOTE, as_of=MORNING)
    number = next(one.id for one in before_the_loss.letters() if one.letter.key == "waits")

    before_the_loss.decide_dispatch(DispatchDecision(number, DispatchAct.RESEND, "周示例", "未收到", MORNING + MINUTE))

    assert taken(before_the_loss, at=MORNING + 2 * MINUTE) == ["waits"]


@pytest.fixture
def since_the_restore(open_campaign):
    """An outbox filled after a restore at nine: answers to what came before and after, a reminder, and one decided."""
    open_campaign.record_deliveries([arrived("early", at=MORNING - MINUTE), arrived("late", at=MORNING + MINUTE)])
    open_campaign.queue(
        [
            letter("early", kind=LetterKind.RECEIPT, delivery="delivery-early"),
            letter("late", kind=LetterKind.RECEIPT, delivery="delivery-late"),
            letter("reminder"),
            letter("decided"),
        ]
    )
    number = open_campaign.letters()[-1].id
    open_campaign.claim(as_of=MORNING, limit=10)
    for one in open_campaign.letters():
        open_campaign.settle(one.id, DispatchOutcome.HELD if one.id == number else UNREACHABLE, "", as_of=MORNING)
    open_campaign.decide_dispatch(DispatchDecision(number, DispatchAct.RESEND, "周示例", "未收到", MORNING + MINUTE))
    return open_campaign


def test_answers_to_what_arrived_later_and_what_a_person_decided_are_spared(since_the_restore):
    assert since_the_restore.leave_in_doubt(NOTE, as_of=MORNING + MINUTE, decided_since=MORNING) == 2

    assert sorted(taken(since_the_restore, at=MORNING + 2 * MINUTE)) == ["decided", "late"]
