"""Takes workbooks as answers to obligations, or says why not: refused, or a duplicate."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date

from phaseout.domain.calendar import day_in_china
from phaseout.domain.dividing import divide, held_to
from phaseout.domain.form import Form
from phaseout.domain.intake import Answered, answered, is_after_close, is_overtaken
from phaseout.domain.item import Scope
from phaseout.domain.reading_years import read_in_year
from phaseout.domain.recognising import recognise
from phaseout.domain.submission import Attachment, Channel, Reading, Submission, Unreadable, Workbook
from phaseout.domain.waiver import Filed, is_waived_since
from phaseout.usecases.assess.opening import Opened, Sender
from phaseout.usecases.assess.tools import OpenCampaign, Tools


@dataclass(frozen=True, slots=True)
class Taken:
    """A workbook on its way to a decision."""

    opened: Opened
    within: OpenCampaign
    attachment: Attachment
    sha256: str
    workbook: Workbook
    form: Form  # as it stands in the campaign's year
    reading: Reading
    answers: Answered
    version: int

    @property
    def is_after_close(self) -> bool:
        """Whether it came after the close date of what it answers."""
        return is_after_close(self.answers.obligation, self.opened.delivery.arrived_at)

    @property
    def is_overtaken(self) -> bool:
        """Whether a version that came later was decided before: this one is kept, and never becomes current."""
        obligation = self.answers.obligation
        return is_overtaken(obligation, self.opened.delivery.arrived_at, self.within.submitted.get(obligation.id, ()))

    @property
    def arrived_on(self) -> date | None:
        """The day it came; a file that a unit only has looked at (预检) was not delivered yet."""
        delivery = self.opened.delivery
        return day_in_china(delivery.arrived_at) if delivery.sha256 else None

    @property
    def submission(self) -> str:
        """The id of the submission it becomes."""
        return f"{self.answers.obligation.id}#{self.version}"


@dataclass(frozen=True, slots=True)
class Refused:
    """A workbook that could not be read as a form (拒收)."""

    opened: Opened
    attachment: Attachment
    code: str
    found: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A workbook whose bytes came before (重复件)."""

    opened: Opened
    attachment: Attachment
    submissions: tuple[str, ...]  # one, or one an industry
    decided: tuple[Submission, ...] = ()  # the same, unless they are of this batch


@dataclass(slots=True)
class Counter:
    """Numbers the versions within a batch, and knows its workbooks by content."""

    seen: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)  # unit and content to submissions
    versions: dict[str, int] = field(default_factory=dict)

    def next_version(self, within: OpenCampaign, obligation: str) -> int:
        """Return the version that a further workbook for an obligation gets."""
        known = self.versions.get(obligation, len(within.submitted.get(obligation, ())))
        self.versions[obligation] = known + 1
        return known + 1


Part = Taken | Refused | Duplicate


@dataclass(frozen=True, slots=True)
class _Piece:
    """A workbook of a delivery, kept in the archive; *earlier* are the submissions that its bytes became before."""

    opened: Opened
    attachment: Attachment
    sha256: str
    earlier: tuple[Submission, ...]
    is_known: bool  # it need not be read: it is a duplicate whatever it answers


def take(
    everything: Sequence[Opened], *, most_rows: int, tools: Tools, go_on: Callable[[], None] = lambda: None
) -> dict[str, list[Part]]:
    """Return what each workbook of a batch is, by delivery; the reader works on the next while one is taken.

    Once there are so many rows, the deliveries that follow are left for the next batch. *go_on* is called before each.
    """
    pieces = _pieces(everything, tools=tools)
    counter = Counter()
    taken: dict[str, list[Part]] = {}
    rows = 0
    unread = [
        piece.attachment.content for of_delivery in pieces.values() for piece in of_delivery if not piece.is_known
    ]
    with closing(tools.workbooks.read_ahead(unread)) as workbooks:
        for delivery, of_delivery in pieces.items():
            if rows >= most_rows:
                break
            go_on()  # files that are hard to read may take their seconds, each of them
            parts: list[Part] = []
            for piece in of_delivery:
                parts += _take(piece, None if piece.is_known else next(workbooks), counter, tools=tools)
            taken[delivery] = parts
            rows += sum(len(part.reading.rows) for part in parts if isinstance(part, Taken))
    return taken


def _pieces(everything: Sequence[Opened], *, tools: Tools) -> dict[str, list[_Piece]]:
    kept = [
        (opened, attachment, _kept(opened, attachment, tools=tools))
        for opened in everything
        if not opened.settled
        for attachment in opened.workbooks
    ]
    for opened in everything:
        for attachment in () if opened.settled else opened.evidence:
            tools.archive.put(attachment.content)
    known = tools.ledger.known_workbooks([sha256 for *_, sha256 in kept])
    pieces: dict[str, list[_Piece]] = {opened.delivery.id: [] for opened in everything}
    for opened, attachment, sha256 in kept:
        may_repeat = sha256 in known and not opened.is_preview  # who asks again what we would say is told again
        earlier = _earlier(opened, sha256, tools=tools) if may_repeat else ()
        is_known = any(
            _is_still_open(campaign, opened, tools=tools) for campaign in {_campaign(one) for one in earlier}
        )
        pieces[opened.delivery.id].append(_Piece(opened, attachment, sha256, earlier, is_known))
    return pieces


def _campaign(submission: Submission) -> str:
    return submission.obligation.split("/")[0]


def _is_still_open(campaign: str, opened: Opened, *, tools: Tools) -> bool:
    """Say whether the sender's unit may still file for a campaign; last year's file may be meant for this year's."""
    unit, day = opened.senders[0].unit.code, day_in_china(opened.delivery.arrived_at)
    known = next((s.within.obligations_of(unit) for s in opened.senders if s.within.campaign.id == campaign), None)
    obligations = tools.ledger.obligations(campaign) if known is None else known
    return any(one.unit == unit and day <= one.closes for one in obligations)


def _kept(opened: Opened, attachment: Attachment, *, tools: Tools) -> str:
    """Return the hash under which a workbook is in the archive; what came in a folder is there as it came."""
    if opened.delivery.channel is Channel.FOLDER:
        return opened.delivery.sha256
    return tools.archive.put(attachment.content)


def _earlier(opened: Opened, sha256: str, *, tools: Tools) -> tuple[Submission, ...]:
    """Return the submissions that these bytes are a duplicate of; none if the office has let pass what returned one."""
    submissions = tools.ledger.submissions_of(opened.senders[0].unit.code, sha256)
    if any(_may_come_again(submission, opened, tools=tools) for submission in submissions):
        return ()
    return tuple(submissions)


def _may_come_again(submission: Submission, opened: Opened, *, tools: Tools) -> bool:
    known = (sender.within.submitted.get(submission.obligation, ()) for sender in opened.senders)
    if any(one.version > submission.version for of_campaign in known for one in of_campaign):
        return False
    delivery, campaign = opened.delivery, _campaign(submission)
    scope = Scope(campaign, submission.unit, submission.form, submission.industry)
    filed = Filed(scope, submission.period, day_in_china(delivery.arrived_at))
    return is_waived_since(submission, tools.ledger.waivers(campaign), filed, as_of=delivery.collected_at)


def _take(piece: _Piece, workbook: Workbook | Unreadable | None, counter: Counter, *, tools: Tools) -> list[Part]:
    same = (piece.opened.senders[0].unit.code, piece.sha256)
    if piece.is_known:
        return [_duplicate(piece)]
    if earlier := counter.seen.get(same):
        return [Duplicate(piece.opened, piece.attachment, earlier)]
    if not isinstance(workbook, Workbook):
        return [_refused(piece, workbook or Unreadable("parser_failed"))]
    parts = _parts(piece, workbook, counter, tools=tools)
    if became := tuple(part.submission for part in parts if isinstance(part, Taken)):
        counter.seen[same] = became
    return parts


def _parts(piece: _Piece, workbook: Workbook, counter: Counter, *, tools: Tools) -> list[Part]:
    """Return what a workbook becomes: one submission, or one for each industry that it reports."""
    opened, attachment, sha256 = piece.opened, piece.attachment, piece.sha256
    try:
        sender, form, parts = _answered(opened.senders, workbook, recognise(workbook, tools.definitions.forms()))
    except Unreadable as why:
        return [_refused(piece, why)]
    if sender.within.campaign.id in {_campaign(one) for one in piece.earlier}:
        return [_duplicate(piece)]
    became: list[Part] = []
    for reading, answers in parts:
        if isinstance(answers, Unreadable):
            became.append(_refused(piece, answers))
            continue
        version = counter.next_version(sender.within, answers.obligation.id)
        held = held_to(reading, form, answers.unit)
        became.append(Taken(opened, sender.within, attachment, sha256, workbook, form, held, answers, version))
    return became


def _duplicate(piece: _Piece) -> Duplicate:
    return Duplicate(piece.opened, piece.attachment, tuple(one.id for one in piece.earlier), piece.earlier)


def _refused(piece: _Piece, why: Unreadable) -> Refused:
    return Refused(piece.opened, piece.attachment, why.code, why.facts.get("found", ""))


_Reported = tuple[Reading, Answered | Unreadable]  # of one industry, if a form is owed by industry


def _answered(senders: Sequence[Sender], workbook: Workbook, form: Form) -> tuple[Sender, Form, list[_Reported]]:
    """Return the first campaign that is owed this form, read as of its year; the newest one's refusal if none is."""
    refusal: Unreadable | None = None
    read: dict[int, tuple[Form, Reading]] = {}
    for sender in senders:
        year = sender.within.campaign.year
        try:
            if year not in read:
                read[year] = read_in_year(workbook, form, year)
        except Unreadable as why:
            refusal = refusal or why
            continue
        of_year, reading = read[year]
        parts = [(part, _answer(part, of_year, sender)) for part in divide(reading, of_year)]
        refusals = [answer for _, answer in parts if isinstance(answer, Unreadable)]
        if len(refusals) < len(parts):
            return sender, of_year, parts
        refusal = refusal or refusals[0]
    assert refusal is not None  # noqa: S101  a delivery that got here has a sender
    raise refusal


def _answer(reading: Reading, form: Form, sender: Sender) -> Answered | Unreadable:
    obligations = sender.within.owed.get(sender.unit.code, {})
    try:
        return answered(reading, form, campaign=sender.within.campaign, unit=sender.unit, obligations=obligations)
    except Unreadable as why:
        return why
