"""Opens pictures in a process of its own: `python -I -m phaseout.adapters.evidence.child LIMIT_S`.

Pictures come on standard input, answers go to standard output, each behind its length; answers are JSON.
Of what a camera writes into a picture only the time is told: not the place, the owner or the camera.
"""

import io
import json
import re
import resource
import signal
import struct
import sys
import warnings

import scipy.fftpack  # type: ignore[import-untyped]  # noqa: F401  phash would import it while the first picture waits
from imagehash import phash
from PIL import ExifTags, Image, ImageOps, ImageStat, UnidentifiedImageError

_MEMORY = 1500 << 20
_MOST_PIXELS = 120_000_000  # more than the cameras of telephones make
_LONGEST_SIDE = 1_000_000  # a picture that claims more is none, and its claim may be too large a number for a database
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP")
_SMALL = (512, 512)  # enough for a look; a JPEG is unpacked to no more
_FLAT = 3.0  # a white page looks like any other
_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d)[ T](\d\d):(\d\d):(\d\d)")
_ZONE = re.compile(r"[+-]\d\d:\d\d")
_ISO_MEDIA = slice(4, 8)  # where HEIC and its kin say b"ftyp"


def main() -> None:
    """Answer until standard input ends; a picture that takes too long ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = float(sys.argv[1])
    Image.init()
    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, before anything is unpacked
    warnings.simplefilter("ignore")
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(head := questions.read(4)) == 4:  # noqa: PLR2004 - the length of a length
        content = questions.read(struct.unpack(">I", head)[0])
        signal.setitimer(signal.ITIMER_REAL, limit)
        answer = json.dumps(_answer(content)).encode()
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(struct.pack(">I", len(answer)) + answer)
        answers.flush()


def _answer(content: bytes) -> dict[str, object]:
    try:
        return _told(content)
    except UnidentifiedImageError:
        is_other = content[_ISO_MEDIA] == b"ftyp"
        return {"fault": "unsupported" if is_other else "unreadable"}
    except Exception:  # noqa: BLE001 - the decoders raise what they like; the parent is told
        return {"fault": "unreadable"}


def _told(content: bytes) -> dict[str, object]:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        width, height = image.size
        size: dict[str, object] = {"width": width, "height": height}
        if max(width, height) > _LONGEST_SIDE:
            return {"fault": "too_many_pixels"}
        if width * height > _MOST_PIXELS:
            return size | {"fault": "too_many_pixels"}
        captured_at = _captured_at(image)
        image.draft("L", _SMALL)
        return size | {"captured_at": captured_at, "look": _look(image)}


def _captured_at(image: Image.Image) -> str | None:
    """Return the time at which the shutter opened, as ISO text; what is no time is none."""
    try:
        exif = image.getexif()
        inner = exif.get_ifd(ExifTags.IFD.Exif)
    except Exception:  # noqa: BLE001 - damaged data beside a good picture
        return None
    found = _TIME.fullmatch(str(inner.get(ExifTags.Base.DateTimeOriginal) or "").strip("\0 "))
    if found is None:
        return None
    year, month, day, *clock = found.groups()
    zone = str(inner.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\0 ")
    return f"{year}-{month}-{day}T{':'.join(clock)}{zone if _ZONE.fullmatch(zone) else ''}"


def _look(image: Image.Image) -> str | None:
    """Return the perceptual hash of what is shown, as people see it: turned upright; none of an empty page."""
    shown = image if image.mode not in {"P", "PA", "1"} else image.convert("RGBA")
    shown.thumbnail(_SMALL)  # before all else: whole copies would need more memory than there is
    upright = ImageOps.exif_transpose(shown)
    if upright.mode in {"RGBA", "LA"} or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    grey = upright.convert("L")
    return None if ImageStat.Stat(grey).stddev[0] < _FLAT else str(phash(grey))


if __name__ == "__main__":
    main()
