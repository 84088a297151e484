"""Headers of strangers' mail, decoded from their raw bytes: what the standard library would misread or fail on.

Declared charsets are often wrong (gb2312 that holds GB18030), words are split in mid-character, names come raw in GBK.
The order of trying is: what was declared, UTF-8 (GBK text is almost never valid UTF-8), GB18030, Big5.
"""

import base64
import binascii
import quopri
import re
import urllib.parse
from collections import defaultdict
from collections.abc import Sequence
from email.message import Message as MimePart

LONGEST_HEADER = 8_000  # longer ones were not written by a person, and decoding them takes time

# What our composer puts on everything that leaves.
OWN_MAIL = "X-Phaseout-Letter"

_ALIASES: dict[str, str | None] = {
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "gb_1988-80", "cp936", "x-gbk"), "gb18030"),
    "hz-gb-2312": "hz",
    **dict.fromkeys(("unknown-8bit", "x-unknown", "default", "us-ascii", "ascii")),
}
_WORD = re.compile(r"=\?([^?*\s]+)(?:\*[^?]*)?\?([bBqQ])\?([^?]*)\?=")
_FOLD = re.compile(r"\r?\n[ \t]+")
_PARAMETER = re.compile(
    r';\s*([A-Za-z0-9!#$&+.^_`{|}~-]+?)(\*\d{1,4})?(\*)?\s*=\s*("(?:[^"\\]|\\.)*"|[^;\r\n]*)', re.DOTALL
)
# What must not reach a path, a letter or a screen: control characters and marks that turn the reading direction.
_UNSEEMLY = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def decoded(raw: bytes, charset: str | None = None) -> str:
    """Return text of *raw*, the declared charset tried first."""
    declared = (charset or "").strip().strip('"').lower()
    candidates = (_ALIASES.get(declared, declared), "utf-8", "gb18030", "big5")
    for candidate in filter(None, candidates):
        try:
            return raw.decode(candidate)
        except (UnicodeError, LookupError, ValueError):
            continue
    return raw.decode("gb18030", "replace")


def header_text(raw: str) -> str:
    """Return a header as people read it, encoded words decoded."""
    pieces: list[str] = []
    run: tuple[str, bytearray] | None = None
    text, position = unfolded(raw[:LONGEST_HEADER]), 0
    for word in _WORD.finditer(text):
        gap = text[position : word.start()]
        charset, octets = word[1].lower(), _octets(word[2], word[3])
        # The bytes of neighbours are joined before they are decoded: words are split in mid-character.
        if run and run[0] == charset and not gap.strip():
            run[1].extend(octets)
        else:
            if run:
                pieces.append(decoded(bytes(run[1]), run[0]))
            if gap.strip() or run is None:
                pieces.append(gap)
            run = (charset, bytearray(octets))
        position = word.end()
    if run:
        pieces.append(decoded(bytes(run[1]), run[0]))
    pieces.append(text[position:])
    return re.sub(r"\s+", " ", _UNSEEMLY.sub(" ", "".join(pieces))).strip()


def parameters(raw: str) -> dict[str, str]:
    """Return the parameters of a structured header, RFC 2231 and RFC 2047 forms alike."""
    found: dict[str, list[tuple[int | None, bool, str]]] = defaultdict(list)
    for match in _PARAMETER.finditer(unfolded(raw[:LONGEST_HEADER])):
        index = int(match[2][1:]) if match[2] else None
        found[match[1].lower()].append((index, bool(match[3]), _unquoted(match[4].strip())))
    return {name: _joined(parts) for name, parts in found.items()}


def file_name(part: MimePart) -> str | None:
    """Return the name that the sender gave a part: filename*= before filename= before name=. Data, never a path."""
    # The first header of a name counts, as readers show it.
    raw = {name.lower(): str(value) for name, value in reversed(list(part.raw_items()))}
    disposition, kind = raw.get("content-disposition", ""), raw.get("content-type", "")
    name = parameters(disposition).get("filename") or parameters(kind).get("name")
    return plain_name(name) if name else None


def has_two_names(part: MimePart) -> bool:
    """Say whether the two headers that name a part name different files."""
    raw = {name.lower(): str(value) for name, value in reversed(list(part.raw_items()))}
    given = parameters(raw.get("content-disposition", "")).get("filename")
    other = parameters(raw.get("content-type", "")).get("name")
    return bool(given and other) and plain_name(given or "") != plain_name(other or "")


def plain_name(name: str) -> str:
    """Return the last component of a name, without characters that would mislead."""
    last = re.split(r"[/\\]", _UNSEEMLY.sub("", name))[-1].strip().strip(".")
    stem, dot, extension = last.rpartition(".")
    return f"{stem[:150]}{dot}{extension[:10]}" if stem else last[:150]


def unfolded(raw: str) -> str:
    """Return a header on one line, its undeclared bytes decoded."""
    # compat32 keeps bytes above 127 as surrogates; they are the sender's GBK or UTF-8, undeclared.
    if any("\udc80" <= character <= "\udcff" for character in raw):
        raw = decoded(raw.encode("utf-8", "surrogateescape"))
    return _FOLD.sub(" ", raw)


def _octets(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        return quopri.decodestring(text.replace("_", " ").encode("latin-1", "replace"))
    try:
        return base64.b64decode(re.sub(r"[^A-Za-z0-9+/]", "", text) + "==")
    except binascii.Error:
        return text.encode("ascii", "replace")


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return value


def _joined(parts: Sequence[tuple[int | None, bool, str]]) -> str:
    whole = [part[1:] for part in parts if part[0] is None and part[1]]
    numbered = sorted((index, is_encoded, value) for index, is_encoded, value in parts if index is not None)
    segments = whole[:1] or [(is_encoded, value) for _, is_encoded, value in numbered]
    if not segments:
        return header_text(parts[0][2])
    charset, octets = None, ""
    for position, (is_encoded, segment) in enumerate(segments):
        value = segment
        if position == 0 and is_encoded and value.count("'") > 1:
            charset, _, value = value.split("'", 2)
        octets += value if is_encoded else urllib.parse.quote(value, errors="replace")
    # All octets are joined before they are decoded: segments are split in mid-character, even inside %XX.
    return decoded(urllib.parse.unquote_to_bytes(octets.encode("utf-8", "replace")), charset)
