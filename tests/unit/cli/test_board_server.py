"""The board's web server shows the files of one folder to a browser, and nothing else."""

import threading
from functools import partial
from http.client import HTTPConnection

import pytest

from deployments.board import Board, BoardServer

PAGE = "<!DOCTYPE html><title>工作看板</title>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    published = tmp_path_factory.mktemp("published")
    site = published / "site"
    (site / "cities").mkdir(parents=True)
    (site / "index.html").write_text(PAGE, "utf-8")
    (site / "cities" / "苏州市.html").write_text(PAGE, "utf-8")
    (site / "board.js").write_text("'看板'", "utf-8")
    (site / ".draft.html").write_text("not yet", "utf-8")
    (published / "phaseout.duckdb").write_text("figures", "utf-8")
    (site / "out.html").symlink_to(published / "phaseout.duckdb")
    return site


@pytest.fixture(scope="module")
def ask(folder):
    with BoardServer(("127.0.0.1", 0), partial(Board, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def ask(path, *, method="GET", **headers):
            connection = HTTPConnection(*server.server_address, timeout=10)
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer, answer.read().decode("utf-8")

        yield ask
        server.shutdown()


@pytest.mark.parametrize("path", ["/", "/index.html", "/cities/%E8%8B%8F%E5%B7%9E%E5%B8%82.html"])
def test_a_page_is_shown_as_chinese_text(ask, path):
    answer, words = ask(path)

    assert (answer.status, words) == (200, PAGE)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_script_is_one(ask):
    assert "javascript" in ask("/board.js")[0].headers["Content-Type"]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/cities/", id="what a folder holds"),
        pytest.param("/../phaseout.duckdb", id="what lies beside the folder"),
        pytest.param("/%2e%2e/phaseout.duckdb", id="the same, spelt otherwise"),
        pytest.param("/cities/..%2f..%2fphaseout.duckdb", id="the same from below"),
        pytest.param("/out.html", id="what a link leads out to"),
        pytest.param("/.draft.html", id="what is being written"),
        pytest.param("/nowhere.html", id="what is not there"),
    ],
)
def test_nothing_else_is_shown(ask, path):
    answer, words = ask(path)

    assert answer.status == 404
    assert "figures" not in words
    assert "苏州市" not in words


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_taken(ask, method):
    assert ask("/index.html", method=method)[0].status == 501


@pytest.mark.parametrize("path", ["/", "/nowhere.html"])
def test_a_browser_is_told_to_ask_nothing_of_other_places(ask, path):
    headers = ask(path)[0].headers

    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Python" not in headers["Server"]


def test_what_was_not_published_anew_is_not_sent_again(ask):
    first, _ = ask("/")

    again, words = ask("/", **{"If-Modified-Since": first.headers["Last-Modified"]})

    assert (again.status, words) == (304, "")
    assert first.headers["Cache-Control"] == "no-cache"
