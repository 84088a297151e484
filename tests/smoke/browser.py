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

PHONE = 600
HEARD = {
    "Log.entryAdded",
    "Runtime.consoleAPICalled",
    "Runtime.exceptionThrown",
    "Network.requestWillBeSent",
    "Network.loadingFailed",
}


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
        self._events = []
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")
        for domain in ("Log", "Runtime", "Network"):
            self._ask(f"{domain}.enable")

    def _ask(self, method, **params):
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        self._socket.send(json.dumps(message | ({"sessionId": self._session} if self._session else {})))
        while (answer := json.loads(self._socket.recv(timeout=30))).get("id") != number:
            if answer.get("method") in HEARD:
                self._events.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def run(self, script):
        """Return what a script says of the page."""
        answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def open(self, url):
        self._ask("Page.navigate", url=url)

    def open_whole(self, url):
        """Open a page, and wait until all of it is there; forget what was heard of the one before."""
        self._events.clear()
        self.open(url)
        is_there = f"document.readyState === 'complete' && location.href.split('#')[0] === {json.dumps(url)}"
        wait_for(lambda: self.run(is_there), seconds=30, every=0.02)

    def resize(self, width, height=900):
        """Look through a window of another size; a narrow one is a phone's."""
        is_phone = width < PHONE
        self._ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=is_phone
        )

    @property
    def requests(self):
        """The addresses that the page has asked for, itself among them."""
        return [event["params"]["request"]["url"] for event in self._heard("Network.requestWillBeSent")]

    @property
    def complaints(self):
        """What the console says is wrong, and what could not be loaded."""
        logged = [event["params"]["entry"] for event in self._heard("Log.entryAdded")]
        called = [event["params"] for event in self._heard("Runtime.consoleAPICalled")]
        thrown = [event["params"]["exceptionDetails"] for event in self._heard("Runtime.exceptionThrown")]
        failed = [event["params"] for event in self._heard("Network.loadingFailed")]
        return [
            *(f"{entry['text']} {entry.get('url', '')}" for entry in logged if entry["level"] in {"error", "warning"}),
            *(str(call["args"]) for call in called if call["type"] in {"error", "warning", "assert"}),
            *(str(one.get("exception", one).get("description", one["text"])) for one in thrown),
            *(f"{one['type']}: {one['errorText']}" for one in failed),
        ]

    def _heard(self, method):
        self.run("1")  # what was said meanwhile comes before the answer
        return [event for event in self._events if event["method"] == method]

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

    def point_at(self, script):
        """Move the pointer onto the middle of an element."""
        place = self.run(f"(b => [b.x + b.width / 2, b.y + b.height / 2])(({script}).getBoundingClientRect())")
        self._ask("Input.dispatchMouseEvent", type="mouseMoved", x=place[0], y=place[1])

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
