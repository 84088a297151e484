"""Release (签发): a draft waits here until a named person lets it go out, or keeps it in."""

from prefect import State, flow
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.states import Completed
from pydantic import Field

from flows import as_markdown, as_of_or_now
from tasks.letters import draft_text, is_draft, send_letters, settle_draft

SIXTY_DAYS = 60 * 24 * 3600


class Answer(RunInput):
    """What the officer fills in; without a name the run stays suspended, and left alone the answer is a no."""

    release: bool = Field(default=False, title="同意签发")
    officer: str = Field(pattern=r"\S", title="签发人")
    reason: str = Field(default="", title="意见")


@flow(name="release", flow_run_name="签发-{letter}", persist_result=True)
def release(letter: int) -> State[None]:
    """Suspend until a named person releases or withholds a draft; the ledger keeps the decision."""
    if not is_draft(letter):  # decided on the command line, or the file came first; also asked after the resume
        return Completed(name="已另行办理")
    text = draft_text(letter)
    answer = suspend_flow_run(
        wait_for_input=Answer.with_initial_data(description=f"## 待签发\n\n{as_markdown(text)}"),
        key="release",
        timeout=SIXTY_DAYS,
    )
    instant = as_of_or_now(None)  # of the decision, not of the draft
    settle_draft(letter, is_released=answer.release, officer=answer.officer, reason=answer.reason, as_of=instant)
    if answer.release:
        send_letters(as_of=instant)
    return Completed(name="已签发" if answer.release else "不予签发")
