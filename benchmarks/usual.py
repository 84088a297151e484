"""The usual script: openpyxl through pandas, pandas checks, to_sql; it keeps no original and guards nothing.

No straw man: its checks are vectorised, there are as many as the form has row rules, and each names its rows.
"""

from pathlib import Path

import pandas as pd
from sqlalchemy import create_engine

from phaseout.domain.credit_code import has_valid_organisation_code, is_valid

_REQUIRED = ("city", "county", "enterprise_name", "uscc", "product", "capacity", "capacity_unit", "process")
_REQUIRED_TOO = ("equip_name", "equip_model", "equip_params", "equip_count", "is_outdated", "checked_on")
_IF_OUTDATED = ("catalogue_ref", "measure", "plan_date")
_UNITS = ("万吨", "吨", "万米", "万平方米", "万套", "万只", "万标张", "万千伏安时", "万重量箱", "亿块标砖")
_ITEM = ["uscc", "equip_name", "equip_model", "equip_params"]


def take_in(files: list[Path], database: Path, *, columns: list[str], above: int) -> int:
    """Read, check and store each workbook; return how many findings there were."""
    engine = create_engine(f"sqlite:///{database}")
    count = 0
    for path in files:
        frame = pd.read_excel(path, engine="openpyxl", header=None, skiprows=above)
        frame = frame.iloc[:, : len(columns)]
        frame.columns = columns
        frame = frame[pd.to_numeric(frame["seq"], errors="coerce").notna()]
        found = findings(frame).assign(file=path.name)
        count += len(found)
        found.to_sql("finding", engine, if_exists="append", index=False)
        frame.assign(file=path.name).astype(str).to_sql("equipment", engine, if_exists="append", index=False)
    engine.dispose()
    return count


def findings(frame: pd.DataFrame) -> pd.DataFrame:
    """Return row and rule of each fault in one workbook."""
    capacity, output = (pd.to_numeric(frame[name], errors="coerce") for name in ("capacity", "output"))
    count = pd.to_numeric(frame["equip_count"], errors="coerce")
    checked, planned = (pd.to_datetime(frame[name], errors="coerce") for name in ("checked_on", "plan_date"))
    commissioned = pd.to_datetime(frame["commissioned"], errors="coerce")
    is_outdated = frame["is_outdated"] == "是"
    code = frame["uscc"].astype(str)
    checks = {f"{name} is empty": frame[name].isna() for name in (*_REQUIRED, *_REQUIRED_TOO)}
    checks |= {f"{name} is empty though outdated": is_outdated & frame[name].isna() for name in _IF_OUTDATED}
    checks |= {
        "credit code": ~code.map(is_valid),
        "organisation code": ~code.map(has_valid_organisation_code),
        "capacity": capacity <= 0,
        "output": output < 0,
        "output over capacity": output > 1.2 * capacity,
        "count": count < 1,
        "unit": ~frame["capacity_unit"].isin(_UNITS),
        "flag": ~frame["is_outdated"].isin(["是", "否"]),
        "measure": frame["measure"].notna() & ~frame["measure"].isin(["拆除", "封存", "整体关停", "改造"]),
        "rebuilt": is_outdated & (frame["measure"] == "改造"),
        "planned late": planned > pd.Timestamp(2022, 11, 30),
        "checked after filing": checked > pd.Timestamp(2022, 8, 8),
        "checked late": checked > pd.Timestamp(2022, 7, 30),
        "commissioned late": commissioned > pd.Timestamp(2022, 8, 8),
        "twice": frame.duplicated(_ITEM, keep=False),
        "two names": frame.groupby("uscc")["enterprise_name"].transform("nunique") > 1,
    }
    hits = pd.DataFrame(checks).rename_axis("row").reset_index().melt("row", var_name="rule", value_name="is_broken")
    return hits.loc[hits["is_broken"], ["row", "rule"]]
