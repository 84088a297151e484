"""Who wrote a mail, and whether anybody did: From, the provider's word for it, and the marks of machines.

From is only a claim, and the standard library misreads it: `wuhan@a.example <evil@x.example>` came out as the first.
So a sender is one plain address in one From, and the claim counts as proven only when our own mail provider says that
the sender's domain passed, or when its signature holds (`signature`).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from phaseout.adapters.intake.headers import header_text, unfolded
from phaseout.adapters.intake.signature import is_aligned
from phaseout.domain.mail_words import Doubt

Headers = Sequence[tuple[str, str]]

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+"
_BARE = re.compile(rf"<?(?P<address>{_ADDRESS})>?")
_NAMED = re.compile(
    rf'(?P<name>"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*"|[^"<>,;:()\x00-\x1f]*?)\s*<(?P<address>{_ADDRESS})>'
)
_SHOWN = re.compile(r"@[^\s@]{0,250}\.\w")
_LONGEST_FROM = 2000
_QUOTE_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)')
_METHOD = re.compile(r"(spf|dkim|dmarc)\s*=\s*([a-z]+)\b(.*)", re.IGNORECASE)
# Where each method says whose domain it speaks of.
_DOMAIN_OF = {"spf": "smtp.mailfrom", "dkim": "header.d", "dmarc": "header.from"}


def values(headers: Headers, name: str) -> list[str]:
    """Return the values of every header of a name."""
    return [value for key, value in headers if key.lower() == name]


def sender_of(headers: Headers) -> tuple[str, None] | tuple[None, Doubt]:
    """Return the address when there is exactly one From of shape `addr` or `display <addr>`; else why there is none."""
    given = values(headers, "from")
    if len(given) != 1:
        return None, Doubt.SEVERAL_FROM if given else Doubt.NO_FROM
    if len(given[0]) > _LONGEST_FROM:
        return None, Doubt.MALFORMED_FROM
    # Decoded first: half of a Chinese character may look like a backslash or an @.
    text = unfolded(given[0]).strip()
    named = _BARE.fullmatch(text) or _NAMED.fullmatch(text)
    if named is None:
        return None, _why_no_address(text)
    address = named["address"].lower()
    if doubt := _why_not_plain(address, named.groupdict().get("name") or ""):
        return None, doubt
    return address, None


def _why_no_address(text: str) -> Doubt:
    shown = header_text(text)
    if not text:
        return Doubt.NO_FROM
    if "@" not in text:
        return Doubt.ENCODED_ADDRESS if "@" in shown else Doubt.MALFORMED_FROM
    if re.search(r"[^\x00-\x7f]@|@[^\s<>]*[^\x00-\x7f]|[^\x00-\x7f][^\s<>\"]*@", text):
        return Doubt.FOREIGN_LETTERS
    return Doubt.SEVERAL_ADDRESSES if shown.count("@") > 1 else Doubt.MALFORMED_FROM


def _why_not_plain(address: str, name: str) -> Doubt | None:
    if "=?" in address:
        return Doubt.ENCODED_ADDRESS
    # An international domain may look like another letter for letter.
    if any(label.startswith("xn--") for label in address.rpartition("@")[2].split(".")):
        return Doubt.FOREIGN_LETTERS
    shown = unicodedata.normalize("NFKC", header_text(name)).lower()
    if "=?" in shown:
        return Doubt.ENCODED_ADDRESS
    # A display name that shows another address is there to deceive, in full-width or foreign letters too.
    raw = unicodedata.normalize("NFKC", name).lower()
    others = (text.replace(address, "") for text in (shown, raw))
    return Doubt.OTHER_ADDRESS_SHOWN if any(_SHOWN.search(other) for other in others) else None


def is_vouched_for(headers: Headers, sender: str, authserv_id: str) -> bool:
    """Say whether our provider found that the mail came from the sender's domain."""
    domain = sender.rpartition("@")[2]
    return any(
        result == "pass" and is_aligned(domain, properties.get(_DOMAIN_OF[method], ""))
        for verdict in _own_verdicts(headers, authserv_id)
        for method, result, properties in _results(verdict)
    )


def _own_verdicts(headers: Headers, authserv_id: str) -> list[str]:
    # A sender can write any number of these, but only below what our provider put on top.
    above: list[str] = []
    below: list[str] = []
    received = 0
    for name, value in headers:
        received += name.lower() == "received"
        if received > 1:
            break
        verdict = _without_remarks(value) if name.lower() == "authentication-results" else ""
        if verdict.split(";", 1)[0].strip().split(" ")[0].lower() == authserv_id.lower():
            (below if received else above).append(verdict)
    return above or below[:1]


def _without_remarks(value: str) -> str:
    # Comments and quoted reasons may hold the sender's own words.
    text = re.sub(r"\s+", " ", value)[:_LONGEST_FROM]
    while (shorter := _QUOTE_OR_COMMENT.sub("", text)) != text:
        text = shorter
    return text


def _results(verdict: str) -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for part in verdict.split(";")[1:]:
        if match := _METHOD.match(part.strip()):
            properties = dict(word.split("=", 1) for word in match[3].split() if "=" in word)
            found.append((match[1].lower(), match[2].lower(), {k.lower(): v.lower() for k, v in properties.items()}))
    return found


_MACHINE_FLAGS = (
    "x-autoreply", "x-autorespond", "x-auto-reply", "x-auto-response", "x-autoresponder",
    "x-failed-recipients", "x-loop", "x-ms-exchange-inbox-rules-loop",
)  # fmt: skip
_ROLE = re.compile(r"(mailer-?daemon|postmaster|no-?reply|do-?not-?reply|bounces?)@")
_BULK = re.compile(r"\b(bulk|junk|list|auto[_-]reply)\b")
_REPORTS = frozenset({"message/delivery-status", "message/disposition-notification"})
_SUBJECT = re.compile(
    r"\s*((re|回复|答复|转发|fw|fwd)\s*[:：]\s*)*"
    r"(\[?自动回复\]?|自动答复|假期自动回复|外出自动回复|系统退信|退信通知|退信|out of office|automatic reply|"
    r"auto(?:matic)?[ -]?(?:reply|response)|undeliver(?:ed|able)|delivery status notification|returned mail|"
    r"mail delivery failed|已读[:：]|阅读回执|read[:：])",
    re.IGNORECASE,
)


OUR_MARK = "auto-generated"


def written_by_machine(headers: Headers, *, body_types: Sequence[str], is_marked: bool) -> str | None:
    """Return by what sign nobody wrote this mail, or None.

    A mail *is_marked* that was a letter of ours once: of such, what all our letters say of themselves is no sign.
    """
    by_name: dict[str, str] = {}
    for name, value in headers:
        by_name[name.lower()] = f"{by_name.get(name.lower(), '')} {value.strip().lower()}".strip()
    if any(value.strip() in ("<>", "") for value in values(headers, "return-path")):
        return "null return-path"
    if "multipart/report" in by_name.get("content-type", "") or _REPORTS & set(body_types):
        return "report"
    if is_marked and by_name.get("auto-submitted") == OUR_MARK:
        del by_name["auto-submitted"]
    return _flagged(by_name)


def _flagged(by_name: Mapping[str, str]) -> str | None:
    submitted = by_name.get("auto-submitted", "")
    if submitted and not re.match(r"no\b", submitted):
        return "auto-submitted"
    if any(by_name.get(name, "no") not in ("no", "false", "") for name in _MACHINE_FLAGS):
        return "auto-reply"
    if _BULK.search(by_name.get("precedence", "")):
        return "precedence"
    if any(name.startswith("list-") for name in by_name):
        return "list"
    return "role sender" if _ROLE.search(by_name.get("from", "")) else None


def sounds_automatic(subject: str) -> bool:
    """Say whether a subject is that of an automatic answer or a bounce."""
    return bool(_SUBJECT.match(subject))
