"""Shows the board to browsers: the files of one folder, and nothing else."""

import argparse
import os
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# The board's own scripts draw its charts; nothing is asked of any other place, and no page may frame it.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",  # asked again each time, sent again only when it was published anew
}


class Board(SimpleHTTPRequestHandler):
    """Answers with a file of the folder, or with the refusal of everything else."""

    protocol_version = "HTTP/1.1"
    server_version = "phaseout"
    sys_version = ""
    error_content_type = "text/html; charset=utf-8"
    timeout = 30  # a browser that says nothing holds no thread for ever

    def do_GET(self) -> None:
        """Send a file."""
        if self._is_ours():
            super().do_GET()

    def do_HEAD(self) -> None:
        """Send what is to be said about a file."""
        if self._is_ours():
            super().do_HEAD()

    def _is_ours(self) -> bool:
        """Say whether the file asked for lies in the folder, and is no secret of it; refuse it otherwise."""
        root, path = Path(self.directory).resolve(), Path(self.translate_path(self.path))
        parts = path.relative_to(self.directory).parts if path.is_relative_to(self.directory) else ("..",)
        if any(part.startswith(".") for part in parts) or not path.resolve().is_relative_to(root):
            self.send_error(HTTPStatus.NOT_FOUND)
            return False
        return True

    def list_directory(self, path: str | os.PathLike[str]) -> None:  # type: ignore[override]  # nothing is listed
        """Refuse to say what a folder holds."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """Return what a file is; all our texts are UTF-8."""
        kind = super().guess_type(path)
        is_text = kind.startswith("text/") or kind in {"application/javascript", "application/json"}
        return f"{kind}; charset=utf-8" if is_text else kind

    def end_headers(self) -> None:
        """Say with every answer what a browser may do with it."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing of whoever looks at the board."""


class BoardServer(ThreadingHTTPServer):
    """Many readers at once; a reader that goes away is no error."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a line that was cut."""


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--not-found", type=Path, help="The page shown instead of a file that is not there.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    if asked.not_found is not None:
        Board.error_message_format = asked.not_found.read_text(encoding="utf-8").replace("%", "%%")
    with BoardServer((asked.host, asked.port), partial(Board, directory=str(asked.folder.resolve()))) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
