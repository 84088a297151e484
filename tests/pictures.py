"""Pictures for the tests of evidence, drawn by chance; they show nothing and were taken nowhere."""

import io
import random

from PIL import ExifTags, Image, ImageFilter


def drawn(seed, size=(320, 240)):
    """Return a picture of soft blots; another seed is another place."""
    chance = random.Random(seed)  # noqa: S311 - a drawing
    small = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3))
    return small.filter(ImageFilter.GaussianBlur(4)).resize(size, Image.Resampling.BICUBIC)


def saved(image, format="JPEG", **how):  # noqa: A002 - as the library calls it
    stream = io.BytesIO()
    image.save(stream, format, **how)
    return stream.getvalue()


def photo(seed, *, size=(320, 240), **how):
    """Return the bytes of a picture."""
    return saved(drawn(seed, size), **how)


def exif(**tags):
    """Return what a camera writes beside a picture; *tags* by their names, those of the place under GPSInfo."""
    data = Image.Exif()
    inner = data.get_ifd(ExifTags.IFD.Exif)
    for name, value in tags.items():
        inner[ExifTags.Base[name]] = value
    data[ExifTags.Base.Make] = "Invented Camera"
    data[ExifTags.Base.Artist] = "赵示例"
    place = data.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (31.0, 15.0, 4.0)
    return data
