"""A person at Chromium: opens a page, sees words, clicks and types; driven over the DevTools protocol."""

import base64
import itertools
import json
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from websockets.sync.client import connect

from tests.waiting import wait_for

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)


@contextmanager
def browser(folder, *, width=1280, height=1600):
    """Run a headless Chromium with a profile of its own and yield its one page."""
    command = [
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0",
        f"--user-data-dir={folder}", f"--window-size={width},{height}", "about:blank",
    ]  # fmt: skip
    folder.mkdir()
    with (folder / "chromium.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            port_file = folder / "DevToolsActivePort"
            wait_for(lambda: port_file.exists() and len(port_file.read_text().split()) == 2, seconds=30)
            port, path = port_file.read_text().split()
            with connect(f"ws://127.0.0.1:{port}{path}", max_size=None) as socket:
                yield Page(socket)
        finally:
            process.terminate()
            process.wait(timeout=20)


class Page:
    """One tab."""

    def __init__(self, socket):
        self._socket = socket
        self._numbers = itertools.count(1)
        self._session = None
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")

    def _ask(self, method, **params):
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        self._socket.send(json.dumps(message | ({"sessionId": self._session} if self._session else {})))
        while (answer := json.loads(self._socket.recv(timeout=30))).get("id") != number:
            pass  # events nobody asked for
        assert "error" not in answer, answer
        return answer["result"]

    def run(self, script):
        """Return what a script says of the page."""
        answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def open(self, url):
        self._ask("Page.navigate", url=url)

    @property
    def words(self):
        """What a reader sees."""
        return self.run("document.body ? document.body.innerText : ''")

    def wait_for_words(self, *words, seconds=30):
        wait_for(lambda: all(word in self.words for word in words), seconds=seconds)

    def click(self, script):
        """Click the middle of the element that a script names, as a mouse does, once it stands still."""
        wait_for(lambda: self.run(f"!!({script})"), seconds=20)
        self.run(f"({script}).scrollIntoView({{block: 'center'}})")
        wait_for(lambda: self._place(script) == self._place(script), seconds=20)
        x, y, width, height = self._place(script)
        for kind in ("mousePressed", "mouseReleased"):
            self._ask(
                "Input.dispatchMouseEvent", type=kind, x=x + width / 2, y=y + height / 2, button="left", clickCount=1
            )

    def _place(self, script):
        """Return where an element is when the page has next been drawn a few times."""
        return self.run(
            "new Promise(say => setTimeout(() => {"
            f"const r = ({script}).getBoundingClientRect(); say([r.x, r.y, r.width, r.height])"
            "}, 100))"
        )

    def type(self, script, text):
        """Click into a field and type."""
        self.click(script)
        self._ask("Input.insertText", text=text)

    def picture(self, path):
        """Save what the whole page looks like."""
        shot = self._ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        Path(path).write_bytes(base64.b64decode(shot["data"]))
