"""The usual script: openpyxl through pandas, pandas checks, to_sql; it keeps no original and guards nothing."""

from pathlib import Path

import pandas as pd
from sqlalchemy import create_engine

from phaseout.domain.credit_code import is_valid

HEADER_ROWS = 2


def take_in(files: list[Path], database: Path, *, first_header_row: int, columns: list[str]) -> int:
    """Read, check and store each workbook; return how many rows had a fault."""
    engine = create_engine(f"sqlite:///{database}")
    faults = 0
    for path in files:
        frame = pd.read_excel(path, engine="openpyxl", header=None, skiprows=first_header_row + HEADER_ROWS)
        frame = frame.iloc[:, : len(columns)]
        frame.columns = columns
        frame = frame[pd.to_numeric(frame["seq"], errors="coerce").notna()]
        checks = [
            frame["enterprise_name"].isna(),
            frame["uscc"].isna() | ~frame["uscc"].astype(str).map(is_valid),
            pd.to_numeric(frame["capacity"], errors="coerce").fillna(0) <= 0,
            pd.to_numeric(frame["equip_count"], errors="coerce").fillna(0) < 1,
            pd.to_datetime(frame["plan_date"], errors="coerce") > pd.Timestamp(2022, 11, 30),
            pd.to_datetime(frame["checked_on"], errors="coerce") > pd.Timestamp(2022, 8, 8),
            frame.duplicated(["uscc", "equip_name", "equip_model", "equip_params"]),
        ]
        faults += int(pd.concat(checks, axis=1).any(axis=1).sum())
        frame.astype(str).to_sql("equipment", engine, if_exists="append", index=False)
    engine.dispose()
    return faults
