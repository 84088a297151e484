"""Opens deliveries: who sent them, whether that may be believed, and which workbooks they carry."""

from collections.abc import Sequence
from dataclasses import dataclass

from phaseout.domain.campaign import Unit
from phaseout.domain.submission import Attachment, Channel, Delivery, Message, Outcome
from phaseout.usecases.assess.tools import OpenCampaign, Tools


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
    settled: tuple[Outcome, str] | None = None


def open_delivery(delivery: Delivery, campaigns: Sequence[OpenCampaign], *, tools: Tools) -> Opened:
    """Return what a delivery holds, or why it goes no further."""
    raw = tools.archive.get(delivery.sha256)
    if delivery.channel is Channel.FOLDER:
        return _from_folder(delivery, raw, campaigns)
    return _from_mail(delivery, tools.messages.read(raw), campaigns, require_authentic=tools.require_authentic)


def _from_folder(delivery: Delivery, raw: bytes, campaigns: Sequence[OpenCampaign]) -> Opened:
    senders = tuple(
        Sender(within, unit) for within in campaigns if (unit := within.unit(delivery.unit or "")) is not None
    )
    name = delivery.file_name or "来件"
    settled = None if senders else (Outcome.QUARANTINED, f"收件目录{delivery.unit or ''}不属于任何已开启工作的填报单位")
    return Opened(delivery, None, name, None, senders, (Attachment(name, raw),), settled)


def _from_mail(
    delivery: Delivery, message: Message, campaigns: Sequence[OpenCampaign], *, require_authentic: bool
) -> Opened:
    address = message.sender
    senders = tuple(
        Sender(within, unit) for within in campaigns if address and (unit := within.unit_of(address)) is not None
    )
    settled = _why_no_further(message, senders, require_authentic=require_authentic)
    return Opened(delivery, address, message.subject, message.message_id, senders, message.attachments, settled)


def _why_no_further(
    message: Message, senders: Sequence[Sender], *, require_authentic: bool
) -> tuple[Outcome, str] | None:
    if message.automatic is not None:
        return Outcome.IGNORED, "自动回复、退信或群发邮件，不作为来件处理"
    if message.sender is None:
        return Outcome.QUARANTINED, "发件人地址不规范，无法确认来源"
    if not senders:
        return Outcome.QUARANTINED, "发件人不在联系人名册内"
    if require_authentic and not message.is_authentic:
        return Outcome.QUARANTINED, "邮件服务商未能证实发件人身份"
    if not message.attachments:
        return Outcome.IGNORED, "邮件未附报表"
    return None
