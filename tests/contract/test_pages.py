"""The contract of the pages (看板、通报、汇总表): where they lie; held by the memory twin and by the files."""

from datetime import date, datetime
from pathlib import Path

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.memory.pages import MemoryPages
from phaseout.adapters.pages import FilePages
from phaseout.domain.board import board_facts
from phaseout.domain.bulletin import bulletin_facts
from phaseout.domain.calendar import CHINA
from phaseout.domain.omission import omission_facts
from phaseout.settings import PROJECT

CAMPAIGN = FileDefinitions(PROJECT).campaign("jiangsu-2022")
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


def board_of_nothing():
    return board_facts(CAMPAIGN, (), {}, as_of=AS_OF, letters=(), progress=(), todos=())


def bulletin_of_nothing():
    return bulletin_facts(CAMPAIGN, (), period="2022-08", number=1, as_of=AS_OF, next_due=None)


def test_each_page_lies_where_people_look_for_it(pages):
    written, place = pages

    assert place(written.board(board_of_nothing())) == Path("site/index.html")
    assert place(written.bulletin("2022-08", bulletin_of_nothing())) == Path("bulletins/jiangsu-2022-2022-08.html")
    facts = omission_facts(CAMPAIGN, (), as_of=AS_OF)
    assert [place(path) for path in written.omissions(facts)] == [
        Path("site/office/omissions.html"),
        Path("site/office/omissions.xlsx"),
    ]
    assert place(written.table("summary/汇总（铁合金）", "汇总", [{"设区市": "苏州市"}])) == Path(
        "summary/汇总（铁合金）.xlsx"
    )


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
