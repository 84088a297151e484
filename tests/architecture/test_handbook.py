"""The office's handbook, README.zh-CN.md: what it tells a clerk to type, click or open is there."""

import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.main import get_command

from phaseout.cli import app

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "README.zh-CN.md"
TEXT = HANDBOOK.read_text("utf-8")
LARGEST_PICTURE = 200_000
PROGRAM = get_command(app)


def commands():
    """Return every command that stands in a block or between backticks, whole lines alone."""
    blocks = "\n".join(re.findall(r"^ *```\n(.*?)^ *```", TEXT, flags=re.DOTALL | re.MULTILINE)).replace("\\\n", " ")
    lines = [line.strip() for line in blocks.splitlines()] + re.findall(r"`(phaseout [^`…]*)`", TEXT)
    found = [re.split(r" [|>] ", line.removeprefix(".venv/bin/"))[0] for line in lines]
    return list(dict.fromkeys(line for line in found if line.startswith("phaseout ")))


@pytest.mark.parametrize("line", commands())
def test_every_command_exists_with_its_options(line):
    command, words = PROGRAM, shlex.split(line)[1:]
    while words and hasattr(command, "commands") and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    if hasattr(command, "commands") and words and not words[0].startswith("-"):
        command = command.commands["register"]  # `paper UNIT …` is `paper register UNIT …`
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}

    assert {word for word in words if re.match(r"--?[a-z]", word)} <= options | {"--help"}


@pytest.mark.parametrize("place", sorted(set(re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", TEXT))))
def test_every_place_that_it_links_to_exists(place):
    assert (ROOT / unquote(place)).is_file()


def test_every_chapter_that_it_links_to_exists():
    chapters = {re.sub(r"[^\w-]", "", title) for title in re.findall(r"^#+ (.*)$", TEXT, flags=re.MULTILINE)}

    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= chapters


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "pictures").glob("*.png")), ids=lambda path: path.name)
def test_a_picture_is_light_and_shown(picture):
    assert picture.stat().st_size <= LARGEST_PICTURE
    assert f"docs/pictures/{picture.name}" in TEXT


def test_every_setting_in_it_exists():
    known = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")

    assert set(re.findall(r"`(PHASEOUT_[A-Z_]+)`", TEXT)) <= set(re.findall(r"`(PHASEOUT_[A-Z_]+)`", known))
