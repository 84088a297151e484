"""The contract of the ledger (报送台账) for the office's acts on plans; units and people are invented."""

from datetime import date

from phaseout.domain.extension import Extension
from phaseout.domain.letter import Approval, LetterKind, LetterState
from tests.ledger_samples import CAMPAIGN, MINUTE, MORNING, OTHER_CAMPAIGN, item, letter, owed

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
