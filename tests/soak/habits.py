"""How a clerk lays out a workbook by hand, drawn trap by trap."""

from dataclasses import dataclass
from random import Random

_DAYS = ("dotted", "dashed", "slashed", "chinese", "full width", "serial", "serial text", "real")
_NOTHING = ("", "", "无", "—", "/", "空", "－")
_YES_NO = (("是", "否"), ("√", "×"), ("是 ", " 否"), ("Y", "N"))


@dataclass(frozen=True, slots=True)
class Habits:
    """How one clerk lays out a workbook."""

    title: str  # one row, two rows, spaced, numbered
    head: str  # pairs, one cell
    header: str  # plain, newlines, full width, one row, spaced
    has_blank_column: bool
    is_shuffled: bool
    extra_columns: tuple[str, ...]
    below_enterprise: str  # repeated, merged, blank
    sequence: str  # running, by county, by enterprise
    has_subtotals: bool
    has_total: bool
    has_example: bool
    has_numbered_columns: bool
    divided: str  # no, sheets, below each other: by industry, where the rows name it
    days: str
    numbers: str  # numbers, texts, full width, thousands
    nothing: str
    yes_no: tuple[str, str]
    has_help_sheet: bool
    has_photo_sheet: bool

    def names(self) -> tuple[str, ...]:
        """Return the layout traps that the workbook shows, for counting."""
        traps = {
            f"title: {self.title}": self.title != "one row",
            f"head: {self.head}": True,
            f"header: {self.header}": self.header != "plain",
            "blank leading column": self.has_blank_column,
            "columns reordered": self.is_shuffled,
            "extra columns": bool(self.extra_columns),
            f"enterprise cells {self.below_enterprise}": self.below_enterprise != "repeated",
            f"numbers restart {self.sequence}": self.sequence != "running",
            "subtotals": self.has_subtotals,
            "total row": self.has_total,
            "example row left in": self.has_example,
            "columns numbered": self.has_numbered_columns,
            f"industries on {self.divided}": self.divided != "one table",
            f"days {self.days}": self.days != "real",
            f"numbers as {self.numbers}": self.numbers != "numbers",
            f"nothing written {self.nothing or 'blank'}": True,
            f"yes written {self.yes_no[0].strip()}": self.yes_no != _YES_NO[0],
        }
        return tuple(name for name, is_shown in traps.items() if is_shown)


def draw_habits(chance: Random) -> Habits:
    """Return a clerk's habits; each trap is shown by a good part of the workbooks."""
    return Habits(
        title=chance.choice(("one row", "two rows", "spaced", "numbered")),
        head=chance.choice(("pairs", "one cell")),
        header=chance.choice(("plain", "newlines", "full width", "one row", "spaced")),
        has_blank_column=chance.random() < 0.3,
        is_shuffled=chance.random() < 0.3,
        extra_columns=tuple(chance.sample(("联系镇街", "街道意见", "数据来源"), chance.choice((0, 0, 1, 2)))),
        below_enterprise=chance.choice(("repeated", "merged", "blank")),
        sequence=chance.choice(("running", "by county", "by enterprise")),
        has_subtotals=chance.random() < 0.3,
        has_total=chance.random() < 0.6,
        has_example=chance.random() < 0.25,
        has_numbered_columns=chance.random() < 0.2,
        divided=chance.choice(("one table", "one table", "sheets", "one sheet below each other")),
        days=chance.choice(_DAYS),
        numbers=chance.choice(("numbers", "numbers", "texts", "full width", "thousands")),
        nothing=chance.choice(_NOTHING),
        yes_no=chance.choice(_YES_NO),
        has_help_sheet=chance.random() < 0.2,
        has_photo_sheet=chance.random() < 0.1,
    )
