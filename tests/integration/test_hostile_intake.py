"""Odd and hostile mails and files go the whole way, from mailbox and folder to the answer, among sound ones."""

import io
import logging
import os
import re
import shutil
import zipfile
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path

import pytest

from phaseout.adapters.definitions.rules import load_refusals
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterState
from phaseout.domain.mail_words import DOUBT_WORDS, Doubt
from phaseout.domain.submission import Outcome
from phaseout.settings import PROJECT
from phaseout.usecases.assess import opening
from phaseout.usecases.publish import publish
from tests.canary import canary
from tests.filled_forms import contact_form
from tests.intake_home import CAMPAIGN, PROVIDER, mail, open_home, opened, put_mail, send, take_in
from tests.mail_servers import FaultySmtp
from tests.odd_files import ACCEPTED, EARLIER, RETURNED, odd_files
from tests.odd_mails import ODD_MAILS, Becomes

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile")]

REFUSALS = load_refusals(PROJECT / "data" / "refusals.yaml")
ARRIVED = datetime(2022, 6, 1, 9, tzinfo=CHINA)
NOW = ARRIVED + timedelta(hours=1)
SENDER = "a@city.example"  # of the odd mails
SUZHOU, OUR_ADDRESS, OFFICE = "320500", b"office@gxt.example", b"chanye@gxt-jiangsu.example"
CONTROLS = ("320100", "320200", "320300", "320400", "320600", "320700", "320800", "320900")
FOLDER_EVERY = 3  # so many files come by mail before one comes by folder
SUBJECT = "报送<i>报表</i><script>1</script>"
NAMES = [file.name for file in odd_files("http://127.0.0.1:1/canary")]
MAIL_OUTCOMES = {
    Becomes.TAKEN: Outcome.REFUSED,  # its files are none
    Becomes.IGNORED: Outcome.IGNORED,
    Becomes.QUARANTINED: Outcome.QUARANTINED,
    Becomes.RESENT: Outcome.IGNORED,
    Becomes.EMPTY: Outcome.IGNORED,
}
MAIL_REASONS = {Becomes.RESENT: opening.LINK_ONLY[1], Becomes.EMPTY: opening.NO_FORM[1]}
# What only programs say to each other; names of rules and files are in Chinese or numbers.
PROGRAMS_WORDS = re.compile(r"Traceback|Error|Exception|File \"|line \d+|None\b|\bnull\b|\.py\b|calamine|zipfile|XML")
PHONES = ("0512-68000000",)
CELL_TEXTS = ("孙示例", "赵示例", "产业处", *PHONES)


class Received:
    """What became of everything."""

    def __init__(self, bird, files):
        self.bird, self.files = bird, {file.name: file for file in files}
        self.records, self.letters, self.messages, self.sent = {}, {}, {}, []
        self.logged, self.home, self.outside = "", None, set()

    def of(self, key):
        return self.records[key]

    def message_to(self, key):
        """Return the answer to something, parsed."""
        return self.messages[self.of(key).delivery.id]

    def text_to(self, key):
        return self.message_to(key).get_body(("plain",)).get_content()


@pytest.fixture(scope="module")
def received(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    home = root / "home"
    (root / "elsewhere").mkdir()
    project = with_an_earlier_layout(root / "project")
    before, logs = places(root), Logs()
    logging.getLogger().addHandler(logs)
    with canary() as bird, FaultySmtp() as smtp, pytest.MonkeyPatch.context() as patch:
        patch.chdir(root / "elsewhere")
        all_files = odd_files(bird.url)
        told = Received(bird, all_files)
        open_home(home, senders=[(SENDER, SUZHOU)])
        refs = put_everything(home, all_files)
        with opened(home, smtp_port=smtp.port, project=project) as app:
            take_in(app, as_of=NOW)
            send(app, as_of=NOW)
            show(app)
            tell(told, app, refs)
        told.sent = list(smtp.handler.taken)
    logging.getLogger().removeHandler(logs)
    told.home, told.logged, told.outside = home, "\n".join(logs.lines), places(root) - before
    return told


def with_an_earlier_layout(project):
    """Return a copy of the project's data in which the contact form has had another layout before."""
    for folder in ("data", "expectations"):
        shutil.copytree(PROJECT / folder, project / folder)
    form = project / "data" / "forms" / "contact.yaml"
    text = form.read_text("utf-8")
    assert "layouts:\n" in text
    form.write_text(text.replace("layouts:\n", f'layouts:\n  - {{version: "{EARLIER}", since: {EARLIER}}}\n'), "utf-8")
    return project


class Logs(logging.Handler):
    """Everything that anybody logs."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


def places(root):
    """Return what lies outside the home: beside it, where we stand, and where hostile names lead."""
    found = set(root.rglob("*"))
    outside = {path for path in found if not path.is_relative_to(root / "home")} - {root / "home"}
    return outside.union(Path("/tmp").glob("canary*"), Path("/").glob("canary*"))  # noqa: S108  where a hostile name leads


def put_everything(home, files):
    """Let everything arrive, sound forms between the odd; return by which ref each thing is known."""
    refs, minute = {}, 0
    for number, odd in enumerate(ODD_MAILS):
        raw = PROVIDER + b"city.example\r\n" + odd.raw.replace(OUR_ADDRESS, OFFICE)
        refs[f"{number:03d}.odd"] = odd.name
        put_mail(home, f"{number:03d}.odd", raw, at=ARRIVED + timedelta(seconds=number))
    for number, file in enumerate(files):
        minute = ARRIVED + timedelta(minutes=5, seconds=number)
        if number % FOLDER_EVERY == 0 and "/" not in file.file_name:
            folder = home / "inbox" / SUZHOU
            (folder / file.file_name).write_bytes(file.content)
            os.utime(folder / file.file_name, (minute.timestamp(), minute.timestamp()))
            refs[f"{SUZHOU}/{file.file_name}"] = file.name
        else:
            raw = mail(SENDER, (file.file_name, file.content), message_id=f"file{number}", subject=SUBJECT)
            put_mail(home, f"{number:03d}.file", raw, at=minute)
            refs[f"{number:03d}.file"] = file.name
    for number, unit in enumerate(CONTROLS):
        name = f"control-{unit}"
        sender = f"gxj@{CITY_HOSTS[unit]}.example"
        raw = mail(sender, ("联系人.xlsx", contact_form(unit)), message_id=name)
        put_mail(home, name, raw, at=ARRIVED + timedelta(seconds=17 * number))
        refs[name] = name
    (home / "inbox" / SUZHOU / "指向.xlsx").symlink_to("/etc/passwd")
    os.mkfifo(home / "inbox" / SUZHOU / "管道.xlsx")
    return refs


CITY_HOSTS = dict(
    zip(
        CONTROLS,
        ("nanjing", "wuxi", "xuzhou", "changzhou", "nantong", "lianyungang", "huaian", "yancheng"),
        strict=True,
    )
)


def show(app):
    """Publish the board and the analysts' snapshot."""
    publish(
        CAMPAIGN,
        as_of=NOW,
        definitions=app.definitions,
        calendar=app.calendar,
        ledger=app.ledger,
        warehouse=app.warehouse,
        pages=app.pages,
        snapshot=app.snapshot,
        catch_up=lambda: app.fill(app.warehouse),
    )


def tell(told, app, refs):
    for record in app.ledger.deliveries():
        told.records[refs[record.delivery.ref.partition("#")[0]]] = record
    for record in app.ledger.letters():
        told.letters[record.letter.delivery] = record.letter
        raw = app.archive.get(record.letter.raw_sha256)
        told.messages[record.letter.delivery] = message_from_bytes(raw, policy=policy.default)


# What becomes of each


@pytest.mark.parametrize("odd", ODD_MAILS, ids=lambda odd: odd.name)
def test_an_odd_mail_ends_as_it_must_and_the_ledger_says_why(received, odd):
    record = received.of(odd.name)

    assert record.outcome is MAIL_OUTCOMES[odd.becomes]
    assert record.reason
    assert MAIL_REASONS.get(odd.becomes, "") in record.reason
    if odd.becomes is Becomes.QUARANTINED and odd.why in set(Doubt):
        assert DOUBT_WORDS[odd.why] in record.reason
    assert record.submissions == ()


@pytest.mark.parametrize("odd", [odd for odd in ODD_MAILS if odd.becomes is Becomes.TAKEN], ids=lambda odd: odd.name)
def test_every_file_of_an_odd_mail_is_named_in_its_answer(received, odd):
    text = received.text_to(odd.name)

    assert all(name in text for name in odd.files)


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_file_ends_as_it_must_with_words_that_say_what_to_do(received, name):
    file, record = received.files[name], received.of(name)
    refused = file.becomes not in {ACCEPTED, RETURNED}

    assert record.outcome is (Outcome.REFUSED if refused else Outcome(file.becomes))
    if refused:
        text, (title, remedy) = received.text_to(name), REFUSALS[file.becomes]
        assert title in text
        assert all(words in text for words in re.split(r"\{\w+\}", remedy))  # limits stand in numbers
        assert "{" not in text


def test_nothing_that_arrived_is_without_an_outcome_and_nothing_is_there_twice(received):
    records = received.records.values()

    assert len(received.records) == len(ODD_MAILS) + len(received.files) + len(CONTROLS)
    assert all(record.outcome is not None for record in records)
    submissions = [name for record in records for name in record.submissions]
    assert len(submissions) == len(set(submissions))


def test_there_are_enough_odd_files_and_sound_ones_pass_between_them():
    assert len(NAMES) == len(set(NAMES)) >= 60


def test_every_usual_mistake_is_among_the_odd_files(received):
    mistakes = {"encrypted", "not_a_workbook", "wrong_form", "wrong_unit", "macro", "file_damaged", "archive_malformed"}
    mistakes |= {"file_too_large", "empty_workbook", "other_layout", "not_owed"}

    assert mistakes <= {file.becomes for file in received.files.values()}


@pytest.mark.parametrize("unit", CONTROLS)
def test_a_sound_form_among_the_hostile_is_accepted(received, unit):
    record = received.of(f"control-{unit}")

    assert (record.outcome, len(record.submissions)) == (Outcome.ACCEPTED, 1)


def test_what_is_no_file_is_not_taken_from_a_folder(received):
    left = {path.name for path in (received.home / "inbox" / SUZHOU).iterdir()} - {"已收"}

    assert left == {"指向.xlsx", "管道.xlsx"}


# What leaves


def test_nobody_was_asked_anything_by_a_hostile_file(received):
    assert received.bird.asked == 0


def test_nothing_was_written_outside_the_home(received):
    assert received.outside == set()


def test_every_answer_left_once_and_to_registered_addresses_alone(received):
    ids = [message_from_bytes(envelope.content)["Message-ID"] for envelope in received.sent]
    hosts = {recipient.rpartition("@")[2] for envelope in received.sent for recipient in envelope.rcpt_tos}

    assert len(ids) == len(set(ids)) == len(received.letters)
    assert hosts <= {"city.example", "suzhou.example", *(f"{city}.example" for city in CITY_HOSTS.values())}
    assert {letter.state for letter in received.letters.values()} == {LetterState.SENT}


class Tags(HTMLParser):
    """The tags and addresses of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.addresses = set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses |= {value for name, value in attrs if name in {"href", "src", "action", "background"}}


def html_of(message):
    body = message.get_body(("html",))
    return body.get_content() if body else ""


def test_no_letter_holds_a_strangers_markup(received):
    quoted = html_of(received.message_to("cells with markup, quoted in a finding"))
    assert "&lt;script" in quoted  # what is quoted is shown as it was written
    for message in received.messages.values():
        page = Tags(html_of(message))

        assert not page.tags & {"script", "iframe", "img", "a", "link", "object", "form", "i"}
        assert page.addresses == set()


def test_no_letter_speaks_the_language_of_programs(received):
    for message in received.messages.values():
        text = message.get_body(("plain",)).get_content()

        assert not PROGRAMS_WORDS.search(text), text


def test_no_cell_of_a_workbook_that_we_send_is_a_formula_or_a_link(received):
    books = [
        part.get_content()
        for message in received.messages.values()
        for part in message.iter_attachments()
        if (part.get_filename() or "").endswith(".xlsx")
    ]
    books += [path.read_bytes() for path in (received.home / "published").rglob("*.xlsx")]

    assert len(books) >= 5
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            for name in archive.namelist():
                part = archive.read(name)
                assert not re.search(rb"<(?:\w+:)?f[ >/]", part) or not name.startswith("xl/worksheets/")
                assert received.bird.url.encode() not in part or not name.endswith(".rels")
                assert "vba" not in name.lower()
                assert "external" not in name.lower()


def test_the_copies_kept_are_the_letters_that_left(received):
    kept = {path.read_bytes() for path in (received.home / "outgoing").glob("*.eml")}

    assert len(kept) == len(received.letters)


def test_board_and_pages_hold_no_strangers_words(received):
    pages = [path.read_text("utf-8") for path in (received.home / "published").rglob("*.html")]

    assert pages
    for page in pages:
        assert received.bird.url not in page
        assert not PROGRAMS_WORDS.search(re.sub(r"<(style|script).*?</\1>|<[^>]*>", "", page, flags=re.DOTALL))
        assert not any(text in page for text in CELL_TEXTS)


def test_nothing_of_a_cell_is_logged(received):
    assert not any(text in received.logged for text in CELL_TEXTS)
    assert "Traceback" not in received.logged
    assert list(received.home.rglob("*.log")) == []
