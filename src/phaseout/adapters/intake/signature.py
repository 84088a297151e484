"""Checks the signature (DKIM) by which the domain of a sender stands for a mail.

A valid signature proves the domain, if it is the domain in From; a missing or broken one proves nothing, forwarding
breaks them. It counts as of the mail's arrival: a mail that waited with us does not expire meanwhile.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

from phaseout.domain.mail_words import Doubt
from phaseout.errors import TransientError

# Returns the TXT record of a name (selector._domainkey.domain.), or None when there is none.
KeyLookup: TypeAlias = Callable[[str], bytes | None]

MOST_SIGNATURES = 5
LONGEST_LOOKUP = 5  # seconds
LARGEST_HEAD, MOST_HEAD_LINES = 256 * 1024, 2000
COSTLIEST_BLANKS = 200_000_000
LEEWAY = 36_000  # seconds; clocks of mail servers are off

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_BLANKS = re.compile(rb"[\t ]{8,}")
_ALGORITHMS = frozenset({b"rsa-sha256", b"ed25519-sha256"})  # SHA-1 proves nothing any more (RFC 8301)
_SMALLEST_KEY = 1024  # bits


class KeyOutOfReach(TransientError):
    """Nobody answered who could know the key; later somebody may."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(f"no name server tells of {name}")


def key_in_dns(name: str) -> bytes | None:
    """Look a key up.

    Raises:
        KeyOutOfReach: no name server answered in time.
    """
    import dns.exception  # noqa: PLC0415  few installations look keys up
    import dns.resolver  # noqa: PLC0415

    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=LONGEST_LOOKUP, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except (dns.exception.DNSException, OSError, UnicodeError) as error:
        raise KeyOutOfReach(name=name) from error
    return next((b"".join(record.strings) for record in answer), None)


@dataclass(frozen=True, slots=True)
class _Signature:
    """One signature of a mail, not yet checked."""

    mail: Any  # a dkim.DKIM
    header: tuple[bytes, bytes]
    tags: Mapping[bytes, bytes]

    @property
    def domain(self) -> str:
        return self.tags.get(b"d", b"").decode("ascii", "replace").lower()

    @property
    def key_name(self) -> str:
        return self.tags.get(b"s", b"").decode("ascii", "replace") + f"._domainkey.{self.domain}."

    @property
    def covered(self) -> list[bytes]:
        return [name.strip().lower() for name in self.tags.get(b"h", b"").split(b":")]


class Signatures:
    """Checks signatures with keys that a lookup finds; each key is asked for once."""

    def __init__(self, key_of: KeyLookup) -> None:
        self._key_of = lru_cache(maxsize=1000)(_asked(key_of))

    def doubt_about(self, raw: bytes, *, domain: str, arrived_at: datetime | None) -> Doubt | None:
        """Return why the mail is not proven to come from *domain*; None when it is."""
        if _is_costly(raw):
            return Doubt.TOO_COMPLEX
        doubts: list[Doubt] = []
        for signature in _signatures(raw):
            doubt = _doubt_before_the_key(signature, domain, arrived_at) or self._doubt_with_the_key(signature)
            if doubt is None:
                return None
            doubts.append(doubt)
        # That of the sender's own domain says more than that of whoever signed beside it.
        own = [doubt for doubt in doubts if doubt is not Doubt.SIGNED_BY_OTHERS]
        return (own or doubts or [Doubt.UNSIGNED])[0]

    def _doubt_with_the_key(self, signature: _Signature) -> Doubt | None:
        key = self._key_of(signature.key_name)
        return key if isinstance(key, Doubt) else _verdict(signature, key)


def _doubt_before_the_key(signature: _Signature, domain: str, arrived_at: datetime | None) -> Doubt | None:
    tags = signature.tags
    if not is_aligned(domain, signature.domain):
        return Doubt.SIGNED_BY_OTHERS
    # With l= anybody may append to the mail; without From in h= anybody may replace it.
    if b"l" in tags or b"from" not in signature.covered:
        return Doubt.SIGNED_IN_PART
    if _is_out_of_date(tags, arrived_at):
        return Doubt.SIGNATURE_EXPIRED
    return None if tags.get(b"a") in _ALGORITHMS else Doubt.WEAK_KEY


def _verdict(signature: _Signature, key: bytes) -> Doubt | None:
    import dkim  # type: ignore[import-untyped]  # no stubs  # noqa: PLC0415  few installations check signatures

    tags, name = signature.tags, signature.key_name
    try:
        # The library would hold the two times against a clock of its own.
        dkim.validate_signature_fields({tag: value for tag, value in tags.items() if tag not in {b"t", b"x"}})
        if dkim.evaluate_pk(name, key)[1] < _SMALLEST_KEY and tags[b"a"].startswith(b"rsa"):
            return Doubt.WEAK_KEY
        is_good = signature.mail.verify_sig(tags, signature.covered, signature.header, lambda *_, **__: key)
    except Exception:  # noqa: BLE001  whatever a stranger's signature does to the library, it proves nothing
        return Doubt.BAD_SIGNATURE
    return None if is_good else Doubt.BAD_SIGNATURE


def is_aligned(domain: str, claimed: str) -> bool:
    """Say whether a domain that vouches is the sender's, or one above it; a single label is nobody's."""
    claimed = claimed.rpartition("@")[2].rstrip(".")
    return "." in claimed and (domain == claimed or domain.endswith(f".{claimed}"))


def _asked(key_of: KeyLookup) -> Callable[[str], bytes | Doubt]:
    def ask(name: str) -> bytes | Doubt:
        try:
            return key_of(name) or Doubt.KEY_NOT_FOUND
        except KeyOutOfReach:
            return Doubt.KEY_OUT_OF_REACH

    return ask


def _signatures(raw: bytes) -> Iterator[_Signature]:
    import dkim  # noqa: PLC0415  few installations check signatures
    from dkim.util import InvalidTagValueList, parse_tag_value  # type: ignore[import-untyped]  # no stubs  # noqa: PLC0415

    try:
        mail = dkim.DKIM(raw, minkey=_SMALLEST_KEY)
    except (dkim.DKIMException, IndexError):
        return  # a head that no mail program writes
    headers = [(name, value) for name, value in mail.headers if name.lower() == b"dkim-signature"]
    for header in headers[:MOST_SIGNATURES]:
        try:
            yield _Signature(mail, header, parse_tag_value(header[1]))
        except InvalidTagValueList:
            continue


def _is_out_of_date(tags: Mapping[bytes, bytes], arrived_at: datetime | None) -> bool:
    if b"x" not in tags or arrived_at is None:
        return False
    signed, expires = (_seconds(tags.get(tag, b"")) for tag in (b"t", b"x"))
    return expires < int(arrived_at.timestamp()) - LEEWAY or expires < signed


def _seconds(text: bytes) -> int:
    return int(text) if re.fullmatch(rb"\d{1,12}", text) else 0


def _is_costly(raw: bytes) -> bool:
    """Say whether the library would take minutes: it copies heads line by line, and scans runs of blanks twice over."""
    end = _HEAD_END.search(raw, 0, LARGEST_HEAD)
    if end is None or raw.count(b"\n", 0, end.start()) > MOST_HEAD_LINES:
        return True
    return sum(len(run[0]) ** 2 for run in _BLANKS.finditer(raw)) > COSTLIEST_BLANKS
