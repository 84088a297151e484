"""The contract of the pages (看板、通报、汇总表): where they lie; held by the memory twin and by the files."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.memory.pages import MemoryPages
from phaseout.adapters.pages import FilePages
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.bulletin import bulletin_facts
from phaseout.domain.calendar import CHINA
from phaseout.domain.omission import omission_facts
from phaseout.domain.site import QUESTIONS, SiteFacts
from phaseout.settings import PROJECT

CAMPAIGN = FileDefinitions(PROJECT).campaign("jiangsu-2022")
OVERRIDES = PROJECT / "data" / "calendar" / "overrides.csv"
AS_OF = datetime(2022, 8, 31, 9, tzinfo=CHINA)


@pytest.fixture(params=["memory", "files"])
def pages(request, tmp_path):
    """Yield pages, and the path below their folder of one that was written."""
    if request.param == "memory":
        written = MemoryPages()
        return written, lambda path: path if path in written.written else None
    return FilePages(
        tmp_path, templates=PROJECT / "data" / "pages"
    ), lambda path: path.relative_to(tmp_path) if path.is_file() else None


def site_of_nothing():
    answers = dict.fromkeys(QUESTIONS, ())
    return SiteFacts(CAMPAIGN, AS_OF, answers, published_calendar(OVERRIDES), content_hash="0" * 64)


def bulletin_of_nothing():
    facts = bulletin_facts(CAMPAIGN, (), period="2022-08", number=1, next_due=None)
    more = {"addressees": "各填报单位", "stands_on": date(2022, 8, 30)}
    return facts | more | {"campaign": CAMPAIGN.id, "as_of": AS_OF}


def test_each_page_lies_where_people_look_for_it(pages):
    written, place = pages

    assert not written.has_site(CAMPAIGN.id)
    assert place(written.site(site_of_nothing())) == Path("site/index.html")
    assert written.has_site(CAMPAIGN.id)
    assert place(written.bulletin("2022-08", bulletin_of_nothing())) == Path("bulletins/jiangsu-2022-2022-08.html")
    facts = omission_facts(CAMPAIGN, (), as_of=AS_OF)
    assert [place(path) for path in written.omissions(facts)] == [
        Path("office/omissions.html"),
        Path("office/omissions.xlsx"),
    ]
    assert place(written.table("summary/汇总（铁合金）", "汇总", [{"设区市": "苏州市"}])) == Path(
        "summary/汇总（铁合金）.xlsx"
    )


def test_the_site_of_an_earlier_campaign_lies_apart_from_the_one_opened_last(pages):
    written, place = pages

    earlier = replace(site_of_nothing(), is_current=False)
    assert place(written.site(earlier)) == Path("earlier/jiangsu-2022/site/index.html")


def test_a_page_written_again_takes_the_place_of_the_first(pages):
    written, place = pages

    first = written.table("final/清单", "清单", [{"设区市": "苏州市"}])
    again = written.table("final/清单", "清单", [{"设区市": "苏州市"}, {"设区市": "无锡市"}])

    assert first == again
    assert place(again) == Path("final/清单.xlsx")


def test_a_table_that_goes_with_a_letter_is_the_same_bytes_each_time_and_lies_nowhere(pages, tmp_path):
    written, _ = pages
    rows = [{"企业名称": "苏州示例合金有限公司", "数量": 2, "计划完成时限": date(2022, 10, 31)}]

    first, again = written.sheet("清单", rows), written.sheet("清单", rows)

    assert first == again
    assert written.sheet("清单", rows * 2) != first
    assert list(tmp_path.iterdir()) == []
