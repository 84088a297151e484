"""Pictures of strangers, looked at in a process of their own."""

import struct
import subprocess
import sys
import zlib
from datetime import UTC, datetime

import pytest
from PIL import Image

from phaseout.adapters.evidence import LimitedPictureReader
from phaseout.domain.calendar import CHINA
from phaseout.domain.evidence import Picture, PictureFault
from tests.pictures import drawn, exif, photo, saved

TAKEN = "2022:10:20 15:30:00"


def look(*contents, limit_s=10):
    return LimitedPictureReader(limit_s=limit_s).look(contents)


def distance(one, other):
    return (int(one.look, 16) ^ int(other.look, 16)).bit_count()


def bomb(width=50_000, height=50_000):
    """Return a PNG of a few hundred bytes that says it is 50,000 pixels wide and high."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def test_a_picture_tells_its_size_its_time_and_its_look():
    (picture,) = look(photo(1, exif=exif(DateTimeOriginal=TAKEN)))

    assert (picture.width, picture.height, picture.fault) == (320, 240, None)
    assert picture.captured_at == datetime(2022, 10, 20, 15, 30, tzinfo=CHINA)
    assert len(picture.look) == 16


@pytest.mark.parametrize(
    ("tags", "taken"),
    [
        pytest.param(
            {"DateTimeOriginal": TAKEN, "OffsetTimeOriginal": "+00:00"},
            datetime(2022, 10, 20, 15, 30, tzinfo=UTC),
            id="with a zone",
        ),
        pytest.param({"DateTimeOriginal": "0000:00:00 00:00:00"}, None, id="a clock that was never set"),
        pytest.param({"DateTimeOriginal": "0001:01:01 00:00:00"}, None, id="a clock that shows the first of all days"),
        pytest.param({"DateTimeOriginal": "昨天"}, None, id="no time at all"),
        pytest.param({}, None, id="none"),
    ],
)
def test_a_time_is_told_as_the_camera_wrote_it(tags, taken):
    (picture,) = look(photo(1, exif=exif(**tags)))

    assert picture.captured_at == taken
    assert picture.fault is None


def test_copies_look_alike_and_other_places_do_not():
    original, smaller, worse, as_png, elsewhere = look(
        photo(1, size=(1600, 1200)),
        photo(1, size=(400, 300)),
        photo(1, size=(1600, 1200), quality=20),
        saved(drawn(1), "PNG"),
        photo(2),
    )

    assert max(distance(original, copy) for copy in (smaller, worse, as_png)) <= 6
    assert distance(original, elsewhere) > 15


def test_a_picture_that_a_camera_held_upright_is_turned_before_it_is_compared():
    turned = exif()
    turned[0x0112] = 6
    upright, on_its_side = look(photo(1), saved(drawn(1).rotate(90, expand=True), exif=turned))

    assert distance(upright, on_its_side) <= 6


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "CMYK", "I;16"])
def test_a_picture_of_any_mode_has_a_look(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = drawn(1).convert("L").convert("I;16") if mode == "I;16" else drawn(1).convert(mode)

    (picture,) = look(saved(image, kind))

    assert picture.fault is None
    assert mode == "I;16" or distance(picture, *look(photo(1))) <= 6


@pytest.mark.slow
def test_a_large_picture_with_transparency_fits_into_the_memory():
    (picture,) = look(saved(Image.new("RGBA", (10_000, 11_000), (1, 2, 3, 128)), "PNG", compress_level=1), limit_s=60)

    assert (picture.width, picture.fault) == (10_000, None)


def test_an_empty_page_has_no_look():
    assert [one.look for one in look(saved(Image.new("RGB", (300, 200), "white")))] == [None]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(b"", PictureFault.UNREADABLE, id="nothing"),
        pytest.param(b"<html>", PictureFault.UNREADABLE, id="a web page"),
        pytest.param(photo(1)[:2000], PictureFault.UNREADABLE, id="half a picture"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", PictureFault.UNREADABLE, id="what would start another program"),
        pytest.param(b"\0\0\0\x18ftypheic" + bytes(100), PictureFault.UNSUPPORTED, id="HEIC"),
        pytest.param(bomb(), PictureFault.TOO_MANY_PIXELS, id="a bomb"),
        pytest.param(bomb(0xFFFFFFFF, 1), PictureFault.TOO_MANY_PIXELS, id="a line longer than any"),
    ],
)
def test_what_cannot_be_looked_at_says_why_and_keeps_nothing_else_from_being_looked_at(content, fault):
    before, wrong, after = look(photo(1), content, photo(2))

    assert wrong.fault is fault
    assert wrong.look is None
    assert (wrong.width or 0) < 1_000_000
    assert (before.fault, after.fault) == (None, None)


@pytest.mark.slow
def test_a_picture_that_takes_too_long_ends_the_process_and_not_the_ones_behind_it():
    slow = saved(drawn(1, (9000, 9000)), "PNG", compress_level=1)

    pictures = look(photo(1), slow, photo(2), limit_s=0.4)

    assert pictures[1] == Picture(fault=PictureFault.GAVE_NO_ANSWER)
    assert [one.fault for one in pictures] == [None, PictureFault.GAVE_NO_ANSWER, None]


def test_the_process_that_opens_pictures_knows_no_password(monkeypatch):
    monkeypatch.setenv("PHASEOUT_MAILBOX_PASSWORD", "secret")
    started = {}

    class Told(subprocess.Popen):
        def __init__(self, arguments, **how):
            started.update(how["env"], command=arguments)
            super().__init__(arguments, **how)

    monkeypatch.setattr(subprocess, "Popen", Told)
    look(photo(1))

    assert not [name for name in started if name.startswith("PHASEOUT")]
    assert started["command"][:3] == [sys.executable, "-I", "-m"]


def test_of_owner_place_and_camera_nothing_is_told():
    (picture,) = look(photo(1, exif=exif(DateTimeOriginal=TAKEN)))

    assert "赵示例" not in repr(picture)
    assert "Invented" not in repr(picture)
    assert "31" not in repr(picture).replace(picture.look, "")
