"""Takes the pictures of both READMEs, `docs/pictures/*.png`: `.venv/bin/python -m tools.make_pictures [--home HOME]`.

A home that holds a replay until 2022-09-30 is copied and left as it is; without one it is replayed, in two minutes.
Chromium must be installed.
"""

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from PIL import Image
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.sorting import FlowRunSort
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.monthly_progress import monthly_progress
from phaseout.bootstrap import open_app
from phaseout.cli.processes import free_port, prefect_environment, prefect_server, program
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.settings import PROJECT
from tests.release_runs import Run
from tests.smoke.browser import Page, browser
from tests.waiting import wait_for

PICTURES = PROJECT / "docs" / "pictures"
CAMPAIGN, UNIT = "jiangsu-2022", "321000"
# The morning on which a month's stock is taken: units are late, and a draft waits.
MORNING = datetime(2022, 10, 1, 9, tzinfo=CHINA)
BOARD_URL = "http://kanban.example:4280/"  # invented; what stands there would else be a path of this machine
LARGEST = 200_000  # bytes; a page that is opened from a checkout is not to be waited for
WIDTH = 1280
BUTTON = "[...document.querySelectorAll('button')].find(one => one.innerText.trim() === '{}')"
TAB = "[...document.querySelectorAll('.p-tab')].find(one => one.innerText.trim() === '{}')"


def main() -> None:
    """Take all of them."""
    parser = argparse.ArgumentParser(prog="make_pictures", description=__doc__)
    parser.add_argument("--home", type=Path, help="a home that holds a replay until 2022-09-30")
    parser.add_argument("--to", type=Path, default=PICTURES, help="the folder of the pictures")
    asked = parser.parse_args()
    to, given = asked.to.resolve(), asked.home and asked.home.resolve()
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="phaseout-") as folder:
        home = home_to_show(Path(folder) / "var", given=given)
        with browser(Path(folder) / "chromium", width=WIDTH, height=1000) as page:
            take_runs(page, home, to=to)
            take_board(page, home, to=to)


def home_to_show(home: Path, *, given: Path | None) -> Path:
    """Return a home that may be worked in: a copy, or a fresh replay."""
    if given is not None:
        return Path(shutil.copytree(given, home))
    until = (MORNING - timedelta(days=1)).date().isoformat()
    subprocess.run(  # noqa: S603  our own program
        [program("phaseout"), "replay", CAMPAIGN, "--home", str(home), "--until", until], check=True
    )
    return home


def take_board(page: Page, home: Path, *, to: Path) -> None:
    """Take the overview and a unit's page, opened from disk as anybody can."""
    site = home / "published" / "site"
    for name, address, words, height in (
        ("board", "index.html", "各填报单位报送情况", 1500),
        ("unit", f"units/{UNIT}.html", "报送任务", 1250),
        ("todo", "todo.html", "待办", 900),
    ):
        page.open((site / address).as_uri())
        page.wait_for_words(words)
        keep(page, to / f"{name}.png", height=height)


def take_runs(page: Page, home: Path, *, to: Path) -> None:
    """Take the page of a milestone's run and the form that releases a draft."""
    with runs_of(home) as client:
        pages = str(client.api_url).removesuffix("/api/")
        with open_app() as app:
            drafts = app.ledger.letters(states={LetterState.DRAFT})
        draft = next((one for one in drafts if one.letter.kind is LetterKind.SUPERVISION), drafts[0])

        monthly_progress(CAMPAIGN, as_of=MORNING)  # writes the board anew
        newest = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=20)
        run = next(one for one in newest if one.name.startswith("关停淘汰进展月报"))
        page.open(f"{pages}/runs/flow-run/{run.id}")
        page.wait_for_words(run.name, "Artifacts")
        page.click(TAB.format("Artifacts"))
        settle(page)
        keep(page, to / "run.png", height=1000)
        (table,) = [one for one in client.read_artifacts() if one.flow_run_id == run.id and one.type == "table"]
        page.open(f"{pages}/artifacts/artifact/{table.id}")
        page.wait_for_words("填报单位")
        settle(page)
        keep(page, to / "artifact.png", height=1000)

        waiting = Run(client, draft.id)
        with patch("flows.release.as_of_or_now", lambda _: MORNING):  # the form counts from the day of the draft
            waiting.work()
        page.open(f"{pages}/runs/flow-run/{waiting.id}")
        page.wait_for_words(waiting.name)
        settle(page)
        open_form(page)
        keep(page, to / "release.png", height=1000)


def open_form(page: Page) -> None:
    """Open the form of a run that waits; while Prefect's page still fills in, it may close it again."""
    for _ in range(5):
        page.click(BUTTON.format("Resume"))
        page.wait_for_words("填写说明", "同意签发", "Submit")
        settle(page)
        if "填写说明" in page.words:
            return


@contextmanager
def runs_of(home: Path) -> Iterator[SyncPrefectClient]:
    """Yield a client of a Prefect server of this home's own; flows called meanwhile work in this home."""
    env = prefect_environment(home, port=free_port())
    shown = {PREFECT_API_URL: env["PREFECT_API_URL"], PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
    with (
        environment({"PHASEOUT_HOME": str(home), "PHASEOUT_BOARD_URL": BOARD_URL}),
        prefect_server(env, log=home / "prefect" / "server.log"),
        temporary_settings(shown),
        get_client(sync_client=True) as client,
    ):
        yield client


@contextmanager
def environment(more: Mapping[str, str]) -> Iterator[None]:
    """Hold the settings of this process for a while."""
    before = dict(os.environ)
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def settle(page: Page) -> None:
    """Wait until a page says the same twice: Prefect's pages fill in step by step."""
    said: list[str] = []

    def is_still() -> bool:
        said.append(page.words)
        return len(said) > 4 and len(set(said[-4:])) == 1  # noqa: PLR2004  four looks, a good second

    wait_for(is_still, seconds=30, every=0.5)


def keep(page: Page, path: Path, *, height: int) -> None:
    """Save the upper part of a page, in as many colours as its size allows."""
    page.picture(path)
    whole = Image.open(path).convert("RGB")
    upper = whole.crop((0, 0, whole.width, min(height, whole.height)))
    for colours in (256, 128, 64, 32):
        stream = io.BytesIO()
        upper.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            stream, "PNG", optimize=True
        )
        if stream.tell() <= LARGEST:
            break
    path.write_bytes(stream.getvalue())
    sys.stdout.write(f"{path} {upper.width}x{upper.height}, {stream.tell()} bytes\n")


if __name__ == "__main__":
    main()
