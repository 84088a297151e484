"""The rules of RFC 5545 and RFC 5546 that our calendar files must keep, read from their text by hand."""

import re
from dataclasses import dataclass, field

LONGEST_LINE = 75  # octets, without CR LF
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "DESCRIPTION", "ORGANIZER", "STATUS", "TRANSP"}
NEEDED = {
    "PUBLISH": {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "ORGANIZER"},
    "REQUEST": {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "ORGANIZER", "ATTENDEE", "SEQUENCE"},
    "CANCEL": {"UID", "DTSTAMP", "ORGANIZER", "ATTENDEE", "SEQUENCE", "STATUS"},
}
TEXTS = {"SUMMARY", "DESCRIPTION", "UID", "STATUS", "X-WR-CALNAME"}
LINE = re.compile(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"\r\n]*"|[^";:,\r\n]*))*):(.*)', re.DOTALL)
# A comma, a semicolon or a backslash that nothing escapes.
BARE = re.compile(r"(?<!\\)(?:\\\\)*(?:[,;]|\\(?![\\,;nN]))")


@dataclass
class Component:
    """A calendar, an event or an alarm as it stands in the text."""

    name: str
    properties: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # name to parameters and value
    parts: list["Component"] = field(default_factory=list)

    def value(self, name):
        """Return the value of a property that stands once."""
        ((_, value),) = self.properties[name]
        return value

    def parameters(self, name):
        ((parameters, _),) = self.properties[name]
        return parameters


def read(raw: bytes) -> Component:
    """Return the calendar of a text that keeps to the rules; fail with the rule that it breaks."""
    assert raw.endswith(b"\r\n"), "the text ends with a whole line"
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n"), "lines end with CR LF alone"
    lines = raw.removesuffix(b"\r\n").split(b"\r\n")
    assert all(0 < len(line) <= LONGEST_LINE for line in lines), "no line is longer than 75 octets"
    text = [line.decode("utf-8") for line in lines]  # no character is cut in two
    calendar = _component(iter("\n".join(text).replace("\n ", "").split("\n")))
    _check(calendar)
    return calendar


def _component(lines) -> Component:
    first = next(lines)
    assert first == "BEGIN:VCALENDAR"
    open_ones = [Component("VCALENDAR")]
    for line in lines:
        found = LINE.fullmatch(line)
        assert found, f"a line has a name and a value: {line}"
        name, parameters, value = found.groups()
        if name == "BEGIN":
            component = Component(value)
            open_ones[-1].parts.append(component)
            open_ones.append(component)
        elif name == "END":
            ended = open_ones.pop()
            assert ended.name == value
            if not open_ones:
                assert next(lines, None) is None, "nothing follows the calendar"
                return ended
        else:
            assert name not in TEXTS or not BARE.search(value), f"what would part a text is escaped: {line}"
            open_ones[-1].properties.setdefault(name, []).append((parameters, value))
    raise AssertionError("the calendar does not end")


def _check(calendar: Component) -> None:
    assert calendar.value("VERSION") == "2.0"
    assert calendar.value("PRODID")
    method = calendar.value("METHOD")
    uids = [event.value("UID") for event in calendar.parts]
    assert len(set(uids)) == len(uids), "each entry has an id of its own"
    assert method == "PUBLISH" or len(uids) == 1, "a message is about one entry"
    for event in calendar.parts:
        _check_event(event, method)


def _check_event(event: Component, method: str) -> None:
    assert event.name == "VEVENT"
    assert event.properties.keys() >= NEEDED[method]
    assert not [name for name in ONCE & event.properties.keys() if len(event.properties[name]) > 1]
    assert ("ATTENDEE" in event.properties) is (method != "PUBLISH")
    assert (event.value("STATUS") == "CANCELLED") is (method == "CANCEL") or method == "PUBLISH"
    assert re.fullmatch(r"\d{8}T\d{6}Z", event.value("DTSTAMP"))
    assert event.parameters("DTSTART") == event.parameters("DTEND") == ";VALUE=DATE"
    assert event.value("DTSTART") < event.value("DTEND")
    for alarm in event.parts:
        assert (alarm.name, alarm.value("ACTION")) == ("VALARM", "DISPLAY")
        assert alarm.value("DESCRIPTION")
        assert re.fullmatch(r"-P(\d+D)?T\d+H", alarm.value("TRIGGER"))
