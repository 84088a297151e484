"""Installs the services on a Debian machine: user, folders, settings and systemd units; standard library only."""

import argparse
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
UNITS = HERE / "systemd"
COMMAND = HERE / "phaseout.sh"
EXAMPLE = HERE / "phaseout.env.example"
PLACEHOLDER = re.compile(r"@[A-Z]+@")
# What systemd and a shell would read as something else.
PLAIN = re.compile(r"/[A-Za-z0-9._/-]+")


class CannotInstall(Exception):
    """Something is missing, or cannot be written into a unit; told in one line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything goes."""

    project: Path
    home: Path
    backup: Path
    environment: Path
    user: str

    @property
    def words(self) -> Mapping[str, str]:
        """What stands in a unit for each placeholder."""
        return {
            "@PROJECT@": str(self.project),
            "@HOME@": str(self.home),
            "@BACKUP@": str(self.backup),
            "@ENVIRONMENT@": str(self.environment),
            "@USER@": self.user,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done, and the words in which it is told."""

    words: str
    do: Callable[[], None]


def filled(text: str, place: Place) -> str:
    """Return a unit's text with every placeholder filled.

    Raises:
        CannotInstall: the text has a placeholder that nobody fills.
    """
    for mark, word in place.words.items():
        text = text.replace(mark, word)
    if left := PLACEHOLDER.search(text):
        raise CannotInstall(f"nothing is known for {left.group()}")
    return text


def units(place: Place) -> dict[str, str]:
    """Return every unit, by its path below systemd's folder."""
    files = (path for path in sorted(UNITS.rglob("*")) if path.is_file())
    return {path.relative_to(UNITS).as_posix(): filled(path.read_text("utf-8"), place) for path in files}


def steps(place: Place, *, root: Path, is_live: bool) -> Iterator[Step]:
    """Yield what is done, in order; *root* is put before every path, and without *is_live* only files are written."""
    system, command = root / "etc/systemd/system", root / "usr/local/bin/phaseout"
    if is_live and not _exists(pwd.getpwnam, place.user):
        home = str(place.home)
        yield _run("adduser", "--system", "--group", "--home", home, "--no-create-home", place.user)
    for folder in (place.home, place.backup):
        yield _folder(_below(root, folder), place.user, mode=0o700, is_live=is_live)
    yield _folder(_below(root, place.environment.parent), f"root:{place.user}", mode=0o750, is_live=is_live)
    environment = _below(root, place.environment)
    if environment.exists():
        yield Step(f"keep {environment}", lambda: None)
    else:
        yield _file(
            environment, EXAMPLE.read_text("utf-8"), mode=0o640, owner=f"root:{place.user}" if is_live else None
        )
    for name, text in units(place).items():
        yield _file(system / name, text, mode=0o644)
    yield _file(command, filled(COMMAND.read_text("utf-8"), place), mode=0o755)
    if is_live:
        yield _run("systemctl", "daemon-reload")
        installable = [name for name, text in units(place).items() if "[Install]" in text]
        yield _run("systemctl", "enable", *installable)


def check(place: Place, *, needs_root: bool) -> None:
    """Make sure that the units can work as they will be written.

    Raises:
        CannotInstall: they cannot.
    """
    for path in (place.project, place.home, place.backup, place.environment):
        if not PLAIN.fullmatch(str(path)):
            raise CannotInstall(f"{path}: give a whole path of letters, digits, dots, dashes and slashes")
    if not re.fullmatch(r"[a-z_][a-z0-9_-]{0,30}", place.user):
        raise CannotInstall(f"{place.user}: that is no name for a system user")
    if not (place.project / ".venv/bin/phaseout").exists():
        raise CannotInstall(
            f"{place.project}/.venv/bin/phaseout is not there; run `make setup` in {place.project} first"
        )
    for hidden in ("/home", "/root", "/run/user"):
        if any(path.is_relative_to(hidden) for path in (place.project, place.home, place.backup)):
            raise CannotInstall(f"the services do not see {hidden}; put project, home and backups elsewhere")
    if place.backup.is_relative_to(place.home):
        raise CannotInstall(f"{place.backup} lies in {place.home} and would be lost with it")
    if needs_root and os.geteuid() != 0:
        raise CannotInstall("run it as root, or with --dry-run")


def main(arguments: list[str] | None = None) -> int:
    """Install, or say what would be done."""
    parser = argparse.ArgumentParser(prog="install-service", description=__doc__)
    parser.add_argument("--project", type=Path, default=HERE.parent, help="the checkout (default: this one)")
    parser.add_argument("--home", type=Path, default=Path("/var/lib/phaseout"))
    parser.add_argument("--backup", type=Path, default=Path("/var/backups/phaseout"))
    parser.add_argument("--environment", type=Path, default=Path("/etc/phaseout/phaseout.env"))
    parser.add_argument("--user", default="phaseout")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--root", type=Path, help="write the files below this folder; no user, no systemctl")
    asked = parser.parse_args(arguments)
    place = Place(asked.project, asked.home, asked.backup, asked.environment, asked.user)
    is_live = asked.root is None
    try:
        check(place, needs_root=is_live and not asked.dry_run)
        for step in steps(place, root=asked.root or Path("/"), is_live=is_live):
            sys.stdout.write(f"{'would ' if asked.dry_run else ''}{step.words}\n")
            if not asked.dry_run:
                step.do()
    except (CannotInstall, subprocess.CalledProcessError, OSError) as error:
        sys.stderr.write(f"install-service: {error}\n")
        return 2
    if is_live and not asked.dry_run:
        sys.stdout.write(f"now set {place.environment}, then: systemctl start phaseout.target phaseout-watch.timer\n")
    return 0


def _below(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _run(*command: str) -> Step:
    return Step(f"run {' '.join(command)}", lambda: _call(command))


def _call(command: tuple[str, ...]) -> None:
    subprocess.run(command, check=True)  # noqa: S603  the steps above name them all


def _folder(path: Path, owner: str, *, mode: int, is_live: bool) -> Step:
    def make() -> None:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
        if is_live:
            _own(path, owner)

    return Step(f"make {path} ({owner}, {mode:o})", make)


def _file(path: Path, text: str, *, mode: int, owner: str | None = None) -> Step:
    def write() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_text(text, encoding="utf-8")
        part.chmod(mode)
        if owner is not None:
            _own(part, owner)
        part.replace(path)

    return Step(f"write {path} ({mode:o})", write)


def _own(path: Path, owner: str) -> None:
    user, _, group = owner.partition(":")
    shutil.chown(path, user, group or user)


def _exists(lookup: Callable[[str], object], name: str) -> bool:
    try:
        lookup(name)
    except KeyError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
