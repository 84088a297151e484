"""Odd and hostile mails (怪异来件), each with what must become of it and why; people and addresses are invented."""

import base64
import io
import zipfile
from dataclasses import dataclass
from email.header import Header
from enum import StrEnum

from phaseout.domain.mail_words import Doubt

XLSX = b"PK\x03\x04 a workbook, to the eye of a mail"
ENCODED = base64.encodebytes(XLSX)
WINMAIL = b"\x78\x9f\x3e\x22 as one mail program packs everything"
CITY = b"a@city.example"
OUR_LETTER = b"<0123456789abcdef01234567@phaseout.example>"


class Becomes(StrEnum):
    """What becomes of a mail of a registered sender."""

    TAKEN = "its files are read and answered"
    IGNORED = "nobody wrote it: no submission, no answer"
    QUARANTINED = "a person must look"
    RESENT = "the sender is asked to attach the file"
    EMPTY = "there is nothing in it"


@dataclass(frozen=True, slots=True)
class OddMail:
    """A mail that is not as it should be."""

    name: str  # a sentence
    raw: bytes
    becomes: Becomes
    files: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    why: str | None = None  # the code of `automatic`, or a doubt that must be told


# How mails are put together, byte by byte


def mail(*extra, subject=b"x", sender=CITY, body=b"text"):
    return b"\r\n".join([b"From: " + sender, b"Subject: " + subject, *extra, b"", body])


def part(*headers, content=ENCODED):
    return b"\r\n".join([*headers, b"Content-Transfer-Encoding: base64", b"", content])


def multipart(*parts, kind=b"mixed", boundary=b"b1", top=(), **how):
    body = b"".join(b"--" + boundary + b"\r\n" + each + b"\r\n" for each in parts) + b"--" + boundary + b"--\r\n"
    return mail(b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"', *top, body=body, **how)


def attached(*headers, content=ENCODED, **how):
    return multipart(b"Content-Type: text/plain\r\n\r\nhello", part(*headers, content=content), **how)


def disposition(parameter):
    return b"Content-Disposition: attachment; " + parameter


def named(name):
    return disposition(b'filename="' + name.encode() + b'"')


def words(text, charset):
    return Header(text, charset).encode().encode()


def split_in_mid_character(text, charset):
    octets = text.encode(charset)
    halves = octets[:3], octets[3:]
    return b"\r\n ".join(b"=?" + charset.encode() + b"?B?" + base64.b64encode(half) + b"?=" for half in halves)


class WindowsName(zipfile.ZipInfo):
    """An entry as Chinese Windows names it: in GBK, without the flag that says UTF-8."""

    def _encodeFilenameFlags(self):  # noqa: N802  zipfile's name
        return self.filename.encode("gb18030"), self.flag_bits


def zipped(entries, *, named=zipfile.ZipInfo, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries:
            archive.writestr(named(name), content, method)
    return buffer.getvalue()


def with_file(name, content, **how):
    return attached(named(name), content=base64.encodebytes(content), **how)


def forwarded(encoding, inner=None):
    inner = inner or attached(named("a.xlsx"))
    if encoding == b"base64":
        inner = base64.encodebytes(inner)
    return multipart(
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + inner,
        boundary=b"outer",
    )


def forwarded_often(times):
    raw = attached(named("a.xlsx"))
    for _ in range(times):
        raw = mail(b"Content-Type: message/rfc822", body=raw)
    return raw


def nested_multiparts(times):
    return b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(times))


def linked(url, *parts, **how):
    html = f'<p>附件</p><a href="{url}">下载</a>'.encode()
    return multipart(part(b"Content-Type: text/html; charset=utf-8", content=base64.encodebytes(html)), *parts, **how)


def bounce(*, recipient=b"gxj@city.example", status=b"5.1.1", action=b"failed"):
    return multipart(
        b"Content-Type: text/plain\r\n\r\nnot delivered",
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.city.example\r\n\r\n"
        b"Final-Recipient: rfc822; " + recipient + b"\r\nAction: " + action + b"\r\nStatus: " + status + b"\r\n",
        b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: " + OUR_LETTER + b"\r\nX-Phaseout-Letter: 1\r\n",
        kind=b"report; report-type=delivery-status",
        top=(b"Message-ID: <own@mx.city.example>", b"Return-Path: <>"),
        sender=b"MAILER-DAEMON@mx.city.example",
    )


PDF = part(b"Content-Type: application/pdf", named("盖章件.pdf"))
PHOTO = part(b"Content-Type: image/jpeg", named("拆除前.jpg"))
VIDEO = part(b"Content-Type: video/mp4", named("拆除.mp4"))
LOGO = part(b"Content-Type: image/png", b"Content-ID: <logo>", b'Content-Disposition: inline; filename="logo.png"')
TABLE = part(named("a.xlsx"))
BOMB = zipped([("a.xlsx", bytes(70_000_000))])
QQ_LINK = "https://wx.mail.qq.com/ftn/download?func=3&key=invented"

_A = ("a.xlsx",)
_T, _I, _Q, _R, _E = Becomes.TAKEN, Becomes.IGNORED, Becomes.QUARANTINED, Becomes.RESENT, Becomes.EMPTY

CHARSETS_AND_NAMES = (
    OddMail("a raw GBK subject", attached(named("a.xlsx"), subject="报送".encode("gb18030")), _T, _A),
    OddMail(
        "a raw GBK file name with half a character that looks like a backslash",
        attached(disposition(b'filename="' + "表誠.xlsx".encode("gb18030") + b'"')),
        _T,
        ("表誠.xlsx",),
    ),
    OddMail(
        "a name in gb2312 that is GB18030",
        attached(disposition(b'filename="=?gb2312?B?' + base64.b64encode("镕㐂.xlsx".encode("gb18030")) + b'?="')),
        _T,
        ("镕㐂.xlsx",),
    ),
    OddMail(
        "a name of an unknown charset",
        attached(disposition(b'filename="=?x-none?B?' + base64.b64encode("表2.xls".encode()) + b'?="')),
        _T,
        ("表2.xls",),
    ),
    OddMail(
        "a name split inside a character",
        attached(disposition(b"filename*0*=utf-8''%E8%A1;\r\n filename*1*=%A82.xl;\r\n filename*2=sx")),
        _T,
        ("表2.xlsx",),
    ),
    OddMail(
        "two names for one file",
        attached(b'Content-Type: application/x; name="other.doc"', named("a.xlsx")),
        _T,
        _A,
        why=Doubt.TWO_NAMES,
    ),
    OddMail("a path for a name", attached(disposition(b'filename="../../etc/a.xlsx"')), _T, _A),
    OddMail("bare line feeds", attached(named("a.xlsx")).replace(b"\r\n", b"\n"), _T, _A),
    OddMail("a workbook that stands in the text", attached(b'Content-Disposition: inline; filename="a.xlsx"'), _T, _A),
    OddMail(
        "base64 that is cut off",
        attached(named("a.xlsx"), content=ENCODED.strip()[:-3]),
        _T,
        _A,
        why=Doubt.DAMAGED_FILE,
    ),
)

WRAPPINGS = (
    OddMail(
        "a zip with GBK names",
        with_file("a.zip", zipped([("甲市/表2.xlsx", XLSX), ("甲市/表3.xlsx", XLSX + b"3")], named=WindowsName)),
        _T,
        ("表2.xlsx", "表3.xlsx"),
    ),
    OddMail("a zip in a zip", with_file("a.zip", zipped([("b.zip", zipped([("a.xlsx", XLSX)]))])), _T, _A),
    OddMail(
        "a zip in a zip in a zip",
        with_file("a.zip", zipped([("b.zip", zipped([("c.zip", zipped([("a.xlsx", XLSX)]))]))])),
        _T,
        ("a.zip",),
    ),
    OddMail(
        "a zip with pictures beside the table",
        with_file("a.zip", zipped([("a.xlsx", XLSX), ("拆除后.jpg", b"jpg")])),
        _T,
        _A,
        evidence=("拆除后.jpg",),
    ),
    OddMail(
        "a zip of pictures alone",
        with_file("a.zip", zipped([("拆除后.jpg", b"jpg")])),
        _T,
        ("a.zip",),
        evidence=("拆除后.jpg",),
    ),
    OddMail("a zip bomb", with_file("a.zip", BOMB), _T, ("a.zip",)),
    OddMail("a zip bomb in a zip", with_file("a.zip", zipped([("b.zip", BOMB)])), _T, ("a.zip",)),
    OddMail(
        "a zip whose 30 MB are packed into nothing",
        with_file("a.zip", zipped([("a.xlsx", bytes(30_000_000))])),
        _T,
        ("a.zip",),
    ),
    OddMail(
        "a zip of 70 MB in small pieces",
        with_file("a.zip", zipped([(f"{n}.xlsx", bytes(1_000_000)) for n in range(70)])),
        _T,
        ("a.zip",),
    ),
    OddMail(
        "a zip of 300 workbooks",
        with_file("a.zip", zipped([(f"{n}.xlsx", XLSX) for n in range(300)])),
        _T,
        ("a.zip",),
    ),
    OddMail(
        "a zip packed by a rare method",
        with_file("a.zip", zipped([("a.xlsx", XLSX)], method=zipfile.ZIP_LZMA)),
        _T,
        ("a.zip",),
    ),
    OddMail("a zip that is cut off", with_file("a.zip", zipped([("a.xlsx", XLSX)])[:-30]), _T, ("a.zip",)),
    OddMail("a rar", with_file("a.rar", b"Rar!\x1a\x07"), _T, ("a.rar",)),
    OddMail("a winmail.dat", with_file("winmail.dat", WINMAIL), _T, ("winmail.dat",)),
    OddMail(
        "a winmail.dat without a name",
        attached(b"Content-Type: application/ms-tnef", content=base64.encodebytes(WINMAIL)),
        _T,
        ("winmail.dat",),
    ),
    OddMail("a forwarded mail", forwarded(b"8bit"), _T, _A),
    OddMail("a forwarded mail in base64", forwarded(b"base64"), _T, _A),
    OddMail("a forwarded mail as a file", with_file("转发.eml", attached(named("a.xlsx"))), _T, _A),
    OddMail("a mail forwarded 15 times", forwarded_often(15), _T, _A),
    OddMail("a mail forwarded 50 times", forwarded_often(50), _Q, why=Doubt.TOO_COMPLEX),
    OddMail(
        "a forwarded mail in base64 with 3,000 nested parts",
        forwarded(b"base64", nested_multiparts(3000)),
        _Q,
        why=Doubt.TOO_COMPLEX,
    ),
    OddMail(
        "a forwarded mail in base64 with 30,000 parts",
        forwarded(b"base64", multipart(*[b"\r\ntext"] * 30_000)),
        _Q,
        why=Doubt.TOO_COMPLEX,
    ),
    OddMail("several workbooks", multipart(TABLE, part(named("b.et"))), _T, ("a.xlsx", "b.et")),
    OddMail("the same workbook twice", multipart(TABLE, TABLE), _T, _A),
    OddMail(
        "an inner part that re-uses the boundary",
        multipart(b'Content-Type: multipart/alternative; boundary="b1"\r\n\r\n--b1\r\n\r\ntext\r\n--b1--', TABLE),
        _T,
        _A,
    ),
    OddMail(
        "a workbook after the last boundary",
        multipart(b"\r\ntext") + TABLE,
        _Q,
        why=Doubt.STRAY_CONTENT,
    ),
    OddMail("a uuencoded body", mail(body=b"begin 644 a.xls\r\n#0V%T\r\n`\r\nend\r\n"), _Q, why=Doubt.STRAY_CONTENT),
)

COMPANY = (
    OddMail("a table with a signature's logo", multipart(TABLE, LOGO), _T, _A),
    OddMail("a logo alone", multipart(LOGO), _E),
    OddMail("a table with the stamped scan", multipart(TABLE, PDF), _T, _A, evidence=("盖章件.pdf",)),
    OddMail("a scan alone", multipart(PDF), _T, ("盖章件.pdf",)),
    OddMail(
        "a table with photos and a film",
        multipart(TABLE, PHOTO, VIDEO),
        _T,
        _A,
        evidence=("拆除前.jpg", "拆除.mp4"),
    ),
    OddMail("a QQ link in place of the file", linked(QQ_LINK), _R),
    OddMail("an older QQ link", linked("http://mail.qq.com/cgi-bin/ftnExs_download?k=invented"), _R),
    OddMail("a NetEase link", linked("https://mail.163.com/large-attachment-download/index.html?file=x"), _R),
    OddMail("a cloud drive's link", linked("https://pan.baidu.com/s/1invented"), _R),
    OddMail("a link and a scan", linked(QQ_LINK, PDF), _R, evidence=("盖章件.pdf",)),
    OddMail("a link and a table", linked(QQ_LINK, TABLE), _T, _A),
    OddMail("a link that leads nowhere special", linked("https://www.city.example/"), _E),
)

MACHINES = (
    OddMail("a delivery report", bounce(), _I, why="null return-path"),
    OddMail(
        "a bounce in plain text",
        mail(b"X-Failed-Recipients: gxj@city.example", sender=b"postmaster@city.example"),
        _I,
        why="auto-reply",
    ),
    OddMail(
        "an absence note with a table of ours",
        attached(named("a.xlsx"), top=(b"Auto-Submitted: auto-replied",)),
        _I,
        _A,
        why="auto-submitted",
    ),
    OddMail("an absence note known by its subject", mail(subject="自动回复：催报".encode()), _I, why="subject"),
    OddMail("an Exchange absence note", mail(b"X-MS-Exchange-Inbox-Rules-Loop: a"), _I, why="auto-reply"),
    OddMail("a mailing list", mail(b"List-Id: <l.city.example>"), _I, why="list"),
    OddMail("mail in bulk", mail(b"Precedence: bulk"), _I, why="precedence"),
    OddMail("a no-reply address", mail(sender=b"no-reply@city.example"), _I, why="role sender"),
    OddMail("our own letter", mail(b"X-Phaseout-Letter: 1"), _I, why="own mail"),
    OddMail("our own address", mail(sender=b"office@gxt.example"), _I, why="own mail"),
    OddMail(
        "a read receipt",
        multipart(b"Content-Type: message/disposition-notification\r\n\r\nDisposition: x", kind=b"report"),
        _I,
        why="report",
    ),
)


def _from(name, sender, doubt, *, files=_A):
    return OddMail(name, attached(named("a.xlsx"), sender=sender), _Q, files, why=doubt)


DECEIVERS = (
    _from("two addresses", b"a@city.example, b@x.example", Doubt.SEVERAL_ADDRESSES),
    _from("two From", b"a@city.example\r\nFrom: b@x.example", Doubt.SEVERAL_FROM),
    _from("a second From with a blank before its colon", b"a@city.example\r\nFrom : b@x.example", Doubt.SEVERAL_FROM),
    _from("a second From after a bare CR", b"a@city.example\rFrom: b@x.example", Doubt.SEVERAL_FROM),
    _from("a second From within a header", b"a@city.example\r\nX: y\rFrom: b@x.example", Doubt.SEVERAL_FROM),
    _from("a From before a head's early end", b"a@city.example\r\nX: y\r\rFrom: b@x.example", Doubt.ODD_HEAD, files=()),
    _from("a line that is no header", b"a@city.example\r\nno header", Doubt.ODD_HEAD, files=()),
    _from("no From", b"", Doubt.NO_FROM),
    _from("a group", b"all: a@city.example;", Doubt.MALFORMED_FROM),
    _from("a name that is another address", b"a@city.example <b@x.example>", Doubt.OTHER_ADDRESS_SHOWN),
    _from("such a name, encoded", words("a@city.example", "utf-8") + b" <b@x.example>", Doubt.OTHER_ADDRESS_SHOWN),
    _from("such a name in full width", "ａ＠city．example <b@x.example>".encode(), Doubt.OTHER_ADDRESS_SHOWN),
    _from("such a name in foreign letters", "a@cіty.example <b@x.example>".encode(), Doubt.OTHER_ADDRESS_SHOWN),
    _from("a name encoded twice", words("=?utf-8?q?a=40city.example?=", "utf-8") + b" <b@x.example>",
          Doubt.ENCODED_ADDRESS),
    _from("an address that is an encoded word", b"=?utf-8?q?a=40city.example?=", Doubt.ENCODED_ADDRESS),
    _from("an encoded word before the @", b"=?utf-8?q?a=40city.example=3E?=@x.example", Doubt.ENCODED_ADDRESS),
    _from("a foreign letter in the domain", "a@cіty.example".encode(), Doubt.FOREIGN_LETTERS),
    _from("such a domain in its ASCII form", b"a@xn--cty-zbb.example", Doubt.FOREIGN_LETTERS),
    _from("a Chinese local part", "甲市@city.example".encode(), Doubt.FOREIGN_LETTERS),
)  # fmt: skip

POISON = (
    OddMail("nothing at all", b"", _Q, why=Doubt.NO_FROM),
    OddMail("noise", b"\x00\xff" * 500, _Q, why=Doubt.NO_FROM),
    OddMail("3,000 nested parts", b"From: a@city.example\r\n" + nested_multiparts(3000), _Q, why=Doubt.TOO_COMPLEX),
    OddMail("30,000 empty parts", multipart(*[b"\r\n"] * 30_000), _Q, why=Doubt.TOO_COMPLEX),
    OddMail("10,000 parts", multipart(*[b"\r\ntext"] * 10_000), _Q, why=Doubt.TOO_MANY_FILES),
    OddMail(
        "300 workbooks",
        multipart(*[part(named(f"{n}.xlsx")) for n in range(300)]),
        _T,
        tuple(f"{n}.xlsx" for n in range(200)),
        why=Doubt.TOO_MANY_FILES,
    ),
    OddMail("a head of 1.2 MB", b"X: y\r\n" * 200_000 + mail(), _Q, why=Doubt.TOO_COMPLEX),
    OddMail("a part with a head of 1.2 MB", multipart(b"X: y\r\n" * 200_000, TABLE), _Q, why=Doubt.TOO_COMPLEX),
    OddMail(
        "a report of 30,000 paragraphs",
        multipart(b"Content-Type: message/delivery-status\r\n\r\n" + b"X: y\r\n\r\n" * 30_000),
        _Q,
        why=Doubt.TOO_COMPLEX,
    ),
    OddMail(
        "a zip in a zip with 30,000 entries",
        with_file("a.zip", zipped([("b.zip", zipped([(f"{n}", b"") for n in range(30_000)] + [("a.xlsx", XLSX)]))])),
        _T,
        ("a.zip",),
    ),
    OddMail("20,000 encoded words", mail(subject=b"=?utf-8?B?5oql?= " * 20_000), _Q, why=Doubt.ODD_HEAD),
)

ODD_MAILS = (*CHARSETS_AND_NAMES, *WRAPPINGS, *COMPANY, *MACHINES, *DECEIVERS, *POISON)
