"""What a marked copy says: strangers' names of sheets as a file can hold them, and how a finding is to be handled."""

import re
from collections.abc import Sequence

from phaseout.domain.cell_text import writable
from phaseout.domain.finding import RETURNING, Finding
from phaseout.domain.finding_text import say

_LONGEST_NAME = 31
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def handling(finding: Finding) -> str:
    """Return what is to be done about a finding; nothing is, once it was explained or let pass."""
    if finding.waived_on is not None:
        return f"经审核机关同意（{say(finding.waived_on)}），不要求更正"
    if finding.explained_on is None:
        return finding.remedy
    if finding.severity in RETURNING:
        return f"{finding.remedy.rstrip('。；')}；情况说明收悉（{say(finding.explained_on)}），未经同意豁免的，仍须更正"
    return f"已说明（{say(finding.explained_on)}），填报内容未变的，无需再次说明"


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Return the names of sheets, changed only where a spreadsheet would not take them or two are the same."""
    taken: set[str] = set()
    return [_free_name(name, taken) for name in wanted]


def _free_name(wanted: str, taken: set[str]) -> str:
    plain = _cut(_FORBIDDEN_IN_NAME.sub(" ", writable(wanted)), _LONGEST_NAME) or "工作表"
    free, number = plain, 1
    while free.lower() in taken:
        number += 1
        free = f"{_cut(plain, _LONGEST_NAME - len(str(number)) - 2)}({number})"
    taken.add(free.lower())
    return free


def _cut(name: str, length: int) -> str:
    """Cut by UTF-16 units, as spreadsheets count; no name begins or ends with an apostrophe."""
    return name.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore").strip("'")
