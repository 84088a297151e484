"""Release (签发): a draft waits here until a named person lets it go out, or keeps it in."""

from typing import Annotated

from prefect import State, flow
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import Field

from flows import as_of_or_now, says_what_to_do
from phaseout.domain.markdown import as_markdown
from tasks.release import draft_paper, is_draft, settle_draft
from tasks.signing import run_name as signing_run_name

SIXTY_DAYS = 60 * 24 * 3600
HOW_TO_DECIDE = (
    "填写说明：同意签发的，请打开“同意签发”；不打开即为不予签发，函件不再发出。"
    "签发人必须填写，决定提交后不能更改。暂不决定的，关闭本窗口即可。"
)


class Answer(RunInput):
    """What the officer fills in; without a name the run stays suspended, and left alone the answer is a no."""

    release: bool = Field(default=False, title="同意签发")
    officer: str = Field(pattern=r"\S", title="签发人")
    reason: str = Field(default="", title="意见")


def run_name() -> str:
    """Return the name of this run: whom the letter is about, and its kind and number."""
    return signing_run_name(flow_run.parameters["letter"])


LetterId = Annotated[int, Field(json_schema_extra={"title": "函件编号", "description": "提请签发的拟稿的编号。"})]
Seconds = Annotated[
    int,
    Field(
        json_schema_extra={
            "title": "等候时限（秒）",
            "description": "逾此时限无人签发的，本次提请作罢，拟稿不发出，次日另行提请。一般不需改动。",
        }
    ),
]


@flow(
    name="release",
    flow_run_name=run_name,
    persist_result=True,
    description="一件拟稿一次提请：等候签发人同意或者不同意发出。点击 Resume 打开签发单；未签发的，函件不发出。",
)
@says_what_to_do
def release(letter: LetterId, wait_seconds: Seconds = SIXTY_DAYS) -> State[None]:
    """Suspend until a named person releases or withholds a draft; the ledger keeps the decision."""
    if not is_draft(letter):  # decided on the command line, or the file came first; also asked after the resume
        return Completed(name="已另行办理")
    paper = draft_paper(letter, as_of=as_of_or_now(None))
    answer = suspend_flow_run(
        wait_for_input=Answer.with_initial_data(description=_shown(paper)), key="release", timeout=wait_seconds
    )
    is_ours = settle_draft(
        letter,
        is_released=answer.release,
        officer=answer.officer,
        reason=answer.reason,
        shown_sha256=paper["raw_sha256"][0],
        as_of=as_of_or_now(None),  # of the decision, not of the draft
    )
    if not is_ours:
        return Completed(name="已另行办理")
    said = f"签发人：{answer.officer.strip()}" + (f"；意见：{answer.reason.strip()}" if answer.reason.strip() else "")
    return Completed(name="已签发" if answer.release else "不予签发", message=said)


def _shown(paper: dict[str, list[str]]) -> str:
    """Return the form's text as Markdown: what it is, why, what went before, and the letter word for word."""
    parts = (
        ("## 待签发：", "title"),
        ("", "facts"),
        ("", "how"),
        ("### 拟发事由\n\n", "reasons"),
        ("### 此前函件\n\n", "told"),
        ("### 函件全文\n\n", "text"),
    )
    said = paper | {"how": [HOW_TO_DECIDE]}
    return "\n\n".join(heading + as_markdown("\n".join(said[name])) for heading, name in parts if said[name])
