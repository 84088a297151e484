"""What a finding speaks of: whose form, and which item (工艺装备) of it, in words that stay the same when rows move."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from phaseout.domain.finding_text import say
from phaseout.domain.form import Form
from phaseout.domain.submission import FormRow, Value

SEPARATOR = "／"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose form it is; every month of a monthly form alike."""

    campaign: str
    unit: str
    form: str
    industry: str | None


def item_key(form: Form, values: Mapping[str, Value]) -> str:
    """Return the key of a row, such as 91320281MA1TE5T18Y／矿热炉／HTK-A／6300kVA; empty where the form has none."""
    parts = [say(values.get(name)) if values.get(name) is not None else "—" for name in form.item_key]
    whole = SEPARATOR.join(parts)
    if len(whole) <= _LONGEST:
        return whole
    return f"{whole[:_LONGEST]}…{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def item_of(form: Form, row: FormRow | None, field: str | None) -> str:
    """Return what a finding speaks of: its row's item, else its field, else the form as a whole."""
    key = item_key(form, row.values) if row is not None else ""
    return key or field or ""


def is_part_of(wanted: str, item: str) -> bool:
    """Say whether *wanted* is the item, or its first parts."""
    return item == wanted or item.startswith(f"{wanted.rstrip(SEPARATOR)}{SEPARATOR}")
