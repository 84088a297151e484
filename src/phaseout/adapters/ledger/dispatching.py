"""The outbox's way out: letters claimed for sending, tries settled, and what persons decide of the rest."""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)

from phaseout.adapters.ledger import tables
from phaseout.adapters.ledger.engine import Writer
from phaseout.adapters.ledger.outbox import LETTER_COLUMNS, records, state_of, take_back
from phaseout.domain.calendar import day_in_china
from phaseout.domain.letter import ANSWERS, DispatchOutcome, LetterRecord, LetterState
from phaseout.domain.outbox import (
    ANSWERED_MEANWHILE,
    CAME_BACK,
    CLAIM_LAPSED,
    CLAIM_LEASE,
    DECIDED,
    ROUTINE,
    STUCK,
    DispatchAct,
    DispatchDecision,
    NotStuck,
    Settlement,
    UnknownLetter,
    note_on,
    settlement_of,
)
from phaseout.domain.sending_terms import ABSENCE_SEEN, COUNTED, STOPS_THE_QUEUE, WINDOW, SendingTerms, start_of_day

_LETTER, _TRY, _BOUNCE = tables.letter, tables.dispatch, tables.bounce


# What may be taken


def _waits(state: LetterState) -> ColumnElement[bool]:
    """A letter's state, and that its time has come: the queued ones, and the second try of an uncertain one."""
    has_come = _LETTER.c.not_before <= bindparam("as_of")
    if state is LetterState.QUEUED:
        return and_(_LETTER.c.state == state, or_(_LETTER.c.not_before.is_(None), has_come))
    # What was routine on a day gone by is not said again on another; a person looks at it.
    still_holds = or_(_LETTER.c.kind.not_in(ROUTINE), _LETTER.c.day >= bindparam("today"))
    return and_(_LETTER.c.state == state, has_come, still_holds)


def _due(*, answers_alone: bool) -> ColumnElement[bool]:
    """The numbers of the letters that may be taken, the most urgent first; each half along its index."""
    halves = [
        select(_LETTER.c.id, _LETTER.c.urgency)
        .where(_waits(state), *([_LETTER.c.kind.in_(ANSWERS)] if answers_alone else []))
        .order_by(_LETTER.c.urgency, _LETTER.c.id)
        .limit(bindparam("most"))
        .subquery()
        for state in (LetterState.QUEUED, LetterState.UNCERTAIN)
    ]
    both = union_all(*(select(half.c.id, half.c.urgency) for half in halves)).subquery()
    first = select(both.c.id).order_by(both.c.urgency, both.c.id).limit(bindparam("most"))
    return _LETTER.c.id.in_(first)


# Made once: a statement that is built anew for each letter costs more than its execution.
_TAKE = {
    answers_alone: update(_LETTER)
    .where(_due(answers_alone=answers_alone))
    .values(state=LetterState.SENDING, claimed_at=bindparam("as_of"))
    .returning(*LETTER_COLUMNS, _LETTER.c.urgency)
    for answers_alone in (False, True)
}
_IS_DUE = {
    answers_alone: select(exists(select(_LETTER.c.id).where(_due(answers_alone=answers_alone))))
    for answers_alone in (False, True)
}
_HAS_LAPSED = and_(_LETTER.c.state == LetterState.SENDING, _LETTER.c.claimed_at < bindparam("lapsed"))


def _tries_since(name: str) -> ScalarSelect[int]:
    counted = (_TRY.c.tried_at >= bindparam(name), _TRY.c.outcome.in_(COUNTED))
    return select(func.count()).select_from(_TRY).where(*counted).scalar_subquery()


# Whoever else is sending right now counts, or two processes at once would send what is left twice.
_IN_HAND = (
    select(func.count())
    .select_from(_LETTER)
    .where(_LETTER.c.state == LetterState.SENDING, _LETTER.c.claimed_at >= bindparam("window"))
    .scalar_subquery()
)
_USED = select(_tries_since("window").label("window"), _tries_since("day").label("day"), _IN_HAND.label("in_hand"))


_IS_RECENT = _TRY.c.tried_at > bindparam("recent")


def _last_try(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.coalesce(func.max(_TRY.c.number), 0)).where(_IS_RECENT, *conditions).scalar_subquery()


# A mail that got through since ends the pause: somebody has mended the account.
_IS_PAUSED = select(_last_try(_TRY.c.outcome.in_(STOPS_THE_QUEUE)) > _last_try(_TRY.c.outcome == DispatchOutcome.SENT))
# The tries in a row, up to the last one, that found no server.
_FOUND_NOBODY = _TRY.c.outcome == DispatchOutcome.UNREACHABLE
_ABSENCE = select(func.count().label("tries"), func.max(_TRY.c.tried_at).label("last")).where(
    _IS_RECENT, _FOUND_NOBODY, _TRY.c.number > _last_try(~_FOUND_NOBODY)
)


def is_anything_queued(connection: Connection, *, as_of: datetime, terms: SendingTerms) -> bool:
    """Say whether `claim` has work: a letter that may be sent now, or a claim that has lapsed."""
    if connection.scalar(select(exists().where(_HAS_LAPSED)), {"lapsed": as_of - CLAIM_LEASE}):
        return True
    due = _IS_DUE[terms.are_answers_alone(as_of)]
    if not connection.scalar(due, {"as_of": as_of, "today": day_in_china(as_of), "most": 1}):
        return False
    return _room(connection, as_of=as_of, terms=terms) != 0 and not _is_paused(connection, as_of=as_of, terms=terms)


def claim(writer: Writer, *, as_of: datetime, limit: int, terms: SendingTerms) -> list[LetterRecord]:
    """Take letters for sending, the most urgent first, as many as the terms leave."""
    _give_up_claims(writer, as_of=as_of)
    _leave_what_came_back(writer, as_of=as_of)
    if _is_paused(writer.connection, as_of=as_of, terms=terms):
        return []
    return take(writer, as_of=as_of, limit=limit, terms=terms)


def take(writer: Writer, *, as_of: datetime, limit: int, terms: SendingTerms) -> list[LetterRecord]:
    """Take letters for sending; what lapsed or came back is left to the next pass."""
    room = _room(writer.connection, as_of=as_of, terms=terms)
    most = limit if room is None else min(limit, room)
    if most <= 0:
        return []
    statement = _TAKE[terms.are_answers_alone(as_of)]
    asked = {"as_of": as_of, "today": day_in_china(as_of), "most": most}
    rows = writer.connection.execute(statement, asked).all()
    writer.changes += len(rows)
    return records(writer.connection, sorted(rows, key=lambda row: (row.urgency, row.id)))


def _room(connection: Connection, *, as_of: datetime, terms: SendingTerms) -> int | None:
    if not terms.is_limited:
        return None
    since = {"window": as_of - WINDOW, "day": start_of_day(as_of)}
    used = connection.execute(_USED, since).one()
    return terms.left(in_window=used.window + used.in_hand, on_day=used.day + used.in_hand)


def _is_paused(connection: Connection, *, as_of: datetime, terms: SendingTerms) -> bool:
    if not terms.pause:
        return False
    if connection.scalar(_IS_PAUSED, {"recent": as_of - terms.pause}):
        return True
    absence = connection.execute(_ABSENCE, {"recent": as_of - ABSENCE_SEEN}).one()
    return absence.last is not None and bool(absence.last > as_of - terms.absence(absence.tries))


def _give_up_claims(writer: Writer, *, as_of: datetime) -> None:
    lapsed = select(_LETTER.c.id, _LETTER.c.claimed_at).where(_HAS_LAPSED).order_by(_LETTER.c.id)
    for letter, claimed_at in writer.connection.execute(lapsed, {"lapsed": as_of - CLAIM_LEASE}).all():
        # The grace counts from the try, not from the day on which somebody looks.
        settle(writer, letter, DispatchOutcome.UNCERTAIN, CLAIM_LAPSED, as_of=claimed_at)


def _leave_what_came_back(writer: Writer, *, as_of: datetime) -> None:
    """Spare a second try to what bounced: the first had left."""
    waiting = and_(_LETTER.c.state == LetterState.UNCERTAIN, _LETTER.c.not_before.is_not(None))
    has_bounced = exists().where(_BOUNCE.c.message_id == _LETTER.c.message_id)
    came_back = update(_LETTER).where(waiting, has_bounced)
    writer.run(came_back.values(state=LetterState.SENT, not_before=None, settled_at=as_of, note=CAME_BACK))


# What came of it


def _number_of(outcome: DispatchOutcome) -> ScalarSelect[int]:
    """The tries of a letter that ended so, since a person last let it leave again."""
    since = or_(_LETTER.c.resent_at.is_(None), _TRY.c.tried_at >= _LETTER.c.resent_at)
    of_letter = (_TRY.c.letter == _LETTER.c.id, _TRY.c.outcome == outcome, since)
    return select(func.count()).select_from(_TRY).where(*of_letter).correlate(_LETTER).scalar_subquery()


_STANDING = select(
    _LETTER.c.state,
    _LETTER.c.key,
    _LETTER.c.is_overtaken,
    _number_of(DispatchOutcome.RETRY).label("retries"),
    _number_of(DispatchOutcome.UNCERTAIN).label("uncertain"),
).where(_LETTER.c.id == bindparam("number"))
_SETTLE = update(_LETTER).where(_LETTER.c.id == bindparam("number"))
_SETTLED = _SETTLE.values(
    state=bindparam("new_state"),
    not_before=bindparam("new_not_before"),
    claimed_at=None,
    settled_at=bindparam("new_settled_at"),
    note=bindparam("new_note"),
)


def settle(writer: Writer, letter: int, outcome: DispatchOutcome, words: str, *, as_of: datetime) -> None:
    """Write a try to send and what follows from it."""
    standing = writer.connection.execute(_STANDING, {"number": letter}).one_or_none()
    if standing is None:
        raise UnknownLetter(letter=letter)
    is_new = writer.add(_TRY, [{"letter": letter, "tried_at": as_of, "outcome": outcome, "note": words}])
    if standing.state in DECIDED:
        return
    retries = standing.retries + (is_new and outcome is DispatchOutcome.RETRY)
    uncertain = standing.uncertain + (is_new and outcome is DispatchOutcome.UNCERTAIN)
    after = settlement_of(outcome, retries=retries, uncertain=uncertain, as_of=as_of)
    note = note_on(outcome, words, uncertain=uncertain)
    if not standing.is_overtaken or after.is_final:
        _write(writer, letter, after, note=note, as_of=as_of)
    elif after.state is LetterState.QUEUED:
        take_back(writer, {letter: standing.key})
    else:
        _write(writer, letter, Settlement(after.state), note=ANSWERED_MEANWHILE, as_of=as_of)


def _write(writer: Writer, letter: int, after: Settlement, *, note: str, as_of: datetime) -> None:
    row = {
        "number": letter,
        "new_state": after.state,
        "new_not_before": after.not_before,
        "new_settled_at": None if after.state is LetterState.QUEUED else as_of,
        "new_note": note,
    }
    writer.run(_SETTLED, [row])


def decide(writer: Writer, decision: DispatchDecision) -> None:
    """Write what a person decided of a letter that did not surely leave, and do it."""
    state = state_of(writer.connection, decision.letter)
    if state not in STUCK:
        raise NotStuck(letter=decision.letter, state=state)
    row = {
        "letter": decision.letter,
        "act": decision.act,
        "decided_by": decision.by,
        "reason": decision.reason,
        "decided_at": decision.at,
    }
    writer.add(tables.dispatch_decision, [row])
    is_resent = decision.act is DispatchAct.RESEND
    after = Settlement(LetterState.QUEUED if is_resent else LetterState.SENT)
    _write(writer, decision.letter, after, note=decision.note, as_of=decision.at)
    if is_resent:
        again = update(_LETTER).where(_LETTER.c.id == decision.letter)
        writer.run(again.values(resent_at=decision.at, is_overtaken=False))


def leave_in_doubt(writer: Writer, note: str, *, as_of: datetime, decided_since: datetime | None) -> int:
    """Let no machine try again what waits; return how many letters. Drafts get the note."""
    state = _LETTER.c.state
    is_tried_again = and_(state == LetterState.UNCERTAIN, _LETTER.c.not_before.is_not(None))
    waits = or_(state.in_((LetterState.QUEUED, LetterState.SENDING)), is_tried_again)
    spared: list[ColumnElement[bool]] = []
    if decided_since is not None:
        arrived_later = select(tables.delivery.c.id).where(tables.delivery.c.arrived_at > decided_since)
        spared = [
            or_(_LETTER.c.delivery.is_(None), _LETTER.c.delivery.not_in(arrived_later)),
            or_(_LETTER.c.resent_at.is_(None), _LETTER.c.resent_at <= decided_since),
        ]
    in_doubt = update(_LETTER).where(waits, *spared)
    cleared = {"not_before": None, "claimed_at": None, "settled_at": as_of, "note": note}
    count = writer.run(in_doubt.values(state=LetterState.UNCERTAIN, **cleared))
    writer.run(update(_LETTER).where(state == LetterState.DRAFT).values(note=note))
    return count


def last_try(connection: Connection) -> tuple[DispatchOutcome, datetime] | None:
    """Return what came of the newest try, and when."""
    newest = select(_TRY.c.outcome, _TRY.c.tried_at).order_by(_TRY.c.number.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return None if row is None else (row.outcome, row.tried_at)


def decisions(connection: Connection) -> list[DispatchDecision]:
    """Return what persons decided, oldest first."""
    table = tables.dispatch_decision
    columns = (table.c.letter, table.c.act, table.c.decided_by, table.c.reason, table.c.decided_at)
    return [DispatchDecision(*row) for row in connection.execute(select(*columns).order_by(table.c.number))]
