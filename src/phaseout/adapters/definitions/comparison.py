"""Reads comparison lists (比对名单): enterprises that outside lists have, against which a survey is held."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from phaseout.adapters.definitions.yaml_data import BadDefinition
from phaseout.domain.campaign import Campaign
from phaseout.domain.measures import packed
from phaseout.domain.omission import ListedEnterprise

COLUMNS = ("名单", "填报单位", "行业", "企业名称", "统一社会信用代码")


def load_comparison_lists(paths: Sequence[Path], *, campaign: Campaign) -> tuple[ListedEnterprise, ...]:
    """Return the enterprises of the files that exist, in their order.

    Raises:
        BadDefinition: a line names a unit or an industry that the campaign does not have.
    """
    return tuple(listed for path in paths if path.exists() for listed in _listed(path, campaign))


def _listed(path: Path, campaign: Campaign) -> Iterator[ListedEnterprise]:
    units = {packed(name): unit.code for unit in campaign.units for name in (unit.code, unit.name, unit.short_name)}
    industries = {packed(name): one.key for one in campaign.industries for name in (one.key, one.name)}
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    except (OSError, UnicodeDecodeError) as error:
        raise BadDefinition(path, 1, f"cannot be read: {error}") from error
    if missing := [name for name in COLUMNS[:-1] if name not in (reader.fieldnames or ())]:
        raise BadDefinition(path, 1, f"no column {'、'.join(missing)}")
    for line, row in enumerate(reader, start=2):
        unit, industry = units.get(packed(row["填报单位"])), industries.get(packed(row["行业"]))
        if unit is None or industry is None:
            raise BadDefinition(path, line, f"the campaign has no {row['填报单位']!r} or no {row['行业']!r}")
        uscc = (row.get("统一社会信用代码") or "").strip().upper()
        yield ListedEnterprise(row["名单"].strip(), unit, industry, row["企业名称"].strip(), uscc or None)
