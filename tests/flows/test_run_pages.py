"""The page of a run tells a clerk what happened: its name, its artifacts, its form, and what to do when it failed."""

import json
import re
from datetime import datetime

import httpx
import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.utilities.callables import parameter_schema

from flows import says_what_to_do
from flows.closure import closure
from flows.collect import collect
from flows.contact_list import contact_list
from flows.deliver import deliver
from flows.milestone import milestone
from flows.publish import publish
from flows.release import release
from flows.remind import remind
from phaseout.domain.calendar import CHINA
from phaseout.errors import TransientError
from tasks import Progress, key_of, only_shown
from tests.filled_forms import contact_form, put_into_inbox
from tests.intake_home import open_home

NANJING = "320100"
TITLE = "2022年重点行业落后生产工艺装备排查和淘汰工作"
DEPLOYED = [closure, collect, contact_list, deliver, milestone, publish, release, remind]


def at(month, day, hour=9):
    return datetime(2022, month, day, hour, tzinfo=CHINA)


class Page:
    """What the page of a run shows."""

    def __init__(self, state):
        run = state.state_details.flow_run_id
        artifacts = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run]))
        with get_client(sync_client=True) as client:
            self.name = client.read_flow_run(run).name
            self.artifacts = {one.key: one for one in client.read_artifacts(artifact_filter=artifacts)}

    def text(self, key):
        return self.artifacts[key].description

    def table(self, key):
        return json.loads(self.artifacts[key].data)


@pytest.fixture(scope="module")
def pages(prefect_server, tmp_path_factory):
    """The pages of two runs in June: one city is through, one was sent back, all others are late."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PHASEOUT_HOME", str(home))
        environment.setenv("PHASEOUT_BOARD_URL", "http://board.example/")
        open_home(home)
        put_into_inbox(home, contact_form())
        put_into_inbox(home, contact_form(NANJING, contact_name=None), unit_code=NANJING, name="[急]**.xlsx")
        yield {
            "collect": Page(collect(as_of=at(6, 1, 10), return_state=True)),
            "milestone": Page(contact_list(as_of=at(6, 6), return_state=True)),
        }


@pytest.mark.slow
def test_a_milestone_is_named_by_titles_and_shows_who_is_late_first_with_links(pages):
    page, key = pages["milestone"], "jiangsu-2022-contact-list"

    assert page.name == f"工作联系人信息（{TITLE}）"
    first, *_, last = page.table(key)
    assert (first["填报单位"], first["逾期（工作日）"], first["办理状态"]) == ("无锡市", 1, "未报送，已逾期1个工作日")
    assert (last["填报单位"], last["办理状态"]) == ("苏州市", "按期报送，审核通过")
    assert page.text(key).startswith(
        "## 工作联系人信息\n\n截至2022年6月6日9时00分，应报单位13个，已报送2个，审核通过1个，逾期11个。\n\n"
        "本次到期清点：工作联系人信息。"
    )
    assert "[打开工作看板](http://board.example/)" in page.text(key)


@pytest.mark.slow
def test_collect_shows_what_came_from_whom_and_what_was_wrong(pages):
    page = pages["collect"]

    assert page.name == "收件与审核"
    returned, accepted = page.table("intake")
    assert (returned["填报单位"], returned["结果"]) == ("南京市", "退回")
    assert returned["来件"] == "\\[急\\]\\*\\*\\.xlsx"
    assert returned["说明"]
    assert (accepted["填报单位"], accepted["报表"]) == ("苏州市", "《工作联系人信息》第1版")
    assert {row["函件"] for row in page.table("sent-letters")} == {"回执", "退回更正函"}


@pytest.mark.slow
def test_no_word_of_a_page_is_english_or_an_id(pages):
    shown = [page.name for page in pages.values()]
    for page in pages.values():
        for key in page.artifacts:
            shown += [page.text(key), *(str(cell) for row in page.table(key) for cell in row.values())]

    without_places = re.sub(r"\(http[^)]*\)|`[^`]*`|\.xlsx", "", "\n".join(shown))
    assert re.findall(r"[A-Za-z]{2,}", without_places) == []


@pytest.mark.parametrize("one", DEPLOYED, ids=lambda one: one.name)
def test_the_form_of_a_run_speaks_chinese_and_is_filled_in_beforehand(one):
    assert not re.search(r"[A-Za-z]{2,}", one.description.replace("Resume", ""))
    for name, field in parameter_schema(one.fn).properties.items():
        assert not field["title"].isascii(), name
        assert not field["description"].isascii(), name
        assert all(not one["title"].isascii() for one in field.get("anyOf", [])), name
        assert "default" in field or name in {"letter", "milestone_id"}


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_a_run_that_fails_says_what_to_do_and_keeps_the_error_for_the_log(caplog):
    @flow
    @says_what_to_do
    def broken():
        raise TransientError("10.0.0.1 does not answer")

    state = broken(return_state=True)

    assert (state.is_failed(), state.name) == (True, "外部系统暂不可用")
    assert state.message == (
        "下一次定时运行自动重试，已办事项不受影响，不会重复办理。持续半小时以上的，请系统管理员处理。"
    )
    assert "10.0.0.1 does not answer" in caplog.text


def test_a_server_that_takes_nothing_to_show_stops_no_work(caplog):
    with only_shown():
        raise httpx.ConnectError("refused")

    assert "the server took nothing to show" in caplog.text


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_long_work_shows_how_far_it_has_come_and_short_work_does_not():
    @flow
    def working(of):
        progress = Progress(key_of("made-up", "progress"), "正在拟写函件")
        for done in range(25, of + 1, 25):
            progress.tell(done, of)

    short, long = Page(working(50, return_state=True)), Page(working(3000, return_state=True))

    assert short.artifacts == {}
    (shown,) = long.artifacts.values()
    assert (float(shown.data), shown.description) == (100.0, "正在拟写函件：3000/3000")
