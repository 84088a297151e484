"""Calendar entries (.ics) for due dates, as mail programs and phones take them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from phaseout.ports import Deadline, Invitations

PRODUCT = "-//Phaseout//campaign calendar//ZH"


class IcalInvitations(Invitations):
    """Writes all-day entries with an alarm on the day before; same input, same bytes."""

    def invite(self, deadlines: Sequence[Deadline], *, organizer: str, written_at: datetime) -> bytes:
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        for deadline in deadlines:
            calendar.add_component(_event(deadline, organizer=organizer, written_at=written_at))
        return bytes(calendar.to_ical())


def _event(deadline: Deadline, *, organizer: str, written_at: datetime) -> Event:
    event = Event()
    event.add("uid", deadline.uid)
    event.add("sequence", deadline.sequence)
    event.add("dtstamp", written_at)
    event.add("dtstart", deadline.day)
    event.add("dtend", deadline.day + timedelta(days=1))
    event.add("summary", deadline.title)
    event.add("description", deadline.detail)
    event.add("organizer", f"mailto:{organizer}")
    event.add("transp", "TRANSPARENT")  # a deadline does not make anybody busy
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", deadline.title)
    alarm.add("trigger", timedelta(hours=-15))  # nine in the morning of the day before
    event.add_component(alarm)
    return event
