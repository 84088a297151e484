"""The contract of the ledger (报送台账) for the office's acts on plans; units and people are invented."""

from dataclasses import replace
from datetime import date

import pytest

from phaseout.domain.decision import Decision
from phaseout.domain.exemption import Exemption, ExemptionRecord
from phaseout.domain.extension import Extension
from phaseout.domain.letter import Approval, LetterKind, LetterState
from phaseout.domain.obligation import UnknownObligation, paper_of
from phaseout.domain.paper import PaperReceipt
from phaseout.domain.reopening import Reopening
from phaseout.domain.replanning import Moved, PlanChange
from phaseout.domain.submission import Outcome
from phaseout.domain.visit import Visit
from tests.ledger_samples import (
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

LATER = date(2022, 8, 19)
FIGURE = "7KM3-XWP9"


def state_of(ledger):
    """Return the state of the one letter."""
    (record,) = ledger.letters()
    return record.letter.state


@pytest.mark.parametrize(
    ("kind", "state", "left"),
    [
        pytest.param(LetterKind.REMINDER, LetterState.QUEUED, LetterState.WITHDRAWN, id="a reminder of the day before"),
        pytest.param(LetterKind.SUPERVISION, LetterState.DRAFT, LetterState.WITHDRAWN, id="a draft that calls it late"),
        pytest.param(LetterKind.SUPERVISION, LetterState.QUEUED, LetterState.QUEUED, id="what a person released"),
        pytest.param(LetterKind.EXTENSION, LetterState.QUEUED, LetterState.QUEUED, id="the letter on an extension"),
        pytest.param(LetterKind.REMINDER, LetterState.SENT, LetterState.SENT, id="what has left"),
    ],
)
def test_an_extension_withdraws_what_was_to_be_said_of_the_day_before(open_campaign, kind, state, left):
    items = () if kind is LetterKind.EXTENSION else [item("jia")]
    open_campaign.queue([letter("waiting", kind=kind, state=state, items=items)])

    open_campaign.extend(owed("jia").id, LATER, by="王某", reason="疫情", as_of=MORNING)

    assert state_of(open_campaign) is left


def test_an_extension_of_another_unit_withdraws_nothing(open_campaign):
    open_campaign.queue([letter("waiting", items=[item("yi")])])

    open_campaign.extend(owed("jia").id, LATER, by="王某", reason="疫情", as_of=MORNING)

    assert state_of(open_campaign) is LetterState.QUEUED


def moved(unit, *, due):
    was = owed(unit)
    return Moved(was, replace(was, nominal_due=due, due=due, reminder_date=due.replace(day=due.day - 1)))


def replan(ledger, change, *, at=MORNING, contacts=()):
    return ledger.replan(CAMPAIGN, change, contacts, by="王某", reason="通知改期", as_of=at)


def planned_and_owed(ledger):
    return [list(ledger.planned(CAMPAIGN.id)), list(ledger.obligations(CAMPAIGN.id))]


def exemption(unit, *, at=MORNING):
    return Exemption(owed(unit).id, by="王某", reason="全市无此行业", at=at)


def visit(place, *, day=date(2022, 8, 10), finding="台账不全"):
    return Visit(CAMPAIGN.id, "jia", day, place, finding, visited_by="李某", by="王某", reason="例行督导", at=MORNING)


def states(ledger):
    return {record.letter.key.split("#")[0]: record.letter.state for record in ledger.letters()}


@pytest.fixture
def with_letters(open_campaign):
    """A ledger in which a reminder and a draft speak of 甲市 and another reminder of 乙市."""
    open_campaign.queue(
        [
            letter("of-jia", items=[item("jia")]),
            letter("draft-of-jia", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT, items=[item("jia", 5)]),
            letter("of-yi", items=[item("yi")]),
        ]
    )
    return open_campaign


JIA_WITHDRAWN = {
    "of-jia": LetterState.WITHDRAWN,
    "draft-of-jia": LetterState.WITHDRAWN,
    "of-yi": LetterState.QUEUED,
}


@pytest.fixture
def with_paper(ledger):
    """A ledger in which 甲市 owes a file and, beside it, paper."""
    ledger.open_campaign(CAMPAIGN, [owed("jia"), paper_of(owed("jia"))], [], as_of=OPENED)
    return ledger


def receipt(*, copies=2, is_sealed=True, figure=FIGURE, at=NEXT_MORNING):
    return PaperReceipt(
        obligation=paper_of(owed("jia")).id,
        copies=copies,
        copies_wanted=2,
        is_sealed=is_sealed,
        check_figure=figure,
        received_on=date(2022, 8, 13),
        by="王某",
        reason="收件登记",
        at=at,
    )


def accept(ledger, figure=FIGURE, *, version=1):
    """Accept a file of 甲市 with a check figure."""
    name = f"mail-{version}"
    ledger.record_deliveries([arrived(name)])
    submission = replace(filed("jia", version=version, delivery=name, sha256=name), check_figure=figure)
    ledger.record(
        assessment(
            outcomes={f"delivery-{name}": (Outcome.ACCEPTED, "审核通过")},
            senders={f"delivery-{name}": ("zhang@jia.example", "报送汇总表", "jia")},
            submissions=[submission],
        )
    )


def paper_decisions(ledger):
    return [one.decision for one in ledger.submitted(CAMPAIGN.id).get(paper_of(owed("jia")).id, ())]


# Extensions and approvals


def test_extensions_are_listed_as_they_were_granted(open_campaign):
    extend = open_campaign.extend
    extend(owed("jia").id, date(2022, 8, 22), by="王某", reason="疫情", as_of=MORNING + MINUTE)
    extend(owed("yi").id, date(2022, 8, 19), by="李某", reason="台风", as_of=MORNING)

    assert list(open_campaign.extensions(CAMPAIGN.id)) == [
        Extension(owed("yi").id, date(2022, 8, 19), "李某", "台风", MORNING),
        Extension(owed("jia").id, date(2022, 8, 22), "王某", "疫情", MORNING + MINUTE),
    ]
    assert list(open_campaign.extensions(OTHER_CAMPAIGN.id)) == []


def test_approvals_are_listed_as_they_were_given(open_campaign):
    drafts = [
        letter("kept", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT, items=[item("jia")]),
        letter("sent", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT, items=[item("yi")]),
        letter("waits", kind=LetterKind.CRITICISM, state=LetterState.DRAFT),
    ]
    open_campaign.queue(drafts)
    kept, sent, _ = (record.id for record in open_campaign.letters())
    release = open_campaign.release
    release(kept, release=False, by="李某", reason="已电话联系", as_of=MORNING + MINUTE, letters=())
    release(sent, release=True, by="王某", reason="", as_of=MORNING, letters=())

    assert list(open_campaign.approvals(CAMPAIGN.id)) == [
        Approval(sent, is_released=True, by="王某", reason="", at=MORNING),
        Approval(kept, is_released=False, by="李某", reason="已电话联系", at=MORNING + MINUTE),
    ]
    assert list(open_campaign.approvals(OTHER_CAMPAIGN.id)) == []


# Re-planning


def test_a_new_plan_moves_the_due_date_and_counts_as_a_move(open_campaign):
    change = PlanChange(moved=(moved("jia", due=LATER),))

    assert replan(open_campaign, change) == 1
    assert planned_and_owed(open_campaign) == [
        [change.moved[0].becomes, owed("yi")],
        [replace(change.moved[0].becomes, moves=1), owed("yi")],
    ]


def test_the_same_plan_twice_is_one(open_campaign):
    change = PlanChange(new=(owed("bing"),), gone=(owed("yi"),), moved=(moved("jia", due=LATER),))
    assert replan(open_campaign, change) == 3
    before = open_campaign.revision()

    assert replan(open_campaign, change) == 0
    assert open_campaign.revision() == before


def test_what_is_gone_is_owed_no_longer_and_may_come_back(open_campaign):
    gone, back = PlanChange(gone=(owed("jia"),)), PlanChange(new=(owed("jia"),))

    replan(open_campaign, gone)
    assert planned_and_owed(open_campaign) == [[owed("yi")], [owed("yi")]]
    assert replan(open_campaign, back, at=NEXT_MORNING) == 1
    assert planned_and_owed(open_campaign) == [[owed("jia"), owed("yi")]] * 2


def test_what_has_gone_keeps_what_was_submitted(with_paper):
    accept(with_paper)
    replan(with_paper, PlanChange(gone=(owed("jia"),)), at=NEXT_MORNING)

    assert [one.obligation for one in with_paper.submissions(CAMPAIGN.id)] == [owed("jia").id]


def test_what_is_new_is_planned_at_the_end(open_campaign):
    replan(open_campaign, PlanChange(new=(owed("bing"),)))

    assert planned_and_owed(open_campaign) == [[owed("jia"), owed("yi"), owed("bing")]] * 2


@pytest.mark.parametrize(
    ("planned", "effective", "moves"),
    [
        pytest.param(date(2022, 8, 16), date(2022, 8, 22), 1, id="the extension, where the plan's day is before it"),
        pytest.param(date(2022, 8, 26), date(2022, 8, 26), 2, id="the plan's, where it is after it"),
    ],
)
def test_of_a_plan_and_an_extension_the_later_day_holds(open_campaign, planned, effective, moves):
    open_campaign.extend(owed("jia").id, date(2022, 8, 22), by="王某", reason="疫情", as_of=MORNING)
    replan(open_campaign, PlanChange(moved=(moved("jia", due=planned),)), at=NEXT_MORNING)

    now, untouched = open_campaign.obligations(CAMPAIGN.id)
    assert (now.nominal_due, now.due, now.moves) == (planned, effective, moves)
    assert untouched == owed("yi")


def test_an_extension_after_a_new_plan_counts_from_it(open_campaign):
    replan(open_campaign, PlanChange(moved=(moved("jia", due=LATER),)))
    open_campaign.extend(owed("jia").id, date(2022, 8, 26), by="王某", reason="疫情", as_of=NEXT_MORNING)

    now = open_campaign.obligations(CAMPAIGN.id)[0]
    assert (now.nominal_due, now.due, now.moves) == (LATER, date(2022, 8, 26), 2)


def test_a_reopening_survives_a_new_plan(open_campaign):
    was = owed("jia")
    replan(open_campaign, PlanChange(moved=(Moved(was, replace(was, closes=date(2022, 9, 15))),)))

    assert open_campaign.obligations(CAMPAIGN.id)[0] == replace(was, closes=date(2022, 9, 15))


def test_a_new_due_date_withdraws_what_was_to_be_said_of_the_old_one(with_letters):
    replan(with_letters, PlanChange(moved=(moved("jia", due=LATER),)))

    assert states(with_letters) == JIA_WITHDRAWN


def test_what_is_gone_is_not_written_about(with_letters):
    replan(with_letters, PlanChange(gone=(owed("jia"),)))

    assert states(with_letters) == JIA_WITHDRAWN


def test_letters_stay_where_only_the_close_date_is_another(with_letters):
    was = owed("jia")
    replan(with_letters, PlanChange(moved=(Moved(was, replace(was, closes=date(2022, 9, 15))),)))

    assert set(states(with_letters).values()) == {LetterState.QUEUED, LetterState.DRAFT}


def test_a_new_plan_takes_up_the_mailboxes_of_the_data(open_campaign):
    mailbox = contact("new", valid_from=MORNING, role="unit_mailbox")
    replan(open_campaign, PlanChange(new=(owed("bing"),)), contacts=[mailbox])

    assert list(open_campaign.contacts(CAMPAIGN.id, as_of=MORNING)) == [mailbox]


# Exemptions


def test_an_exemption_stands_on_the_obligation_until_it_is_withdrawn(open_campaign):
    assert open_campaign.exempt([exemption("jia")]) == 1
    assert [one.exempt for one in open_campaign.obligations(CAMPAIGN.id)] == [exemption("jia"), None]
    assert list(open_campaign.planned(CAMPAIGN.id)) == [owed("jia"), owed("yi")]

    assert open_campaign.withdraw_exemption(owed("jia").id, by="李某", reason="有误", as_of=NEXT_MORNING)
    # Owed again it climbs anew: what was written before the exemption keeps nothing back.
    assert list(open_campaign.obligations(CAMPAIGN.id)) == [replace(owed("jia"), moves=1), owed("yi")]
    assert list(open_campaign.exemptions(CAMPAIGN.id)) == [
        ExemptionRecord(exemption("jia"), NEXT_MORNING, "李某", "有误")
    ]
    assert list(open_campaign.exemptions(OTHER_CAMPAIGN.id)) == []


def test_one_is_exempt_once_and_may_be_again(open_campaign):
    open_campaign.exempt([exemption("jia")])
    before = open_campaign.revision()

    assert open_campaign.exempt([exemption("jia", at=NEXT_MORNING)]) == 0
    assert open_campaign.revision() == before
    open_campaign.withdraw_exemption(owed("jia").id, by="李某", reason="有误", as_of=NEXT_MORNING)
    assert not open_campaign.withdraw_exemption(owed("jia").id, by="李某", reason="有误", as_of=NEXT_MORNING)
    again = exemption("jia", at=NEXT_MORNING + MINUTE)
    assert open_campaign.exempt([again, exemption("yi")]) == 2
    assert [one.exempt for one in open_campaign.obligations(CAMPAIGN.id)] == [again, exemption("yi")]


def test_what_one_is_exempt_from_is_not_written_about(with_letters):
    with_letters.exempt([exemption("jia")])

    assert states(with_letters) == JIA_WITHDRAWN


def test_nobody_is_exempt_from_what_nobody_owes(open_campaign):
    with pytest.raises(UnknownObligation, match="nobody"):
        open_campaign.exempt([exemption("jia"), replace(exemption("yi"), obligation="nobody")])

    assert list(open_campaign.exemptions(CAMPAIGN.id)) == []


# Paper copies


def test_paper_is_owed_beside_the_file(with_paper):
    assert [one.is_paper for one in with_paper.obligations(CAMPAIGN.id)] == [False, True]


def test_complete_paper_of_the_accepted_file_is_accepted(with_paper):
    accept(with_paper)

    assert with_paper.record_papers([receipt()]) == 1
    assert paper_decisions(with_paper) == [Decision.ACCEPTED]
    assert list(with_paper.papers(CAMPAIGN.id)) == [receipt()]
    assert list(with_paper.papers(OTHER_CAMPAIGN.id)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"copies": 1}, id="too few copies"),
        pytest.param({"is_sealed": False}, id="no seal"),
        pytest.param({"figure": "7KM3-XWP7"}, id="another check figure"),
    ],
)
def test_paper_that_is_wrong_is_held(with_paper, wrong):
    accept(with_paper)
    with_paper.record_papers([receipt(**wrong)])

    assert paper_decisions(with_paper) == [Decision.HELD]


def test_paper_without_an_accepted_file_is_held_until_there_is_one(with_paper):
    with_paper.record_papers([receipt()])
    assert paper_decisions(with_paper) == [Decision.HELD]

    accept(with_paper)
    assert paper_decisions(with_paper) == [Decision.ACCEPTED]


def test_a_later_accepted_file_makes_older_copies_incomplete_again(with_paper):
    accept(with_paper)
    with_paper.record_papers([receipt()])
    accept(with_paper, "MMMM-MMMM", version=2)
    assert paper_decisions(with_paper) == [Decision.HELD]

    with_paper.record_papers([receipt(figure="MMMM-MMMM")])
    assert paper_decisions(with_paper) == [Decision.HELD, Decision.ACCEPTED]


def test_copies_that_come_one_by_one_add_up(with_paper):
    accept(with_paper)
    with_paper.record_papers([receipt(copies=1)])
    with_paper.record_papers([replace(receipt(copies=1), received_on=date(2022, 8, 16))])

    assert paper_decisions(with_paper) == [Decision.HELD, Decision.ACCEPTED]


def test_the_same_paper_registered_twice_came_once(with_paper):
    accept(with_paper)
    with_paper.record_papers([receipt(copies=1)])
    before = with_paper.revision()

    assert with_paper.record_papers([receipt(copies=1, at=NEXT_MORNING + MINUTE)]) == 0
    assert with_paper.revision() == before


def test_paper_that_comes_first_withdraws_the_reminder_of_it(with_paper):
    with_paper.queue([letter("of-paper", items=[replace(item("jia"), obligation=paper_of(owed("jia")).id)])])
    with_paper.record_papers([receipt(copies=1)])

    assert states(with_paper) == {"of-paper": LetterState.WITHDRAWN}


def test_paper_that_nobody_owes_is_not_registered(with_paper):
    with pytest.raises(UnknownObligation, match="nobody"):
        with_paper.record_papers([replace(receipt(), obligation="nobody")])


# Contacts by hand


def test_a_contact_that_a_person_sets_says_by_whom_and_why(open_campaign):
    reported = contact("zhang", valid_from=OPENED)
    chosen = replace(contact("li", valid_from=MORNING), by="王某", reason="来电更正")
    open_campaign.record(assessment(contacts=[reported]))

    assert open_campaign.set_contacts([chosen]) == 1
    assert open_campaign.set_contacts([chosen]) == 0
    assert list(open_campaign.contacts(CAMPAIGN.id, as_of=MORNING)) == [chosen]
    assert list(open_campaign.all_contacts(CAMPAIGN.id)) == [reported, chosen]
    assert list(open_campaign.all_contacts(OTHER_CAMPAIGN.id)) == []


def test_opening_again_does_not_put_the_planned_mailbox_before_one_that_a_person_set(open_campaign):
    planned = contact("mailbox", valid_from=OPENED, role="unit_mailbox")
    confirmed = replace(planned, valid_from=MORNING, by="王某", reason="来电确认")
    open_campaign.set_contacts([confirmed])
    open_campaign.open_campaign(CAMPAIGN, [], [replace(planned, valid_from=NEXT_MORNING)], as_of=NEXT_MORNING)

    assert list(open_campaign.contacts(CAMPAIGN.id, as_of=NEXT_MORNING)) == [confirmed]


def test_a_later_contact_form_counts_before_an_older_act(open_campaign):
    chosen = replace(contact("li", valid_from=OPENED), by="王某", reason="来电更正")
    reported = contact("zhang", valid_from=MORNING)
    open_campaign.set_contacts([chosen])
    open_campaign.record(assessment(contacts=[reported]))

    assert list(open_campaign.contacts(CAMPAIGN.id, as_of=MORNING)) == [reported]


# Supervision visits


def test_visits_are_listed_by_their_days(open_campaign):
    later, earlier = visit("甲县"), visit("乙县", day=date(2022, 8, 1))

    assert open_campaign.record_visit(later)
    assert open_campaign.record_visit(earlier)
    assert list(open_campaign.visits(CAMPAIGN.id)) == [earlier, later]
    assert list(open_campaign.visits(OTHER_CAMPAIGN.id)) == []


def test_the_same_visit_recorded_again_is_one(open_campaign):
    open_campaign.record_visit(visit("甲县"))
    before = open_campaign.revision()

    assert not open_campaign.record_visit(replace(visit("甲县"), at=NEXT_MORNING))
    assert open_campaign.record_visit(visit("甲县", finding="封存不规范"))
    assert open_campaign.revision() == before + 1


# History


def test_an_obligation_is_told_with_the_instant_of_its_writing_and_every_act_on_it(open_campaign):
    one, exempted = owed("jia"), Exemption(owed("jia").id, by="王某", reason="停产", at=MORNING)
    reopening = Reopening(one.id, LATER, by="王某", reason="补报", at=NEXT_MORNING)
    open_campaign.extend(one.id, LATER, by="王某", reason="疫情", as_of=MORNING)
    open_campaign.reopen(reopening)
    open_campaign.exempt([exempted])
    open_campaign.withdraw_exemption(one.id, by="王某", reason="复产", as_of=NEXT_MORNING)
    open_campaign.add_obligations([owed("jia", industry="flax")], as_of=NEXT_MORNING)

    jia, yi, flax = open_campaign.histories(CAMPAIGN.id)

    assert (jia.written, jia.since) == (one, OPENED)
    assert list(jia.extensions) == [Extension(one.id, LATER, "王某", "疫情", MORNING)]
    assert list(jia.reopenings) == [reopening]
    assert list(jia.exemptions) == [ExemptionRecord(exempted, NEXT_MORNING, "王某", "复产")]
    assert (yi.since, list(yi.extensions)) == (OPENED, [])
    assert (flax.written, flax.since) == (owed("jia", industry="flax"), NEXT_MORNING)


def test_what_is_planned_otherwise_is_told_as_it_was_first_written(open_campaign):
    was = owed("jia")
    becomes = replace(was, due=LATER)
    open_campaign.replan(
        CAMPAIGN,
        PlanChange(moved=(Moved(was, becomes),), gone=(owed("yi"),)),
        (),
        by="王某",
        reason="通知",
        as_of=MORNING,
    )

    jia, yi = open_campaign.histories(CAMPAIGN.id)

    assert (jia.written, [act.due for act in jia.replannings]) == (was, [LATER])
    assert (yi.written, [act.is_owed for act in yi.replannings]) == (owed("yi"), [False])


def test_a_campaign_says_when_it_was_opened(open_campaign):
    open_campaign.open_campaign(CAMPAIGN, [], [], as_of=MORNING)

    assert open_campaign.opened_at(CAMPAIGN.id) == OPENED
    assert open_campaign.opened_at("unknown") is None
