"""What was planned and by whom it was changed: campaigns, obligations, extensions, contacts, catalogues, stock."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select

from phaseout.adapters.ledger import acts, outbox, tables
from phaseout.adapters.ledger.engine import Writer, chunks
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.catalogue_change import CatalogueImport
from phaseout.domain.exemption import ExemptionRecord
from phaseout.domain.extension import Extension
from phaseout.domain.obligation import Obligation, UnknownObligation
from phaseout.domain.obligation_history import ObligationHistory
from phaseout.domain.reopening import Reopening
from phaseout.domain.replanning import PlanChange, as_moved, as_replanned
from phaseout.ports import Contact

# What acts have made of it since is asked of the acts.
_OBLIGATION_FIELDS = tuple(field.name for field in fields(Obligation) if field.name not in {"moves", "exempt"})
_CATALOGUE_FIELDS = tuple(field.name for field in fields(CatalogueImport))
_CONTACT_FIELDS = tuple(field.name for field in fields(Contact))
_Act = TypeVar("_Act", Extension, Reopening)


def add_campaign(writer: Writer, campaign: Campaign, *, as_of: datetime) -> None:
    """Write a campaign unless it is there."""
    row = {
        "id": campaign.id,
        "title": campaign.title,
        "notice": campaign.notice,
        "year": campaign.year,
        "source_hash": campaign.source_hash,
        "opened_at": as_of,
    }
    writer.add(tables.campaign, [row])


def campaign_ids(connection: Connection) -> list[str]:
    """Return the campaigns in the order in which they were opened."""
    return list(connection.scalars(select(tables.campaign.c.id).order_by(tables.campaign.c.number)))


def add_obligations(writer: Writer, obligations: Sequence[Obligation], *, as_of: datetime) -> int:
    """Write the obligations that are not there, after those that are; return how many were new."""
    known = _known_obligations(writer.connection, (obligation.id for obligation in obligations))
    new = {obligation.id: obligation for obligation in obligations if obligation.id not in known}
    last = writer.connection.scalar(select(func.max(tables.obligation.c.position))) or 0
    rows = [
        {name: getattr(obligation, name) for name in _OBLIGATION_FIELDS} | {"position": position, "written_at": as_of}
        for position, obligation in enumerate(new.values(), start=last + 1)
    ]
    return writer.add(tables.obligation, rows)


def _known_obligations(connection: Connection, ids: Iterable[str]) -> set[str]:
    column = tables.obligation.c.id
    return {known for chunk in chunks(ids) for known in connection.scalars(select(column).where(column.in_(chunk)))}


def obligations(connection: Connection, campaign: str, *, calendar: WorkCalendar) -> list[Obligation]:
    """Return a campaign's obligations as plans and persons' acts leave them, in the order of planning."""
    replanned = acts.replannings(connection, campaign)
    granted: dict[str, list[Extension]] = {}
    for extension in extensions(connection, campaign):
        granted.setdefault(extension.obligation, []).append(extension)
    until = {one.obligation: one.until for one in sorted(reopenings(connection, campaign), key=_until)}
    exempt: dict[str, list[ExemptionRecord]] = {}
    for record in acts.exemptions(connection, campaign):
        exempt.setdefault(record.exemption.obligation, []).append(record)
    moved = (
        as_moved(one, replannings=replanned.get(one.id, ()), extensions=granted.get(one.id, ()), calendar=calendar)
        for one in _written(connection, campaign)
    )
    return [_as_persons_say(one, until.get(one.id), exempt.get(one.id, ())) for one in moved if one is not None]


def opened_at(connection: Connection, campaign: str) -> datetime | None:
    """Return when a campaign was opened; None before that."""
    table = tables.campaign
    instant: datetime | None = connection.scalar(select(table.c.opened_at).where(table.c.id == campaign))
    return instant


def histories(connection: Connection, campaign: str) -> list[ObligationHistory]:
    """Return every obligation that was ever written, with every act on it, in the order of planning."""
    table, opened = tables.obligation, opened_at(connection, campaign)
    if opened is None:
        return []
    written = dict(
        connection.execute(select(table.c.id, table.c.written_at).where(table.c.campaign == campaign)).tuples().all()
    )
    replanned = acts.replannings(connection, campaign)
    granted = _by_obligation(extensions(connection, campaign))
    reopened = _by_obligation(reopenings(connection, campaign))
    exempt: dict[str, list[ExemptionRecord]] = {}
    for record in acts.exemptions(connection, campaign):
        exempt.setdefault(record.exemption.obligation, []).append(record)
    return [
        ObligationHistory(
            one,
            written[one.id] or opened,
            replannings=replanned.get(one.id, ()),
            extensions=granted.get(one.id, ()),
            reopenings=reopened.get(one.id, ()),
            exemptions=exempt.get(one.id, ()),
        )
        for one in _written(connection, campaign)
    ]


def _by_obligation(found: Iterable[_Act]) -> dict[str, list[_Act]]:
    by_obligation: dict[str, list[_Act]] = {}
    for act in found:
        by_obligation.setdefault(act.obligation, []).append(act)
    return by_obligation


def planned(connection: Connection, campaign: str) -> list[Obligation]:
    """Return a campaign's obligations as its data had them last, in the order of planning."""
    replanned = acts.replannings(connection, campaign)
    latest = (as_replanned(one, replanned.get(one.id, ())) for one in _written(connection, campaign))
    return [one for one in latest if one is not None]


def _written(connection: Connection, campaign: str) -> list[Obligation]:
    table = tables.obligation
    columns = [table.c[name] for name in _OBLIGATION_FIELDS]
    rows = connection.execute(select(*columns).where(table.c.campaign == campaign).order_by(table.c.position))
    return [Obligation(*row) for row in rows]


def _as_persons_say(one: Obligation, until: date | None, exemptions: Sequence[ExemptionRecord]) -> Obligation:
    """Return an obligation reopened or exempt, as the case may be; hardly any is."""
    return one.open_until(until).exempted(exemptions) if until else one.exempted(exemptions)


def _until(reopening: Reopening) -> date:
    return reopening.until


def replan(writer: Writer, campaign: str, change: PlanChange, *, by: str, reason: str, as_of: datetime) -> int:
    """Write in what a campaign's plan differs from now on; return how many obligations that concerns."""
    everything = change.acts(by=by, reason=reason, at=as_of)
    known = _known_obligations(writer.connection, (act.obligation for act in everything))
    now = {one.id: one for one in planned(writer.connection, campaign)}
    added = add_obligations(writer, change.new, as_of=as_of)
    # What is new to the ledger needs no act; what comes back to the plan does.
    found = (act for act in everything if act.obligation in known)
    added += acts.add_replannings(writer, [act for act in found if act.changes(now.get(act.obligation))])
    outbox.withdraw(writer, change.touched)
    return added


def extensions(connection: Connection, campaign: str) -> list[Extension]:
    """Return the extensions of a campaign, oldest first."""
    table = tables.extension
    statement = (
        select(table.c.obligation, table.c.due, table.c.granted_by, table.c.reason, table.c.granted_at)
        .join(tables.obligation, tables.obligation.c.id == table.c.obligation)
        .where(tables.obligation.c.campaign == campaign)
        .order_by(table.c.granted_at, table.c.number)
    )
    return [Extension(*row) for row in connection.execute(statement)]


def goals_told_of(connection: Connection, obligations: Collection[str]) -> set[str]:
    """Return the goals of the same units of which the periodic forms among *obligations* tell how they stand."""
    told, goal = tables.obligation, tables.obligation.alias("goal")
    statement = (
        select(goal.c.id)
        .join(told, and_(told.c.campaign == goal.c.campaign, told.c.unit == goal.c.unit))
        .where(goal.c.form.is_(None), told.c.period.is_not(None))
    )
    found = (connection.scalars(statement.where(told.c.id.in_(chunk))) for chunk in chunks(obligations))
    return {each for ids in found for each in ids}


def require(writer: Writer, obligations: Iterable[str]) -> None:
    """Stop if the ledger does not have one of these obligations."""
    wanted = set(obligations)
    for unknown in sorted(wanted - _known_obligations(writer.connection, wanted)):
        raise UnknownObligation(obligation=unknown)


def extend(writer: Writer, obligation: str, due: date, *, by: str, reason: str, as_of: datetime) -> None:
    """Write an extension; what is queued or drafted speaks of the day before and is withdrawn."""
    require(writer, [obligation])
    row = {"obligation": obligation, "due": due, "granted_by": by, "reason": reason, "granted_at": as_of}
    if writer.add(tables.extension, [row]):
        outbox.withdraw(writer, {obligation})


def reopen(writer: Writer, reopening: Reopening) -> bool:
    """Write a reopening; False if the obligation was reopened until that day before."""
    require(writer, [reopening.obligation])
    row = {
        "obligation": reopening.obligation,
        "until": reopening.until,
        "reopened_by": reopening.by,
        "reason": reopening.reason,
        "reopened_at": reopening.at,
    }
    return writer.add(tables.reopening, [row]) == 1


def reopenings(connection: Connection, campaign: str) -> list[Reopening]:
    """Return the reopenings of a campaign, oldest first."""
    table = tables.reopening
    statement = (
        select(table.c.obligation, table.c.until, table.c.reopened_by, table.c.reason, table.c.reopened_at)
        .join(tables.obligation, tables.obligation.c.id == table.c.obligation)
        .where(tables.obligation.c.campaign == campaign)
        .order_by(table.c.number)
    )
    return [Reopening(*row) for row in connection.execute(statement)]


def add_contacts(writer: Writer, contacts: Sequence[Contact]) -> int:
    """Write contacts unless they are there; return how many were new."""
    return writer.add(
        tables.contact, [{name: getattr(contact, name) for name in _CONTACT_FIELDS} for contact in contacts]
    )


def add_planned_contacts(writer: Writer, contacts: Sequence[Contact], *, campaign: str) -> None:
    """Write the contacts of the campaign's data that were never there.

    Opening a campaign again must not put the planned contact before the one that the unit has reported since.
    """
    everyone = contacts_where(writer.connection, tables.contact.c.campaign == campaign)
    known = {_person(contact) for contact in everyone}
    add_contacts(writer, [contact for contact in contacts if _person(contact) not in known])


def _person(contact: Contact) -> tuple[str, str, str, str, str]:
    return (contact.unit, contact.role, contact.name, contact.address, contact.phone)


def contacts(connection: Connection, campaign: str, *, as_of: datetime, unit: str | None) -> list[Contact]:
    """Return the newest contact of each place that is valid as of an instant."""
    of_unit = [tables.contact.c.unit == unit] if unit else []
    conditions = (tables.contact.c.campaign == campaign, tables.contact.c.valid_from <= as_of, *of_unit)
    valid = contacts_where(connection, *conditions)
    newest: dict[tuple[str, str, str], Contact] = {}
    for contact in valid:
        held = newest.get(contact.place)
        if held is None or contact.valid_from > held.valid_from:
            newest[contact.place] = contact
    return [newest[key] for key in sorted(newest)]


def contacts_where(connection: Connection, *conditions: ColumnElement[bool]) -> list[Contact]:
    """Return the contacts that meet the conditions, oldest row first."""
    table = tables.contact
    columns = [table.c[name] for name in _CONTACT_FIELDS]
    return [Contact(*row) for row in connection.execute(select(*columns).where(*conditions).order_by(table.c.number))]


def add_catalogue(writer: Writer, act: CatalogueImport) -> bool:
    """Write the act by which an official list came into force; False when it is there already."""
    return writer.add(tables.catalogue_import, [{name: getattr(act, name) for name in _CATALOGUE_FIELDS}]) > 0


def catalogues(connection: Connection) -> list[CatalogueImport]:
    """Return the official lists that came into force, in that order."""
    table = tables.catalogue_import
    columns = [table.c[name] for name in _CATALOGUE_FIELDS]
    return [CatalogueImport(*row) for row in connection.execute(select(*columns).order_by(table.c.number))]


def stock_taken(connection: Connection, campaign: str) -> Collection[tuple[str, str | None]]:
    """Return (milestone, period) of which stock was taken."""
    table = tables.stock
    rows = connection.execute(select(table.c.milestone, table.c.period).where(table.c.campaign == campaign))
    return {(milestone, period or None) for milestone, period in rows}


def record_stock(writer: Writer, campaign: str, milestone: str, period: str | None, *, as_of: datetime) -> bool:
    """Write that stock was taken; False if it was before."""
    row = {"campaign": campaign, "milestone": milestone, "period": period or "", "taken_at": as_of}
    return writer.add(tables.stock, [row]) == 1


def published(connection: Connection, campaign: str) -> tuple[int, date] | None:
    """Return revision and day of the last publication."""
    table = tables.publication
    row = connection.execute(
        select(table.c.revision, table.c.day)
        .where(table.c.campaign == campaign)
        .order_by(table.c.number.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.revision, row.day)


def record_published(writer: Writer, campaign: str, revision: int, day: date, content_hash: str) -> None:
    """Write a publication; the same one again becomes the last one again."""
    table = tables.publication
    row = {"campaign": campaign, "revision": revision, "day": day, "content_hash": content_hash}
    if published(writer.connection, campaign) != (revision, day):
        writer.run(insert(table), [row])
