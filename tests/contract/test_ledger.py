"""The contract of the ledger (报送台账), held by the memory twin and by the database; units and people are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from phaseout.adapters.ledger import open_ledger
from phaseout.domain.bounce import BouncedLetter, NamedBounce
from phaseout.domain.calendar import CHINA
from phaseout.domain.catalogue_change import CatalogueImport
from phaseout.domain.decision import Decision
from phaseout.domain.evidence import Evidence, EvidenceAssignment, EvidencePhase, MatchedBy, Picture, PictureFault
from phaseout.domain.explanation import Remembered, Subject
from phaseout.domain.finding import Finding, Severity
from phaseout.domain.item import Scope
from phaseout.domain.letter import DispatchOutcome, LetterItem, LetterKind, LetterState
from phaseout.domain.obligation import UnknownObligation
from phaseout.domain.outbox import UnknownLetter
from phaseout.domain.quarantine import NotInQuarantine, QuarantineDecision
from phaseout.domain.reopening import Reopening
from phaseout.domain.submission import Channel, FileKind, Outcome
from phaseout.domain.waiver import UnknownWaiver, Waiver, WaiverRecord
from phaseout.ports import SENDER, EarlierMessage, LeaseLost
from tests.ledger_samples import (
    CALENDAR,
    CAMPAIGN,
    MINUTE,
    MORNING,
    NEXT_MORNING,
    OPENED,
    OTHER_CAMPAIGN,
    arrived,
    assessment,
    contact,
    filed,
    item,
    letter,
    owed,
)


def catalogue(name, *, at=MORNING):
    return CatalogueImport(f"{name}目录", f"{name}.xlsx", name, f"of {name}", 1, 2, 3, "周示例", "官方文本到件", at)


def finding(rule, severity):
    return Finding(
        rule=rule,
        severity=severity,
        title="数量应为正整数",
        message="数量“零”不是正整数",
        remedy="请更正",
        file="汇总表.xlsx",
        sheet="汇总表",
        row=7,
        cell="N7",
        field="equip_count",
        field_label="数量",
        found="零",
        expected="正整数",
    )


def answer_of_jia(*, letters=(), contacts=()):
    """What a batch decides of one workbook of 甲市 that came by mail."""
    return assessment(
        outcomes={"delivery-first": (Outcome.RETURNED, "存在 1 处错误")},
        senders={"delivery-first": ("zhang@jia.example", "报送汇总表", "jia")},
        submissions=[
            filed(
                "jia",
                decision=Decision.RETURNED,
                findings=[finding("SUM-105", Severity.ERROR), finding("SUM-110", Severity.NOTE)],
            )
        ],
        letters=letters,
        contacts=contacts,
    )


def letters_of(ledger):
    return {record.letter.key: record for record in ledger.letters()}


def state_of(ledger, key):
    return letters_of(ledger)[key].letter.state


def claimed(ledger, *, at=MORNING, limit=10):
    return [record.letter.key for record in ledger.claim(as_of=at, limit=limit)]


# Plans


def test_opening_a_campaign_writes_its_obligations_in_the_order_of_planning(ledger):
    planned = [owed("yi"), owed("jia"), owed("bing")]

    assert ledger.open_campaign(CAMPAIGN, planned, [], as_of=OPENED) == 3
    assert list(ledger.obligations(CAMPAIGN.id)) == planned


def test_opening_a_campaign_again_writes_what_is_new_only(open_campaign):
    before = open_campaign.revision()

    assert open_campaign.open_campaign(CAMPAIGN, [owed("jia"), owed("yi")], [], as_of=MORNING) == 0
    assert open_campaign.revision() == before
    assert open_campaign.open_campaign(CAMPAIGN, [owed("bing"), owed("jia")], [], as_of=MORNING) == 1
    assert list(open_campaign.obligations(CAMPAIGN.id)) == [owed("jia"), owed("yi"), owed("bing")]


def test_campaigns_are_listed_in_the_order_of_their_opening(ledger):
    ledger.open_campaign(OTHER_CAMPAIGN, [], [], as_of=OPENED)
    ledger.open_campaign(CAMPAIGN, [], [], as_of=OPENED)
    ledger.open_campaign(OTHER_CAMPAIGN, [], [], as_of=MORNING)

    assert list(ledger.open_campaigns()) == [OTHER_CAMPAIGN.id, CAMPAIGN.id]


def test_each_campaign_has_its_own_obligations(open_campaign):
    other = owed("jia", campaign=OTHER_CAMPAIGN.id)
    open_campaign.open_campaign(OTHER_CAMPAIGN, [other], [], as_of=OPENED)

    assert list(open_campaign.obligations(OTHER_CAMPAIGN.id)) == [other]
    assert list(open_campaign.obligations("unknown")) == []


def test_a_conditional_obligation_is_added_once_at_the_end(open_campaign):
    later = owed("jia", industry="flax")

    assert open_campaign.add_obligations([later, later], as_of=MORNING) == 1
    assert open_campaign.add_obligations([later], as_of=MORNING) == 0
    assert list(open_campaign.obligations(CAMPAIGN.id)) == [owed("jia"), owed("yi"), later]


def test_the_newest_extension_moves_the_due_date_and_the_reminder_with_it(open_campaign):
    extend = open_campaign.extend
    extend(owed("jia").id, date(2022, 8, 22), by="王某", reason="疫情", as_of=MORNING + MINUTE)
    extend(owed("jia").id, date(2022, 8, 19), by="王某", reason="疫情", as_of=MORNING)

    extended, untouched = open_campaign.obligations(CAMPAIGN.id)
    assert (extended.due, extended.reminder_date) == (date(2022, 8, 22), date(2022, 8, 19))
    assert extended.nominal_due == date(2022, 8, 12)
    assert untouched == owed("yi")


def test_an_extension_past_the_close_date_keeps_the_window_open(open_campaign):
    open_campaign.extend(owed("jia").id, date(2022, 9, 9), by="王某", reason="疫情", as_of=MORNING)

    assert open_campaign.obligations(CAMPAIGN.id)[0].closes == date(2022, 9, 9)


def test_the_same_extension_twice_is_one(open_campaign):
    open_campaign.extend(owed("jia").id, date(2022, 8, 22), by="王某", reason="疫情", as_of=MORNING)
    before = open_campaign.revision()
    open_campaign.extend(owed("jia").id, date(2022, 8, 22), by="王某", reason="疫情", as_of=MORNING)

    assert open_campaign.revision() == before


def test_an_obligation_that_nobody_owes_cannot_be_extended(open_campaign):
    with pytest.raises(UnknownObligation, match="nobody"):
        open_campaign.extend("nobody", date(2022, 8, 22), by="王某", reason="疫情", as_of=MORNING)


def test_the_newest_contact_of_each_unit_and_role_counts_from_its_instant_on(open_campaign):
    old = contact("zhang", valid_from=OPENED)
    new = contact("li", valid_from=MORNING)
    leader = contact("zhao", valid_from=OPENED, role="leader")
    open_campaign.record(assessment(contacts=[new, old, leader]))

    assert list(open_campaign.contacts(CAMPAIGN.id, as_of=MORNING - MINUTE)) == [old, leader]
    assert list(open_campaign.contacts(CAMPAIGN.id, as_of=MORNING)) == [new, leader]
    assert list(open_campaign.contacts(CAMPAIGN.id, as_of=OPENED - MINUTE)) == []
    assert list(open_campaign.contacts(OTHER_CAMPAIGN.id, as_of=MORNING)) == []


def test_opening_again_does_not_put_the_planned_mailbox_before_a_reported_one(ledger):
    planned = contact("planned", valid_from=OPENED)
    reported = contact("reported", valid_from=OPENED + MINUTE)
    ledger.open_campaign(CAMPAIGN, [], [planned], as_of=OPENED)
    ledger.record(assessment(contacts=[reported]))
    ledger.open_campaign(CAMPAIGN, [], [replace(planned, valid_from=MORNING)], as_of=MORNING)

    assert list(ledger.contacts(CAMPAIGN.id, as_of=MORNING)) == [reported]


def test_opening_again_takes_up_a_mailbox_that_the_office_has_changed(ledger):
    ledger.open_campaign(CAMPAIGN, [], [contact("old", valid_from=OPENED)], as_of=OPENED)
    changed = contact("changed", valid_from=MORNING)
    ledger.open_campaign(CAMPAIGN, [], [changed], as_of=MORNING)

    assert list(ledger.contacts(CAMPAIGN.id, as_of=MORNING)) == [changed]


# Intake


def test_the_catalogues_that_came_into_force_are_listed_in_their_order(ledger):
    first, again = catalogue("first", at=MORNING), catalogue("first", at=MORNING + MINUTE)

    assert not ledger.catalogues()
    assert [ledger.record_catalogue(one) for one in (first, again)] == [True, True]
    assert list(ledger.catalogues()) == [first, again]


def test_the_same_import_of_a_catalogue_twice_is_one(ledger):
    ledger.record_catalogue(catalogue("first"))
    revision = ledger.revision()

    assert ledger.record_catalogue(catalogue("first")) is False
    assert (len(ledger.catalogues()), ledger.revision()) == (1, revision)


def test_a_delivery_is_recorded_once_and_then_known(ledger):
    assert set(ledger.unknown(Channel.MAIL, ["ref-first", "ref-second"])) == {"ref-first", "ref-second"}
    assert ledger.record_delivery(arrived("first"))
    assert not ledger.record_delivery(arrived("first"))
    assert set(ledger.unknown(Channel.MAIL, ["ref-first", "ref-second"])) == {"ref-second"}
    assert set(ledger.unknown(Channel.FOLDER, ["ref-first"])) == {"ref-first"}


def test_of_many_arrivals_only_the_new_ones_count(ledger):
    ledger.record_delivery(arrived("first"))
    assert ledger.record_deliveries([arrived("second"), arrived("first"), arrived("third"), arrived("second")]) == 2
    assert [record.delivery.id for record in ledger.deliveries()] == [
        arrived(name).id for name in ("first", "second", "third")
    ]


def test_two_collectors_that_read_one_mail_otherwise_make_one_delivery_of_it(ledger):
    first = arrived("first")
    read_otherwise = replace(first, id="delivery-otherwise", sha256="sha-of-a-notice")

    assert ledger.record_deliveries([first, read_otherwise]) == 1
    assert ledger.record_deliveries([read_otherwise, arrived("second")]) == 1
    assert ledger.record_delivery(replace(read_otherwise, channel=Channel.FOLDER))  # its places are its own

    assert [record.delivery.sha256 for record in ledger.deliveries()] == [
        "sha-of-first",
        "sha-of-second",
        "sha-of-a-notice",
    ]


def test_a_mailbox_of_thousands_is_compared_in_one_go(ledger):
    ledger.record_delivery(arrived("first"))

    assert len(ledger.unknown(Channel.MAIL, ["ref-first", *(f"mail-{n}" for n in range(2_000))])) == 2_000


def test_what_waits_for_a_decision_comes_by_arrival(open_campaign):
    late, early = arrived("first", at=MORNING), arrived("second", at=MORNING - MINUTE)
    open_campaign.record_delivery(late)
    open_campaign.record_delivery(early)

    assert list(open_campaign.pending(limit=10)) == [early, late]
    assert list(open_campaign.pending(limit=1)) == [early]
    open_campaign.record(assessment(outcomes={"delivery-second": (Outcome.IGNORED, "自动回复")}))
    assert list(open_campaign.pending(limit=10)) == [late]


def test_instants_come_back_as_the_same_instants_in_any_zone(ledger):
    ledger.record_delivery(arrived("first", at=datetime(2022, 8, 12, 23, 59, 59, 123456, tzinfo=CHINA)))

    [delivery] = ledger.pending(limit=1)
    assert delivery.arrived_at == datetime(2022, 8, 12, 15, 59, 59, 123456, tzinfo=UTC)
    assert delivery.arrived_at.utcoffset() is not None


def test_of_two_copies_the_one_that_was_collected_first_is_the_original(ledger):
    first = arrived("first", sha256="same", at=MORNING)
    second = arrived("second", sha256="same", at=MORNING - MINUTE)
    ledger.record_delivery(first)
    ledger.record_delivery(second)
    ledger.record_delivery(arrived("third"))

    assert ledger.earlier_copy(second) == first
    assert ledger.earlier_copy(first) is None
    assert ledger.earlier_copy(arrived("third")) is None


def test_recording_an_assessment_writes_outcome_sender_and_submission(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(answer_of_jia())

    [record] = open_campaign.deliveries()
    assert record.delivery == arrived("first", unit="jia")
    assert (record.sender, record.subject) == ("zhang@jia.example", "报送汇总表")
    assert (record.outcome, record.reason) == (Outcome.RETURNED, "存在 1 处错误")
    assert record.submissions == (filed("jia").id,)
    assert tuple(open_campaign.submissions(CAMPAIGN.id)) == answer_of_jia().submissions


def test_a_folder_keeps_its_unit_when_the_mail_names_none(open_campaign):
    open_campaign.record_delivery(arrived("first", unit="jia", channel=Channel.FOLDER))
    open_campaign.record(assessment(senders={"delivery-first": (None, "", None)}))

    assert open_campaign.deliveries()[0].delivery.unit == "jia"


def test_a_person_may_change_the_outcome_of_a_delivery(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(assessment(outcomes={"delivery-first": (Outcome.QUARANTINED, "发件人未核实")}))
    open_campaign.record(assessment(outcomes={"delivery-first": (Outcome.ACCEPTED, "经人工核实")}))

    assert open_campaign.deliveries()[0].outcome is Outcome.ACCEPTED


def test_recording_the_same_assessment_twice_changes_nothing(open_campaign):
    receipt = letter("answer/first", kind=LetterKind.RETURN, delivery="delivery-first")
    same = answer_of_jia(letters=[receipt], contacts=[contact("zhang", valid_from=MORNING)])
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(same)
    open_campaign.queue([letter("next", kind=LetterKind.OVERDUE, items=[item("jia", 2, 1)])])
    before = open_campaign.revision(), open_campaign.letters(), open_campaign.submissions(CAMPAIGN.id)
    open_campaign.record(same)

    assert (open_campaign.revision(), open_campaign.letters(), open_campaign.submissions(CAMPAIGN.id)) == before


def test_an_assessment_that_cannot_be_written_whole_is_not_written_at_all(tmp_path):
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite", calendar=CALENDAR)
    ledger.open_campaign(CAMPAIGN, [owed("jia")], [], as_of=OPENED)
    ledger.record_delivery(arrived("first"))
    of_nobody = replace(filed("jia", version=2), obligation="nobody")
    with pytest.raises(Exception, match="FOREIGN KEY"):
        ledger.record(replace(answer_of_jia(), submissions=(filed("jia"), of_nobody)))

    assert ledger.submissions(CAMPAIGN.id) == []
    assert ledger.deliveries()[0].outcome is None
    ledger.close()


def test_the_submissions_of_an_obligation_come_by_version_with_their_grave_findings_counted(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(answer_of_jia())
    open_campaign.record(assessment(submissions=[filed("jia", version=2), filed("yi")]))

    answers = open_campaign.submitted(CAMPAIGN.id)
    assert [(s.version, s.decision, s.findings) for s in answers[owed("jia").id]] == [
        (1, Decision.RETURNED, 1),
        (2, Decision.ACCEPTED, 0),
    ]
    assert answers[owed("jia").id][0].figures == {"items": 12, "outdated": 3}
    assert [s.decided_at for s in answers[owed("yi").id]] == [MORNING + MINUTE]
    assert open_campaign.submitted(OTHER_CAMPAIGN.id) == {}


def test_accepted_submissions_are_listed_in_the_order_of_decision(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(assessment(submissions=[filed("yi"), filed("jia", decision=Decision.RETURNED)]))
    open_campaign.record(assessment(submissions=[filed("jia", version=2)]))

    assert list(open_campaign.accepted()) == [filed("yi").id, filed("jia", version=2).id]
    assert list(open_campaign.accepted_workbooks().items()) == [
        (one.id, one.sha256) for one in (filed("yi"), filed("jia", version=2))
    ]


def test_what_the_same_bytes_of_the_same_unit_became_when_they_last_came_is_found(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record_delivery(arrived("second"))
    open_campaign.record(assessment(submissions=[filed("jia", sha256="same"), filed("yi", sha256="other")]))
    again = [
        filed("jia", version=2, delivery="second", sha256="same", findings=[finding("SUM-105", Severity.ERROR)]),
        filed("jia", version=3, delivery="second", sha256="same"),
    ]
    open_campaign.record(assessment(submissions=again))

    assert list(open_campaign.submissions_of("jia", "same")) == again
    assert list(open_campaign.submissions_of("yi", "same")) == []
    assert set(open_campaign.known_workbooks(["same", "unseen"])) == {"same"}


# A file that arrives first


@pytest.mark.parametrize(
    ("kind", "state", "left"),
    [
        pytest.param(LetterKind.REQUEST, LetterState.QUEUED, LetterState.WITHDRAWN, id="request"),
        pytest.param(LetterKind.REMINDER, LetterState.QUEUED, LetterState.WITHDRAWN, id="reminder"),
        pytest.param(LetterKind.OVERDUE, LetterState.QUEUED, LetterState.WITHDRAWN, id="overdue"),
        pytest.param(LetterKind.SUPERVISION, LetterState.DRAFT, LetterState.WITHDRAWN, id="supervision draft"),
        pytest.param(LetterKind.CRITICISM, LetterState.DRAFT, LetterState.WITHDRAWN, id="criticism draft"),
        pytest.param(LetterKind.SUPERVISION, LetterState.QUEUED, LetterState.QUEUED, id="released supervision letter"),
        pytest.param(LetterKind.REMINDER, LetterState.SENT, LetterState.SENT, id="sent reminder"),
        pytest.param(LetterKind.RETURN, LetterState.QUEUED, LetterState.QUEUED, id="answer"),
    ],
)
def test_a_file_that_arrives_first_withdraws_what_was_to_be_said(open_campaign, kind, state, left):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.queue([letter("waiting", kind=kind, state=state, items=[item("jia"), item("yi")])])
    open_campaign.record(answer_of_jia())

    [record] = open_campaign.letters()
    assert record.letter.state is left
    is_withdrawn = left is LetterState.WITHDRAWN
    assert record.letter.key == (f"waiting#withdrawn-{record.id}" if is_withdrawn else "waiting")
    assert set(open_campaign.items(CAMPAIGN.id)) == (set() if is_withdrawn else {item("jia"), item("yi")})


def test_what_was_queued_about_an_obligation_just_after_its_file_came_can_be_taken_back(open_campaign):
    notice = letter("notice", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT, items=[item("jia", rung=3)])
    open_campaign.queue([letter("to jia", items=[item("jia")]), notice, letter("to yi", items=[item("yi")])])

    assert open_campaign.withdraw_about({item("jia").obligation}) == 2
    assert open_campaign.withdraw_about({item("jia").obligation}) == 0
    assert state_of(open_campaign, "to yi") is LetterState.QUEUED
    assert set(open_campaign.items(CAMPAIGN.id)) == {item("yi")}


def test_what_a_withdrawn_digest_said_of_others_can_be_written_again_that_day(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.queue([letter("digest", items=[item("jia"), item("yi")])])
    open_campaign.record(answer_of_jia())

    assert set(open_campaign.written(CAMPAIGN.id, date(2022, 8, 12))) == set()
    assert open_campaign.queue([letter("digest", items=[item("yi")])]) == 1
    assert claimed(open_campaign) == ["digest"]


@pytest.mark.parametrize(
    ("period", "left"),
    [
        pytest.param("2022-08", LetterState.WITHDRAWN, id="a periodic form: it tells how closures stand"),
        pytest.param(None, LetterState.DRAFT, id="another form"),
    ],
)
def test_a_file_withdraws_what_is_drafted_about_the_goal_that_it_tells_of(open_campaign, period, left):
    progress = replace(owed("jia"), id="campaign/jia/progress", period=period)
    goal = replace(owed("jia"), id="campaign/jia/closure", form=None, industry=None)
    elsewhere = replace(owed("yi"), id="campaign/yi/closure", form=None, industry=None)
    open_campaign.add_obligations([progress, goal, elsewhere], as_of=MORNING)
    for one in (goal, elsewhere):
        draft = letter(one.id, kind=LetterKind.COORDINATION, state=LetterState.DRAFT)
        open_campaign.queue([replace(draft, items=(LetterItem(one.id, 1, 0),))])
    open_campaign.record_delivery(arrived("first"))

    sent = replace(filed("jia"), id=f"{progress.id}/1", obligation=progress.id, period=period)
    open_campaign.record(assessment(outcomes={"delivery-first": (Outcome.ACCEPTED, "审核通过")}, submissions=[sent]))

    states = [record.letter.state for record in open_campaign.letters()]
    assert states == [left, LetterState.DRAFT]


def test_a_letter_about_another_obligation_stays(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.queue([letter("to yi", items=[item("yi")])])
    open_campaign.record(answer_of_jia())

    assert state_of(open_campaign, "to yi") is LetterState.QUEUED


def test_routine_letters_of_days_gone_by_are_withdrawn_but_not_what_a_person_released(open_campaign):
    open_campaign.queue(
        [
            letter("yesterday", day=date(2022, 8, 11), items=[item("jia")]),
            letter("today", items=[item("yi")]),
            letter("released", day=date(2022, 8, 11), kind=LetterKind.SUPERVISION),
            letter("answer", day=date(2022, 8, 11), kind=LetterKind.RECEIPT),
        ]
    )

    assert open_campaign.withdraw_before(date(2022, 8, 12)) == 1
    assert open_campaign.withdraw_before(date(2022, 8, 12)) == 0
    assert claimed(open_campaign) == ["answer", "released", "today"]
    assert set(open_campaign.items(CAMPAIGN.id)) == {item("yi")}


# Outbox


def test_a_letter_comes_back_as_it_was_queued(open_campaign):
    queued = letter("digest", items=[item("yi", 2, 1), item("jia", 1, 0)])
    open_campaign.queue([queued])

    [record] = open_campaign.letters()
    assert record.letter == queued
    assert (record.settled_at, record.note) == (None, None)


def test_a_letter_whose_key_is_there_is_left_out(open_campaign):
    assert open_campaign.queue([letter("digest", items=[item("jia")])]) == 1
    assert open_campaign.queue([letter("digest", items=[item("yi")])]) == 0
    assert set(open_campaign.items(CAMPAIGN.id)) == {item("jia")}


def test_a_letter_with_one_item_that_was_written_before_is_left_out_whole(open_campaign):
    open_campaign.queue([letter("first", items=[item("jia")])])

    assert open_campaign.queue([letter("second", items=[item("yi"), item("jia")])]) == 0
    assert set(letters_of(open_campaign)) == {"first"}
    assert set(open_campaign.items(CAMPAIGN.id)) == {item("jia")}


def test_the_same_rung_is_written_again_for_another_version(open_campaign):
    assert open_campaign.queue([letter("first", items=[item("jia", 1, 0)])]) == 1
    assert open_campaign.queue([letter("second", items=[item("jia", 1, 1)])]) == 1


def test_two_letters_of_one_call_cannot_say_the_same(open_campaign):
    alike = [letter("first", items=[item("jia")]), letter("first"), letter("second", items=[item("jia")])]

    assert open_campaign.queue(alike) == 1
    assert set(letters_of(open_campaign)) == {"first"}


def test_the_unprompted_letters_of_a_day_are_known_and_answers_are_not_among_them(open_campaign):
    open_campaign.queue(
        [
            letter("today"),
            letter("yesterday", day=date(2022, 8, 11)),
            letter("answer", kind=LetterKind.RECEIPT),
        ]
    )

    assert set(open_campaign.written(CAMPAIGN.id, date(2022, 8, 12))) == {"today"}
    assert set(open_campaign.written(OTHER_CAMPAIGN.id, date(2022, 8, 12))) == set()


def test_letters_are_listed_oldest_first_and_by_state(open_campaign):
    draft = letter("draft", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT)
    open_campaign.queue([letter("b"), draft, letter("a")])

    assert [record.letter.key for record in open_campaign.letters(CAMPAIGN.id)] == ["b", "draft", "a"]
    drafts = open_campaign.letters(CAMPAIGN.id, states={LetterState.DRAFT})
    assert [record.letter.key for record in drafts] == ["draft"]
    assert list(open_campaign.letters(OTHER_CAMPAIGN.id)) == []


def test_letters_are_claimed_once_answers_first(open_campaign):
    draft = letter("draft", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT)
    open_campaign.queue([letter("first"), draft, letter("second"), letter("answer", kind=LetterKind.RECEIPT)])

    assert claimed(open_campaign, limit=2) == ["answer", "first"]
    assert claimed(open_campaign) == ["second"]
    assert claimed(open_campaign) == []
    assert state_of(open_campaign, "first") is LetterState.SENDING


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (DispatchOutcome.SENT, LetterState.SENT),
        (DispatchOutcome.FILED, LetterState.SENT),
        (DispatchOutcome.HELD, LetterState.FAILED),
        (DispatchOutcome.PERMANENT, LetterState.FAILED),
    ],
    ids=str,
)
def test_a_try_that_ends_the_matter_is_noted_with_its_instant(open_campaign, outcome, state):
    open_campaign.queue([letter("digest")])
    [record] = open_campaign.claim(as_of=MORNING, limit=1)
    open_campaign.settle(record.id, outcome, "250 OK", as_of=MORNING + MINUTE)

    [settled] = open_campaign.letters()
    assert settled.letter.state is state
    assert (settled.settled_at, settled.note) == (MORNING + MINUTE, "250 OK")
    assert claimed(open_campaign, at=MORNING + timedelta(days=2)) == []


@pytest.mark.parametrize(
    ("outcome", "again_at"),
    [
        pytest.param(DispatchOutcome.RETRY, datetime(2022, 8, 12, 9, 1, tzinfo=CHINA), id="retry"),
        pytest.param(DispatchOutcome.SLOW, datetime(2022, 8, 12, 9, 15, tzinfo=CHINA), id="slow"),
        pytest.param(DispatchOutcome.TOMORROW, datetime(2022, 8, 13, 0, 10, tzinfo=CHINA), id="tomorrow"),
    ],
)
def test_a_letter_that_must_wait_is_not_claimed_before_its_time(open_campaign, outcome, again_at):
    open_campaign.queue([letter("digest")])
    [record] = open_campaign.claim(as_of=MORNING, limit=1)
    open_campaign.settle(record.id, outcome, "451 MI:SFQ", as_of=MORNING)

    [waiting] = open_campaign.letters()
    assert (waiting.letter.state, waiting.settled_at, waiting.note) == (LetterState.QUEUED, None, "451 MI:SFQ")
    just_before = again_at - timedelta(seconds=1)
    assert not open_campaign.is_anything_queued(as_of=just_before)
    assert claimed(open_campaign, at=just_before) == []
    assert open_campaign.is_anything_queued(as_of=again_at)
    assert claimed(open_campaign, at=again_at) == ["digest"]


def test_an_outbox_of_drafts_and_sent_letters_has_nothing_to_send(open_campaign):
    assert not open_campaign.is_anything_queued(as_of=MORNING)
    open_campaign.queue(
        [
            letter("draft", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT),
            letter("sent", state=LetterState.SENT),
        ]
    )
    assert not open_campaign.is_anything_queued(as_of=MORNING)
    open_campaign.queue([letter("digest")])
    assert open_campaign.is_anything_queued(as_of=MORNING)


def test_tomorrow_is_tomorrow_in_china(open_campaign):
    open_campaign.queue([letter("digest")])
    late_evening_in_europe = datetime(2022, 8, 12, 20, tzinfo=UTC)  # 04:00 on the 13th in China
    [record] = open_campaign.claim(as_of=late_evening_in_europe, limit=1)
    open_campaign.settle(record.id, DispatchOutcome.TOMORROW, "550 MI:STC", as_of=late_evening_in_europe)

    assert claimed(open_campaign, at=datetime(2022, 8, 14, 0, 9, tzinfo=CHINA)) == []
    assert claimed(open_campaign, at=datetime(2022, 8, 14, 0, 10, tzinfo=CHINA)) == ["digest"]


def test_retries_come_at_growing_distances_and_end_after_eight(open_campaign):
    open_campaign.queue([letter("digest")])
    instant = MORNING
    for wait in (1, 4, 16, 60, 60, 60, 60):
        [record] = open_campaign.claim(as_of=instant, limit=1)
        open_campaign.settle(record.id, DispatchOutcome.RETRY, "421", as_of=instant)
        assert claimed(open_campaign, at=instant + wait * MINUTE - timedelta(seconds=1)) == []
        instant += wait * MINUTE
    [record] = open_campaign.claim(as_of=instant, limit=1)
    open_campaign.settle(record.id, DispatchOutcome.RETRY, "421", as_of=instant)

    assert state_of(open_campaign, "digest") is LetterState.FAILED


@pytest.mark.parametrize(
    "outcome", [DispatchOutcome.AUTH, DispatchOutcome.CONFIG, DispatchOutcome.UNREACHABLE], ids=str
)
def test_a_letter_waits_as_it_was_while_the_account_is_broken_or_the_server_away(open_campaign, outcome):
    open_campaign.queue([letter("digest")])
    for _ in range(10):
        [record] = open_campaign.claim(as_of=MORNING, limit=1)
        open_campaign.settle(record.id, outcome, "535", as_of=MORNING)

    [waiting] = open_campaign.letters()
    assert (waiting.letter.state, waiting.note) == (LetterState.QUEUED, "535")


def test_settling_the_same_try_twice_counts_once(open_campaign):
    open_campaign.queue([letter("digest")])
    [record] = open_campaign.claim(as_of=MORNING, limit=1)
    for _ in range(9):
        open_campaign.settle(record.id, DispatchOutcome.RETRY, "421", as_of=MORNING)

    assert claimed(open_campaign, at=MORNING + MINUTE) == ["digest"]


def test_a_late_word_does_not_call_back_what_was_sent(open_campaign):
    open_campaign.queue([letter("digest")])
    [record] = open_campaign.claim(as_of=MORNING, limit=1)
    open_campaign.settle(record.id, DispatchOutcome.SENT, "250", as_of=MORNING)
    open_campaign.settle(record.id, DispatchOutcome.RETRY, "421", as_of=MORNING + MINUTE)

    assert state_of(open_campaign, "digest") is LetterState.SENT


def test_an_uncertain_letter_is_settled_by_what_becomes_known(open_campaign):
    open_campaign.queue([letter("digest")])
    [record] = open_campaign.claim(as_of=MORNING, limit=1)
    open_campaign.settle(record.id, DispatchOutcome.UNCERTAIN, "line cut", as_of=MORNING)
    open_campaign.settle(record.id, DispatchOutcome.SENT, "250", as_of=MORNING + MINUTE)

    assert state_of(open_campaign, "digest") is LetterState.SENT


def test_a_letter_that_does_not_exist_cannot_be_settled_or_released(ledger):
    with pytest.raises(UnknownLetter, match="404"):
        ledger.settle(404, DispatchOutcome.SENT, "250", as_of=MORNING)
    with pytest.raises(UnknownLetter, match="404"):
        ledger.release(404, release=True, by="王某", reason="同意", as_of=MORNING, letters=[])


# Release


@pytest.fixture
def draft(open_campaign):
    """The number of a supervision letter that waits for release."""
    open_campaign.queue([letter("draft", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT, items=[item("jia")])])
    return open_campaign.letters()[0].id


def test_a_draft_leaves_only_after_its_release(open_campaign, draft):
    assert claimed(open_campaign) == []
    assert open_campaign.release(draft, release=True, by="王某", reason="同意", as_of=MORNING, letters=[])
    assert claimed(open_campaign) == ["draft"]


def test_a_withheld_draft_never_leaves_and_is_not_drafted_again(open_campaign, draft):
    assert open_campaign.release(draft, release=False, by="王某", reason="已电话联系", as_of=MORNING, letters=[])

    [withheld] = open_campaign.letters()
    assert (withheld.letter.state, withheld.settled_at, withheld.note) == (LetterState.WITHHELD, MORNING, "已电话联系")
    assert claimed(open_campaign) == []
    assert open_campaign.queue([letter("again", items=[item("jia")])]) == 0


def test_a_released_notice_goes_out_as_the_letters_it_becomes(open_campaign, draft):
    notices = [letter("notice/jia", kind=LetterKind.CRITICISM), letter("notice/yi", kind=LetterKind.CRITICISM)]
    assert open_campaign.release(draft, release=True, by="王某", reason="同意", as_of=MORNING, letters=notices)

    record = letters_of(open_campaign)["draft"]
    assert (record.letter.state, record.settled_at, record.note) == (LetterState.SENT, MORNING, "已签发")
    assert claimed(open_campaign) == ["notice/jia", "notice/yi"]


def test_withholding_a_notice_sends_none_of_its_letters(open_campaign, draft):
    notices = [letter("notice/jia", kind=LetterKind.CRITICISM)]
    open_campaign.release(draft, release=False, by="王某", reason="暂缓", as_of=MORNING, letters=notices)

    assert claimed(open_campaign) == []


@pytest.mark.parametrize("release", [True, False], ids=["released", "withheld"])
def test_the_first_decision_on_a_draft_counts(open_campaign, draft, release):
    open_campaign.release(draft, release=release, by="王某", reason="第一次", as_of=MORNING, letters=[])
    state = state_of(open_campaign, "draft")

    assert not open_campaign.release(
        draft, release=not release, by="李某", reason="第二次", as_of=MORNING + MINUTE, letters=[letter("notice")]
    )
    assert state_of(open_campaign, "draft") is state
    assert "notice" not in letters_of(open_campaign)


def test_a_draft_that_a_file_has_answered_can_no_longer_be_released(open_campaign, draft):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(answer_of_jia())

    assert not open_campaign.release(draft, release=True, by="王某", reason="同意", as_of=MORNING, letters=[])
    assert claimed(open_campaign) == []


# Stock, leases, publications


def test_stock_is_taken_once_for_a_milestone_and_period(open_campaign):
    record = open_campaign.record_stock
    assert record(CAMPAIGN.id, "summary", None, as_of=MORNING)
    assert not record(CAMPAIGN.id, "summary", None, as_of=MORNING + MINUTE)
    assert record(CAMPAIGN.id, "monthly_progress", "2022-08", as_of=MORNING)
    assert record(CAMPAIGN.id, "monthly_progress", "2022-09", as_of=MORNING)

    assert set(open_campaign.stock_taken(CAMPAIGN.id)) == {
        ("summary", None),
        ("monthly_progress", "2022-08"),
        ("monthly_progress", "2022-09"),
    }
    assert set(open_campaign.stock_taken(OTHER_CAMPAIGN.id)) == set()


def test_a_lease_is_held_by_one_until_it_is_given_back(ledger):
    with ledger.lease("assess", as_of=MORNING) as is_held:
        with ledger.lease("assess", as_of=MORNING) as is_held_twice, ledger.lease("publish", as_of=MORNING) as other:
            assert [bool(one) for one in (is_held, is_held_twice, other)] == [True, False, True]
        # Whoever did not get it gives nothing back.
        with ledger.lease("assess", as_of=MORNING) as is_held_twice:
            assert not is_held_twice
    with ledger.lease("assess", as_of=MORNING) as is_held_again:
        assert is_held_again


def test_a_lease_is_given_back_when_the_job_fails(ledger):
    with pytest.raises(ZeroDivisionError), ledger.lease("assess", as_of=MORNING):
        raise ZeroDivisionError
    with ledger.lease("assess", as_of=MORNING) as is_held:
        assert is_held


def test_a_lease_that_ran_out_is_taken_over_and_not_ended_by_its_old_holder(ledger):
    old = ledger.lease("assess", as_of=MORNING)
    old.__enter__()
    with ledger.lease("assess", as_of=MORNING + 9 * MINUTE) as is_held:
        assert not is_held
    with ledger.lease("assess", as_of=MORNING + 10 * MINUTE) as is_held:
        assert is_held
        old.__exit__(None, None, None)
        with ledger.lease("assess", as_of=MORNING + 11 * MINUTE) as is_held_twice:
            assert not is_held_twice


def test_a_lease_that_is_renewed_is_held_on(ledger):
    with ledger.lease("assess", as_of=MORNING) as lease:
        ledger.renew(lease, as_of=MORNING + 9 * MINUTE)
        with ledger.lease("assess", as_of=MORNING + 18 * MINUTE) as is_held_twice:
            assert not is_held_twice


def test_what_was_done_under_a_lease_that_another_has_taken_over_is_not_written(open_campaign):
    ledger = open_campaign
    ledger.record_delivery(arrived("first"))
    with ledger.lease("assess", as_of=MORNING) as slow:
        ledger.record(assessment(submissions=[filed("jia")]), under=slow)
        with ledger.lease("assess", as_of=MORNING + 10 * MINUTE) as other:
            with pytest.raises(LeaseLost, match="assess"):
                ledger.record(assessment(submissions=[filed("yi")]), under=slow)
            with pytest.raises(LeaseLost, match="assess"):
                ledger.renew(slow, as_of=MORNING + 11 * MINUTE)
            ledger.record(assessment(submissions=[filed("jia", version=2)]), under=other)

    assert [(one.unit, one.version) for one in ledger.submissions(CAMPAIGN.id)] == [("jia", 1), ("jia", 2)]


def test_what_was_published_last_is_known_and_is_no_change_itself(open_campaign):
    assert open_campaign.published(CAMPAIGN.id) is None
    before = open_campaign.revision()
    open_campaign.record_published(CAMPAIGN.id, 3, date(2022, 8, 11), "hash")
    open_campaign.record_published(CAMPAIGN.id, before, date(2022, 8, 12), "hash")
    open_campaign.record_published(CAMPAIGN.id, before, date(2022, 8, 12), "hash")

    assert open_campaign.published(CAMPAIGN.id) == (before, date(2022, 8, 12))
    assert open_campaign.published(OTHER_CAMPAIGN.id) is None
    assert open_campaign.revision() == before


CHANGES = {
    "opening a campaign": lambda x: x.open_campaign(OTHER_CAMPAIGN, [], [], as_of=MORNING),
    "adding an obligation": lambda x: x.add_obligations([owed("bing")], as_of=MORNING),
    "an extension": lambda x: x.extend(owed("jia").id, date(2022, 8, 22), by="王某", reason="疫情", as_of=MORNING),
    "a delivery": lambda x: x.record_delivery(arrived("second")),
    "an assessment": lambda x: x.record(answer_of_jia()),
    "a letter": lambda x: x.queue([letter("another")]),
    "a claim": lambda x: x.claim(as_of=MORNING, limit=1),
    "a try": lambda x: x.settle(1, DispatchOutcome.SENT, "250", as_of=MORNING),
    "a release": lambda x: x.release(2, release=True, by="王某", reason="同意", as_of=MORNING, letters=[]),
    "stock": lambda x: x.record_stock(CAMPAIGN.id, "summary", None, as_of=MORNING),
    "a reopening": lambda x: x.reopen(reopening()),
    "a withdrawal": lambda x: x.withdraw_before(date(2022, 9, 1)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_every_change_makes_the_revision_grow(open_campaign, change):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.queue([letter("queued"), letter("draft", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT)])
    before = open_campaign.revision()
    change(open_campaign)

    assert open_campaign.revision() > before


def test_looking_and_finding_nothing_to_do_changes_nothing(open_campaign):
    before = open_campaign.revision()
    open_campaign.claim(as_of=MORNING, limit=10)
    open_campaign.queue([])
    open_campaign.withdraw_before(date(2022, 9, 1))
    open_campaign.record(assessment())
    with open_campaign.lease("assess", as_of=MORNING):
        pass

    assert open_campaign.revision() == before


# What is opened again


def reopening(unit="jia", *, until=date(2023, 1, 20), at=MORNING):
    return Reopening(owed(unit).id, until, "周示例", "经研究同意补报", at)


def test_a_reopening_moves_the_close_date_and_not_the_due_date(open_campaign):
    assert open_campaign.reopen(reopening())

    first, second = open_campaign.obligations(CAMPAIGN.id)[:2]
    assert first == replace(owed("jia"), closes=date(2023, 1, 20))
    assert second == owed("yi")
    assert list(open_campaign.reopenings(CAMPAIGN.id)) == [reopening()]


def test_the_last_day_of_several_reopenings_counts(open_campaign):
    open_campaign.reopen(reopening(until=date(2023, 2, 10)))
    open_campaign.reopen(reopening(until=date(2023, 1, 20), at=NEXT_MORNING))

    assert open_campaign.obligations(CAMPAIGN.id)[0].closes == date(2023, 2, 10)
    assert len(open_campaign.reopenings(CAMPAIGN.id)) == 2


def test_the_same_reopening_twice_is_one(open_campaign):
    open_campaign.reopen(reopening())
    before = open_campaign.revision()

    assert not open_campaign.reopen(reopening(at=NEXT_MORNING))
    assert (open_campaign.revision(), len(open_campaign.reopenings(CAMPAIGN.id))) == (before, 1)


def test_an_obligation_that_nobody_owes_cannot_be_reopened(open_campaign):
    with pytest.raises(UnknownObligation):
        open_campaign.reopen(replace(reopening(), obligation="nowhere"))


def test_a_held_submission_is_decided_again_in_its_place(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    held = filed("jia", decision=Decision.HELD, findings=[finding("SUM-110", Severity.NOTE)])
    open_campaign.record(assessment(submissions=[held]))
    again = replace(
        held,
        decision=Decision.ACCEPTED,
        decided_at=NEXT_MORNING,
        figures={"items": 13},
        findings=(finding("SUM-120", Severity.WARNING),),
        check_figure="7KM3-XWP9",
    )
    open_campaign.queue([letter("reminder", items=[item("jia")])])
    open_campaign.record(replace(assessment(), decided_again=(again,)))
    before = open_campaign.revision()
    open_campaign.record(replace(assessment(), decided_again=(replace(again, decision=Decision.RETURNED),)))

    assert list(open_campaign.submissions(CAMPAIGN.id)) == [again]
    assert list(open_campaign.accepted()) == [again.id]
    assert open_campaign.revision() == before  # what was decided stands
    assert [record.letter.state for record in open_campaign.letters()] == [LetterState.WITHDRAWN]


def test_a_submission_keeps_its_check_figure(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(assessment(submissions=[replace(filed("jia"), check_figure="7KM3-XWP9")]))

    assert [one.check_figure for one in open_campaign.submissions(CAMPAIGN.id)] == ["7KM3-XWP9"]


# What comes back


def named_bounce(*, delivery="first", recipient="contact@jia.example", status="5.1.1", letter="reminder"):
    return NamedBounce(f"delivery-{delivery}", recipient, status, f"<{letter}@phaseout.example>")


def test_a_bounce_is_known_by_the_letter_that_came_back(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.queue([letter("other"), letter("reminder")])
    open_campaign.record(replace(assessment(), bounces=(named_bounce(),)))

    assert list(open_campaign.bounced(CAMPAIGN.id)) == [
        BouncedLetter(2, CAMPAIGN.id, "jia", "contact@jia.example", "5.1.1", MORNING)
    ]
    assert list(open_campaign.bounced()) == list(open_campaign.bounced(CAMPAIGN.id))
    assert list(open_campaign.bounced("another-2022")) == []


def test_the_same_bounce_twice_is_one(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.queue([letter("reminder")])
    open_campaign.record(replace(assessment(), bounces=(named_bounce(),)))
    before = open_campaign.revision()
    open_campaign.record(replace(assessment(), bounces=(named_bounce(status=None),)))

    assert (open_campaign.revision(), len(open_campaign.bounced())) == (before, 1)


def test_what_bounced_and_is_no_letter_of_ours_is_nobodys(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(replace(assessment(), bounces=(named_bounce(letter="foreign"),)))

    assert list(open_campaign.bounced()) == []


# What units stand by and what the office lets pass


def explained(unit="jia", *, version=1, rule="SUM-110", value="零", text="属实", delivery="first", **changes):
    return replace(
        Remembered(
            scope=Scope(CAMPAIGN.id, unit, "survey_summary", "ferroalloy"),
            subject=Subject(rule, "0f" * 8, "91X／矿热炉", value),
            text=text,
            submission=f"{owed(unit).id}/{version}",
            delivery=f"delivery-{delivery}",
            day=date(2022, 8, 12),
        ),
        **changes,
    )


def waiver(unit="jia", *, campaign=CAMPAIGN.id, at=MORNING, **narrowed):
    narrow = {"item": None, "form": None, "industry": None, "period": None, "until": None} | narrowed
    return Waiver(campaign, unit, "SUM-105", **narrow, by="周示例", reason="证照换发", granted_at=at)


def test_the_explanations_of_a_submission_are_written_with_its_decision(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    said = [explained(), explained(rule="SUM-111", value="50")]
    before = open_campaign.revision()
    open_campaign.record(assessment(submissions=[filed("jia")], explanations=said))

    assert open_campaign.explanations(CAMPAIGN.id) == said
    assert len(open_campaign.submissions(CAMPAIGN.id)) == 1
    assert open_campaign.revision() > before


def test_explanations_without_their_submission_are_not_written(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(assessment(submissions=[filed("jia")], explanations=[explained("yi")]))

    assert open_campaign.explanations(CAMPAIGN.id) == []


def test_explanations_written_twice_are_there_once(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    for _ in range(2):
        open_campaign.record(assessment(submissions=[filed("jia")], explanations=[explained()]))

    assert open_campaign.explanations(CAMPAIGN.id) == [explained()]


def test_explanations_are_returned_by_campaign_and_unit_in_the_order_given(open_campaign):
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(assessment(submissions=[filed("jia")], explanations=[explained()]))
    open_campaign.record(assessment(submissions=[filed("yi")], explanations=[explained("yi")]))
    again = explained(version=2, text="仍属实")
    open_campaign.record(assessment(submissions=[filed("jia", version=2)], explanations=[again]))

    assert open_campaign.explanations(CAMPAIGN.id) == [explained(), explained("yi"), again]
    assert open_campaign.explanations(CAMPAIGN.id, units={"jia"}) == [explained(), again]
    assert open_campaign.explanations(CAMPAIGN.id, units={"jia", "yi"}) == [explained(), explained("yi"), again]
    assert open_campaign.explanations(OTHER_CAMPAIGN.id) == []


def test_a_finding_keeps_item_and_days_but_not_the_units_words(open_campaign):
    kept = replace(
        finding("SUM-105", Severity.WARNING),
        item="91X／矿热炉",
        explained_on=date(2022, 8, 9),
        waived_on=date(2022, 8, 10),
    )
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(assessment(submissions=[filed("jia", findings=[replace(kept, explanation="属实")])]))

    assert [submission.findings for submission in open_campaign.submissions(CAMPAIGN.id)] == [(kept,)]


def test_what_was_asked_comes_with_the_newest_version_first(open_campaign):
    first, second = finding("SUM-105", Severity.ERROR), finding("SUM-110", Severity.WARNING)
    open_campaign.record_delivery(arrived("first"))
    open_campaign.record(
        assessment(
            submissions=[filed("jia", findings=[first]), filed("jia", version=2, findings=[second]), filed("yi")]
        )
    )

    assert open_campaign.asked([owed("jia").id]) == {owed("jia").id: [(second,), (first,)]}
    assert open_campaign.asked([]) == {}


def test_a_waiver_is_numbered_and_written_once(open_campaign):
    before = open_campaign.revision()
    first = open_campaign.waive(waiver())
    second = open_campaign.waive(waiver(item="91X", until=date(2022, 8, 31)))

    assert (first, open_campaign.waive(waiver()), second) == (1, 1, 2)
    assert open_campaign.revision() == before + 2
    assert open_campaign.waivers(CAMPAIGN.id) == [
        WaiverRecord(1, waiver()),
        WaiverRecord(2, waiver(item="91X", until=date(2022, 8, 31))),
    ]


def test_waivers_are_returned_by_campaign(open_campaign):
    open_campaign.open_campaign(OTHER_CAMPAIGN, [], [], as_of=OPENED)
    open_campaign.waive(waiver(campaign=OTHER_CAMPAIGN.id))

    assert open_campaign.waivers(CAMPAIGN.id) == []
    assert [record.number for record in open_campaign.waivers(OTHER_CAMPAIGN.id)] == [1]


def test_a_waiver_is_withdrawn_by_an_act_of_its_own_and_once(open_campaign):
    number = open_campaign.waive(waiver())
    act = {"by": "吴示例", "reason": "证照已换发", "as_of": MORNING + MINUTE}

    assert open_campaign.withdraw_waiver(number, **act)
    assert not open_campaign.withdraw_waiver(number, **act | {"by": "郑示例"})
    assert open_campaign.waivers(CAMPAIGN.id) == [
        WaiverRecord(number, waiver(), MORNING + MINUTE, "吴示例", "证照已换发")
    ]


def test_a_waiver_that_is_none_cannot_be_withdrawn(open_campaign):
    with pytest.raises(UnknownWaiver, match="7"):
        open_campaign.withdraw_waiver(7, by="吴示例", reason="误办", as_of=MORNING)


# Quarantine


def decided(*, is_accepted=True, unit="jia", at=MORNING, delivery="first"):
    unit = unit if is_accepted else None
    return QuarantineDecision(f"delivery-{delivery}", is_accepted, unit, "周示例", "已电话核实", at)


@pytest.fixture
def quarantined(open_campaign):
    open_campaign.record_deliveries([arrived("first"), arrived("second")])
    quarantine(open_campaign)
    return open_campaign


def quarantine(ledger, delivery="delivery-first"):
    ledger.record(assessment(outcomes={delivery: (Outcome.QUARANTINED, "发件人不在联系人名册内")}))


def outcome_of(ledger, delivery="delivery-first"):
    return {record.delivery.id: (record.outcome, record.reason) for record in ledger.deliveries()}[delivery]


def test_an_accepted_delivery_waits_for_the_next_assess_as_it_arrived(quarantined):
    quarantined.record(assessment(outcomes={"delivery-second": (Outcome.ACCEPTED, "审核通过")}))

    assert quarantined.decide_quarantine(decided())
    assert list(quarantined.pending(limit=10)) == [arrived("first")]
    assert outcome_of(quarantined) == (None, "")
    assert list(quarantined.quarantine_decisions()) == [decided()]


def test_a_rejected_delivery_goes_no_further_and_keeps_the_reason(quarantined):
    assert quarantined.decide_quarantine(decided(is_accepted=False))

    assert outcome_of(quarantined) == (Outcome.IGNORED, "隔离件经核查不作办理：已电话核实")
    assert arrived("first") not in quarantined.pending(limit=10)


def test_the_same_decision_about_a_delivery_twice_is_one(quarantined):
    quarantined.decide_quarantine(decided())
    before = quarantined.revision()

    assert not quarantined.decide_quarantine(decided(at=MORNING + MINUTE), contacts=[contact("li", valid_from=MORNING)])
    assert quarantined.revision() == before
    assert list(quarantined.contacts(CAMPAIGN.id, as_of=MORNING)) == []


def test_the_newest_decision_counts_and_all_are_kept(quarantined):
    acts = [
        decided(is_accepted=False),
        decided(at=MORNING + MINUTE),
        decided(unit="yi", at=MORNING + 2 * MINUTE),
        decided(is_accepted=False, at=MORNING + 3 * MINUTE),
    ]

    assert [quarantined.decide_quarantine(act) for act in acts] == [True] * 4
    assert list(quarantined.quarantine_decisions(["delivery-first"])) == acts
    assert list(quarantined.quarantine_decisions(["delivery-second"])) == []
    assert outcome_of(quarantined)[0] is Outcome.IGNORED


def test_what_comes_back_into_quarantine_can_be_decided_again(quarantined):
    quarantined.decide_quarantine(decided())
    quarantine(quarantined)

    assert quarantined.decide_quarantine(decided(at=MORNING + MINUTE))
    assert outcome_of(quarantined) == (None, "")


@pytest.mark.parametrize(
    "outcome", [pytest.param(None, id="not assessed"), *(one for one in Outcome if one is not Outcome.QUARANTINED)]
)
def test_nothing_is_decided_about_a_delivery_that_is_not_in_quarantine(open_campaign, outcome):
    open_campaign.record_deliveries([arrived("first")])
    if outcome is not None:
        open_campaign.record(assessment(outcomes={"delivery-first": (outcome, "已办理")}))
    before = open_campaign.revision()

    with pytest.raises(NotInQuarantine, match="delivery-first"):
        open_campaign.decide_quarantine(decided())
    with pytest.raises(NotInQuarantine, match="delivery-nobody"):
        open_campaign.decide_quarantine(decided(delivery="nobody"))
    assert open_campaign.revision() == before


def test_addresses_that_are_remembered_with_a_decision_stand_beside_each_other(quarantined):
    quarantine(quarantined, "delivery-second")
    zhang, li = (contact(name, valid_from=MORNING, role=SENDER) for name in ("zhang", "li"))
    quarantined.decide_quarantine(decided(), contacts=[zhang])
    quarantined.decide_quarantine(decided(delivery="second"), contacts=[li])

    assert list(quarantined.contacts(CAMPAIGN.id, as_of=MORNING)) == [li, zhang]


def test_mails_are_found_by_their_message_ids_once_they_were_assessed(quarantined):
    one = assessment(
        senders={"delivery-first": ("zhang@jia.example", "报送", "jia")},
        message_ids={"delivery-first": "<1@jia.example>"},
    )
    quarantined.record(one)
    before = quarantined.revision()
    quarantined.record(one)

    assert quarantined.revision() == before
    assert list(quarantined.with_message_ids({"<1@jia.example>", "<2@jia.example>"})) == [
        EarlierMessage("delivery-first", "<1@jia.example>", "zhang@jia.example", "sha-of-first")
    ]
    assert list(quarantined.with_message_ids({"<2@jia.example>"})) == []


def test_the_notices_of_a_day_are_known_with_their_recipients(quarantined):
    quarantined.queue(
        [
            letter("asked", kind=LetterKind.VERIFICATION, delivery="delivery-first"),
            letter("attach", kind=LetterKind.RESEND, delivery="delivery-second"),
            letter("earlier", kind=LetterKind.VERIFICATION, day=date(2022, 8, 11)),
            letter("answer", kind=LetterKind.RECEIPT),
            letter("reminder"),
        ]
    )

    assert list(quarantined.notices(date(2022, 8, 12))) == [
        ("asked", "contact@jia.example"),
        ("attach", "contact@jia.example"),
    ]


# Evidence


def picture_of(
    enterprise, *, name="示例-拆除前.jpg", delivery="first", sha256="a" * 64, look="c6bc6a7e8a8c40d7", **how
):
    whole = Evidence(
        delivery=f"delivery-{delivery}",
        campaign=CAMPAIGN.id,
        unit="jia",
        file_name=name,
        sha256=sha256,
        kind=FileKind.PICTURE,
        size=1234,
        received_at=MORNING,
        picture=Picture(320, 240, MORNING, look),
        enterprise=enterprise,
        item="矿热炉／HTK-A",
        phase=EvidencePhase.BEFORE,
        matched_by=MatchedBy.NAME,
    )
    return replace(whole, **how)


@pytest.fixture
def register(ledger):
    """A ledger that takes the evidence of a first and a second delivery."""
    ledger.record_deliveries([arrived("first"), arrived("second", at=MORNING + MINUTE)])

    def record(*evidence):
        ledger.record(replace(assessment(), evidence=evidence))
        return ledger

    return record


def assignment(enterprise, *, phase=EvidencePhase.AFTER, at=MORNING, sha256="a" * 64):
    return EvidenceAssignment(CAMPAIGN.id, sha256, enterprise, phase, "周示例", "到场核对", at)


def test_evidence_is_kept_as_it_came_in_the_order_of_its_coming(register):
    unread = picture_of(
        None,
        name="甲/2.jpg",
        sha256="b" * 64,
        picture=Picture(fault=PictureFault.TOO_MANY_PIXELS),
        item=None,
        phase=None,
        matched_by=None,
    )
    video = picture_of("示例合金", name="3.mp4", sha256="c" * 64, kind=FileKind.VIDEO, picture=Picture(), unit="yi")
    ledger = register(picture_of("示例合金"), unread, video)

    assert list(ledger.evidence()) == [picture_of("示例合金"), unread, video]
    assert list(ledger.evidence(CAMPAIGN.id, unit="yi")) == [video]
    assert list(ledger.evidence("shanqian-2022")) == []


def test_evidence_of_a_delivery_is_written_once(register):
    before = register(picture_of("示例合金"), picture_of("示例合金", name="又一名.jpg")).revision()
    ledger = register(picture_of("别家"))

    assert [one.enterprise for one in ledger.evidence()] == ["示例合金", "示例合金"]
    assert ledger.revision() == before


@pytest.mark.parametrize(
    ("wanted", "near", "is_found"),
    [
        pytest.param({}, 6, True, id="the same file"),
        pytest.param({"look": None}, 0, True, id="the same file without a look"),
        pytest.param({"sha256": "b" * 64}, 0, True, id="the same look"),
        pytest.param({"sha256": "b" * 64, "look": "c6bd6a7f8a8d40d6"}, 6, True, id="a bit off in every band"),
        pytest.param({"sha256": "b" * 64, "look": "c6bd6a7f8a8d40d6"}, 3, False, id="a bit off, which is too much"),
        pytest.param({"sha256": "b" * 64, "look": "f9c261d201f373e2"}, 6, False, id="another look"),
        pytest.param({"sha256": "b" * 64, "look": None}, 6, False, id="another file without a look"),
    ],
)
def test_what_may_be_alike_is_found_by_content_and_by_the_bands_of_its_look(register, wanted, near, is_found):
    ledger = register(picture_of("示例合金"), picture_of("白纸", name="0.jpg", sha256="0" * 64, look=None))

    found = ledger.evidence_like([picture_of("示例合金", delivery="second", **wanted)], near=near)

    assert [one.enterprise for one in found] == (["示例合金"] if is_found else [])


def test_many_pictures_are_asked_about_at_once(register):
    many = [picture_of("示例合金", name=f"{n}.jpg", sha256=f"{n:064x}", look=f"{n * 7919:016x}") for n in range(1, 60)]
    ledger = register(*many)

    assert {one.file_name for one in ledger.evidence_like(many, near=6)} == {one.file_name for one in many}
    assert list(ledger.evidence_like([], near=6)) == []


def test_the_newest_assignment_says_whose_a_file_is_wherever_it_comes(register):
    ledger = register(picture_of(None, item=None, phase=None, matched_by=None))

    assert ledger.assign_evidence(assignment("虚构造纸"))
    assert ledger.assign_evidence(assignment("示例合金", at=MORNING + MINUTE))
    register(picture_of("虚构造纸", delivery="second"))

    assert [(one.enterprise, one.phase, one.matched_by, one.assigned_by) for one in ledger.evidence()] == [
        ("示例合金", EvidencePhase.AFTER, MatchedBy.HAND, "周示例")
    ] * 2
    assert [one.enterprise for one in ledger.evidence_like([picture_of(None)], near=6)] == ["示例合金"] * 2


def test_an_assignment_that_says_nothing_new_is_not_written_again(register):
    ledger = register(picture_of(None))
    ledger.assign_evidence(assignment("示例合金"))
    before = ledger.revision()

    assert not ledger.assign_evidence(assignment("示例合金", at=MORNING + MINUTE))
    assert ledger.revision() == before
    assert ledger.assign_evidence(assignment("示例合金", phase=None, at=MORNING + MINUTE))
    assert ledger.revision() > before
