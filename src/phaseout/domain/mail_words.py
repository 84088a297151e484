"""The Chinese words for what a mail gave to think about: why nobody wrote it, why its sender is not believed."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from phaseout.domain.submission import Bounce, Message


class Doubt(StrEnum):
    """What a person should know of a mail before believing or missing something."""

    NO_FROM = "no from"
    SEVERAL_FROM = "several from"
    SEVERAL_ADDRESSES = "several addresses"
    OTHER_ADDRESS_SHOWN = "other address shown"
    FOREIGN_LETTERS = "foreign letters"
    ENCODED_ADDRESS = "encoded address"
    MALFORMED_FROM = "malformed from"
    ODD_HEAD = "odd head"
    UNSIGNED = "unsigned"
    SIGNED_BY_OTHERS = "signed by others"
    SIGNED_IN_PART = "signed in part"
    SIGNATURE_EXPIRED = "signature expired"
    WEAK_KEY = "weak key"
    BAD_SIGNATURE = "bad signature"
    KEY_NOT_FOUND = "key not found"
    KEY_OUT_OF_REACH = "key out of reach"
    TOO_COMPLEX = "too complex"
    TOO_MANY_FILES = "too many files"
    DAMAGED_FILE = "damaged file"
    TWO_NAMES = "two names"
    STRAY_CONTENT = "stray content"


# Whatever of these stands, files of the mail may have been missed.
UNREAD = frozenset({Doubt.TOO_COMPLEX, Doubt.TOO_MANY_FILES, Doubt.STRAY_CONTENT})

DOUBT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Doubt.NO_FROM: "邮件没有发件人",
        Doubt.SEVERAL_FROM: "邮件写有多个发件人栏",
        Doubt.SEVERAL_ADDRESSES: "发件人栏内有多个地址",
        Doubt.OTHER_ADDRESS_SHOWN: "发件人显示名中写有另一邮箱地址",
        Doubt.FOREIGN_LETTERS: "发件人地址含有英文字母以外的字符，可能仿冒其他域名",
        Doubt.ENCODED_ADDRESS: "发件人地址经过编码，可能仿冒其他地址",
        Doubt.MALFORMED_FROM: "发件人地址书写不规范",
        Doubt.ODD_HEAD: "邮件头部不规范，不同的邮件软件会读出不同的发件人",
        Doubt.UNSIGNED: "邮件没有域名签名",
        Doubt.SIGNED_BY_OTHERS: "邮件签名不属于发件人的域名",
        Doubt.SIGNED_IN_PART: "邮件签名只覆盖部分内容，不予采信",
        Doubt.SIGNATURE_EXPIRED: "邮件签名在收到时已过有效期",
        Doubt.WEAK_KEY: "邮件签名的密钥强度不足",
        Doubt.BAD_SIGNATURE: "邮件签名核验未通过",
        Doubt.KEY_NOT_FOUND: "未查到发件人域名的签名公钥",
        Doubt.KEY_OUT_OF_REACH: "暂时无法查询发件人域名的签名公钥",
        Doubt.TOO_COMPLEX: "邮件结构过于复杂，未能完整读取",
        Doubt.TOO_MANY_FILES: "邮件附件过多，未能全部读取",
        Doubt.DAMAGED_FILE: "附件编码有误，内容可能不完整",
        Doubt.TWO_NAMES: "同一附件写有两个不同的文件名",
        Doubt.STRAY_CONTENT: "邮件中有未按附件格式存放的内容",
    }
)

AUTOMATIC_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "own mail": "本系统发出的邮件",
        "null return-path": "退信或系统通知",
        "report": "退信或阅读回执",
        "auto-submitted": "程序自动发出的邮件",
        "auto-reply": "自动回复",
        "precedence": "群发邮件",
        "list": "邮件列表",
        "role sender": "系统邮箱发出的邮件",
        "subject": "主题表明为自动回复或退信",
    }
)


def doubt_words(message: Message) -> str:
    """Return a mail's doubts as the office reads them."""
    return "；".join(DOUBT_WORDS[doubt] for doubt in message.doubts)


def automatic_words(message: Message) -> str:
    """Return why nobody wrote a mail; of a bounce, whom the letter did not reach."""
    words = AUTOMATIC_WORDS[message.automatic or ""]
    missed = "、".join(_bounce_words(bounce) for bounce in message.bounces)
    return f"{words}：{missed}" if missed else words


def _bounce_words(bounce: Bounce) -> str:
    return f"{bounce.recipient}未送达" + (f"（{bounce.status}）" if bounce.status else "")
