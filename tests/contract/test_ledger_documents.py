"""The contract of the ledger (报送台账) for documents: what each version said."""

from dataclasses import replace
from datetime import UTC, datetime

from phaseout.domain.document import DocumentKind, DocumentVersion, FigureChange
from tests.ledger_samples import CAMPAIGN, OTHER_CAMPAIGN

FIRST = DocumentVersion(
    campaign=CAMPAIGN.id,
    kind=DocumentKind.BULLETIN,
    period="2022-09",
    version=1,
    as_of=datetime(2022, 10, 1, 1, 0, tzinfo=UTC),
    content='{"facts":{},"figures":{"甲市":{"累计完成":3}},"lists":""}',
    changes=(),
    files={"bulletins/通报-第1版.docx": "ab" * 32},
)
SECOND = replace(
    FIRST,
    version=2,
    content=FIRST.content.replace("3", "4"),
    changes=(FigureChange("甲市", "累计完成", "3", "4", "2022年9月进展情况表第2版"),),
)
REPORT = replace(FIRST, kind=DocumentKind.CLOSING, period=None)


def test_what_each_version_said_is_kept_in_order(open_campaign):
    for version in (FIRST, REPORT, SECOND):
        assert open_campaign.record_document(version)

    assert list(open_campaign.documents(CAMPAIGN.id)) == [FIRST, REPORT, SECOND]
    assert list(open_campaign.documents(OTHER_CAMPAIGN.id)) == []


def test_a_version_is_recorded_once_and_the_first_one_stays(open_campaign):
    open_campaign.record_document(FIRST)
    before = open_campaign.revision()

    assert not open_campaign.record_document(replace(FIRST, content="other"))
    assert list(open_campaign.documents(CAMPAIGN.id)) == [FIRST]
    assert open_campaign.revision() == before


def test_a_new_version_is_a_change(open_campaign):
    before = open_campaign.revision()
    open_campaign.record_document(FIRST)

    assert open_campaign.revision() > before
