"""Reads the figures of a home's documents back and derives each again from the published snapshot, by other statements.

Run by hand on a replayed home, whose documents were just written: `python -m tests.soak.documents HOME [PERIOD]`.
"""

import re
import sys
from pathlib import Path

import docx
import duckdb
import openpyxl

DIGITS = re.compile(r"\d+(?:\.\d+)?%?")
# Written apart from data/sql: what counts as closed or sealed is spelled out once more.
JUDGED = """
CREATE TEMP VIEW judged AS
SELECT *, closure_status IN ('已拆除', '已验收') AS gone,
    closure_status NOT IN ('已拆除', '已验收') AND closure_status = '已封存' AND is_water_cut AND is_power_cut
        AND is_power_unit_removed AND is_equipment_sealed AND has_public_commitment AS shut
FROM core.progress_current WHERE campaign_id = getvariable('campaign')
"""
# Each unit's newest month up to $month, and up to the month before it.
NEWEST = """(
    SELECT * FROM judged WHERE period <= $month AND unit_code = $unit
    QUALIFY rank() OVER (ORDER BY period DESC) = 1
)"""
EARLIER = NEWEST.replace("$month", "$before")
SURVEYED = "FROM core.survey_summary_current WHERE unit_code = $unit"
SETS = "SELECT coalesce(sum(equip_count), 0) FROM "
COLUMNS = {
    "enterprises": "SELECT count(DISTINCT uscc) " + SURVEYED,
    "outdated_enterprises": "SELECT count(DISTINCT uscc) " + SURVEYED + " AND is_outdated",
    "items": "SELECT count(*) " + SURVEYED + " AND is_outdated",
    "sets": "SELECT coalesce(sum(equip_count), 0) " + SURVEYED + " AND is_outdated",
    "this_month": f"SELECT ({SETS}{NEWEST} WHERE gone OR shut) - ({SETS}{EARLIER} WHERE gone OR shut)",
    "done": SETS + NEWEST + " WHERE gone OR shut",
    "dismantled": SETS + NEWEST + " WHERE gone",
    "sealed": SETS + NEWEST + " WHERE shut",
    "inspected": SETS + NEWEST + " WHERE closure_status = '已验收'",
}
RETURNS = """SELECT count(*) FROM core.submission
    WHERE unit_code = $unit AND form = 'progress' AND period = $month AND decision = 'returned'"""
OVERDUE = "SELECT count(*) FROM " + NEWEST + " WHERE NOT (gone OR shut) AND plan_date <= $due"  # noqa: S608  our words
FILED = """SELECT standing, arrived_at, due_date, days_late FROM core.obligation
    WHERE unit_code = $unit AND form = 'progress' AND period = $month AND NOT is_paper AND NOT is_exempt"""


def newest(folder: Path, start: str) -> Path:
    found = [path for path in folder.glob("*.docx") if path.name.startswith(start)]
    return max(found, key=lambda path: int(re.search(r"第(\d+)版", path.name)[1]))


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


class Snapshot:
    def __init__(self, home: Path):
        self.connection = duckdb.connect(str(home / "published" / "phaseout.duckdb"), read_only=True)
        (self.campaign,) = self.connection.execute("SELECT DISTINCT campaign_id FROM core.obligation").fetchone()
        self.connection.execute("SET VARIABLE campaign = ?", [self.campaign])
        self.connection.execute(JUDGED)
        self.units = self.connection.execute(
            "SELECT unit_name, unit_code FROM core.unit WHERE campaign_id = ? ORDER BY position", [self.campaign]
        ).fetchall()

    def ask(self, statement: str, **values):
        named = {name: value for name, value in values.items() if f"${name}" in statement}
        return self.connection.execute(statement, named).fetchone()


def expected_row(snapshot: Snapshot, unit: str, *, month: str, before: str, due) -> list[str]:
    values = {"unit": unit, "month": month, "before": before, "due": due}
    row = {name: int(snapshot.ask(statement, **values)[0]) for name, statement in COLUMNS.items()}
    filed = snapshot.ask(FILED, **values)
    word = "无需报送"
    if filed:
        late = (filed[3] or 0) > 0
        word = f"逾期{filed[3]}个工作日" if late else "按时"
        word = (
            "退回待更正" if filed[0] == "returned" else ("未报" if late else "未到期限") if filed[1] is None else word
        )
    return [
        *map(str, row.values()),
        word,
        str(snapshot.ask(RETURNS, **values)[0]),
        str(snapshot.ask(OVERDUE, **values)[0]),
    ]


def check_bulletin(snapshot: Snapshot, folder: Path, period: str) -> int:
    path = newest(folder / "bulletins", f"{snapshot.campaign}-{period}-")
    document = docx.Document(str(path))
    rows = cells(document.tables[0])[2:]
    year, number = map(int, period.split("-"))
    before = f"{year}-{number - 1:02d}"
    (due,) = snapshot.ask(
        "SELECT max(nominal_due_date) FROM core.obligation WHERE form = 'progress' AND period = $month", month=period
    )
    checked = 0
    assert [row[1] for row in rows] == [*(name for name, _ in snapshot.units), "合计"]
    for (name, code), row in zip(snapshot.units, rows, strict=False):
        told = [*row[2:11], row[13], row[14], row[15]]
        assert told == expected_row(snapshot, code, month=period, before=before, due=due), (name, row)
        rate = (
            f"{min(round(int(row[7]) / int(row[5]) * 100, 1), 99.9 if row[7] != row[5] else 100):.1f}%"
            if row[5] != "0"
            else "—"
        )
        assert row[11] == rate, (name, row)
        checked += len(told) + 1
    for column in (*range(2, 11), 14, 15):
        assert rows[-1][column] == str(sum(int(row[column]) for row in rows[:-1])), column
        checked += 1
    check_text(document, rows)
    return checked


def check_text(document, rows) -> None:
    """Hold every figure of the text's first section against the table, and the named units against its rows."""
    words = "".join(paragraph.text for paragraph in document.paragraphs)
    total = rows[-1]
    for part in (
        f"累计排查企业{total[2]}家", f"其中{total[3]}家存在", f"涉及装备{total[4]}项、{total[5]}台（套）",
        f"本月完成淘汰{total[6]}台（套）", f"累计完成{total[7]}台（套）", f"完成率{total[11]}",
        f"拆除{total[8]}台（套）", f"封存{total[9]}台（套）", f"核查验收{total[10]}台（套）",
        f"尚有{int(total[5]) - int(total[7])}台（套）未完成",
    ):  # fmt: skip
        assert part in words, part
    # Who has no accepted form of the month stands there with an earlier one's figures, and is blamed by none of them.
    current = [row for row in rows[:-1] if row[13] not in {"未报", "退回待更正", "未到期限"}]
    nothing = [row[1] for row in current if row[0].isdigit() and row[7] == "0"]
    assert ("、".join(nothing) + "尚未完成任何一台" in words) if nothing else "尚未取得进展。" not in words
    late = [f"{row[1]}{row[13]}" for row in rows[:-1] if row[13].startswith("逾期")]
    assert "、".join(late) in words
    overdue = [f"{row[1]}{row[15]}项" for row in current if row[15] != "0"]
    assert "、".join(overdue) in words


def check_closing(snapshot: Snapshot, folder: Path) -> int:
    document = docx.Document(str(newest(folder / "reports", f"{snapshot.campaign}-工作总结")))
    tables = [cells(table) for table in document.tables]
    checked = 0
    values = {"month": "9999-12"}
    for (name, code), row in zip(snapshot.units, tables[0][1:], strict=False):
        owed = snapshot.connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE arrived_at IS NOT NULL AND days_late <= 0),"
            " count(*) FILTER (WHERE arrived_at IS NOT NULL AND days_late > 0),"
            " count(*) FILTER (WHERE arrived_at IS NULL)"
            " FROM core.obligation WHERE unit_code = ? AND form IS NOT NULL AND NOT is_paper AND NOT is_exempt",
            [code],
        ).fetchone()
        (returned,) = snapshot.ask(
            "SELECT count(*) FROM core.submission WHERE unit_code = $unit AND decision = 'returned'", unit=code
        )
        shares = [
            int(snapshot.ask(f"SELECT coalesce({what}, 0) FROM {NEWEST}", unit=code, **values)[0])  # noqa: S608  our words
            for what in (
                "count(DISTINCT uscc)",
                "count(DISTINCT uscc) - count(DISTINCT uscc) FILTER (WHERE NOT (gone OR shut))",
                "sum(equip_count)",
                "sum(equip_count) FILTER (WHERE gone OR shut)",
                "sum(equip_count) FILTER (WHERE gone)",
                "sum(equip_count) FILTER (WHERE shut)",
            )
        ]
        (passed,) = snapshot.ask(
            "SELECT coalesce(sum(equip_count), 0) FROM core.inspection_current"
            " WHERE unit_code = $unit AND result = '通过'",
            unit=code,
        )
        told = [row[0], *map(int, row[1:14])]
        assert told == [name, *owed, returned, *shares, int(passed), shares[2] - shares[3]], (name, row)
        checked += len(told) - 1
    words = "".join(paragraph.text for paragraph in document.paragraphs)
    sent = dict(
        snapshot.connection.execute(
            "SELECT kind, count(*) FROM core.letter"
            " WHERE state IN ('queued', 'sending', 'sent', 'uncertain') GROUP BY kind"
        ).fetchall()
    )
    assert f"共发出各类函件{sum(sent.values())}件" in words
    for kind, word in {
        "request": "报送提示函",
        "reminder": "催报函",
        "receipt": "回执",
        "return": "退回更正函",
    }.items():
        assert f"{word}{sent[kind]}件" in words, kind
    listed = snapshot.connection.execute(
        "SELECT count(DISTINCT uscc), count(*), sum(equip_count) FROM core.completed_list_current"
    ).fetchone()
    assert "共列入企业{}家、装备{}项、{}台（套）".format(*listed) in words
    return checked + 4 + 3


def check_workbook(snapshot: Snapshot, folder: Path) -> int:
    paths = sorted((folder / "summary").glob(f"{snapshot.campaign}-汇总表-*.xlsx"))
    sheet = openpyxl.load_workbook(paths[-1])["落后装备台（套）数"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    checked = 0
    for row in rows[:-1]:
        assert row[-1] == sum(row[1:-1])
        for industry, value in zip(head[1:-1], row[1:-1], strict=True):
            (sets,) = snapshot.ask(
                "SELECT coalesce(sum(equip_count), 0) FROM core.survey_summary_current AS item"
                " JOIN core.industry USING (campaign_id, industry_key) JOIN core.unit USING (campaign_id, unit_code)"
                " WHERE is_outdated AND industry_name = $industry AND unit_name = $unit",
                industry=industry,
                unit=row[0],
            )
            assert value == sets, (row[0], industry)
            checked += 1
    return checked


def main(home: Path, period: str) -> None:
    snapshot = Snapshot(home)
    folder = home / "published"
    print("bulletin", period, check_bulletin(snapshot, folder, period), "figures")  # noqa: T201  run by hand
    if list((folder / "reports").glob("*工作总结*.docx")):
        print("closing report", check_closing(snapshot, folder), "figures")  # noqa: T201  run by hand
    print("summary", check_workbook(snapshot, folder), "figures")  # noqa: T201  run by hand


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "2022-09")
