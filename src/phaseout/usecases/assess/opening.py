"""Opens deliveries: who sent them, whether that may be believed, and which workbooks they carry."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from phaseout.domain.campaign import Unit
from phaseout.domain.file_kind import kind_by_name
from phaseout.domain.letter import LetterKind
from phaseout.domain.mail_words import UNREAD, automatic_words, doubt_words
from phaseout.domain.quarantine import QuarantineDecision
from phaseout.domain.submission import Attachment, Bounce, Channel, Delivery, Message, Outcome
from phaseout.usecases.assess.tools import OpenCampaign, Tools

AUTOMATIC = (Outcome.IGNORED, "自动回复、退信或群发邮件，不作为来件处理")
MALFORMED = (Outcome.QUARANTINED, "发件人地址不规范，无法确认来源")
UNKNOWN = (Outcome.QUARANTINED, "发件人不在联系人名册内")
UNPROVEN = (Outcome.QUARANTINED, "邮件服务商未能证实发件人身份")
CONFLICT = (Outcome.QUARANTINED, "邮件标识与此前来件相同而附件不同，须人工核实")
NO_FOLDER = (Outcome.QUARANTINED, "未放入填报单位的收件目录，须人工核实填报单位")
NOBODYS = (Outcome.QUARANTINED, "核实后的报送单位不属于任何已开启的工作")
LINK_ONLY = (Outcome.IGNORED, "报表以网盘链接或者超大附件形式发送，未随邮件到达")
NO_FORM = (Outcome.IGNORED, "邮件未附报表")
NOT_READ = (Outcome.QUARANTINED, "未能从邮件中取出报表，须人工核实")
PREVIEW = "预检"  # in the subject of a mail that only asks what we would say
Settled = tuple[Outcome, str]


@dataclass(frozen=True, slots=True)
class Sender:
    """The unit that a delivery comes from, within a campaign."""

    within: OpenCampaign
    unit: Unit


@dataclass(frozen=True, slots=True)
class Opened:
    """A delivery with its sender and its workbooks; *settled* when it goes no further."""

    delivery: Delivery
    address: str | None  # where it came from
    subject: str
    message_id: str | None
    senders: tuple[Sender, ...]  # one a campaign that knows the sender
    workbooks: tuple[Attachment, ...]
    settled: Settled | None = None
    evidence: tuple[Attachment, ...] = ()  # came beside the workbooks, and is kept
    bounces: tuple[Bounce, ...] = ()
    asks_for_preview: bool = False

    @property
    def is_preview(self) -> bool:
        """Whether its workbooks are only to be checked (预检)."""
        return self.asks_for_preview and self.settled is None

    @property
    def notice(self) -> LetterKind | None:
        """Which notice a mail calls for that goes no further."""
        if self.delivery.channel is Channel.FOLDER or self.settled is None:
            return None
        if self.settled[1].startswith((LINK_ONLY[1], NOT_READ[1])):
            return LetterKind.RESEND
        return LetterKind.VERIFICATION if self.settled[0] is Outcome.QUARANTINED else None


def open_deliveries(deliveries: Sequence[Delivery], campaigns: Sequence[OpenCampaign], *, tools: Tools) -> list[Opened]:
    """Return what each delivery of a batch holds, or why it goes no further."""
    # The newest decision about a delivery is the last of it.
    decided = {one.delivery: one for one in tools.ledger.quarantine_decisions([one.id for one in deliveries])}
    own = _own_ids(campaigns, tools=tools)
    everything = [_open(delivery, campaigns, decided.get(delivery.id), own, tools=tools) for delivery in deliveries]
    return list(_without_conflicts(everything, decided, tools=tools))


def _own_ids(campaigns: Sequence[OpenCampaign], *, tools: Tools) -> re.Pattern[str] | None:
    """Return how the Message-IDs of our own letters look, in case their other marks were lost on the way."""
    host = tools.desk(campaigns[0].campaign).host if campaigns else None
    return re.compile(rf"<[0-9a-f]{{24}}@{re.escape(host)}>") if host else None


def _open(
    delivery: Delivery,
    campaigns: Sequence[OpenCampaign],
    decision: QuarantineDecision | None,
    own: re.Pattern[str] | None,
    *,
    tools: Tools,
) -> Opened:
    raw = tools.archive.get(delivery.sha256)
    let_in = _senders(campaigns, decision.unit) if decision and decision.is_accepted else None
    if delivery.channel is Channel.FOLDER:
        return _from_folder(delivery, raw, campaigns, let_in)
    message = tools.messages.read(raw, arrived_at=delivery.arrived_at)
    if own is not None and own.fullmatch(message.message_id or ""):
        message = replace(message, automatic="own mail")
    return _from_mail(delivery, message, campaigns, let_in, require_authentic=tools.require_authentic)


def _senders(campaigns: Sequence[OpenCampaign], unit_code: str | None) -> tuple[Sender, ...]:
    return tuple(Sender(within, unit) for within in campaigns if (unit := within.unit(unit_code or "")) is not None)


def _from_folder(
    delivery: Delivery, raw: bytes, campaigns: Sequence[OpenCampaign], let_in: tuple[Sender, ...] | None
) -> Opened:
    senders = _senders(campaigns, delivery.unit) if let_in is None else let_in
    name = delivery.file_name or "来件"
    settled = None if senders else NOBODYS if let_in is not None else _why_nobodys(delivery.unit)
    return Opened(delivery, None, name, None, senders, (_dropped(name, raw),), settled)


def _why_nobodys(folder: str | None) -> Settled:
    if folder is None:
        return NO_FOLDER
    return Outcome.QUARANTINED, f"收件目录{folder}不属于任何已开启工作的填报单位"


def _dropped(name: str, raw: bytes) -> Attachment:
    """Return a file of an inbox folder: what is no picture or video by its name is read as a workbook."""
    file = Attachment(name, raw, kind_by_name(name))
    return file if file.is_picture_or_video else Attachment(name, raw)


def _from_mail(
    delivery: Delivery,
    message: Message,
    campaigns: Sequence[OpenCampaign],
    let_in: tuple[Sender, ...] | None,
    *,
    require_authentic: bool,
) -> Opened:
    address = message.sender
    known = tuple(
        Sender(within, unit) for within in campaigns if address and (unit := within.unit_of(address)) is not None
    )
    senders = known if let_in is None else let_in
    if let_in is None:
        settled = _why_not_believed(message, known, require_authentic=require_authentic)
    else:
        settled = None if let_in else NOBODYS
    settled = settled or _why_no_submission(message)
    return Opened(
        delivery,
        address,
        message.subject,
        message.message_id,
        senders,
        message.attachments,
        settled,
        message.evidence,
        message.bounces,
        asks_for_preview=PREVIEW in message.subject,
    )


def _why_not_believed(message: Message, senders: Sequence[Sender], *, require_authentic: bool) -> Settled | None:
    if message.automatic is not None:
        return _explained(AUTOMATIC, automatic_words(message)) if message.bounces else AUTOMATIC
    if message.sender is None:
        return _explained(MALFORMED, doubt_words(message))
    if not senders:
        return UNKNOWN
    if require_authentic and not message.is_authentic:
        return _explained(UNPROVEN, doubt_words(message))
    return None


def _why_no_submission(message: Message) -> Settled | None:
    if message.has_link_only:
        return LINK_ONLY
    if message.attachments:
        return None
    # Nobody may be told that there was no form when we could not look everywhere.
    return _explained(NOT_READ, doubt_words(message)) if UNREAD.intersection(message.doubts) else NO_FORM


def _explained(settled: Settled, words: str) -> Settled:
    return (settled[0], f"{settled[1]}：{words}") if words else settled


def _without_conflicts(
    everything: Sequence[Opened], decided: Mapping[str, QuarantineDecision], *, tools: Tools
) -> Iterator[Opened]:
    """Yield what was opened; a mail whose id its sender has used for other files waits for a person."""
    asked = {one.message_id for one in everything if one.message_id and not one.settled}
    carried: dict[tuple[str, str | None], list[Sequence[Attachment]]] = defaultdict(list)
    for earlier in tools.ledger.with_message_ids(asked) if asked else ():
        message = tools.messages.read(tools.archive.get(earlier.sha256))
        carried[earlier.message_id, earlier.sender].append(message.attachments)
    for one in everything:
        if one.settled or not one.message_id:
            yield one
            continue
        same_id = carried[one.message_id, one.address]
        is_conflict = any(_content(files) != _content(one.workbooks) for files in same_id)
        same_id.append(one.workbooks)
        yield replace(one, settled=CONFLICT) if is_conflict and one.delivery.id not in decided else one


def _content(files: Sequence[Attachment]) -> frozenset[bytes]:
    # Not the mail's bytes: each way to a mailbox writes its own lines on top of the same mail.
    return frozenset(file.content for file in files)
