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

    def wait_for_words(self, *words, seconds=60):
        wait_for(lambda: all(word in self.words for word in words), seconds=seconds)

    def click(self, script):
        """Click the element that a script names: where a page still moves, a mouse would hit what lies beside it."""
        self._wait_for(script)
        self.run(f"({script}).click()")

    def click_if_there(self, script):
        """Click an element that may have gone meanwhile."""
        self.run(f"({script})?.click()")

    def type(self, script, text):
        """Type into a field, and see that it took it."""
        self._wait_for(script)
        self.run(f"({script}).focus()")
        self._ask("Input.insertText", text=text)
        wait_for(lambda: self.run(f"({script})?.value") == text, seconds=30)

    def _wait_for(self, script):
        wait_for(lambda: self.run(f"!!({script})"), seconds=60)

    def picture(self, path):
        """Save what the whole page looks like."""
        shot = self._ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        Path(path).write_bytes(base64.b64decode(shot["data"]))
