"""The whole site (工作看板) as a reader sees it: from disk and from the board's server, on a desk and on a phone."""

import threading
from functools import partial
from urllib.parse import unquote, urldefrag, urljoin
from urllib.request import urlopen

import pytest

from deployments.board import Board, BoardServer
from tests.published_progress import DOCUMENT, publish
from tests.smoke.browser import CHROMIUM, browser
from tests.waiting import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

DESK, PHONE = 1440, 380
NAMES = {
    "index.html": "总览",
    "units/index.html": "各市",
    "units/320100.html": "南京市",
    "progress.html": "关停淘汰进度",
    "calendar.html": "全年日历",
    "todo.html": "待办",
    "files.html": "文件",
    "data.html": "数据说明",
}
CHARTS = {"progress.html": 5, "calendar.html": 1}
LINKS = "[...document.querySelectorAll('a[href], link[href], script[src], img[src]')].map(one => one.href || one.src)"
UNNAMED = """[...document.querySelectorAll('a, button, svg, summary, table, nav, [role=region], [role=img]')]
    .filter(one => !one.closest('[role=img], [aria-hidden=true]') || one.getAttribute('role') === 'img')
    .filter(one => !(one.getAttribute('aria-label') || one.innerText || one.textContent).trim())
    .map(one => one.outerHTML.slice(0, 200))"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LIVE = "document.querySelectorAll('[data-chart=live] svg').length"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("home")).folder / "site"


@pytest.fixture(scope="module")
def served(folder):
    with BoardServer(("127.0.0.1", 0), partial(Board, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("browser") / "profile") as opened:
        yield opened


@pytest.fixture(params=["from disk", "from the board's server"])
def root(request, folder, served):
    return f"{folder.as_uri()}/" if request.param == "from disk" else served


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_whole_named_and_within_its_window(page, root, name):
    page.resize(DESK)
    page.open_whole(root + name)
    wait_for(lambda: page.run(LIVE) == CHARTS.get(name, 0), seconds=20, every=0.05)

    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith((root, "data:"))] == []
    assert page.run("document.title").startswith(NAMES[name])
    assert NAMES[name] in page.run("document.querySelector('h1').innerText")
    assert page.run("document.querySelectorAll('main, nav[aria-label], [aria-current]').length") >= 3
    assert page.run(UNNAMED) == []
    assert page.run(TOO_WIDE) <= 0
    page.resize(PHONE)
    assert page.run(TOO_WIDE) <= 0


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_a_page_leads_somewhere_in_the_site(page, folder, name):
    root = f"{folder.as_uri()}/"
    page.open_whole(root + name)
    links = {urljoin(root + name, link) for link in page.run(LINKS) if not link.startswith("data:")}

    assert links
    for link in links:
        address, place = urldefrag(link)
        target = folder / unquote(address.removeprefix(root))
        assert address.startswith(root), link
        assert target.is_file(), link
        if place:
            assert f'id="{place}"' in target.read_text("utf-8"), link


def test_a_document_with_a_chinese_name_is_got_as_it_was_written(page, root):
    page.open_whole(f"{root}files.html")
    (link,) = [link for link in page.run(LINKS) if link.endswith(".docx")]

    assert unquote(link) == f"{unquote(root)}files/2022年9月情况通报-第1版.docx"
    with urlopen(link) as answer:  # noqa: S310  of this machine
        assert answer.read() == DOCUMENT


def test_the_pointer_on_a_chart_is_told_the_figure_in_chinese(page, folder):
    page.resize(DESK)
    page.open_whole(f"{folder.as_uri()}/progress.html")
    wait_for(lambda: page.run(LIVE) == CHARTS["progress.html"], seconds=20, every=0.05)
    bar = "document.querySelector('[data-chart=live] .mark-rect path')"
    page.run(f"{bar}.scrollIntoView({{block: 'center'}})")
    page.point_at(bar)

    tip = "document.querySelector('#vg-tooltip-element.visible')?.innerText || ''"
    wait_for(lambda: "数量（台、套）" in page.run(tip), seconds=10, every=0.05)
    assert page.run(tip).split() == ["月份", "8月", "情况", "未关停", "数量（台、套）", "10"]
