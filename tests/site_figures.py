"""Every figure of the site's pages, each beside a query of its own on the published snapshot."""
# ruff: noqa: S608  the parts of a query are this file's own

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb

from tests.site_pages import Document

WORDS = {
    "not_open": "未开始",
    "open": "待报送",
    "late": "逾期未报",
    "received": "待审核",
    "held": "待核定",
    "returned": "退回待更正",
    "accepted": "审核通过",
    "never_filed": "始终未报",
}
OF_A_GOAL = WORDS | {"open": "推进中", "late": "逾期未完成", "accepted": "已完成", "never_filed": "始终未完成"}
WORST_FIRST = ("never_filed", "late", "returned", "held", "received", "open", "not_open", "accepted")
OWED = "mart.obligation WHERE form IS NOT NULL AND NOT is_paper AND NOT is_exempt"
LEFT = "state IN ('queued', 'sending', 'sent', 'uncertain')"


@dataclass
class Published:
    """A published folder, and the day as of which it was published."""

    folder: Path
    today: date
    pages: dict[str, Document] = field(default_factory=dict)

    def page(self, name):
        if name not in self.pages:
            self.pages[name] = Document.of(self.folder / "site" / name)
        return self.pages[name]

    @cached_property
    def snapshot(self):
        return duckdb.connect(self.folder / "phaseout.duckdb", read_only=True)

    def ask(self, query, *parameters):
        return self.snapshot.execute(query, list(parameters)).fetchall()

    def one(self, query, *parameters):
        ((value, *_),) = self.ask(query, *parameters)
        return value

    @property
    def units(self):
        return self.ask("SELECT unit_code, unit_name FROM mart.unit ORDER BY position, unit_code")


def rate(part, whole):
    if not whole:
        return "—"
    return f"{100 * part / whole:.1f}%" if part == whole or round(100 * part / whole, 1) < 100 else "99.9%"


def day(value, year):
    return f"{value.month}月{value.day}日" if value.year == year else f"{value.year}年{value.month}月{value.day}日"


def counts(site, *, unit=None):
    """Expected, received, on time, accepted, accepted at first; of what was due before today."""
    of_unit = f" AND unit_code = '{unit}'" if unit else ""
    due = f"SELECT count(*) FROM {OWED} AND due_date < ?{of_unit}"
    first = "obligation_id IN (SELECT obligation_id FROM mart.submission WHERE version = 1 AND decision = 'accepted')"
    more = ("TRUE", "arrived_at IS NOT NULL", "arrived_at IS NOT NULL AND days_late <= 0", "accepted_at IS NOT NULL")
    return [site.one(f"{due} AND {one}", site.today) for one in (*more, f"accepted_at IS NOT NULL AND {first}")]


# The overview


def overview_figures(site):
    expected, received, on_time, accepted, first = counts(site)
    late = f"SELECT count(DISTINCT unit_code) FROM {OWED} AND hardness = 'hard' AND standing IN ('late', 'never_filed')"
    return {
        "报送率": (rate(received, expected), f"应报{expected}件，已报{received}件" if expected else "尚无到期报表"),
        "按时率": (rate(on_time, expected), f"按时报送{on_time}件" if expected else ""),
        "审核通过率": (rate(accepted, expected), f"审核通过{accepted}件" if expected else ""),
        "一次审核通过率": (rate(first, expected), f"首版即通过{first}件" if expected else ""),
        "逾期未报单位": (f"{site.one(late)}/{len(site.units)}个", "不计“原则上”节点"),
    }


def shown_overview_figures(site):
    figures = site.page("index.html").figures
    return {name: figures[name] for name in ("报送率", "按时率", "审核通过率", "一次审核通过率", "逾期未报单位")}


def completion(site):
    newest = (
        "SELECT coalesce(sum(sets), 0), coalesce(sum(closed_sets), 0) FROM mart.progress_monthly AS month"
        " WHERE period = (SELECT max(period) FROM mart.progress_monthly WHERE unit_code = month.unit_code)"
    )
    ((sets, closed),) = site.ask(newest)
    filed = site.one("SELECT count(*) FROM mart.progress_monthly")
    if not sets:
        return ("—", "无任务" if filed else "尚无进展数据")
    return (rate(closed, sets), f"{sets}台（套）中完成{closed}台（套）")


def shown_completion(site):
    return site.page("index.html").figures["完成率"]


def standing_of(site, unit, milestone, period):
    """The word of a cell, of its worst obligation; how many are accepted; for how many days it is late."""
    rows = site.ask(
        "SELECT standing, days_late, hardness, reason, is_exempt FROM mart.obligation"
        " WHERE unit_code = ? AND milestone = ? AND period IS NOT DISTINCT FROM ? AND NOT is_paper",
        unit, milestone, period,
    )  # fmt: skip
    owed = [row for row in rows if not row[4]]
    if not owed:
        return "免报" if rows else "无任务"
    standing, _, hardness, reason, _ = min(owed, key=lambda row: WORST_FIRST.index(row[0]))
    word = "无任务" if reason == "无任务" else (OF_A_GOAL if hardness == "goal" else WORDS)[standing]
    accepted = sum(row[0] == "accepted" for row in owed)
    late = max(row[1] for row in owed)
    share = f"{accepted}/{len(owed)}" if len(owed) > 1 and standing != "not_open" else ""
    return word + share + (f"逾期{late}个工作日" if late > 0 else "")


def columns(site):
    """Milestones and months by the due date that most have."""
    dated = "SELECT milestone, period, due_date, count(*) AS n FROM mart.obligation WHERE NOT is_paper GROUP BY ALL"
    return site.ask(
        f"SELECT milestone, period, arg_max(due_date, n) AS due FROM ({dated})"
        " GROUP BY milestone, period ORDER BY due, any_value((SELECT min(position) FROM core.milestone AS known"
        " WHERE known.milestone = milestone)), period"
    )


def matrix(site):
    return [
        [name, *(standing_of(site, code, milestone, period) for milestone, period, _ in columns(site))]
        for code, name in site.units
    ]


def shown_matrix(site):
    return site.page("index.html").table("matrix").rows


def matrix_foot(site):
    """Rates of each column, of what is due or has begun to come; a goal is met, not filed."""
    labels = (("报送率", 1), ("按时率", 2), ("审核通过率", 3), ("一次审核通过率", 4))
    return [[label, *(_foot(site, place, *column) for column in columns(site))] for label, place in labels]


def _foot(site, place, milestone, period, due):
    of_column = "milestone = ? AND period IS NOT DISTINCT FROM ?"
    if site.one(f"SELECT bool_and(form IS NULL) FROM mart.obligation WHERE {of_column}", milestone, period):
        met = "SELECT count(*) FILTER (WHERE accepted_at IS NOT NULL), count(*) FROM mart.obligation"
        ((done, owed),) = site.ask(f"{met} WHERE {of_column} AND reason <> '无任务'", milestone, period)
        return f"已完成{done}/{owed}" if place == 3 else "—"
    counted = "expected, received, on_time, accepted, accepted_first_time"
    ((*figures,),) = site.ask(f"SELECT {counted} FROM mart.completeness WHERE {of_column}", milestone, period)
    if not (due < site.today or figures[1]) or not figures[0]:
        return "—"
    return f"{rate(figures[place], figures[0])}{figures[place]}/{figures[0]}"


def shown_matrix_foot(site):
    return site.page("index.html").table("matrix").foot


def behind(site):
    """How many cells somebody has to act on."""
    return sum(
        any(word in cell for word in ("逾期未报", "逾期未完成", "始终未", "退回待更正", "待核定"))
        for row in matrix(site)
        for cell in row[1:]
    )


def shown_behind(site):
    table = site.page("index.html").table("attention")
    return len(table.rows) if table else 0


def letters(site):
    return sorted(count for (count,) in site.ask(f"SELECT count(*) FROM mart.letter WHERE {LEFT} GROUP BY kind"))


def shown_letters(site):
    table = site.page("index.html").table("letters")
    return sorted(int(count) for _, count in table.rows) if table else []


# The units


def units(site):
    return [[name, *_unit_row(site, code)] for code, name in site.units]


def _unit_row(site, code):
    expected, received, on_time, accepted, first = counts(site, unit=code)
    owed = site.one(f"SELECT count(*) FROM {OWED} AND unit_code = ?", code)
    overdue = "SELECT count(*) FILTER (WHERE hardness = 'soft'), count(*) FROM " + OWED
    ((soft, late),) = site.ask(f"{overdue} AND unit_code = ? AND standing IN ('late', 'never_filed')", code)
    returned = site.one(f"SELECT count(*) FROM {OWED} AND unit_code = ? AND standing = 'returned'", code)
    sent = site.one(f"SELECT count(*) FROM mart.letter WHERE unit_code = ? AND {LEFT}", code)
    if not owed:
        return ["无任务", *_progress(site, code), str(sent)]
    filed = [str(expected), str(received), rate(on_time, expected), rate(accepted, expected), rate(first, expected)]
    behind = f"{late}其中原则上{soft}" if soft else str(late)
    return [*filed, behind, str(returned), *_progress(site, code), str(sent)]


def _progress(site, code):
    months = site.ask(
        "SELECT sets, closed_sets FROM mart.progress_monthly WHERE unit_code = ? ORDER BY period DESC LIMIT 1", code
    )
    if not months:
        return ["尚无进展数据"]
    ((sets, closed),) = months
    return [str(sets), str(closed), rate(closed, sets)] if sets else ["无任务"]


def shown_units(site):
    (table,) = (one for one in site.page("units/index.html").all("table") if "units" in one.classes)
    return table.rows


def tasks(site):
    """Of each unit what it owes: when, and where that stands."""
    rows = {}
    for code, _ in site.units:
        owed = site.ask(
            "SELECT due_date, nominal_due_date, standing, days_late, hardness, reason, is_exempt, versions"
            " FROM mart.obligation WHERE unit_code = ? AND NOT is_paper",
            code,
        )
        rows[code] = sorted(_task(one) for one in owed)
    return rows


def _task(row):
    due, nominal, standing, late, hardness, reason, is_exempt, versions = row
    words = OF_A_GOAL if hardness == "goal" else WORDS
    word = "免报" if is_exempt else "无任务" if reason == "无任务" else words[standing]
    moved = f"通知规定{day(nominal, 2022)}" if nominal != due else ""
    return (
        day(due, 2022) + moved,
        word + (f"逾期{late}个工作日" if late > 0 else ""),
        "—" if hardness == "goal" else str(versions),
    )


def shown_tasks(site):
    shown = {}
    for code, _ in site.units:
        rows = site.page(f"units/{code}.html").table("tasks").rows
        shown[code] = sorted((row[1], row[2], row[5]) for row in rows)
    return shown


def of_each_unit(query):
    def ask(site):
        return {code: [[str(value) for value in row] for row in site.ask(query, code)] for code, _ in site.units}

    return ask


def shown_of_each_unit(section, *places):
    def read(site):
        tables = {code: site.page(f"units/{code}.html").table(section) for code, _ in site.units}
        return {
            code: [[row[place] for place in places] for row in (table.rows if table else [])]
            for code, table in tables.items()
        }

    return read


versions = of_each_unit(
    "SELECT version, finding_count FROM mart.submission WHERE unit_code = ?"
    " ORDER BY arrived_at DESC, obligation_id, version DESC"
)
written = of_each_unit(
    "SELECT CASE WHEN item_count = 0 THEN '—' ELSE item_count || '项' END FROM mart.letter WHERE unit_code = ?"
    " ORDER BY letter_date DESC, letter_id DESC"
)
closing = of_each_unit(
    "SELECT year(m) || '年' || month(m) || '月', unnest(CASE WHEN sets = 0 THEN ['无任务'] ELSE [sets::VARCHAR] END)"
    " FROM (SELECT *, (period || '-01')::DATE AS m FROM mart.progress_monthly WHERE unit_code = ?) ORDER BY period"
)
found = of_each_unit(
    "SELECT title FROM mart.finding AS f WHERE unit_code = ? AND version = (SELECT max(version) FROM mart.submission"
    " WHERE obligation_id = (SELECT obligation_id FROM mart.submission WHERE submission_id = f.submission_id))"
    " GROUP BY submission_id, rule, severity, title, remedy, field_label ORDER BY title"
)


def shown_found(site):
    return {code: sorted(rows) for code, rows in shown_of_each_unit("findings", 2)(site).items()}


def trend(site):
    first = "SELECT obligation_id FROM mart.submission WHERE version = 1 AND decision = 'accepted'"
    rows = {}
    for code, _ in site.units:
        months = site.ask(
            "SELECT date_trunc('month', due_date) AS month, count(*),"
            " sum((arrived_at IS NOT NULL AND days_late <= 0)::INT),"
            f" sum((accepted_at IS NOT NULL AND obligation_id IN ({first}))::INT)"
            f" FROM {OWED} AND unit_code = ? AND due_date < ? GROUP BY month ORDER BY month",
            code, site.today,
        )  # fmt: skip
        rows[code] = [
            [f"{month.year}年{month.month}月", str(n), f"{rate(a, n)}{a}/{n}", f"{rate(b, n)}{b}/{n}"]
            for month, n, a, b in months
        ]
    return rows


# What waits


def waiting(site):
    """Of what waits by the marts, how much of each kind; what waits by the ledger alone is tested with its use case."""
    papers = (
        "SELECT count(*) FROM mart.obligation AS p JOIN mart.obligation AS f ON p.obligation_id = f.obligation_id ||"
        " '/paper' WHERE NOT p.is_exempt AND p.standing NOT IN ('accepted', 'never_filed')"
        " AND f.accepted_at IS NOT NULL"
    )
    return {
        "装备类别待核": site.one("SELECT count(*) FROM mart.equipment WHERE judgement = 'review'"),
        "纸质件待收": site.one(papers),
        "函件未能发出": site.one("SELECT count(*) FROM mart.letter WHERE state = 'failed'"),
        "函件是否送达待查": site.one("SELECT count(*) FROM mart.letter WHERE state = 'uncertain'"),
    }


def shown_waiting(site):
    rows = [row for table in site.page("todo.html").all("table") for row in table.rows]

    def number(text):
        return sum(int(part) for part in "".join(c if c.isdigit() else " " for c in text).split())

    return {
        "装备类别待核": sum(number(row[2]) for row in rows if row[0] == "装备类别待核"),
        "纸质件待收": sum(number(row[2]) for row in rows if row[0] == "纸质件待收"),
        "函件未能发出": sum(row[0] == "函件未能发出" for row in rows),
        "函件是否送达待查": sum(row[0] == "函件是否送达待查" for row in rows),
    }


def whole_todo(site):
    return int(site.page("index.html").figures["待办"][0].removesuffix("件"))


def shown_whole_todo(site):
    return sum(len(table.rows) for table in site.page("todo.html").all("table"))


FIGURES = {
    "the overview's rates": (shown_overview_figures, overview_figures),
    "the overview's completion": (shown_completion, completion),
    "the matrix": (shown_matrix, matrix),
    "the foot of the matrix": (shown_matrix_foot, matrix_foot),
    "who has to act": (shown_behind, behind),
    "the letters by kind": (shown_letters, letters),
    "the units": (shown_units, units),
    "each unit's tasks": (shown_tasks, tasks),
    "each unit's versions": (shown_of_each_unit("versions", 1, 5), versions),
    "each unit's findings": (shown_found, found),
    "each unit's letters": (shown_of_each_unit("letters", 3), written),
    "each unit's months": (shown_of_each_unit("trend", 0, 1, 2, 3), trend),
    "each unit's closures": (shown_of_each_unit("completion", 0, 1), closing),
    "what waits": (shown_waiting, waiting),
    "how much waits": (whole_todo, shown_whole_todo),
}
