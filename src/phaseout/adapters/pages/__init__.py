"""Site, bulletins and tables (工作看板、情况通报、汇总表) as files that need no network."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from phaseout.adapters.pages import wording
from phaseout.adapters.pages.copies import bulletin_place, put_copies
from phaseout.adapters.pages.dictionary import read_words
from phaseout.adapters.pages.files import inside, write_whole
from phaseout.adapters.pages.folder import Record, Replacement, hash_of, remove_others, replacing
from phaseout.adapters.pages.omissions import omission_table
from phaseout.adapters.pages.page import Page
from phaseout.domain.site import SiteFacts
from phaseout.domain.standing_words import late_words
from phaseout.ports import Pages

OMISSIONS_TITLE = "疑似漏报核查清单（内部）"
MOST_OMISSIONS = 500  # on the page; the workbook has them all
# What the layout takes for a page beside the site: it has assets of its own, and leads to the site's pages.
_IN_THE_OFFICE = {"page": "office", "is_entry": False, "is_steady": False, "root": "", "site": "../site/"}
CALENDAR_FILE = "calendar.ics"
SITE_RECORD = ".site.json"  # what the pages were made from; beside the site, not in it


class FilePages(Pages):
    """Pages as files below *folder*, from the templates of the office; those of a replay say that they are invented."""

    def __init__(self, folder: Path, *, templates: Path, is_replay: bool = False) -> None:
        self._folder = folder
        self._templates = templates
        self._is_replay = is_replay

    def has_site(self, campaign: str) -> bool:
        """Say whether the site of a campaign is there: the one that was opened last has the first place."""
        places = (self._folder, inside(self._folder, f"earlier/{campaign}"))
        return any((place / "site" / "index.html").is_file() for place in places)

    def site(self, facts: SiteFacts) -> Path:
        """Write the site (工作看板); return its entry. A page whose facts stayed the same keeps its file."""
        # Words and shapes of all pages are loaded when they are written: a table or a bulletin needs none of them.
        from phaseout.adapters.pages.site import ENTRY, common, pages_of  # noqa: PLC0415  see above

        place = self._folder if facts.is_current else inside(self._folder, f"earlier/{facts.campaign.id}")
        folder, record = place / "site", Record(place / SITE_RECORD)
        shared = common(facts)
        made: dict[str, tuple[str, datetime]] = {}
        with replacing(folder) as fresh:
            self._put_assets(fresh)
            copies = put_copies(fresh, facts.documents, year=facts.campaign.year, published=self._folder)
            facts = replace(facts, copies=copies)
            kept = {}
            for page in pages_of(facts):
                made_of = self._made_of(page, shared)
                since = record.since(page.path, made_of) if (folder / page.path).is_file() else None
                made[page.path] = (made_of, since or facts.as_of)
                if since is None:
                    fresh.put(page.path, self._page(page, shared, since=facts.as_of))
                else:
                    kept[page.path] = made[page.path]
            if facts.calendar_file is not None:
                fresh.put(CALENDAR_FILE, facts.calendar_file)
            record.keep(kept)  # killed from here on, the next one makes the others again
            fresh.commit(last=ENTRY)
        remove_others(folder, {*made, *copies})
        record.keep(made)
        return folder / ENTRY

    def bulletin(self, period: str, facts: Mapping[str, Any]) -> Path:
        """Write the bulletin (情况通报) of a month."""
        # Its sentences are those of the Word file; loaded when a bulletin is written.
        from phaseout.adapters.pages.documents.page import page_facts  # noqa: PLC0415  see above

        path = bulletin_place(self._folder, facts["campaign"], period)
        return write_whole(
            path, self._render("bulletin.html.j2", page_facts(facts, self._templates.parent / "documents"))
        )

    def omissions(self, facts: Mapping[str, Any]) -> tuple[Path, Path]:
        """Write the list of suspected omissions (疑似漏报), for the office alone: a page, and a workbook beside it."""
        workbook = self.table("office/omissions", OMISSIONS_TITLE, omission_table(facts["rows"]))
        html = self._render(
            "omissions.html.j2",
            {**facts, **_IN_THE_OFFICE, "since": facts["as_of"]},
            title=OMISSIONS_TITLE,
            most=MOST_OMISSIONS,
            table=workbook.name,
        )
        with replacing(self._folder / "office") as fresh:
            self._put_assets(fresh)
            fresh.put("omissions.html", html)
            fresh.commit(last="omissions.html")
        return self._folder / "office" / "omissions.html", workbook

    def table(self, name: str, title: str, rows: Sequence[Mapping[str, object]], *, note: str = "") -> Path:
        """Write a consolidated table as a workbook, such as `summary/铁合金`; the note stands below its title."""
        return write_whole(inside(self._folder, f"{name}.xlsx"), self._workbook(title, rows, note=note))

    def sheet(self, title: str, rows: Sequence[Mapping[str, object]]) -> bytes:
        """Return a table as a workbook that goes with a letter; same input, same bytes."""
        return self._workbook(title, rows, note="")

    @staticmethod
    def _workbook(title: str, rows: Sequence[Mapping[str, object]], *, note: str) -> bytes:
        # Loaded when a table is asked for: the board is built far more often.
        from phaseout.adapters.pages.tables import workbook  # noqa: PLC0415  see above

        return workbook(title, rows, note=note)

    def _put_assets(self, fresh: Replacement) -> None:
        for asset in sorted((self._templates / "assets").iterdir()):
            content = asset.read_bytes()
            if not fresh.is_there(f"assets/{asset.name}", content):
                fresh.put(f"assets/{asset.name}", content)

    def _made_of(self, page: Page, shared: Mapping[str, object]) -> str:
        said = (
            shared if not page.is_steady else {name: shared[name] for name in shared if name not in {"as_of", "today"}}
        )
        return hash_of(self._fingerprint, self._is_replay, page, said)

    def _page(self, page: Page, shared: Mapping[str, object], *, since: datetime) -> bytes:
        return self._render(
            page.template,
            {**shared, **page.content},
            page=page.entry,
            is_entry=page.is_entry,
            is_steady=page.is_steady,
            root=page.root,
            since=since,
        )

    def _render(self, template: str, facts: Mapping[str, Any], **more: object) -> bytes:
        return self._environment.get_template(template).render(**facts, **more).encode()

    @cached_property
    def _fingerprint(self) -> str:
        """A hash over all templates: another template makes every page again."""
        return hash_of(*(path.read_bytes() for path in sorted(self._templates.glob("*.[jy]*"))))

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
        environment.globals |= {"chart": _chart, "figure": _figure, "late": late_words, "is_replay": self._is_replay}
        environment.globals["dictionary"] = lambda: read_words(self._templates / "dictionary.yaml")
        return environment


def _chart(name: str, *facts: object, **words: object) -> Markup:
    """Draw a chart of `charts` for a template."""
    # A third of a second to load, which only a page with figures is worth.
    from phaseout.adapters.pages import charts  # noqa: PLC0415  see above

    drawn: Markup = getattr(charts, name)(*facts, **words)
    return drawn


def _figure(name: str, /, *facts: object, **words: object) -> Markup:
    """Draw a chart of a module beside this one, such as `progress_charts.ranking`, for a reader to point at."""
    module, _, function = name.partition(".")
    drawn: Markup = getattr(import_module(f"{__name__}.{module}"), function)(*facts, **words)
    return drawn
