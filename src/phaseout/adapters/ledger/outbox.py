"""The outbox (待发箱): letters with their items, tries to send them, and releases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, exists, func, or_, select, update

from phaseout.adapters.ledger import tables
from phaseout.adapters.ledger.engine import Writer, chunks
from phaseout.domain.bounce import BouncedLetter, NamedBounce
from phaseout.domain.letter import (
    ANSWERS,
    NOTICES,
    Approval,
    DispatchOutcome,
    Letter,
    LetterItem,
    LetterRecord,
    LetterState,
)
from phaseout.domain.outbox import (
    CLAIM_LAPSED,
    CLAIM_LEASE,
    DECIDED,
    RELEASED,
    ROUTINE,
    UnknownLetter,
    settlement_of,
    withdrawn_key,
)

_BOUNCE_FIELDS = tuple(field.name for field in fields(NamedBounce))
_LETTER_FIELDS = tuple(field.name for field in fields(Letter) if field.name != "items")


def add_letters(writer: Writer, letters: Sequence[Letter]) -> int:
    """Write the letters of which neither the key nor an item is there; return how many were new."""
    new = _unwritten(writer.connection, letters)
    added = writer.add(tables.letter, [{name: getattr(letter, name) for name in _LETTER_FIELDS} for letter in new])
    ids = _ids(writer.connection, [letter.key for letter in new])
    rows = [_item_row(ids[letter.key], place, item) for letter in new for place, item in enumerate(letter.items)]
    writer.add(tables.letter_item, rows)
    return added


def _unwritten(connection: Connection, letters: Sequence[Letter]) -> list[Letter]:
    keys = set(_ids(connection, [letter.key for letter in letters]))
    items = _written_items(connection, {item.obligation for letter in letters for item in letter.items})
    new = []
    for letter in letters:
        if letter.key in keys or not items.isdisjoint(letter.items):
            continue
        keys.add(letter.key)
        items.update(letter.items)
        new.append(letter)
    return new


def _ids(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    table = tables.letter
    statements = (select(table.c.key, table.c.id).where(table.c.key.in_(chunk)) for chunk in chunks(keys))
    return {row.key: row.id for statement in statements for row in connection.execute(statement)}


def _written_items(connection: Connection, obligations: Collection[str]) -> set[LetterItem]:
    table = tables.letter_item
    return {
        LetterItem(*row)
        for chunk in chunks(obligations)
        for row in connection.execute(
            select(table.c.obligation, table.c.rung, table.c.version).where(table.c.obligation.in_(chunk))
        )
    }


def _item_row(letter: int, position: int, item: LetterItem) -> dict[str, object]:
    return {
        "letter": letter,
        "position": position,
        "obligation": item.obligation,
        "rung": item.rung,
        "version": item.version,
    }


def items(connection: Connection, campaign: str) -> set[LetterItem]:
    """Return every letter item of a campaign."""
    table = tables.letter_item
    statement = (
        select(table.c.obligation, table.c.rung, table.c.version)
        .join(tables.letter, tables.letter.c.id == table.c.letter)
        .where(tables.letter.c.campaign == campaign)
    )
    return {LetterItem(*row) for row in connection.execute(statement)}


def written(connection: Connection, campaign: str, day: date) -> set[str]:
    """Return the keys of a day's unprompted letters; a withdrawn one may be written again and is not among them."""
    table = tables.letter
    return set(
        connection.scalars(
            select(table.c.key).where(
                table.c.campaign == campaign,
                table.c.day == day,
                table.c.kind.not_in(ANSWERS),
                table.c.state != LetterState.WITHDRAWN,
            )
        )
    )


def notices(connection: Connection, day: date) -> list[tuple[str, str]]:
    """Return key and recipient of a day's notices, in whatever campaign."""
    table = tables.letter
    statement = select(table.c.key, table.c.recipient).where(table.c.day == day, table.c.kind.in_(NOTICES))
    return [(row.key, row.recipient) for row in connection.execute(statement.order_by(table.c.id))]


def letters(connection: Connection, *conditions: ColumnElement[bool]) -> list[LetterRecord]:
    """Return the letters that meet the conditions, oldest first."""
    table = tables.letter
    rows = connection.execute(select(table).where(*conditions).order_by(table.c.id)).all()
    lines: dict[int, list[LetterItem]] = {}
    item = tables.letter_item
    statement = (
        select(item.c.letter, item.c.obligation, item.c.rung, item.c.version)
        .join(table, table.c.id == item.c.letter)
        .where(*conditions)
        .order_by(item.c.letter, item.c.position)
    )
    for letter, *parts in connection.execute(statement):
        lines.setdefault(letter, []).append(LetterItem(*parts))
    return [
        LetterRecord(
            id=row.id,
            letter=Letter(**{name: getattr(row, name) for name in _LETTER_FIELDS}, items=tuple(lines.get(row.id, ()))),
            settled_at=row.settled_at,
            note=row.note,
        )
        for row in rows
    ]


def add_bounces(writer: Writer, bounces: Sequence[NamedBounce]) -> None:
    """Write what bounces say, unless it is there."""
    writer.add(tables.bounce, [{name: getattr(one, name) for name in _BOUNCE_FIELDS} for one in bounces])


def bounced(connection: Connection, *conditions: ColumnElement[bool]) -> list[BouncedLetter]:
    """Return the letters of ours that came back, in the order in which the bounces were recorded."""
    bounce, letter, delivery = tables.bounce, tables.letter, tables.delivery
    statement = (
        select(
            letter.c.id,
            letter.c.campaign,
            letter.c.unit,
            letter.c.recipient,
            bounce.c.status,
            delivery.c.arrived_at,
        )
        .join(letter, letter.c.message_id == bounce.c.message_id)
        .join(delivery, delivery.c.id == bounce.c.delivery)
        .where(*conditions)
        .order_by(bounce.c.number)
    )
    return [BouncedLetter(*row) for row in connection.execute(statement)]


def withdraw(writer: Writer, obligations: Collection[str]) -> None:
    """Take back what was to be said about obligations that a file has answered.

    The whole letter goes, its items too: what is still to be said in it is planned again.
    """
    letter, item = tables.letter, tables.letter_item
    waiting = or_(
        letter.c.state == LetterState.DRAFT, and_(letter.c.state == LetterState.QUEUED, letter.c.kind.in_(ROUTINE))
    )
    found = {
        row.id: row.key
        for chunk in chunks(obligations)
        for row in writer.connection.execute(
            select(letter.c.id, letter.c.key)
            .join(item, item.c.letter == letter.c.id)
            .where(waiting, item.c.obligation.in_(chunk))
        )
    }
    _take_back(writer, found)


def withdraw_before(writer: Writer, day: date) -> int:
    """Take back routine letters of days gone by; what a person released stays."""
    table = tables.letter
    stale = and_(table.c.state == LetterState.QUEUED, table.c.kind.in_(ROUTINE), table.c.day < day)
    found = {row.id: row.key for row in writer.connection.execute(select(table.c.id, table.c.key).where(stale))}
    _take_back(writer, found)
    return len(found)


def _take_back(writer: Writer, keys: Mapping[int, str]) -> None:
    letter, item = tables.letter, tables.letter_item
    for chunk in chunks(keys):
        writer.run(delete(item).where(item.c.letter.in_(chunk)))
    writer.run(
        update(letter)
        .where(letter.c.id == bindparam("letter"))
        .values(state=LetterState.WITHDRAWN, key=bindparam("new_key")),
        [{"letter": number, "new_key": withdrawn_key(key, number)} for number, key in keys.items()],
    )


def is_anything_queued(connection: Connection, *, as_of: datetime) -> bool:
    """Say whether a letter may be sent now, or a claim has lapsed."""
    return bool(connection.scalar(select(exists().where(or_(_is_due(as_of), _has_lapsed(as_of))))))


def _has_lapsed(as_of: datetime) -> ColumnElement[bool]:
    table = tables.letter
    return and_(table.c.state == LetterState.SENDING, table.c.claimed_at < as_of - CLAIM_LEASE)


def _is_due(as_of: datetime) -> ColumnElement[bool]:
    table = tables.letter
    may_be_tried = or_(table.c.not_before.is_(None), table.c.not_before <= as_of)
    return and_(table.c.state == LetterState.QUEUED, may_be_tried)


def claim(writer: Writer, *, as_of: datetime, limit: int) -> list[LetterRecord]:
    """Take letters for sending, answers first."""
    _give_up_claims(writer, as_of=as_of)
    table = tables.letter
    answers_first = case((table.c.kind.in_(ANSWERS), 0), else_=1)
    due = select(table.c.id).where(_is_due(as_of)).order_by(answers_first, table.c.id).limit(limit)
    ids = list(writer.connection.scalars(due))
    taken: dict[int, LetterRecord] = {}
    for chunk in chunks(ids):
        of_chunk = table.c.id.in_(chunk)
        writer.run(update(table).where(of_chunk).values(state=LetterState.SENDING, claimed_at=as_of))
        taken |= {record.id: record for record in letters(writer.connection, of_chunk)}
    return [taken[letter] for letter in ids]


def _give_up_claims(writer: Writer, *, as_of: datetime) -> None:
    table = tables.letter
    for letter in list(writer.connection.scalars(select(table.c.id).where(_has_lapsed(as_of)))):
        settle(writer, letter, DispatchOutcome.UNCERTAIN, CLAIM_LAPSED, as_of=as_of)


def settle(writer: Writer, letter: int, outcome: DispatchOutcome, note: str, *, as_of: datetime) -> None:
    """Write a try to send and what follows from it."""
    table = tables.letter
    state = _state(writer.connection, letter)
    writer.add(tables.dispatch, [{"letter": letter, "tried_at": as_of, "outcome": outcome, "note": note}])
    if state in DECIDED:
        return
    tries = tables.dispatch
    count = writer.connection.scalar(
        select(func.count()).where(tries.c.letter == letter, tries.c.outcome == DispatchOutcome.RETRY)
    )
    settlement = settlement_of(outcome, tries=count or 0, as_of=as_of)
    waits = settlement.state is LetterState.QUEUED
    writer.run(
        update(table)
        .where(table.c.id == letter)
        .values(
            state=settlement.state,
            not_before=settlement.not_before,
            claimed_at=None,
            settled_at=None if waits else as_of,
            note=note,
        )
    )


def _state(connection: Connection, letter: int) -> LetterState:
    state: LetterState | None = connection.scalar(select(tables.letter.c.state).where(tables.letter.c.id == letter))
    if state is None:
        raise UnknownLetter(letter=letter)
    return state


def release(
    writer: Writer, letter: int, *, release: bool, by: str, reason: str, as_of: datetime, notices: Sequence[Letter]
) -> bool:
    """Write who decided on a draft and do it; False if the draft waits no more."""
    if _state(writer.connection, letter) is not LetterState.DRAFT:
        return False
    table = tables.letter
    text = writer.connection.scalar(select(table.c.raw_sha256).where(table.c.id == letter))
    writer.add(
        tables.approval,
        [
            {
                "letter": letter,
                "is_released": release,
                "decided_by": by,
                "reason": reason,
                "decided_at": as_of,
                "raw_sha256": text,
            }
        ],
    )
    of_draft = update(table).where(table.c.id == letter)
    if not release:
        writer.run(of_draft.values(state=LetterState.WITHHELD, settled_at=as_of, note=reason))
    elif notices:
        add_letters(writer, notices)
        writer.run(of_draft.values(state=LetterState.SENT, settled_at=as_of, note=RELEASED))
    else:
        writer.run(of_draft.values(state=LetterState.QUEUED))
    return True


def approvals(connection: Connection, campaign: str) -> list[Approval]:
    """Return who decided on a campaign's drafts, oldest first."""
    table = tables.approval
    columns = (table.c.letter, table.c.is_released, table.c.decided_by, table.c.reason, table.c.decided_at)
    statement = (
        select(*columns)
        .join(tables.letter, tables.letter.c.id == table.c.letter)
        .where(tables.letter.c.campaign == campaign)
        .order_by(table.c.decided_at, table.c.letter)
    )
    return [Approval(*row) for row in connection.execute(statement)]
