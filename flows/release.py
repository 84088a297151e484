"""Release (签发): a draft waits here until a named person lets it go out, or keeps it in."""

from prefect import State, flow
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import Field

from flows import as_markdown, as_of_or_now
from tasks.release import draft_paper, draft_title, is_draft, settle_draft

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
    return f"签发-{draft_title(flow_run.parameters['letter'])}"


@flow(name="release", flow_run_name=run_name, persist_result=True)
def release(letter: int, wait_seconds: int = SIXTY_DAYS) -> State[None]:
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
    return Completed(name="已签发" if answer.release else "不予签发")


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
