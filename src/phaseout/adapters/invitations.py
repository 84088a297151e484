"""Calendar entries (.ics) for due dates, as mail programs and phones take them."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from icalendar import Alarm, Calendar, Event, vCalAddress

from phaseout.domain.calendar import ONE_DAY
from phaseout.domain.campaign import Office
from phaseout.domain.deadline import Deadline
from phaseout.ports import Invitations

PRODUCT = "-//Phaseout//campaign calendar//ZH"
RINGS_AT = time(9)


class IcalInvitations(Invitations):
    """Writes all-day entries that ring at nine on the working day before; same input, same bytes."""

    def invite(self, deadline: Deadline, *, organizer: Office, attendee: str, written_at: datetime) -> bytes:
        """Return one entry as a request, or as its cancellation: a message about entries knows one entry at a time."""
        calendar = _calendar("CANCEL" if deadline.is_cancelled else "REQUEST")
        event = _event(deadline, organizer=organizer, written_at=written_at)
        event.add("attendee", _attendee(attendee))
        calendar.add_component(event)
        return bytes(calendar.to_ical())

    def publish(self, deadlines: Sequence[Deadline], *, name: str, organizer: Office, written_at: datetime) -> bytes:
        """Return a whole calendar as a file for people to open."""
        calendar = _calendar("PUBLISH")
        calendar.add("x-wr-calname", name)  # the name under which phones and mail programs show it
        for deadline in deadlines:
            calendar.add_component(_event(deadline, organizer=organizer, written_at=written_at))
        return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(deadline: Deadline, *, organizer: Office, written_at: datetime) -> Event:
    event = Event()
    event.add("uid", deadline.uid)
    event.add("sequence", deadline.sequence)
    event.add("dtstamp", written_at.astimezone(UTC))
    event.add("dtstart", deadline.day)
    event.add("dtend", deadline.day + ONE_DAY)
    event.add("summary", deadline.title)
    event.add("description", deadline.detail)
    event.add("organizer", _organizer(organizer))
    event.add("status", "CANCELLED" if deadline.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # a deadline does not make anybody busy
    event.add("x-microsoft-cdo-busystatus", "FREE")
    if deadline.alarm_on is not None and not deadline.is_cancelled:
        event.add_component(_alarm(deadline))
    return event


def _alarm(deadline: Deadline) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", deadline.title)
    # Counted from the day's beginning wherever the reader is: nine o'clock by his own clock.
    alarm.add("trigger", _rings_at(deadline) - datetime.combine(deadline.day, time.min))
    return alarm


def _rings_at(deadline: Deadline) -> datetime:
    return datetime.combine(deadline.alarm_on or deadline.day, RINGS_AT)


def _organizer(office: Office) -> vCalAddress:
    address = vCalAddress(f"mailto:{office.mailbox}")
    address.params["CN"] = f"{office.body}{office.desk}"
    return address


def _attendee(mailbox: str) -> vCalAddress:
    """Return whom the entry is meant for; nobody waits for an answer, so none is asked."""
    address = vCalAddress(f"mailto:{mailbox}")
    address.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"})
    return address
