"""Takes workbooks as answers to obligations, or says why not: refused, or a duplicate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from phaseout.domain.form import Form
from phaseout.domain.intake import Answered, answered, is_after_close
from phaseout.domain.reading import read_form, recognise
from phaseout.domain.submission import Attachment, Reading, Unreadable, Workbook
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
    form: Form
    reading: Reading
    answers: Answered
    version: int

    @property
    def is_after_close(self) -> bool:
        """Whether it came after the close date of what it answers."""
        return is_after_close(self.answers.obligation, self.opened.delivery.arrived_at)

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
    submission: str


@dataclass(slots=True)
class Counter:
    """Numbers the versions within a batch, and knows its workbooks by content."""

    seen: dict[tuple[str, str], str] = field(default_factory=dict)  # unit and content to submission
    versions: dict[str, int] = field(default_factory=dict)

    def next_version(self, within: OpenCampaign, obligation: str) -> int:
        """Return the version that a further workbook for an obligation gets."""
        known = self.versions.get(obligation, len(within.submitted.get(obligation, ())))
        self.versions[obligation] = known + 1
        return known + 1


def take(opened: Opened, counter: Counter, *, tools: Tools) -> Iterator[Taken | Refused | Duplicate]:
    """Yield what each workbook of a delivery is."""
    for attachment in opened.workbooks:
        sha256 = tools.archive.put(attachment.content)
        unit = opened.senders[0].unit.code
        earlier = counter.seen.get((unit, sha256)) or _earlier(unit, sha256, tools=tools)
        if earlier is not None:
            yield Duplicate(opened, attachment, earlier)
            continue
        try:
            taken = _take(opened, attachment, sha256, counter, tools=tools)
        except Unreadable as why:
            yield Refused(opened, attachment, why.code, why.facts.get("found", ""))
            continue
        counter.seen[(unit, sha256)] = taken.submission
        yield taken


def _earlier(unit: str, sha256: str, *, tools: Tools) -> str | None:
    submission = tools.ledger.submission_of(unit, sha256)
    return submission.id if submission else None


def _take(opened: Opened, attachment: Attachment, sha256: str, counter: Counter, *, tools: Tools) -> Taken:
    workbook = tools.workbooks.read(attachment.content)
    form = recognise(workbook, tools.definitions.forms())
    reading = read_form(workbook, form)
    sender, answers = _answered(opened.senders, reading, form)
    version = counter.next_version(sender.within, answers.obligation.id)
    return Taken(opened, sender.within, attachment, sha256, workbook, form, reading, answers, version)


def _answered(senders: Sequence[Sender], reading: Reading, form: Form) -> tuple[Sender, Answered]:
    """Return the first campaign that is owed this form; the newest campaign's refusal if none is."""
    refusal: Unreadable | None = None
    for sender in senders:
        try:
            return sender, answered(
                reading,
                form,
                campaign=sender.within.campaign,
                unit=sender.unit,
                obligations=sender.within.owed.get(sender.unit.code, {}),
            )
        except Unreadable as why:
            refusal = refusal or why
    assert refusal is not None  # noqa: S101  a delivery that got here has a sender
    raise refusal
