"""Prefect's own pages in a real browser: a run tells what happened, its form is Chinese, drafts are decided there."""

from datetime import datetime

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, DeploymentFilter, DeploymentFilterId
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_LOGGING_TO_API_ENABLED,
    temporary_settings,
)
from prefect.utilities.callables import parameter_schema

from flows.collect import collect
from flows.contact_list import contact_list
from flows.deliver import deliver
from flows.remind import remind as remind_flow
from phaseout.bootstrap import open_app
from phaseout.cli.processes import free_port, prefect_environment, prefect_server
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterState
from phaseout.usecases.open_campaign import open_campaign
from phaseout.usecases.release import release
from phaseout.usecases.remind import remind
from tests.filled_forms import CAMPAIGN
from tests.prefect_events import send_what_waits
from tests.release_runs import Run
from tests.smoke.browser import CHROMIUM, browser
from tests.waiting import eventually, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

DRAFTED = datetime(2022, 6, 8, 9, tzinfo=CHINA)
AFTERNOON = datetime(2022, 6, 8, 15, tzinfo=CHINA)
BUTTON = "[...document.querySelectorAll('button')].find(one => one.innerText.trim() === '{}')"
FIELD = "[...document.querySelectorAll('.p-modal .p-label')].find(one => one.innerText.startsWith('{}'))"
TAB = "[...document.querySelectorAll('.p-tab')].find(one => one.innerText.trim() === '{}')"
AGREED = FIELD.format("同意签发") + ".querySelector('.p-toggle__control')"
OFFICER = FIELD.format("签发人") + ".querySelector('textarea')"
REMARK = FIELD.format("意见") + ".querySelector('textarea')"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An office's home in which a supervision letter to each city was drafted."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PHASEOUT_HOME", str(folder))
        with open_app() as app:
            known = {"definitions": app.definitions, "calendar": app.calendar, "ledger": app.ledger}
            open_campaign(CAMPAIGN, as_of=datetime(2022, 5, 20, 8, tzinfo=CHINA), **known)
            desk = app.desk(app.definitions.campaign(CAMPAIGN))
            remind(CAMPAIGN, as_of=DRAFTED, desk=desk, forms=app.form_files, pages=app.pages, **known)
        yield folder


@pytest.fixture(scope="module")
def client(home):
    """A client of a real server, its pages included."""
    env = prefect_environment(home, port=free_port())
    quiet = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_LOGGING_TO_API_ENABLED: False}
    with (
        prefect_server(env, log=home / "prefect" / "server.log"),
        temporary_settings({PREFECT_API_URL: env["PREFECT_API_URL"], **quiet}),
        get_client(sync_client=True) as client,
    ):
        yield client
        send_what_waits()


@pytest.fixture(scope="module")
def page(home):
    with browser(home / "chromium") as page:
        yield page


@pytest.fixture
def draft(home):
    """The number of a draft on which nobody has decided."""
    with open_app() as app:
        return app.ledger.letters(states={LetterState.DRAFT})[0].id


@pytest.fixture
def run(client, draft):
    """Its run, which waits."""
    run = Run(client, draft)
    assert run.work() == "Suspended"
    return run


def open_run(page, run):
    see(page, f"{pages_of(run.client)}/runs/flow-run/{run.id}", run.name, "Task Runs")


def see(page, url, *words):
    """Open a page until it says these words: a person reloads one that stays empty."""
    for _ in range(3):
        page.open(url)
        if eventually(lambda: all(word in page.words for word in words), seconds=30):
            return
    raise AssertionError(f"{url} says: {page.words}")


def open_form(page, run):
    open_run(page, run)
    page.click(BUTTON.format("Resume"))
    page.wait_for_words("填写说明", "同意签发", "Submit")


def submit(page, run):
    """Submit the form, again while the page has not taken it, and let the run go on, as the worker does."""
    for _ in range(6):
        page.click_if_there(BUTTON.format("Submit"))
        if eventually(lambda: run.state != "Suspended", seconds=10):
            return run.work()
    raise AssertionError(f"the page took no decision and says: {page.words}")


def state_of(number):
    with open_app() as app:
        return next(record.letter.state for record in app.ledger.letters() if record.id == number)


def decision_on(number):
    with open_app() as app:
        found = [one for one in app.ledger.approvals(CAMPAIGN) if one.letter == number]
    return [(one.is_released, one.by, one.reason) for one in found]


def test_a_draft_is_released_in_the_page_and_leaves_with_the_next_post(page, run, draft, home):
    open_form(page, run)
    assert "《工作联系人信息》：截止日期2022年6月3日" in page.words
    assert "下列事项逾期仍未报送，影响工作整体进度，现予督办" in page.words

    page.click(AGREED)
    wait_for(lambda: page.run(AGREED + ".ariaChecked") == "true", seconds=60)
    page.type(OFFICER, "李示例")
    page.type(REMARK, "同意")
    page.picture(home / "filled.png")

    assert submit(page, run) == "已签发"
    assert decision_on(draft) == [(True, "李示例", "同意")]
    deliver(as_of=AFTERNOON)
    assert state_of(draft) is LetterState.SENT
    open_run(page, run)
    page.wait_for_words("已签发")
    page.picture(home / "released.png")


def test_a_draft_is_withheld_in_the_page_unless_the_officer_agrees(page, run, draft):
    open_form(page, run)
    page.type(OFFICER, "李示例")
    page.type(REMARK, "已电话沟通")

    assert submit(page, run) == "不予签发"
    assert decision_on(draft) == [(False, "李示例", "已电话沟通")]
    assert state_of(draft) is LetterState.WITHHELD


def test_the_page_takes_no_decision_without_a_name(page, run, draft):
    open_form(page, run)
    page.click(AGREED)

    page.click(BUTTON.format("Submit"))

    page.wait_for_words("required")
    assert run.state == "Suspended"
    assert state_of(draft) is LetterState.DRAFT


def test_a_form_that_nobody_fills_in_decides_nothing(client, draft):
    run = Run(client, draft, wait_seconds=1)
    run.work()

    wait_for(lambda: run.state == "Failed", seconds=60)

    assert decision_on(draft) == []
    assert state_of(draft) is LetterState.DRAFT


def test_the_page_of_a_draft_that_was_decided_elsewhere_asks_no_more(page, run, draft, home):
    with open_app() as app:
        release(draft, release=False, by="王示例", reason="", as_of=AFTERNOON, ledger=app.ledger)
    collect(as_of=AFTERNOON)

    open_run(page, run)

    page.wait_for_words("已另行办理")
    assert "Resume" not in page.words
    page.picture(home / "settled.png")


def test_the_page_of_a_milestones_run_shows_who_stands_where(page, client, home):
    state = contact_list(CAMPAIGN, as_of=AFTERNOON, return_state=True)
    run = client.read_flow_run(state.state_details.flow_run_id)
    of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    table = next(one for one in client.read_artifacts(artifact_filter=of_run) if one.type == "table")

    title = "工作联系人信息（2022年重点行业落后生产工艺装备排查和淘汰工作）"
    see(page, f"{pages_of(client)}/runs/flow-run/{run.id}", title, "已报 0/13")
    page.click(TAB.format("Artifacts"))
    page.wait_for_words("工作联系人信息")
    words = ("应报单位13个，已报送0个", "填报单位", "办理状态", "南京市", "未报送，已逾期3个工作日")
    see(page, f"{pages_of(client)}/artifacts/artifact/{table.id}", *words)
    page.picture(home / "artifact.png")


def test_a_run_is_asked_for_in_a_chinese_form(page, client, home):
    flow = client.create_flow_from_name("remind")
    schema = parameter_schema(remind_flow).model_dump_for_openapi()
    deployment = client.create_deployment(
        flow,
        name="remind",
        entrypoint="flows/remind.py:remind",
        parameters={"campaign": CAMPAIGN},
        parameter_openapi_schema=schema,
    )
    ours = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))

    see(page, f"{pages_of(client)}/deployments/deployment/{deployment}/run", "年度工作代号", "办理时点", "Submit")
    page.picture(home / "form.png")
    page.click(BUTTON.format("Submit"))

    (asked,) = wait_for(lambda: client.read_flow_runs(deployment_filter=ours))
    assert asked.parameters["campaign"] == CAMPAIGN
    client.delete_flow_run(asked.id)


def pages_of(client):
    return str(client.api_url).removesuffix("/api/")
