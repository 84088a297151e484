"""The site (工作看板) as files: each figure as the snapshot has it, nobody's name, no network, only what changed."""

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from urllib.parse import unquote, urlsplit

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.pages import FilePages, downloads, files, overview, site, todo, units
from phaseout.adapters.pages.documents import FileDocuments
from phaseout.domain.calendar import CHINA
from phaseout.domain.document import DocumentKind, DocumentVersion
from phaseout.domain.exemption import Exemption
from phaseout.domain.letter import DispatchOutcome
from phaseout.domain.site import QUESTIONS, SiteFacts
from phaseout.domain.todo import Pressing, Todo
from phaseout.domain.visit import Visit
from phaseout.settings import PROJECT
from tests.site_figures import FIGURES, Published
from tests.site_pages import Document
from tests.unit.usecases.office import Office, at, calendar, new_warehouse, two_cities
from tests.unit.usecases.papers import CAMPAIGN, DISMANTLED, SUZHOU, WUXI, contact_form, progress, survey

TEMPLATES = PROJECT / "data" / "pages"
AS_OF = datetime(2022, 9, 5, 18, 0, tzinfo=CHINA)
HOSTILE = "<script>alert(1)</script>\"&'</svg>"
COUNTS = (
    *("owed", "expected", "received", "on_time", "accepted", "accepted_first_time"),
    *("overdue", "overdue_soft", "returned", "held", "letters"),
)
UNKNOWN = ("days_late", "progress_period", "sets", "closed_sets", "sealed_sets", "dismantled_sets")
DATA = {"application/json"}  # which no browser runs
PEOPLE = ("赵示例", "孙示例", "0512-68000000", "sunsl@suzhou.example", "吴示例", "郑示例", "冯示例", "周示例")
WRITTEN_TO = ("bulletins", "summary", "final", "reports")
CONTACTS = "jiangsu-2022-联系人名单-第1版.docx"  # somebody's, among the documents


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A September in which Suzhou files, and Wuxi is behind, mistaken and exempt; told by the files of the site."""
    folder = tmp_path_factory.mktemp("site") / "published"
    office = Office(
        definitions=two_cities(),
        warehouse=new_warehouse(folder.parent / "warehouse.duckdb"),
        pages=FilePages(folder, templates=TEMPLATES),
        documents=FileDocuments(folder, templates=PROJECT / "data" / "documents", own=folder.parent / "own"),
    )
    office.open()
    office.receive("2022-06-01 10:00", SUZHOU, ("联系人.xlsx", contact_form()))
    office.remind("2022-06-08 09:00")
    office.sender.answer("gxj@wuxi.example", DispatchOutcome.PERMANENT)
    office.deliver("2022-06-08 09:05")
    office.mail("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({"capacity": None})))
    office.mail("2022-08-15 10:00", SUZHOU, ("铁合金更正.xlsx", survey({})))
    office.mail("2022-08-16 10:00", WUXI, ("铁合金.xlsx", survey({"equip_count": None}, unit=WUXI)))
    office.mail("2022-08-29 10:00", SUZHOU, ("表3.xlsx", progress({}, {**DISMANTLED, "equip_model": "HTK-B"})))
    office.mail("2022-08-30 10:00", "冯示例 <feng@elsewhere.example>", ("表3.xlsx", progress({})), subject="冯示例报送")
    office.collect("2022-08-30 10:05")
    office.assess("2022-08-30 10:05")
    paper = f"{CAMPAIGN}/{WUXI}/summary/survey_summary/paper"
    office.ledger.exempt([Exemption(paper, by="周示例", reason="全市无此行业", at=at("2022-08-01 09:00"))])
    office.ledger.record_visit(
        Visit(CAMPAIGN, WUXI, date(2022, 8, 25), "江阴市", "台账不全，联系人吴示例", "郑示例", "周示例", "督导", AS_OF)
    )
    for kind in DocumentKind:
        office.write_document(kind, "2022-09-05 09:00", period="2022-08" if kind is DocumentKind.BULLETIN else None)
    for place in WRITTEN_TO:
        (folder / place / CONTACTS).write_text("、".join(PEOPLE), "utf-8")
    office.publish("2022-09-05 18:00", folder / "phaseout.duckdb")
    told = Published(folder, AS_OF.date())
    yield told
    told.snapshot.close()


def site_facts(*, count=2, **more):
    """The facts of a campaign with so many units, of which nothing is known yet."""
    campaign = FileDefinitions(PROJECT).campaign(CAMPAIGN)
    some = campaign.units[0]
    known = [replace(some, code=f"{900000 + number * 50}", name=f"示例{number:02d}市") for number in range(count)]
    row = dict.fromkeys(COUNTS, 0) | dict.fromkeys(UNKNOWN)
    rows = [{"unit_code": one.code, "unit_name": one.name, "body": one.body, **row} for one in known]
    answers = dict.fromkeys(QUESTIONS, ()) | {"units": rows}
    facts = SiteFacts(replace(campaign, units=tuple(known)), AS_OF, answers, calendar(), "0" * 64)
    return replace(facts, **more)


@pytest.fixture
def few_pages(monkeypatch):
    """Leave out what takes its time to draw; how files are replaced is the same for all pages."""
    monkeypatch.setattr(site, "SITE", (overview.pages, units.pages, todo.pages, downloads.pages))


@pytest.fixture
def pages(few_pages, tmp_path):
    return FilePages(tmp_path, templates=TEMPLATES)


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def documents(published):
    pages = sorted((published.folder / "site").rglob("*.html"))
    return {path: Document.of(path) for path in pages if path.parent.name != "files"}  # those are to be taken away


@pytest.mark.parametrize("figure", FIGURES)
def test_the_pages_say_what_the_snapshot_says_of(published, figure):
    shown, asked = FIGURES[figure]

    assert shown(published) == asked(published)


def test_the_month_that_is_told_has_something_of_everything(published):
    standings = {row[0] for row in published.ask("SELECT DISTINCT standing FROM mart.obligation")}

    assert standings >= {"accepted", "late", "returned", "not_open", "open"}
    assert published.one("SELECT count(*) FROM mart.obligation WHERE is_exempt") == 1
    assert len(published.ask("SELECT DISTINCT kind FROM mart.letter")) > 3


def test_the_site_names_nobody(published):
    texts = [
        path.read_text("utf-8") for path in published.folder.rglob("*") if path.suffix in {".html", ".js", ".json"}
    ]

    assert not [person for person in PEOPLE for text in texts if person in text]
    assert not [found for text in texts for found in re.findall(r"[\w.]+@[\w-]+\.\w+", text)]


def words_in(path):
    """All text of a file, be it a Word file, a workbook or a page."""
    if not zipfile.is_zipfile(path):
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def test_the_files_of_the_site_are_the_documents_alone_and_name_nobody(published):
    lying = {path.name: path for path in (published.folder / "site" / "files").iterdir()}

    assert set(lying) == {
        "2022年8月情况通报-第1版.docx",
        "2022年8月情况通报-第1版.xlsx",
        "2022年8月情况通报.html",
        "2022年完成淘汰清单-第1版.xlsx",
        "2022年工作总结-第1版.docx",
        "2022年工作总结-第1版.xlsx",
        "2022年更正说明-第1版.docx",
        "2022年更正说明-第1版.xlsx",
        "2022年汇总表-第1版.xlsx",
    }
    assert not [(name, person) for name, path in lying.items() for person in PEOPLE if person in words_in(path)]


def test_a_document_is_a_draft_until_it_is_signed(published):
    page = published.page("files.html")

    assert "草稿，以正式印发为准" in page.text
    assert {row[0] for row in page.table("documents").rows} == {
        *("情况通报", "汇总表", "完成淘汰清单", "工作总结", "更正说明"),
    }
    assert "phaseout.duckdb" not in str(page.links)


def test_the_site_says_nothing_of_suspected_omissions_but_where_the_list_lies(published):
    for path, page in documents(published).items():
        assert "omissions" not in str(page.links)
        assert "疑似漏报" not in page.text or path.name in {
            "todo.html",
            "data.html",
        }  # where it is; what the table means
    assert (published.folder / "office" / "omissions.html").is_file()


def test_what_waits_stands_with_the_most_pressing_first_and_the_oldest_of_those(published):
    rows = [row for table in published.page("todo.html").all("table") for row in table.rows]

    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("督办函待签发", "无锡市", "89天"),
        ("函件未能发出", "无锡市", "89天"),
        ("来件隔离待查", "—", "6天"),
        ("装备类别待核", "苏州市", "6天"),
        ("调研督导后续", "无锡市", "11天"),
        ("纸质件待收", "苏州市", "6天"),
    ]


@pytest.mark.parametrize("name", ["index.html", "units/index.html", "units/320500.html", "todo.html", "files.html"])
def test_a_page_can_be_read_by_ear_and_walked_by_keyboard(published, name):
    page = published.page(name)
    (html,) = page.all("html")
    levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3", "h4")]
    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]

    assert html.attributes["lang"] == "zh-CN"
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(ids) == len(set(ids))
    assert "#content" in page.links
    assert len([link for link in page.all("a") if "aria-current" in link.attributes]) == 1
    for table in page.all("table"):
        assert "aria-labelledby" in table.attributes or list(table.all("caption"))
        assert all("scope" in head.attributes for head in table.all("th"))
    for drawing in page.all("svg"):
        assert drawing.attributes.get("aria-label") or drawing.attributes.get("aria-hidden")


def test_no_page_asks_the_network_for_anything_or_carries_code_of_its_own(published):
    for page in documents(published).values():
        assert all("src" in script.attributes or script.attributes["type"] in DATA for script in page.all("script"))
        assert not list(page.all("style", "iframe", "form", "object"))
        for element in page.all():
            assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
            address = element.attributes.get("src") or element.attributes.get("href") or ""
            assert urlsplit(address).scheme in {"", "data"}
            assert not urlsplit(address).netloc


def test_every_link_leads_somewhere(published):
    for path, page in documents(published).items():
        ids = {element.attributes.get("id") for element in page.all()}
        for link in page.links:
            target = urlsplit(link)
            if target.path:
                assert (path.parent / unquote(target.path)).is_file(), (path, link)
            else:
                assert target.fragment in ids, (path, link)


def test_a_standing_is_told_by_word_as_well_as_by_colour(published):
    late = [cell for cell in published.page("index.html").table("matrix").all("td") if "late" in cell.classes]

    assert late
    assert all("逾期未报" in cell.text for cell in late)


def test_today_stands_before_what_is_due_next(published):
    matrix = published.page("index.html").table("matrix")

    (today,) = (head for head in matrix.heads if head.attributes.get("aria-current") == "date")
    assert today.text.startswith("今日9月5日")
    assert "9月30日前" in today.text


def luminance(colour):
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    parts = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_every_tint_of_the_stylesheet_carries_its_words_legibly():
    sheet = (TEMPLATES / "assets" / "style.css").read_text("utf-8")
    names = dict(re.findall(r"(--\w+): (#[0-9a-f]{3,6})", sheet))

    def colour(value):
        found = names.get(value.removeprefix("var(").removesuffix(")"), value)
        return "#" + "".join(2 * one for one in found[1:]) if len(found) == len("#fff") else found

    pairs = [
        (rule[1], rule[2])
        for rule in re.findall(
            r"([^{}]+)\{[^{}]*background: (#\w+|var\(--\w+\));[^{}]* color: (#\w+|var\(--\w+\))", sheet
        )
    ]
    assert len(pairs) > 10
    for below, above in pairs:
        light, dark = sorted((luminance(colour(below)), luminance(colour(above))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (below, above)


def test_what_others_wrote_is_shown_and_never_obeyed(pages, tmp_path):
    task = Todo(Pressing.NOW, HOSTILE, HOSTILE, HOSTILE, AS_OF.date(), HOSTILE, command=HOSTILE)
    trouble = {"title": HOSTILE, "what": HOSTILE, "do": HOSTILE, "since": AS_OF}
    facts = site_facts(todos=(task,), troubles=[trouble])
    pages.site(replace(facts, campaign=replace(facts.campaign, title=HOSTILE)))

    for name in ("index.html", "todo.html"):
        page = Document.of(tmp_path / "site" / name)
        assert not [script for script in page.all("script") if not script.attributes.get("src")]
        assert page.text.count(HOSTILE.replace(" ", "")) > 3


def test_a_unit_that_owes_nothing_has_no_task_and_no_zero(pages, tmp_path):
    pages.site(site_facts())

    page = Document.of(tmp_path / "site" / "units" / "900000.html")
    assert page.figures["报送率"] == ("无任务", "")
    assert "无任务。" in page.section("tasks").text


def test_an_early_site_says_what_is_not_there_yet(pages, tmp_path):
    words = Document.of(pages.site(site_facts())).text

    for expected in ("尚无到期报表", "目前没有需要经办人处理的事项", "尚未发函", "尚无进展数据"):
        assert expected in words
    assert "系统运行情况" not in words


@pytest.mark.parametrize(
    ("troubles", "expected"),
    [
        pytest.param([], "系统各项运行正常", id="nothing is wrong"),
        pytest.param(
            [{"title": "磁盘空间不足", "what": "余量不足1GB", "do": "请清理磁盘", "since": AS_OF}],
            "自2022年9月5日18:00起余量不足1GB请清理磁盘",
            id="something is wrong",
        ),
    ],
)
def test_the_overview_tells_how_the_machine_is(pages, troubles, expected):
    page = Document.of(pages.site(site_facts(troubles=troubles)))

    assert expected in page.section("health").text


def test_many_units_are_told_by_the_place_above_them(pages, tmp_path):
    pages.site(site_facts(count=61))
    overview = Document.of(tmp_path / "site" / "index.html")
    index = Document.of(tmp_path / "site" / "units" / "index.html")

    assert len(overview.table("matrix").rows) == 31
    assert overview.table("matrix").links[1] == "units/group-9000.html"  # after the index that the caption names
    assert len([entry for entry in index.all("li") if "data-find" in entry.attributes]) == 61
    group = Document.of(tmp_path / "site" / "units" / "group-9000.html")
    assert [row[0] for row in group.table("matrix").rows] == ["示例00市", "示例01市"]


def test_the_page_of_a_unit_of_which_nothing_changed_keeps_its_file(pages, tmp_path):
    pages.site(site_facts())
    unit, entry = tmp_path / "site" / "units" / "900000.html", tmp_path / "site" / "index.html"
    before = (unit.stat().st_ino, entry.stat().st_ino)

    pages.site(site_facts(as_of=datetime(2022, 9, 6, 8, 0, tzinfo=CHINA)))

    assert unit.stat().st_ino == before[0]
    assert entry.stat().st_ino != before[1]
    assert "本页数据最近变动：2022年9月5日18:00" in Document.of(unit).text


@pytest.mark.parametrize("reason", ["its facts", "its file is lost", "the record is lost", "a template"])
def test_the_page_of_a_unit_is_written_again_for(few_pages, tmp_path, reason):
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "assets").symlink_to(TEMPLATES / "assets")
    for template in TEMPLATES.glob("*.j2"):
        (templates / template.name).write_bytes(template.read_bytes())
    pages = FilePages(tmp_path / "published", templates=templates)
    facts = site_facts()
    unit = pages.site(facts).parent / "units" / "900000.html"
    inode = unit.stat().st_ino
    if reason == "its facts":
        facts.answers["units"][0]["letters"] = 1
    if reason == "its file is lost":
        unit.rename(unit.with_suffix(".old"))
    if reason == "the record is lost":
        (tmp_path / "published" / ".site.json").unlink()
    if reason == "a template":
        (templates / "unit.html.j2").write_text((TEMPLATES / "unit.html.j2").read_text("utf-8") + "\n")
        pages = FilePages(tmp_path / "published", templates=templates)

    pages.site(facts)

    assert unit.stat().st_ino != inode


def test_the_page_of_a_unit_that_has_left_is_removed(pages, tmp_path):
    pages.site(site_facts(count=2))
    (tmp_path / "site" / "office").mkdir()
    (tmp_path / "site" / "office" / "omissions.xlsx").write_bytes(b"")  # of an older layout

    pages.site(site_facts(count=1))

    assert "units/900000.html" in names(tmp_path / "site")
    assert "units/900050.html" not in names(tmp_path / "site")
    assert not (tmp_path / "site" / "office").exists()


def test_a_site_that_cannot_be_written_leaves_the_old_one_whole(pages, tmp_path, monkeypatch):
    pages.site(site_facts())
    before = {name: (tmp_path / "site" / name).read_bytes() for name in names(tmp_path / "site")}
    written = []

    def full(descriptor):
        written.append(descriptor)
        if len(written) > 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        pages.site(site_facts(count=3, as_of=datetime(2022, 9, 6, 8, 0, tzinfo=CHINA)))

    assert {name: (tmp_path / "site" / name).read_bytes() for name in names(tmp_path / "site")} == before


def test_what_a_killed_process_left_is_swept_away(pages, tmp_path):
    left = tmp_path / "site" / "units" / ".abc.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a page")

    pages.site(site_facts())

    assert not left.exists()


def test_a_reader_keeps_the_page_that_it_opened(pages):
    entry = pages.site(site_facts())
    with entry.open(encoding="utf-8") as reader:
        pages.site(site_facts(count=1))

        assert "示例01市" in reader.read()
    assert "示例01市" not in entry.read_text("utf-8")


def test_others_may_read_what_is_published(pages):
    assert pages.site(site_facts()).stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("is_replay", [True, False])
def test_the_site_of_a_replay_alone_says_that_it_is_invented(few_pages, tmp_path, is_replay):
    entry = FilePages(tmp_path, templates=TEMPLATES, is_replay=is_replay).site(site_facts())

    assert ("虚构数据" in Document.of(entry).text) is is_replay


def document(folder, *, version=1, kind=DocumentKind.BULLETIN, period="2022-08", as_of=AS_OF, content=b"written"):
    """Let a version of a document lie where it is written; return it as the ledger knows it."""
    name = f"bulletins/jiangsu-2022-{period}-第{version}版.docx"
    raw = content + str(version).encode()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(raw)
    return DocumentVersion("jiangsu-2022", kind, period, version, as_of, "{}", (), {name: sha256(raw).hexdigest()})


def test_documents_stand_with_the_newest_first_and_older_versions_below_it(pages, tmp_path):
    later = datetime(2022, 10, 9, 9, 0, tzinfo=CHINA)
    august, september = document(tmp_path), document(tmp_path, period="2022-09", as_of=later)
    again = document(tmp_path, version=2, as_of=later.replace(hour=10))
    pages.site(site_facts(documents=(august, september, again)))

    page = Document.of(tmp_path / "site" / "files.html")
    assert [row[1:4] for row in page.table("documents").rows] == [
        ["2022年8月", "第2版", "2022年10月9日10:00"],
        ["2022年9月", "第1版", "2022年10月9日09:00"],
    ]
    (older,) = page.all("details")
    assert "第1版，数据截止2022年9月5日18:00" in older.text
    assert [unquote(link) for link in older.links] == ["files/2022年8月情况通报-第1版.docx"]


def test_a_copy_that_is_right_is_not_made_again_and_one_that_is_gone_is_removed(pages, tmp_path):
    kept, left = document(tmp_path), document(tmp_path, period="2022-09")
    pages.site(site_facts(documents=(kept, left)))
    copy = tmp_path / "site" / "files" / "2022年8月情况通报-第1版.docx"
    inode = copy.stat().st_ino
    (copy.parent / "联系人.xlsx").write_bytes(b"put here by somebody")

    pages.site(site_facts(documents=(kept,)))

    assert copy.stat().st_ino == inode
    assert names(copy.parent) == {copy.name}


def test_what_somebody_made_of_a_document_in_its_place_never_comes_into_the_site(pages, tmp_path):
    written = document(tmp_path)
    facts = site_facts(documents=(written,))
    pages.site(facts)
    copy = tmp_path / "site" / "files" / "2022年8月情况通报-第1版.docx"
    with (tmp_path / next(iter(written.files))).open("ab") as file:
        file.write("联系人孙示例".encode())

    pages.site(facts)
    assert copy.read_bytes() == b"written1"  # the machine's own stays

    copy.write_bytes(b"somebody's")
    pages.site(facts)
    assert not copy.exists()
    assert "Word文件已移走或者改动，此处不提供" in Document.of(tmp_path / "site" / "files.html").text


def test_a_kind_of_document_that_is_not_named_as_offered_stays_away(pages, tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "OFFERED", frozenset({DocumentKind.SUMMARY}))

    pages.site(site_facts(documents=(document(tmp_path),)))

    assert not (tmp_path / "site" / "files").exists()
    assert not Document.of(tmp_path / "site" / "files.html").table("documents")
