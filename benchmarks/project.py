"""A project folder (项目目录) whose campaign has a crowd of invented units: for commands that run as processes."""

import csv
import json
from pathlib import Path

from phaseout.domain.campaign import Campaign
from phaseout.settings import PROJECT

_OWN = ("units.yaml", "counties.csv")


def write_project(folder: Path, campaign: Campaign) -> Path:
    """Write it, for `PHASEOUT_PROJECT`; all but the campaign's units are the project's own files."""
    own = folder / "data" / "campaigns" / campaign.id
    own.mkdir(parents=True)
    (folder / "expectations").symlink_to(PROJECT / "expectations")
    for path in (PROJECT / "data").iterdir():
        if path.name != "campaigns":
            (folder / "data" / path.name).symlink_to(path)
    for path in (PROJECT / "data" / "campaigns" / campaign.id).iterdir():
        if path.name not in _OWN:
            (own / path.name).symlink_to(path)
    _write_units(own / "units.yaml", campaign)
    _write_counties(own / "counties.csv", campaign)
    return folder


def _write_units(path: Path, campaign: Campaign) -> None:
    names = ("code", "name", "short_name", "body", "mailbox", "leader_mailbox", "industries")
    lines = [
        f"  - {json.dumps({name: getattr(unit, name) for name in names}, ensure_ascii=False)}"
        for unit in campaign.units
    ]
    path.write_text("\n".join(["units:", *lines, ""]), encoding="utf-8")


def _write_counties(path: Path, campaign: Campaign) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("code", "name", "unit_code", "is_taihu"))
        rows.writerows(
            (county.code, county.name, unit.code, "no") for unit in campaign.units for county in unit.counties
        )
