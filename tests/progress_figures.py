"""Every figure of progress and calendar, each beside a reckoning of its own from the published snapshot."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

from tests.site_figures import rate

HOLIDAYS = Path(__file__).parent / "data" / "holidays_2021_2026.csv"
STATUSES = ("未启动", "已停产", "已断水断电", "已拆动力", "已封存", "拆除中")
REASONS = ("职工安置", "资产抵押", "债权债务", "企业抵触", "其他", "未说明")
SAID = {"已封存": "已封存（条件不齐）"}


def rows_of(site, page, section):
    table = site.page(page).table(section)
    return table.rows if table else []


def tables_of(site, page, section):
    """The rows of all tables of a section, one after another."""
    return [row for table in site.page(page).section(section).all("table") for row in table.rows]


def filed(site):
    """Of each unit its months, each with sets, dismantled, sealed, and its enterprises by whether all is closed."""
    months = {}
    forms = "SELECT unit_code, period FROM core.current_submission WHERE form = 'progress' ORDER BY period"
    for unit, period in site.ask(forms):
        items = site.ask(
            "SELECT uscc, equip_count, is_closed, is_sealed FROM mart.progress_item WHERE unit_code = ? AND period = ?",
            unit, period,
        )  # fmt: skip
        closed = {uscc: all(row[2] for row in items if row[0] == uscc) for uscc, *_ in items}
        months.setdefault(unit, {})[period] = (
            sum(sets for _, sets, _, _ in items),
            sum(sets for _, sets, is_closed, is_sealed in items if is_closed and not is_sealed),
            sum(sets for _, sets, _, is_sealed in items if is_sealed),
            len(closed),
            sum(closed.values()),
        )
    return months


def newest(site):
    return {unit: months[max(months)] for unit, months in filed(site).items()}


def total(figures):
    return tuple(sum(column) for column in zip(*figures, strict=True)) or (0, 0, 0, 0, 0)


def carried(site, period):
    """The totals of a month: of each unit the newest form up to it."""
    known = filed(site)
    return total(
        months[max(before)] for months in known.values() if (before := [one for one in months if one <= period])
    )


def periods(site):
    return sorted({period for months in filed(site).values() for period in months})


def owed(site, period):
    """The units that owe a month's form."""
    found = site.ask(
        "SELECT unit_code FROM mart.obligation WHERE form = 'progress' AND period = ? AND NOT is_paper"
        " AND NOT is_exempt",
        period,
    )
    return {unit for (unit,) in found}


def chinese(period):
    return f"{int(period[:4])}年{int(period[5:])}月"


def key_figures(site):
    sets, gone, sealed, enterprises, whole = total(newest(site).values())
    return [
        f"{sets}台（套）",
        f"{gone}台（套）",
        f"{sealed}台（套）",
        f"{sets - gone - sealed}台（套）",
        rate(gone + sealed, sets),
        rate(whole, enterprises),
        f"{enterprises}家中{whole}家全部完成",
    ]


def shown_key_figures(site):
    figures = site.page("progress.html").figures
    return [words[0] for words in figures.values()] + [figures["完成率（企业）"][1]]


def burn_down(site):
    rows = []
    for period in periods(site):
        sets, gone, sealed, *_ = carried(site, period)
        share = f"{sum(period in months for months in filed(site).values())}／{len(owed(site, period))}"
        done = rate(gone + sealed, sets)
        rows.append([chinese(period), str(sets), str(gone), str(sealed), str(sets - gone - sealed), done, share])
    return rows


def shown_burn_down(site):
    return rows_of(site, "progress.html", "burn-down")


def signed(number):
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"


def monthly(site):
    rows, before = [], None
    for period in periods(site):
        sets, gone, sealed, *_ = carried(site, period)
        was_gone, was_sealed, was = (before[1], before[2], before) if before else (0, 0, None)
        points = "—"
        if was is not None and was[0]:
            change = round(100 * ((gone + sealed) / sets - (was[1] + was[2]) / was[0]), 1)
            points = f"{change:+.1f}".replace("-", "−")
        rows.append(
            [
                chinese(period),
                signed(gone - was_gone),
                signed(sealed - was_sealed),
                signed(gone + sealed - was_gone - was_sealed),
                rate(gone + sealed, sets),
                points,
            ]
        )
        before = (sets, gone, sealed)
    return rows


def shown_monthly(site):
    return rows_of(site, "progress.html", "monthly")


def ranking(site):
    """The units with something to close, by rate and then by number; each with its place."""
    names, figures = dict(site.units), {unit: one for unit, one in newest(site).items() if one[0]}
    scores = {unit: ((one[1] + one[2]) / one[0], one[1] + one[2]) for unit, one in figures.items()}
    rows = []
    for unit, (sets, gone, sealed, enterprises, whole) in figures.items():
        place = 1 + sum(score > scores[unit] for score in scores.values())
        rows.append(
            [
                str(place),
                names[unit],
                str(sets),
                str(gone),
                str(sealed),
                str(sets - gone - sealed),
                rate(gone + sealed, sets),
                f"{whole}／{enterprises}",
                rate(whole, enterprises),
                chinese(max(filed(site)[unit])),
            ]
        )
    return sorted(rows, key=lambda row: (int(row[0]), row[1]))


def shown_ranking(site):
    ranked = [row for row in tables_of(site, "progress.html", "ranking") if row[0] != "—"]
    rows = [[*row[:-1], row[-1].removesuffix("沿用")] for row in ranked]
    return sorted(rows, key=lambda row: (int(row[0]), row[1]))


def unranked(site):
    """The names without a rank: nothing to close, or nothing filed."""
    known = newest(site)
    return sorted(name for code, name in site.units if not known.get(code, (0,))[0])


def shown_unranked(site):
    return sorted(row[1] for row in tables_of(site, "progress.html", "ranking") if row[0] == "—")


def changes(site):
    """Of each unit and month what was closed and how much that makes; only where a form was accepted."""
    found = {}
    names = dict(site.units)
    for unit, months in filed(site).items():
        before = 0
        for period in sorted(months):
            sets, gone, sealed, *_ = months[period]
            if sets:
                done = gone + sealed
                found[names[unit], chinese(period)] = f"{signed(done - before)}累计{done}（{rate(done, sets)}）"
            else:
                found[names[unit], chinese(period)] = "无任务"
            before = gone + sealed
    return found


def shown_changes(site):
    section = site.page("progress.html").section("changes")
    found = {}
    for table in section.all("table"):
        heads = [head.text for head in table.heads][1:]
        for name, *cells in table.rows:
            found |= {(name, head): cell for head, cell in zip(heads, cells, strict=True)}
    silent = {"未报", "无需报送", "免报", "未到期"}
    return {place: words for place, words in found.items() if words not in silent}


def items(site):
    """The items of each unit's newest month."""
    known = {unit: max(months) for unit, months in filed(site).items()}
    rows = site.ask(
        "SELECT unit_code, unit_name, period, industry_name, uscc, equip_count, is_closed, is_sealed, closure_status,"
        " open_reason, plan_date FROM mart.progress_item"
    )
    return [row for row in rows if known[row[0]] == row[2]]


def industries(site):
    rows = []
    for industry in sorted({row[3] for row in items(site)}):
        own = [row for row in items(site) if row[3] == industry]
        sets, sealed = sum(row[5] for row in own), sum(row[5] for row in own if row[7])
        gone = sum(row[5] for row in own if row[6]) - sealed
        share = rate(gone + sealed, sets)
        enterprises = len({row[4] for row in own})
        rows.append([industry, str(enterprises), str(sets), str(gone), str(sealed), str(sets - gone - sealed), share])
    return rows


def shown_industries(site):
    return sorted(rows_of(site, "progress.html", "industries"))


def _open_by(site, place, words):
    left = [row for row in items(site) if not row[6]]
    whole = sum(row[5] for row in left)
    return [
        [SAID.get(word, word), str(sets), str(sum(row[place] == word for row in left)), rate(sets, whole)]
        for word in words
        if (sets := sum(row[5] for row in left if row[place] == word))
    ]


def statuses(site):
    return _open_by(site, 8, STATUSES)


def shown_statuses(site):
    return rows_of(site, "progress.html", "by-status")


def reasons(site):
    return _open_by(site, 9, REASONS)


def shown_reasons(site):
    return rows_of(site, "progress.html", "by-reason")


def open_by_unit(site):
    left = [row for row in items(site) if not row[6]]
    present = [status for status in STATUSES if any(row[8] == status for row in left)]
    rows = []
    for name in {row[1] for row in left}:
        own = [row for row in left if row[1] == name]
        by_status = [str(sum(row[5] for row in own if row[8] == status) or "—") for status in present]
        overdue = sum(row[5] for row in own if row[10] and row[10] < site.today)
        rows.append([name, *by_status, str(sum(row[5] for row in own)), str(overdue or "—")])
    return sorted(rows)


def shown_open_by_unit(site):
    section = site.page("progress.html").section("open")
    if section is None:
        return []
    tables = [table for table in section.all("table") if "aria-labelledby" not in table.attributes]
    return sorted(row for table in tables for row in table.rows)


# The calendar


def due_days(site):
    """The due date of each turn that most units have, and how many turns share it."""
    dated = site.ask(
        "SELECT milestone, period, due_date, count(*) FROM mart.obligation WHERE NOT is_paper GROUP BY ALL"
    )
    turns = {(milestone, period) for milestone, period, _, _ in dated}
    most = [
        max((row for row in dated if row[:2] == turn), key=lambda row: (row[3], -row[2].toordinal())) for turn in turns
    ]
    return Counter(f"{due.year}年{due.month}月{due.day}日" for _, _, due, _ in most)


def shown_due_days(site):
    return Counter(row[4].split("（")[0] for row in rows_of(site, "calendar.html", "year"))


def own_days(site):
    dated = site.ask("SELECT unit_name, milestone, period, due_date FROM mart.obligation WHERE NOT is_paper")
    common = {}
    for _, milestone, period, due in dated:
        common.setdefault((milestone, period), Counter())[due] += 1
    own = Counter(
        (name, most, due)
        for name, milestone, period, due in dated
        if due != (most := common[milestone, period].most_common(1)[0][0])
    )
    return sorted(
        [name, *(f"{d.year}年{d.month}月{d.day}日" for d in days), str(n)] for (name, *days), n in own.items()
    )


def shown_own_days(site):
    return sorted([row[0], *row[2:5]] for row in rows_of(site, "calendar.html", "own"))


def days_off(site):
    """Of the months shown, the days that the published notices made free, and those that they made working."""
    first, last = date(2022, 5, 1), site.one("SELECT last_day(max(close_date)) FROM mart.obligation")
    with HOLIDAYS.open(encoding="utf-8") as file:
        days = [(row["day"], row["is_working_day"]) for row in csv.DictReader(file)]
    return Counter(
        "调休上班" if is_working == "yes" else "节假日"
        for day, is_working in days
        if first <= date.fromisoformat(day) <= last
    )


def shown_days_off(site):
    found = Counter()
    for _, word, count in rows_of(site, "calendar.html", "holidays"):
        found[word] += int(count)
    return found


def squares(site):
    """The months' squares with a sign of a due date: one for each day on which something is due."""
    return len(due_days(site))


def shown_squares(site):
    abbreviations = site.page("calendar.html").section("months").all("abbr")
    return sum("due" in one.classes for one in abbreviations)


FIGURES = {
    "the key figures": (shown_key_figures, key_figures),
    "the burn-down": (shown_burn_down, burn_down),
    "what was closed each month": (shown_monthly, monthly),
    "the ranking": (shown_ranking, ranking),
    "who has no rank": (shown_unranked, unranked),
    "what each unit closed each month": (shown_changes, changes),
    "the industries": (shown_industries, industries),
    "what is open by status": (shown_statuses, statuses),
    "what is open by reason": (shown_reasons, reasons),
    "what is open by unit": (shown_open_by_unit, open_by_unit),
    "the due dates": (shown_due_days, due_days),
    "the days off": (shown_days_off, days_off),
    "the squares of due dates": (shown_squares, squares),
    "the due dates of single units": (shown_own_days, own_days),
}
