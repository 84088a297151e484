"""What arrived, whom it may come from, and what persons decided of it, in the ledger in memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from phaseout.adapters.memory.leave import LedgerOfLeave
from phaseout.domain.bounce import NamedBounce
from phaseout.domain.quarantine import NotInQuarantine, QuarantineDecision, is_new
from phaseout.domain.submission import Channel, Delivery
from phaseout.ports import Contact, DeliveryRecord, EarlierMessage


class LedgerOfIntake(LedgerOfLeave):
    """The part of the ledger that knows deliveries, contacts and decisions about the quarantine."""

    def __init__(self) -> None:
        super().__init__()
        self._contacts: list[Contact] = []
        self._deliveries: dict[str, DeliveryRecord] = {}
        self._message_ids: dict[str, str] = {}
        self._quarantine: list[QuarantineDecision] = []
        self._bounces: list[NamedBounce] = []

    def _add_contacts(self, contacts: Iterable[Contact]) -> None:
        for contact in contacts:
            if _contact_key(contact) not in {_contact_key(known) for known in self._contacts}:
                self._contacts.append(contact)
                self._changed()

    def contacts(self, campaign: str, *, as_of: datetime, unit: str | None = None) -> Sequence[Contact]:
        """Return the contacts that are valid as of an instant, newest of each unit and role; of senders all."""
        newest: dict[tuple[str, str, str], Contact] = {}
        for contact in (one for one in self._contacts if unit in {None, one.unit}):
            held = newest.get(contact.place)
            is_newer = held is None or contact.valid_from > held.valid_from
            if contact.campaign == campaign and contact.valid_from <= as_of and is_newer:
                newest[contact.place] = contact
        return [newest[key] for key in sorted(newest)]

    def all_contacts(self, campaign: str) -> Sequence[Contact]:
        """Return every contact that there ever was, in the order in which they were recorded."""
        return [contact for contact in self._contacts if contact.campaign == campaign]

    def set_contacts(self, contacts: Sequence[Contact]) -> int:
        """Record contacts as a named person gives them; return how many were not there already."""
        before = len(self._contacts)
        self._add_contacts(contacts)
        return len(self._contacts) - before

    def unknown(self, channel: Channel, refs: Sequence[str]) -> Collection[str]:
        """Return the refs that no delivery has."""
        known = {record.delivery.ref for record in self._deliveries.values() if record.delivery.channel is channel}
        return set(refs) - known

    def record_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        """Record what arrived, in one transaction; return how many were not there already."""
        known = {(record.delivery.channel, record.delivery.ref) for record in self._deliveries.values()}
        new: dict[tuple[Channel, str], Delivery] = {}
        for delivery in deliveries:
            place = (delivery.channel, delivery.ref)
            if place not in known and delivery.id not in self._deliveries:
                new.setdefault(place, delivery)
        for delivery in new.values():
            self._deliveries[delivery.id] = DeliveryRecord(delivery, None, "", None, "", ())
        if new:
            self._changed()
        return len(new)

    def pending(self, *, limit: int) -> Sequence[Delivery]:
        """Return deliveries without an outcome, oldest arrival first."""
        return [record.delivery for record in self.deliveries() if record.outcome is None][:limit]

    def earlier_copy(self, delivery: Delivery) -> Delivery | None:
        """Return an earlier delivery of the same bytes."""
        copies = (record.delivery for record in self._deliveries.values() if record.delivery.sha256 == delivery.sha256)
        first = next(copies, None)
        return None if first is None or first.id == delivery.id else first

    def deliveries(self) -> Sequence[DeliveryRecord]:
        """Return everything that ever arrived, in order of arrival."""
        return sorted(self._deliveries.values(), key=lambda record: record.delivery.arrived_at)

    def _update(self, record: DeliveryRecord) -> None:
        self._changed(self._deliveries[record.delivery.id] != record)
        self._deliveries[record.delivery.id] = record

    def _note_message_ids(self, message_ids: Mapping[str, str]) -> None:
        self._changed(not message_ids.items() <= self._message_ids.items())
        self._message_ids |= message_ids

    def _add_bounces(self, bounces: Iterable[NamedBounce]) -> None:
        for bounce in bounces:
            if (bounce.delivery, bounce.recipient) not in {(one.delivery, one.recipient) for one in self._bounces}:
                self._bounces.append(bounce)
                self._changed()

    def with_message_ids(self, message_ids: Collection[str]) -> Sequence[EarlierMessage]:
        """Return the deliveries that were assessed and carried one of these ids, in the order of collection."""
        return [
            EarlierMessage(id_, self._message_ids[id_], record.sender, record.delivery.sha256)
            for id_, record in self._deliveries.items()
            if self._message_ids.get(id_) in message_ids
        ]

    def decide_quarantine(self, decision: QuarantineDecision, *, contacts: Sequence[Contact] = ()) -> bool:
        """Record what a person decides of a delivery in quarantine; False when that was decided so before.

        Raises:
            NotInQuarantine: it does not wait for a decision.
        """
        held = self._deliveries.get(decision.delivery)
        if held is None:
            raise NotInQuarantine(delivery=decision.delivery, outcome=None)
        newest = next(reversed(self.quarantine_decisions([decision.delivery])), None)
        if not is_new(decision, outcome=held.outcome, newest=newest):
            return False
        outcome, reason = decision.outcome
        self._quarantine.append(decision)
        self._update(replace(held, outcome=outcome, reason=reason))
        self._add_contacts(contacts)
        return True

    def quarantine_decisions(self, deliveries: Collection[str] = ()) -> Sequence[QuarantineDecision]:
        """Return what was decided, oldest first; of the given deliveries only, if any are given."""
        return [one for one in self._quarantine if not deliveries or one.delivery in deliveries]


def _contact_key(contact: Contact) -> tuple[str, str, str, datetime, str]:
    return (contact.campaign, contact.unit, contact.role, contact.valid_from, contact.address)
