"""Extract (数据文件): what the snapshot says, for people who work with other programs than DuckDB."""

from datetime import datetime
from pathlib import Path

from phaseout.domain.calendar import day_in_china
from phaseout.ports import Definitions, Extracts, Ledger


def is_extract_due(*, as_of: datetime, extracts: Extracts) -> bool:
    """Say whether the extracts have not been renewed today: once a day is enough, and they take their time."""
    return extracts.renewed_on() != day_in_china(as_of)


def extract(*, as_of: datetime, snapshot: Path, definitions: Definitions, ledger: Ledger, extracts: Extracts) -> bool:
    """Let the extracts follow the snapshot, the workbook for the campaign opened last; say whether anything was new."""
    opened = ledger.open_campaigns()
    if not opened or not snapshot.exists():
        return False
    return extracts.renew(snapshot, campaign=definitions.campaign(opened[-1]), day=day_in_china(as_of))
