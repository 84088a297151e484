"""Workbooks for thousands of units from a few (批量样表): a unit's workbook made another's, quicker than written anew.

The units' names and codes are of one length, and each enterprise gets a valid code of its own.
"""

import io
import random
import re
import zipfile
from dataclasses import dataclass, field

from benchmarks.samples import credit_code
from phaseout.domain.campaign import Unit

_CODE = re.compile(rb"(?<=>)9132\d{4}MA[0-9A-Z]{8}(?=<)")
_TEXTS = frozenset({"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"})


@dataclass(slots=True)
class Copier:
    """Copies one unit's workbooks for another; the same enterprise has the same code in all of them."""

    of: Unit
    to: Unit
    number: int
    _codes: dict[bytes, bytes] = field(default_factory=dict)
    _dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.number)  # noqa: S311 - samples, no secrets

    def copy(self, content: bytes) -> bytes:
        """Return the other unit's workbook."""
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                text = old.read(part)
                changed = self._changed(text) if part.filename in _TEXTS else text
                new.writestr(zipfile.ZipInfo(part.filename), changed, zipfile.ZIP_DEFLATED, compresslevel=1)
        return target.getvalue()

    def _changed(self, text: bytes) -> bytes:
        for old, new in ((self.of.short_name, self.to.short_name), (f">{self.of.code}<", f">{self.to.code}<")):
            text = text.replace(old.encode(), new.encode())
        return _CODE.sub(self._code, text)

    def _code(self, found: "re.Match[bytes]") -> bytes:
        if found[0] not in self._codes:
            self._codes[found[0]] = credit_code(self._dice).encode()
        return self._codes[found[0]]
