"""What the reminder of waiting drafts (提请签发提醒) says of how to decide."""

from phaseout.adapters.letter_writer import JinjaLetters
from phaseout.domain.letter import LetterKind
from phaseout.settings import PROJECT
from tests.spec.letter_facts import SIGNING

PAGE = "http://signing.gxt.example:4200"


def written(**changes):
    return JinjaLetters(PROJECT / "data" / "letters").write(LetterKind.SIGNING, SIGNING | changes)


def test_it_names_the_page_on_which_a_draft_is_decided_without_a_link():
    letter = written(page=PAGE)

    assert f"请签发人登录签发页面（{PAGE}）" in letter.text
    assert PAGE in letter.html
    assert "href" not in letter.html
    assert "phaseout letters" not in letter.text


def test_without_a_page_it_names_the_commands():
    assert "签发：phaseout letters release 函件编号 --by 签发人姓名" in written(page=None).text


def test_it_says_how_long_the_oldest_has_waited():
    assert written(page=None).subject.endswith("：2件函件拟稿待签发，最长已等待3个工作日")
