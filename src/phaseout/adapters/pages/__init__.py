"""Board, bulletins and tables (工作看板、情况通报、汇总表) as files that need no network and no script."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from phaseout.adapters.pages import wording
from phaseout.adapters.pages.files import inside, write_whole
from phaseout.adapters.pages.omissions import omission_table
from phaseout.domain.board import OVERDUE, WORST_FIRST, key_figures
from phaseout.domain.calendar import day_in_china
from phaseout.domain.obligation import Standing
from phaseout.domain.standing_words import STANDING_WORDS, late_words
from phaseout.ports import Pages

OMISSIONS_TITLE = "疑似漏报核查清单（内部）"
MOST_OMISSIONS = 500  # on the page; the workbook has them all

# What the board lists in words below the matrix, because somebody has to act on it.
_TO_ATTEND = OVERDUE | {Standing.RETURNED, Standing.HELD}


class FilePages(Pages):
    """Pages as files below *folder*, from the templates of the office; those of a replay say that they are invented."""

    def __init__(self, folder: Path, *, templates: Path, is_replay: bool = False) -> None:
        self._folder = folder
        self._templates = templates
        self._is_replay = is_replay

    def board(self, facts: Mapping[str, Any]) -> Path:
        """Write the board (工作看板): one page that needs no network."""
        today = day_in_china(facts["as_of"])
        html = self._render(
            "board.html.j2",
            facts,
            figures=key_figures(facts),
            today=today,
            due={column["key"] for column in facts["columns"] if column["due"] < today},
            totals_by_key={total["key"]: total for total in facts["totals"]},
            attention=_attention(facts),
            legend=[(standing, STANDING_WORDS[standing]) for standing in WORST_FIRST],
        )
        return write_whole(self._folder / "site" / "index.html", html)

    def bulletin(self, period: str, facts: Mapping[str, Any]) -> Path:
        """Write the bulletin (情况通报) of a month."""
        path = inside(self._folder, f"bulletins/{facts['campaign']}-{period}.html")
        return write_whole(path, self._render("bulletin.html.j2", facts, issued_on=day_in_china(facts["as_of"])))

    def omissions(self, facts: Mapping[str, Any]) -> tuple[Path, Path]:
        """Write the list of suspected omissions (疑似漏报), for the office alone: a page, and a workbook beside it."""
        workbook = self.table("site/office/omissions", OMISSIONS_TITLE, omission_table(facts["rows"]))
        html = self._render("omissions.html.j2", facts, title=OMISSIONS_TITLE, most=MOST_OMISSIONS, table=workbook.name)
        return write_whole(self._folder / "site" / "office" / "omissions.html", html), workbook

    def table(self, name: str, title: str, rows: Sequence[Mapping[str, object]]) -> Path:
        """Write a consolidated table as a workbook, such as `summary/铁合金`."""
        return write_whole(inside(self._folder, f"{name}.xlsx"), self.sheet(title, rows))

    def sheet(self, title: str, rows: Sequence[Mapping[str, object]]) -> bytes:
        """Return a table as a workbook that goes with a letter; same input, same bytes."""
        # Loaded when a table is asked for: the board is built far more often.
        from phaseout.adapters.pages.tables import workbook  # noqa: PLC0415  see above

        return workbook(title, rows)

    def _render(self, template: str, facts: Mapping[str, Any], **more: object) -> bytes:
        return self._environment.get_template(template).render(**facts, **more).encode()

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self._templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.filters |= wording.FILTERS
        environment.globals |= {"chart": _chart, "late": late_words, "is_replay": self._is_replay}
        return environment


def _chart(name: str, *facts: object, **words: object) -> Markup:
    """Draw a chart of `charts` for a template."""
    # A third of a second to load, which only a page with figures is worth.
    from phaseout.adapters.pages import charts  # noqa: PLC0415  see above

    drawn: Markup = getattr(charts, name)(*facts, **words)
    return drawn


def _attention(facts: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return the cells on which somebody has to act, worst first, each in words."""
    found = [
        {"unit_name": row["unit_name"], **column, **cell}
        for row in facts["rows"]
        for column in facts["columns"]
        if (cell := row["cells"][column["key"]]) is not None and cell["standing"] in _TO_ATTEND
    ]
    return sorted(found, key=_urgency)


def _urgency(cell: Mapping[str, Any]) -> tuple[int, int, date]:
    return WORST_FIRST.index(cell["standing"]), -cell["days_late"], cell["due"]
