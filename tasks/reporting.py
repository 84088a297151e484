"""What a run's page shows beside its state (产出物), and the events that others may listen to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.events import emit_event

from phaseout.bootstrap import App, open_app
from phaseout.domain.campaign import Hardness
from phaseout.domain.run_events import Happening, intake_happenings, letter_happenings, sent_happenings
from phaseout.domain.run_tables import (
    instant_words,
    intake_rows,
    letter_rows,
    standing_rows,
    standing_words,
    try_rows,
)
from phaseout.errors import PhaseoutError
from phaseout.usecases.assess import Assessed
from phaseout.usecases.deliver import Delivered
from phaseout.usecases.publish import Published
from phaseout.usecases.remind import Reminded
from phaseout.usecases.take_stock import Stock
from tasks import key_of, only_shown

# A label of accepted submissions: whether the run that took them in shows them on the board by itself.
BOARD = "phaseout.board"
# What lies in the folders of what is published.
FOLDERS = {
    "bulletins": "情况通报",
    "summary": "汇总表",
    "final": "汇总材料",
    "reports": "工作总结",
    "office": "内部材料",
}


def campaign_title(campaign: str) -> str:
    """Return what people call a campaign; one that nobody knows keeps the name by which it was asked for."""
    with open_app() as app:
        try:
            return app.definitions.campaign(campaign).title
        except PhaseoutError:  # the run itself says what is wrong
            return campaign


def milestone_title(campaign: str, milestone: str) -> str:
    """Return what people call a milestone; one that nobody knows keeps the name by which it was asked for."""
    with open_app() as app:
        try:
            return app.definitions.campaign(campaign).milestone(milestone).title
        except PhaseoutError:
            return milestone


def report_standing(campaign: str, milestone: str, stock: Stock, *, as_of: datetime) -> None:
    """Show a table of units with where each stands, over links to what was written about them."""
    with open_app() as app:
        known = app.definitions.campaign(campaign).milestone(milestone)
        words = standing_words(
            stock.rows,
            title=known.title,
            taken=stock.taken,
            as_of=as_of,
            is_goal=known.hardness is Hardness.GOAL,
        )
        links = _links(app, stock.files)
    period = next((row.period for row in stock.rows if row.period), "")
    _show(standing_rows(stock.rows), key=key_of(campaign, milestone, period), text=f"{words}\n\n{links}")


def report_intake(done: Assessed, *, as_of: datetime, shows_on_board: bool = False) -> None:
    """Show what arrived and what became of it, and tell of it."""
    if not done.handled:
        return
    description = f"## 来件办理情况\n\n截至{instant_words(as_of)}，本次办理来件{len(done.handled)}件。"
    _show(intake_rows(done.handled), key="intake", text=description)
    _tell(intake_happenings(done.handled), labels={BOARD: "current" if shows_on_board else "outdated"})


def report_letters(campaign: str, written: Reminded, *, as_of: datetime) -> None:
    """Show how many letters of each kind were written, and tell of those that concern who is late."""
    if not written.written:
        return
    description = f"## 拟写函件\n\n截至{instant_words(as_of)}，本次拟写{len(written.written)}件。"
    _show(letter_rows(written.written), key=key_of(campaign, "letters"), text=description)
    _tell(letter_happenings(written.written))


def report_sent(done: Delivered, *, as_of: datetime) -> None:
    """Show how many letters of each kind left and what did not, and tell of it."""
    if not done.tried:
        return
    with open_app() as app:
        if app.is_replay:  # where everything leaves, and nobody looks at each of a hundred runs
            return
        campaigns = [app.definitions.campaign(one) for one in {one.campaign for one in done.tried}]
        names = {(one.id, unit.code): unit.name for one in campaigns for unit in one.units}
    description = f"## 发件情况\n\n截至{instant_words(as_of)}，发出{done.sent}件，未能发出{done.failed}件。"
    _show(try_rows(done.tried, names=names), key="sent-letters", text=description)
    _tell(sent_happenings((one.kind, one.outcome) for one in done.tried))


def report_published(campaign: str, published: Published, *, as_of: datetime) -> None:
    """Show where board and snapshot are."""
    with open_app() as app:
        links = _links(app, [])
        snapshot = f"- 分析快照：{_code(app.snapshot)}\n- 内容校验值：{_code(str(published.content_hash)[:16])}"
        text = f"## 发布情况\n\n截至{instant_words(as_of)}，工作看板和分析快照已更新。\n\n{links}\n{snapshot}"
    with only_shown():
        create_markdown_artifact(text, key=key_of(campaign, "published"))


def report_replay(campaign: str, steps: Sequence[Mapping[str, object]]) -> None:
    """Show which steps of a replay took longest."""
    rows = [
        {"步骤": one["step"], "运行次数": one["runs"], "用时（秒）": one["seconds"], "最长一次（秒）": one["longest"]}
        for one in steps
    ]
    _show(rows, key=key_of(campaign, "replay"), text="## 回放用时")


def _show(rows: Sequence[Mapping[str, object]], *, key: str, text: str) -> None:
    with only_shown():
        create_table_artifact([dict(row) for row in rows], key=key, description=text)


def _links(app: App, files: Sequence[Path]) -> str:
    """Return as a list where to look: the board and its page of files by address if they have one, else by place."""
    address = app.settings.board_url
    board = _link(address) if address else _code(app.home / "published" / "site" / "index.html")
    bulletins = [f"- 通报和总结：{_link(address, 'files.html')}"] if address and files else []
    written = [f"- {FOLDERS.get(path.parent.name, '材料')}：{_code(path.name if address else path)}" for path in files]
    return "\n".join([f"- 工作看板：{board}", *bulletins, *written])


def _link(address: str, page: str = "") -> str:
    return f"[打开{'文件页' if page else '工作看板'}]({address.rstrip('/')}/{page})"


def _code(text: object) -> str:
    return f"`{text}`"


def _tell(happenings: Sequence[Happening], *, labels: Mapping[str, str] | None = None) -> None:
    """Emit events; what nobody hears is no loss, for every flow asks the ledger what is due."""
    with open_app() as app:
        if app.is_replay:  # nobody listens
            return
    for one in happenings:
        campaign = f"phaseout.campaign.{one.campaign}" if one.campaign else ""
        emit_event(
            one.event,
            resource={
                "prefect.resource.id": one.resource,
                "prefect.resource.name": one.label,
                **(labels or {}),
            },
            related=[{"prefect.resource.id": campaign, "prefect.resource.role": "campaign"}] if campaign else None,
            payload={**one.facts, "campaign": one.campaign, "label": one.label},
        )
