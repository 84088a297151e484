"""Mail from strangers, as it comes: charsets, names, hidden workbooks, deceivers and machines."""

import base64
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.domain.mail_words import automatic_words, doubt_words
from phaseout.domain.submission import Attachment, Bounce, FileKind
from tests.odd_mails import (
    ENCODED,
    OUR_LETTER,
    WINMAIL,
    XLSX,
    WindowsName,
    attached,
    bounce,
    disposition,
    forwarded,
    mail,
    multipart,
    named,
    part,
    split_in_mid_character,
    with_file,
    words,
    zipped,
)

READER = StrangersMail("mx.provider.example", office_address="office@gxt.example")


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
    message = READER.read(raw)

    assert message.attachments == (Attachment(name="a.xlsx", content=XLSX),)
    assert message.doubts == ()


def test_our_own_form_in_a_letter_that_came_back_is_not_theirs():
    ours = b"X-Phaseout-Letter: 1\r\n" + attached(disposition(b'filename="blank.xlsx"'))
    answer = multipart(
        part(disposition(b'filename="filled.xlsx"')), b"Content-Type: message/rfc822\r\n\r\n" + ours, boundary=b"outer"
    )

    assert [file.name for file in READER.read(answer).attachments] == ["filled.xlsx"]


@pytest.mark.parametrize("entry", [zipfile.ZipInfo, WindowsName])
def test_names_in_a_zip_are_read_and_only_workbooks_are_taken(entry):
    entries = [
        ("甲市/表2铁合金.xlsx", XLSX),
        ("甲市/照片.jpg", b"jpg"),
        ("__MACOSX/._a.xlsx", b"mac"),
        ("~$a.xlsx", b"lock"),
    ]
    data = base64.encodebytes(zipped(entries, named=entry))

    message = READER.read(attached(disposition(b'filename="a.zip"'), content=data))

    assert message.attachments == (Attachment(name="表2铁合金.xlsx", content=XLSX),)
    assert message.evidence == (Attachment(name="照片.jpg", content=b"jpg", kind=FileKind.PICTURE, folder="a/甲市"),)


PICTURES_ALONE = [("某厂/拆除前/1.jpg", b"a"), ("某厂/拆除后/1.jpg", b"a"), ("清单.txt", b"x")]


def test_a_zip_of_pictures_beside_a_workbook_is_evidence_with_the_folders_in_which_they_lay():
    table = part(disposition(b'filename="a.xlsx"'))
    pictures = part(disposition(b'filename="b.zip"'), content=base64.encodebytes(zipped(PICTURES_ALONE)))

    message = READER.read(multipart(table, pictures))

    assert [file.name for file in message.attachments] == ["a.xlsx"]
    assert [file.path for file in message.evidence] == ["b/某厂/拆除前/1.jpg", "b/某厂/拆除后/1.jpg"]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("../../etc/1.jpg", "a/etc"),
        ("/var/1.jpg", "a/var"),
        ("C:\\某厂\\1.jpg", "a/C:/某厂"),
        ("1/2/3/4/5/6/7/1.jpg", "a/3/4/5/6/7"),
        ("\u202e某厂/1.jpg", "a/某厂"),
        (f"{'远' * 150}/{'中' * 149}/{'近' * 150}/{'厂' * 99}/1.jpg", f"{'中' * 149}/{'近' * 150}/{'厂' * 99}"),
    ],
)
def test_the_folders_of_a_picture_are_words_and_no_path(name, folder):
    data = base64.encodebytes(zipped([("a.xlsx", XLSX), (name, b"jpg")]))

    (picture,) = READER.read(attached(disposition(b'filename="a.zip"'), content=data)).evidence

    assert (picture.name, picture.folder) == ("1.jpg", folder)


def test_a_zip_that_unpacks_to_too_much_comes_as_it_is():
    bomb = zipped([("a.xlsx", bytes(70_000_000))])

    (file,) = READER.read(attached(disposition(b'filename="a.zip"'), content=base64.encodebytes(bomb))).attachments

    assert file == Attachment(name="a.zip", content=bomb, kind=FileKind.OTHER)


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
        ("甲市（city@city.example） <city@city.example>".encode(), "city@city.example"),
        ('"张三@甲市工信局" <city@city.example>'.encode(), "city@city.example"),
        ('"工业表誠" <city@city.example>'.encode("gb18030"), "city@city.example"),
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


@pytest.mark.parametrize(
    ("raw", "bounces"),
    [
        pytest.param(bounce(), [("gxj@city.example", "5.1.1", OUR_LETTER.decode())], id="refused for good"),
        pytest.param(
            bounce(action=b"delayed", status=b"4.4.1 (no answer)"),
            [("gxj@city.example", "4.4.1", OUR_LETTER.decode())],
            id="not yet delivered",
        ),
        pytest.param(bounce(action=b"delivered", status=b"2.0.0"), [], id="delivered"),
        pytest.param(bounce(recipient=b"nobody"), [], id="without an address"),
        pytest.param(
            mail(b"X-Failed-Recipients: a@city.example, B@city.example"),
            [("a@city.example", None, None), ("b@city.example", None, None)],
            id="by the provider's header",
        ),
        pytest.param(mail(b"Auto-Submitted: auto-replied"), [], id="an absence note"),
    ],
)
def test_a_bounce_says_whom_a_letter_did_not_reach(raw, bounces):
    message = READER.read(raw)

    assert message.automatic
    assert message.bounces == tuple(Bounce(*one) for one in bounces)


def test_a_persons_mail_bounces_nothing():
    forged = b"\r\nFinal-Recipient: rfc822; a@city.example\r\nAction: failed"

    assert READER.read(multipart(forged)).bounces == ()


def test_the_office_reads_of_a_bounce_whom_it_missed():
    assert automatic_words(READER.read(bounce())) == "退信或系统通知：gxj@city.example未送达（5.1.1）"
    assert automatic_words(READER.read(mail(b"Precedence: bulk"))) == "群发邮件"


def test_the_office_reads_why_a_sender_is_not_believed():
    assert doubt_words(READER.read(mail(sender=b"a@b.example\r\nFrom: c@d.example"))) == "邮件写有多个发件人栏"


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


OURS = b"X-Phaseout-Letter: 1\r\nAuto-Submitted: auto-generated\r\nMessage-ID: "


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mail(OURS + b"<202208120930001@city.example>"), id="a letter of ours, sent again as new"),
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
    [
        (b"<a.b@c.example>", "<a.b@c.example>"),
        (b" <a@b>\r\n", "<a@b>"),
        (b"none", None),
        (b"<a b>", None),
        (b"<a\0b@c>", None),
        (b"", None),
    ],
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


NESTINGS = (
    lambda octets: with_file("a.zip", octets),
    lambda octets: with_file("a.zip", zipped([("a.xlsx", octets), ("b.zip", octets)])),
    lambda octets: with_file(
        "a.zip", zipped([("表.xlsx", octets)], named=WindowsName).replace(b"\x14\x00", octets[:2])
    ),
    lambda octets: with_file("winmail.dat", WINMAIL + octets),
    lambda octets: with_file("a.eml", attached(named("a.xlsx")) + octets),
    lambda octets: forwarded(b"base64", octets),
    lambda octets: forwarded(b"8bit", octets),
    lambda octets: bounce(recipient=octets, status=octets, action=octets),
    lambda octets: multipart(part(b"Content-Type: text/html", content=octets), boundary=octets[:20] or b"b"),
    lambda octets: b"DKIM-Signature: v=1; a=rsa-sha256; d=city.example; s=s; h=from; bh=; b=" + octets + mail(),
    lambda octets: b"DKIM-Signature: " + octets + b"\r\n" + mail(),
)
SUSPICIOUS = StrangersMail("", key_of=lambda _name: b"v=DKIM1; p=AAAA")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NESTINGS), st.binary(max_size=300) | st.sampled_from([zipped([("a.xlsx", XLSX)]), mail()]))
def test_no_content_can_stop_the_reading(nest, octets):
    SUSPICIOUS.read(nest(octets))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 500), st.integers(0, 60))
def test_no_damage_to_a_zip_can_stop_the_reading(noise, start, length):
    archive = zipped([("a.xlsx", XLSX), ("b.zip", zipped([("c.xlsx", XLSX)]))])

    READER.read(with_file("a.zip", archive[:start] + noise + archive[start + length :]))


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
