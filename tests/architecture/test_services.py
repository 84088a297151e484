"""The services of one machine: units that systemd's own checker takes, an example of all settings, an installer."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from deployments import install_service
from deployments.install_service import CannotInstall, Place, check, filled, main, units
from phaseout.cli import app
from phaseout.settings import PROJECT, Settings
from tools import environment_example

PLACE = Place(
    project=Path("/opt/phaseout"),
    home=Path("/var/lib/phaseout"),
    backup=Path("/var/backups/phaseout"),
    environment=Path("/etc/phaseout/phaseout.env"),
    user="phaseout",
)
UNITS = units(PLACE)
SERVICES = sorted(name for name in UNITS if name.endswith(".service"))
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The units as they would be installed, with programs that are there."""
    found = tmp_path_factory.mktemp("system")
    program = found / "project/.venv/bin/phaseout"
    program.parent.mkdir(parents=True)
    program.symlink_to("/bin/true")
    (found / "phaseout.env").touch()
    place = replace(PLACE, project=found / "project", environment=found / "phaseout.env")
    for name, text in units(place).items():
        (found / name).parent.mkdir(exist_ok=True)
        (found / name).write_text(text, encoding="utf-8")
    return found


def analyze(*arguments):
    return subprocess.run([ANALYZE, *map(str, arguments)], capture_output=True, text=True, check=False)


def files_of(folder):
    return sorted(path for path in folder.iterdir() if path.suffix in {".service", ".timer", ".target"})


@needs_systemd
def test_systemd_takes_every_unit_without_a_word(folder):
    said = analyze("verify", "--man=no", *files_of(folder))

    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@needs_systemd
def test_systemd_would_name_a_mistake(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "broken", symlinks=True)
    unit = tmp_path / "broken" / "phaseout-board.service"
    unit.write_text(unit.read_text("utf-8").replace("Restart=always", "Restart=allways"), encoding="utf-8")

    assert "allways" in analyze("verify", "--man=no", unit).stderr


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_closed_as_far_as_it_works(folder, name):
    said = analyze("security", "--offline=true", "--threshold=25", folder / name)

    assert said.returncode == 0, said.stdout


def commands(text):
    return [line.split()[1:] for line in text.splitlines() if line.startswith("ExecStart=")]


def test_every_part_has_its_service():
    run = sorted(" ".join(words) for name in SERVICES for words in commands(UNITS[name]))

    assert run == [
        "backup /var/backups/phaseout",
        "serve --only board",
        "serve --only server",
        "serve --only worker",
        "watch",
    ]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_calls_a_command_that_there_is(name):
    ((command, *_),) = commands(UNITS[name])

    assert command in COMMANDS


@pytest.mark.parametrize("name", ["server", "worker", "board"])
def test_what_ends_is_started_again_within_bounds(name):
    text = UNITS[f"phaseout-{name}.service"]

    assert [line for line in ("Restart=always", "StartLimitBurst=5", "KillMode=mixed") if line not in text] == []


def test_every_timer_has_its_service_and_every_name_is_ours():
    assert {name.replace(".timer", ".service") for name in UNITS if name.endswith(".timer")} <= set(SERVICES)
    assert all(name.startswith("phaseout") for name in UNITS)


def test_the_guides_that_units_name_are_there():
    named = {
        path
        for text in UNITS.values()
        for path in re.findall(r"^Documentation=file:///opt/phaseout/(\S+)", text, re.MULTILINE)
    }

    assert named
    assert [path for path in named if not (PROJECT / path).exists()] == []


def test_a_placeholder_that_nobody_fills_is_refused():
    with pytest.raises(CannotInstall, match="@PORT@"):
        filled("--port @PORT@", PLACE)


# Settings


def test_the_example_is_fresh():
    fresh = "run: .venv/bin/python -m tools.environment_example"

    assert environment_example.FILE.read_text("utf-8") == environment_example.example(), fresh


def test_the_example_with_its_defaults_sets_what_is_set_anyway(monkeypatch):
    lines = re.findall(r"^#(PHASEOUT_\w+)=(.+)$", environment_example.example(), re.MULTILINE)
    for name, value in lines:
        monkeypatch.setenv(name, value)

    assert len(lines) > 15
    assert Settings() == Settings.model_construct(**{name: one.default for name, one in Settings.model_fields.items()})


# The installer


@pytest.fixture
def checkout(tmp_path):
    """A checkout that is set up."""
    program = tmp_path / "opt/.venv/bin/phaseout"
    program.parent.mkdir(parents=True)
    program.symlink_to("/bin/true")
    return tmp_path / "opt"


def test_a_dry_run_says_everything_and_does_nothing(checkout, tmp_path, capsys):
    assert main(["--dry-run", "--project", str(checkout), "--user", "nobody-yet"]) == 0

    said = capsys.readouterr().out
    assert all(line.startswith("would ") for line in said.splitlines())
    assert "would run adduser --system --group" in said
    assert "would make /var/backups/phaseout (nobody-yet, 700)" in said
    assert all(f"would write /etc/systemd/system/{name} " in said for name in UNITS)
    assert "would run systemctl enable phaseout-backup.timer" in said
    assert not Path("/etc/systemd/system/phaseout.target").exists()


def test_the_files_are_written_and_settings_that_are_there_are_kept(checkout, tmp_path):
    root = tmp_path / "root"
    assert main(["--root", str(root), "--project", str(checkout)]) == 0
    environment = root / "etc/phaseout/phaseout.env"
    assert environment.read_text("utf-8") == environment_example.example()
    environment.write_text("PHASEOUT_OFFICE_PHONE=025-00000000\n", encoding="utf-8")

    assert main(["--root", str(root), "--project", str(checkout)]) == 0

    assert environment.read_text("utf-8") == "PHASEOUT_OFFICE_PHONE=025-00000000\n"
    written = {path.relative_to(root).as_posix(): path.stat().st_mode & 0o777 for path in root.rglob("*")}
    assert written["var/lib/phaseout"] == written["var/backups/phaseout"] == 0o700
    assert written["etc/phaseout/phaseout.env"] == 0o640
    assert {f"etc/systemd/system/{name}" for name in UNITS} <= set(written)
    left = [path for path in root.rglob("*") if path.is_file() and re.search("@[A-Z]+@", path.read_text("utf-8"))]
    assert left == []


def test_the_command_runs_with_the_services_settings(checkout, tmp_path):
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    root, environment = tmp_path / "root", tmp_path / "phaseout.env"
    environment.write_text(
        "# PHASEOUT_NO=1\nPHASEOUT_QUIET_HOURS=\nPHASEOUT_SMTP_URL=smtp://a@b?tls=ssl&x=$HOME", "utf-8"
    )
    program = checkout / ".venv/bin/phaseout"
    program.unlink()
    program.write_text('#!/bin/sh\nenv\necho "called: $@"\n')
    program.chmod(0o755)
    more = ("--user", user, "--environment", environment, "--home", "/var/lib/office")
    assert main([str(one) for one in ("--root", root, "--project", checkout, *more)]) == 0

    said = subprocess.run(
        [root / "usr/local/bin/phaseout", "status", "a b"], capture_output=True, text=True, check=True, env=os.environ
    ).stdout.splitlines()

    assert {"PHASEOUT_SMTP_URL=smtp://a@b?tls=ssl&x=$HOME", "PHASEOUT_QUIET_HOURS="} <= set(said)
    assert {"PHASEOUT_HOME=/var/lib/office", "called: status a b"} <= set(said)
    assert not any(line.startswith("PHASEOUT_NO") for line in said)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        pytest.param({"home": Path("/var/lib/our office")}, "give a whole path", id="a space"),
        pytest.param({"home": Path("office")}, "give a whole path", id="half a path"),
        pytest.param({"home": Path("/home/office")}, "do not see /home", id="a home that services do not see"),
        pytest.param({"backup": Path("/var/lib/phaseout/backup")}, "would be lost with it", id="a backup in the home"),
        pytest.param({"user": "周示例"}, "no name for a system user", id="a name that is none"),
        pytest.param({"project": Path("/opt/nothing")}, "run `make setup`", id="a checkout that is not set up"),
    ],
)
def test_what_could_not_work_is_refused_before_anything_is_written(checkout, changed, word):
    with pytest.raises(CannotInstall, match=word):
        check(replace(replace(PLACE, project=checkout), **changed), needs_root=False)


def test_somebody_who_may_not_is_told(checkout, monkeypatch):
    monkeypatch.setattr(install_service.os, "geteuid", lambda: 1000)

    with pytest.raises(CannotInstall, match="run it as root"):
        check(replace(PLACE, project=checkout), needs_root=True)


# Automations

AUTOMATIONS = yaml.safe_load((PROJECT / "deployments" / "automations.yaml").read_text("utf-8"))["automations"]
OUTSIDE = {"send-notification", "call-webhook"}


def test_automations_have_names_of_their_own_and_call_nothing_outside():
    names = [one["name"] for one in AUTOMATIONS]

    assert len(set(names)) == len(names) >= 4
    assert not OUTSIDE & {action["type"] for one in AUTOMATIONS for action in one["actions"]}


def test_the_flows_that_automations_name_are_there():
    related = [one["trigger"].get("match_related", {}) for one in AUTOMATIONS]
    named = {one["prefect.resource.name"].removeprefix("!") for one in related if "prefect.resource.name" in one}
    flows = "".join(path.read_text("utf-8") for path in (PROJECT / "flows").glob("*.py"))

    assert "release" in named
    assert [name for name in named if f'name="{name}"' not in flows] == []


def test_the_deployments_that_automations_start_are_there():
    deployed = {one["name"] for one in yaml.safe_load((PROJECT / "prefect.yaml").read_text("utf-8"))["deployments"]}
    started = {action["deployment"] for one in AUTOMATIONS for action in one["actions"] if "deployment" in action}

    assert started <= deployed


# What the guides say

COMMANDS = get_command(app).commands


def named_in_guides():
    """Yield each command of ours that a guide calls, with the guide."""
    for guide in sorted((PROJECT / "docs" / "how-to").glob("*.md")):
        for command in re.findall(
            r"(?:^    |`|bin/)phaseout ([a-z]+(?: [a-z]+)?)", guide.read_text("utf-8"), re.MULTILINE
        ):
            yield guide.name, command


@pytest.mark.parametrize(("guide", "command"), sorted(set(named_in_guides())))
def test_a_guide_calls_commands_that_there_are(guide, command):
    first, _, second = command.partition(" ")
    found = COMMANDS[first]

    assert second in {"", *getattr(found, "commands", (second,))}
