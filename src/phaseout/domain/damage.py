"""What can be wrong with the warehouse's file (数据仓库损坏): it is set aside and built anew."""

from dataclasses import dataclass
from enum import StrEnum

# A file that is set aside lies beside its place, as `<name>.damaged-N`, with a note of what was found.
DAMAGED, FOREIGN, NOTE = "damaged", "foreign", ".json"


class DamageKind(StrEnum):
    """What was found; each is said in plain words in `data/health.yaml`."""

    UNREADABLE = "unreadable"  # torn, cut short, a byte changed
    FOREIGN_FILE = "foreign_file"  # no warehouse of ours at all
    LOST_ROWS = "lost_rows"  # more or fewer rows than were loaded
    CHANGED_ROWS = "changed_rows"  # other values than were loaded
    OTHER_LEDGER = "other_ledger"  # submissions that the ledger has not, or of other workbooks


@dataclass(frozen=True, slots=True)
class Damage:
    """Why a file cannot be gone on with; *count* submissions are concerned, where that is known."""

    kind: DamageKind
    count: int = 0
    detail: str = ""

    def __str__(self) -> str:
        parts = (self.kind.value.replace("_", " "), f"{self.count} submissions" if self.count else "", self.detail)
        return "; ".join(part for part in parts if part)
