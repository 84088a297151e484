"""Mail from strangers, as it comes: charsets, names, hidden workbooks, deceivers and machines."""

import base64
import io
import zipfile
from email.header import Header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.domain.submission import Attachment

READER = StrangersMail("mx.provider.example", office_address="office@gxt.example")
XLSX = b"PK\x03\x04 a workbook, to the eye of a mail"
ENCODED = base64.encodebytes(XLSX)


def mail(*extra, subject=b"x", sender=b"a@city.example", body=b"text"):
    return b"\r\n".join([b"From: " + sender, b"Subject: " + subject, *extra, b"", body])


def part(*headers, content=ENCODED):
    return b"\r\n".join([*headers, b"Content-Transfer-Encoding: base64", b"", content])


def multipart(*parts, kind=b"mixed", boundary=b"b1", top=()):
    body = b"".join(b"--" + boundary + b"\r\n" + each + b"\r\n" for each in parts) + b"--" + boundary + b"--\r\n"
    return mail(b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"', *top, body=body)


def attached(*headers, content=ENCODED):
    return multipart(b"Content-Type: text/plain\r\n\r\nhello", part(*headers, content=content))


class WindowsName(zipfile.ZipInfo):
    """An entry as Chinese Windows names it: in GBK, without the flag that says UTF-8."""

    def _encodeFilenameFlags(self):  # noqa: N802  zipfile's name
        return self.filename.encode("gb18030"), self.flag_bits


def zipped(entries, *, named=zipfile.ZipInfo):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries:
            archive.writestr(named(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def words(text, charset):
    return Header(text, charset).encode().encode()


def split_in_mid_character(text, charset):
    octets = text.encode(charset)
    halves = octets[:3], octets[3:]
    return b"\r\n ".join(b"=?" + charset.encode() + b"?B?" + base64.b64encode(half) + b"?=" for half in halves)


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param("报送镕表".encode("gb18030"), id="raw GBK"),
        pytest.param("报送镕表".encode(), id="raw UTF-8"),
        pytest.param(words("报送镕表", "utf-8"), id="encoded words"),
        pytest.param(
            b"=?gb2312?B?" + base64.b64encode("报送镕表".encode("gb18030")) + b"?=", id="gb2312 that is GB18030"
        ),
        pytest.param(split_in_mid_character("报送镕表", "gb18030"), id="split in mid-character"),
        pytest.param(b"=?x-unknown?B?" + base64.b64encode("报送镕表".encode()) + b"?=", id="unknown charset"),
        pytest.param(b"=?utf-8*zh?Q?=E6=8A=A5=E9=80=81=E9=95=95=E8=A1=A8?=", id="quoted-printable with a language"),
    ],
)
def test_a_subject_reads_as_it_was_meant(subject):
    assert READER.read(mail(subject=subject)).subject == "报送镕表"


def disposition(parameter):
    return b"Content-Disposition: attachment; " + parameter


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        pytest.param(
            [disposition(b'filename="' + words("表2铁合金.xlsx", "utf-8") + b'"')],
            "表2铁合金.xlsx",
            id="RFC 2047 in quotes",
        ),
        pytest.param([disposition(b"filename*=gbk''%B1%ED2.xlsx")], "表2.xlsx", id="RFC 2231"),
        pytest.param(
            [disposition(b"filename*0*=utf-8''%E8%A1;\r\n filename*1*=%A82.xl;\r\n filename*2=sx")],
            "表2.xlsx",
            id="RFC 2231 split inside a character",
        ),
        pytest.param([disposition(b'filename="' + "表2.xlsx".encode("gb18030") + b'"')], "表2.xlsx", id="raw GBK"),
        pytest.param([disposition(b"filename=a table.xlsx")], "a table.xlsx", id="unquoted with a blank"),
        pytest.param(
            [disposition(b"filename=\"b.xlsx\"; filename*=utf-8''c.xlsx"), b'Content-Type: x/y; name="a.xlsx"'],
            "c.xlsx",
            id="three names",
        ),
        pytest.param([b'Content-Type: application/octet-stream; name="a.xlsx"'], "a.xlsx", id="only the type's name"),
        pytest.param([b'Content-Disposition: inline; filename="a.et"'], "a.et", id="disposition inline"),
        pytest.param([disposition(b'filename="../../etc/x.xlsx"')], "x.xlsx", id="a path"),
        pytest.param([disposition(b'filename="C:\\\\tmp\\\\x.xls"')], "x.xls", id="a Windows path"),
        pytest.param(
            [disposition(b"filename*=utf-8''a%00%E2%80%AEslx.xls")], "aslx.xls", id="NUL and a turned reading direction"
        ),
        pytest.param([disposition(b'filename="A.XLSX"')], "A.XLSX", id="capitals"),
    ],
)
def test_a_workbook_is_found_under_its_name(headers, name):
    assert READER.read(attached(*headers)).attachments == (Attachment(name=name, content=XLSX),)


def forwarded(encoding):
    inner = attached(disposition(b'filename="a.xlsx"'))
    if encoding == b"base64":
        inner = base64.encodebytes(inner)
    return multipart(
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + inner,
        boundary=b"outer",
    )


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(forwarded(b"8bit"), id="in a forwarded mail"),
        pytest.param(forwarded(b"base64"), id="in a forwarded mail in base64"),
        pytest.param(
            mail(
                b'Content-Type: application/vnd.ms-excel; name="a.xlsx"',
                b"Content-Transfer-Encoding: base64",
                body=ENCODED,
            ),
            id="as the whole mail",
        ),
        pytest.param(attached(disposition(b'filename="a.xlsx"')).replace(b"\r\n", b"\n"), id="with bare line feeds"),
        pytest.param(attached(disposition(b'filename="a.xlsx"'))[:-9], id="without the last boundary"),
        pytest.param(
            multipart(
                b'Content-Type: multipart/alternative; boundary="b1"\r\n\r\n--b1\r\n\r\ntext\r\n--b1--',
                part(disposition(b'filename="a.xlsx"')),
            ),
            id="after an inner part that re-used the boundary",
        ),
        pytest.param(
            attached(disposition(b'filename="files.zip"'), content=base64.encodebytes(zipped([("a.xlsx", XLSX)]))),
            id="in a zip",
        ),
    ],
)
def test_a_workbook_is_found_wherever_it_hides(raw):
    assert READER.read(raw).attachments == (Attachment(name="a.xlsx", content=XLSX),)


def test_our_own_form_in_a_letter_that_came_back_is_not_theirs():
    ours = b"X-Phaseout-Letter: 1\r\n" + attached(disposition(b'filename="blank.xlsx"'))
    answer = multipart(
        part(disposition(b'filename="filled.xlsx"')), b"Content-Type: message/rfc822\r\n\r\n" + ours, boundary=b"outer"
    )

    assert [file.name for file in READER.read(answer).attachments] == ["filled.xlsx"]


@pytest.mark.parametrize("named", [zipfile.ZipInfo, WindowsName])
def test_names_in_a_zip_are_read_and_only_workbooks_are_taken(named):
    entries = [
        ("甲市/表2铁合金.xlsx", XLSX),
        ("甲市/照片.jpg", b"jpg"),
        ("__MACOSX/._a.xlsx", b"mac"),
        ("~$a.xlsx", b"lock"),
    ]
    data = base64.encodebytes(zipped(entries, named=named))

    files = READER.read(attached(disposition(b'filename="a.zip"'), content=data)).attachments

    assert files == (Attachment(name="表2铁合金.xlsx", content=XLSX),)


def test_a_zip_that_unpacks_to_too_much_comes_as_it_is():
    bomb = zipped([("a.xlsx", bytes(70_000_000))])

    (file,) = READER.read(attached(disposition(b'filename="a.zip"'), content=base64.encodebytes(bomb))).attachments

    assert file == Attachment(name="a.zip", content=bomb)


@pytest.mark.parametrize("name", ["a.rar", "a.7z", "broken.zip"])
def test_an_archive_that_we_cannot_open_is_handed_on_to_be_refused(name):
    (file,) = READER.read(
        attached(disposition(f'filename="{name}"'.encode()), content=base64.encodebytes(b"PK?"))
    ).attachments

    assert file.name == name


def test_a_workbook_without_a_name_is_known_by_its_inside():
    inside = zipped([("xl/workbook.xml", b"<workbook/>")])

    (file,) = READER.read(
        attached(b"Content-Type: application/octet-stream", content=base64.encodebytes(inside))
    ).attachments

    assert (file.name, file.content) == ("附件1.xlsx", inside)


def test_a_letter_in_word_is_no_archive():
    word = base64.encodebytes(zipped([("word/document.xml", b"<document/>")]))
    letter = part(disposition(b'filename="a.docx"'), content=word)

    assert [file.name for file in READER.read(multipart(letter)).attachments] == ["a.docx"]
    with_table = multipart(letter, part(disposition(b'filename="a.xlsx"')))
    assert [file.name for file in READER.read(with_table).attachments] == ["a.xlsx"]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(
            [b"Content-Type: image/png", b'Content-Disposition: inline; filename="logo.png"'], id="inline image"
        ),
        pytest.param(
            [b"Content-Type: image/png", b"Content-ID: <logo>", disposition(b'filename="logo.png"')],
            id="image with a content id",
        ),
        pytest.param([b'Content-Type: application/pkcs7-signature; name="smime.p7s"'], id="signature"),
        pytest.param([disposition(b'filename="card.vcf"')], id="visiting card"),
        pytest.param([b"Content-Type: text/html"], id="body"),
    ],
)
def test_what_is_no_file_of_the_sender_is_left_out(headers):
    assert READER.read(attached(*headers, content=base64.encodebytes(b"whatever"))).attachments == ()


def test_a_scan_counts_when_it_comes_alone_and_not_beside_a_workbook():
    scan = part(b"Content-Type: application/pdf", disposition(b'filename="scan.pdf"'))
    table = part(disposition(b'filename="a.xlsx"'))

    assert [file.name for file in READER.read(multipart(scan)).attachments] == ["scan.pdf"]
    assert [file.name for file in READER.read(multipart(scan, table)).attachments] == ["a.xlsx"]


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        (b"city@city.example", "city@city.example"),
        (b"<City@City.Example>", "city@city.example"),
        ("甲市工信局 <city@city.example>".encode(), "city@city.example"),
        ("甲市工信局 <city@city.example>".encode("gb18030"), "city@city.example"),
        (words("甲市工信局", "utf-8") + b" <city@city.example>", "city@city.example"),
        (b'"Bureau, Industry" <city@city.example>', "city@city.example"),
        (b'"city@city.example" <city@city.example>', "city@city.example"),
        (b"city@city.example <evil@x.example>", None),
        (b'"city@city.example" <evil@x.example>', None),
        (words("city@city.example", "utf-8") + b" <evil@x.example>", None),
        (b"city@city.example, evil@x.example", None),
        (b"<city@city.example> <evil@x.example>", None),
        (b"city@city.example\r\nFrom: evil@x.example", None),
        (b"group: city@city.example;", None),
        (b"city@city.example (evil@x.example)", None),
        (b"<", None),
        (b"", None),
    ],
)
def test_a_sender_is_one_plain_address_or_nobody(sender, address):
    assert READER.read(mail(sender=sender)).sender == address


OURS = b"Authentication-Results: mx.provider.example; "
HOP = b"Received: from a by b; Wed, 10 Aug 2022 01:00:00 +0000"


@pytest.mark.parametrize(
    ("headers", "is_authentic"),
    [
        pytest.param([OURS + b"spf=pass smtp.mailfrom=a@city.example", HOP], True, id="SPF of the sender's domain"),
        pytest.param([HOP, OURS + b"dkim=pass header.d=city.example"], True, id="DKIM, below the provider's own hop"),
        pytest.param(
            [OURS + b"dkim=pass (2048 bit) header.d=CITY.example header.i=@city.example"], True, id="with a remark"
        ),
        pytest.param(
            [OURS + b"spf=fail smtp.mailfrom=x.example; dmarc=pass header.from=city.example"], True, id="DMARC"
        ),
        pytest.param([OURS + b"spf=pass smtp.mailfrom=evil@x.example"], False, id="another domain"),
        pytest.param([OURS + b"dkim=pass header.d=notcity.example"], False, id="a domain that ends alike"),
        pytest.param([OURS + b"dkim=pass header.d=example"], False, id="a whole top-level domain"),
        pytest.param([OURS + b"dkim=fail header.d=city.example"], False, id="failed"),
        pytest.param(
            [OURS + b'dkim=fail reason="; dkim=pass header.d=city.example"'], False, id="a pass inside a quoted reason"
        ),
        pytest.param([OURS + b"dkim=none (; dkim=pass header.d=city.example)"], False, id="a pass inside a remark"),
        pytest.param(
            [b"Authentication-Results: other.example; dkim=pass header.d=city.example"], False, id="another provider"
        ),
        pytest.param([HOP, HOP, OURS + b"dkim=pass header.d=city.example"], False, id="below the second hop"),
        pytest.param(
            [OURS + b"dkim=none", HOP, OURS + b"dkim=pass header.d=city.example"], False, id="forged below the real one"
        ),
        pytest.param([], False, id="nothing"),
    ],
)
def test_only_our_provider_vouches_for_a_sender(headers, is_authentic):
    raw = b"\r\n".join([*headers, mail()])

    assert READER.read(raw).is_authentic is is_authentic
    assert not StrangersMail("").read(raw).is_authentic


def report():
    return multipart(b"Content-Type: message/delivery-status\r\n\r\nAction: failed", kind=b"report")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mail(b"Auto-Submitted: auto-replied"), id="auto-submitted"),
        pytest.param(mail(b"Return-Path: <>"), id="null return-path"),
        pytest.param(mail(b"X-Autoreply: yes"), id="x-autoreply"),
        pytest.param(mail(b"Precedence: bulk"), id="bulk"),
        pytest.param(mail(b"List-Id: <list.city.example>"), id="list"),
        pytest.param(report(), id="delivery report"),
        pytest.param(mail(sender=b"postmaster@city.example"), id="postmaster"),
        pytest.param(mail(sender=b"no-reply@city.example"), id="no-reply"),
        pytest.param(mail(subject="自动回复: 催报".encode()), id="absence note"),
        pytest.param(mail(subject="Re: 回复：退信通知".encode()), id="bounce by its subject"),
        pytest.param(mail(b"X-Phaseout-Letter: 1"), id="our own letter"),
        pytest.param(mail(sender=b"Office@gxt.example"), id="our own address"),
    ],
)
def test_what_nobody_wrote_is_known(raw):
    assert READER.read(raw).automatic


@pytest.mark.parametrize(
    "raw",
    [
        mail(),
        mail(b"Auto-Submitted: no"),
        mail(b"Return-Path: <a@city.example>"),
        mail(subject="回复：催报".encode()),
        mail(subject="转发：排查汇总".encode()),
        mail(subject="三季度报表（自动回复勿答）".encode()),
        attached(disposition(b'filename="a.xlsx"')).replace(b"Subject: x", "Subject: 自动回复：表2".encode()),
    ],
)
def test_what_a_person_wrote_is_not_taken_for_a_machines(raw):
    assert READER.read(raw).automatic is None


@pytest.mark.parametrize(
    ("given", "message_id"),
    [(b"<a.b@c.example>", "<a.b@c.example>"), (b" <a@b>\r\n", "<a@b>"), (b"none", None), (b"<a b>", None), (b"", None)],
)
def test_a_message_id_is_taken_only_in_its_shape(given, message_id):
    assert READER.read(mail(b"Message-ID: " + given)).message_id == message_id


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff" * 500, id="noise"),
        pytest.param(b"Subject: " + b"=?utf-8?B?5oql?= " * 20_000, id="20,000 encoded words"),
        pytest.param(
            b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)),
            id="3,000 nested parts",
        ),
        pytest.param(multipart(*[b"\r\n"] * 30_000), id="30,000 empty parts"),
        pytest.param(mail(b'Content-Type: x/y; name="' + b';a="' * 50_000), id="50,000 open quotes"),
        pytest.param(mail(*[b"X: y"] * 50_000), id="50,000 headers"),
        pytest.param(multipart(part(disposition(b'filename="a.xlsx"'), content=b"!!! no base64")), id="broken base64"),
    ],
)
def test_hostile_mail_comes_back_as_far_as_it_can_be_read(raw):
    READER.read(raw)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [b"From", b"Subject", b"Message-ID", b"Content-Type", b"Content-Disposition", b"Authentication-Results"]
    ),
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"",
            b"multipart/mixed; boundary=",
            b"message/rfc822; ",
            b"attachment; filename*0*=",
            b"=?gbk?B?",
            b"mx.provider.example; ",
        ]
    ),
)
def test_no_header_can_stop_the_reading(name, noise, start):
    READER.read(name + b": " + start + noise + b"\r\n" + attached(disposition(b'filename="a.xlsx"')))
