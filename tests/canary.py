"""A listener on this machine whom nobody may ask anything (canary): it counts who does."""

import socket
import threading
from contextlib import contextmanager, suppress


class Canary:
    """Takes connections and keeps their number; its address goes into hostile files."""

    def __init__(self, listener):
        self._listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/canary"
        self.asked = 0

    def listen(self):
        with suppress(OSError):  # the listener was closed
            while True:
                line, _ = self._listener.accept()
                self.asked += 1
                line.close()


@contextmanager
def canary():
    """Listen until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bird = Canary(listener)
        threading.Thread(target=bird.listen, daemon=True).start()
        yield bird
        listener.shutdown(socket.SHUT_RDWR)
