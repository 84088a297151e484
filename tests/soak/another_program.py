"""Opens workbooks in LibreOffice and saves them again, many in one process; the profile is its own."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

SAVED_AS = ("xlsx", "xls", "ods")
_FILES_AT_ONCE = 60
_LONGEST_S = 600


def saved_again(files: Mapping[str, bytes], kind: str, *, folder: Path) -> dict[str, bytes]:
    """Return each file as LibreOffice saves it; the keys are plain names without an ending."""
    source, target = folder / f"{kind}-source", folder / f"{kind}-saved"
    source.mkdir(parents=True)
    paths = {name: source / f"{name}.xlsx" for name in files}
    for name, path in paths.items():
        path.write_bytes(files[name])
    listed = [str(path) for path in paths.values()]
    for start in range(0, len(listed), _FILES_AT_ONCE):
        _convert(listed[start : start + _FILES_AT_ONCE], kind, target, profile=folder / "profile")
    return {name: (target / f"{name}.{kind}").read_bytes() for name in files}


def _convert(paths: list[str], kind: str, target: Path, *, profile: Path) -> None:
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(target), *paths], check=True, capture_output=True, timeout=_LONGEST_S)
