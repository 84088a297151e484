"""The outbox (待发箱): letters with their items, tries to send them, and releases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, case, delete, or_, select, update

from phaseout.adapters.ledger import tables
from phaseout.adapters.ledger.engine import Writer, chunks
from phaseout.domain.bounce import BouncedLetter, NamedBounce
from phaseout.domain.letter import (
    ANSWERS,
    NOTICES,
    Approval,
    Letter,
    LetterItem,
    LetterRecord,
    LetterState,
)
from phaseout.domain.outbox import ANSWERED_MEANWHILE, RELEASED, ROUTINE, UnknownLetter, withdrawn_key
from phaseout.domain.sending_terms import DISPATCH_ORDER

_BOUNCE_FIELDS = tuple(field.name for field in fields(NamedBounce))
_LETTER_FIELDS = tuple(field.name for field in fields(Letter) if field.name != "items")
LETTER_COLUMNS = tuple(tables.letter.c[name] for name in ("id", *_LETTER_FIELDS, "settled_at", "note", "not_before"))


def add_letters(writer: Writer, letters: Sequence[Letter]) -> int:
    """Write the letters of which neither the key nor an item is there; return how many were new."""
    new = _unwritten(writer.connection, letters)
    added = writer.add(tables.letter, [_letter_row(letter) for letter in new])
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


def _letter_row(letter: Letter) -> dict[str, object]:
    return {name: getattr(letter, name) for name in _LETTER_FIELDS} | {"urgency": DISPATCH_ORDER[letter.kind]}


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
    rows = connection.execute(select(*LETTER_COLUMNS).where(*conditions).order_by(tables.letter.c.id)).all()
    return records(connection, rows, of=conditions)


def records(
    connection: Connection, rows: Sequence[Row[Any]], *, of: Sequence[ColumnElement[bool]] | None = None
) -> list[LetterRecord]:
    """Return rows of letters with their items; *of* says which letters these are, where the rows are too many."""
    table, item = tables.letter, tables.letter_item
    lines: dict[int, list[LetterItem]] = {}
    if of is None:
        found = connection.execute(_ITEMS_OF, {"letters": [row.id for row in rows]})
    else:
        found = connection.execute(_ITEMS.join(table, table.c.id == item.c.letter).where(*of))
    for letter, *parts in found:
        lines.setdefault(letter, []).append(LetterItem(*parts))
    return [_record(row, tuple(lines.get(row.id, ()))) for row in rows]


_ITEMS = select(
    tables.letter_item.c.letter,
    tables.letter_item.c.obligation,
    tables.letter_item.c.rung,
    tables.letter_item.c.version,
).order_by(tables.letter_item.c.letter, tables.letter_item.c.position)
_ITEMS_OF = _ITEMS.where(tables.letter_item.c.letter.in_(bindparam("letters", expanding=True)))


def _record(row: Row[Any], items: tuple[LetterItem, ...]) -> LetterRecord:
    return LetterRecord(
        id=row.id,
        letter=Letter(**{name: getattr(row, name) for name in _LETTER_FIELDS}, items=items),
        settled_at=row.settled_at,
        note=row.note,
        not_before=row.not_before,
    )


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


def withdraw(writer: Writer, obligations: Collection[str]) -> int:
    """Take back what was to be said about obligations that a file has answered; return how many letters.

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
    take_back(writer, found)
    _mark_overtaken(writer, obligations)
    return len(found)


def _mark_overtaken(writer: Writer, obligations: Collection[str]) -> None:
    """Spare what has left, or may have, a further try."""
    letter, item = tables.letter, tables.letter_item
    under_way = letter.c.state.in_((LetterState.SENDING, LetterState.UNCERTAIN))
    for chunk in chunks(obligations):
        about = letter.c.id.in_(select(item.c.letter).where(item.c.obligation.in_(chunk)))
        would_leave_again = and_(letter.c.state == LetterState.UNCERTAIN, letter.c.not_before.is_not(None))
        writer.run(
            update(letter)
            .where(under_way, letter.c.kind.in_(ROUTINE), letter.c.is_overtaken.is_(False), about)
            .values(
                is_overtaken=True,
                not_before=None,
                note=case((would_leave_again, ANSWERED_MEANWHILE), else_=letter.c.note),
            )
        )


def withdraw_before(writer: Writer, day: date) -> int:
    """Take back routine letters of days gone by; what a person released stays."""
    table = tables.letter
    is_stale = and_(table.c.state == LetterState.QUEUED, table.c.kind.in_(ROUTINE), table.c.day < day)
    stale = and_(is_stale, table.c.resent_at.is_(None))
    found = {row.id: row.key for row in writer.connection.execute(select(table.c.id, table.c.key).where(stale))}
    take_back(writer, found)
    return len(found)


def take_back(writer: Writer, keys: Mapping[int, str]) -> None:
    """Let letters be withdrawn, so that what they said can be said again."""
    letter, item = tables.letter, tables.letter_item
    for chunk in chunks(keys):
        writer.run(delete(item).where(item.c.letter.in_(chunk)))
    writer.run(
        update(letter)
        .where(letter.c.id == bindparam("letter"))
        .values(state=LetterState.WITHDRAWN, key=bindparam("new_key")),
        [{"letter": number, "new_key": withdrawn_key(key, number)} for number, key in keys.items()],
    )


def state_of(connection: Connection, letter: int) -> LetterState:
    """Return where a letter is.

    Raises:
        UnknownLetter: the ledger has no such letter.
    """
    state: LetterState | None = connection.scalar(select(tables.letter.c.state).where(tables.letter.c.id == letter))
    if state is None:
        raise UnknownLetter(letter=letter)
    return state


def release(
    writer: Writer, letter: int, *, release: bool, by: str, reason: str, as_of: datetime, notices: Sequence[Letter]
) -> bool:
    """Write who decided on a draft and do it; False if the draft waits no more."""
    if state_of(writer.connection, letter) is not LetterState.DRAFT:
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
