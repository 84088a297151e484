"""What arrived and what it became: deliveries, submissions, findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, or_, select, update

from phaseout.adapters.ledger import tables
from phaseout.adapters.ledger.engine import Writer, chunks
from phaseout.domain.decision import Decision
from phaseout.domain.finding import RETURNING, Finding
from phaseout.domain.obligation import Submitted
from phaseout.domain.submission import Channel, Delivery, Outcome, Submission
from phaseout.ports import DeliveryRecord

_DELIVERY_FIELDS = tuple(field.name for field in fields(Delivery))
# A unit's own words stand in the table of explanations alone.
_FINDING_FIELDS = tuple(field.name for field in fields(Finding) if field.name != "explanation")
_SUBMISSION_FIELDS = tuple(field.name for field in fields(Submission) if field.name not in {"findings", "check_figure"})
_OF_SUBMISSION = (*_SUBMISSION_FIELDS, "check_figure")


def known_refs(connection: Connection, channel: Channel, refs: Iterable[str]) -> set[str]:
    """Return those of *refs* that a delivery has."""
    table = tables.delivery
    return {
        ref
        for chunk in chunks(refs)
        for ref in connection.scalars(select(table.c.ref).where(table.c.channel == channel, table.c.ref.in_(chunk)))
    }


def add_deliveries(writer: Writer, deliveries: Iterable[Delivery]) -> int:
    """Write deliveries; return how many were not there.

    One place holds one delivery: of two collectors that read it at once, the second may have read it otherwise.
    """
    by_channel: dict[Channel, dict[str, Delivery]] = {}
    for delivery in deliveries:
        by_channel.setdefault(delivery.channel, {}).setdefault(delivery.ref, delivery)
    new: list[Delivery] = []
    for channel, by_ref in by_channel.items():
        known = known_refs(writer.connection, channel, by_ref)
        new += [delivery for ref, delivery in by_ref.items() if ref not in known]
    rows = [{name: getattr(delivery, name) for name in _DELIVERY_FIELDS} for delivery in new]
    return writer.add(tables.delivery, [row | {"subject": "", "reason": ""} for row in rows])


def pending(connection: Connection, *, limit: int) -> list[Delivery]:
    """Return deliveries without an outcome, oldest arrival first."""
    table = tables.delivery
    statement = select(table).where(table.c.outcome.is_(None)).order_by(table.c.arrived_at, table.c.number).limit(limit)
    return [_delivery(row) for row in connection.execute(statement)]


def earlier_copy(connection: Connection, delivery: Delivery) -> Delivery | None:
    """Return the first delivery of the same bytes, if it was collected before this one.

    The order of collection decides, not that of arrival: it cannot change afterwards, so exactly one copy is the first.
    """
    table = tables.delivery
    statement = select(table).where(table.c.sha256 == delivery.sha256).order_by(table.c.number).limit(1)
    first = connection.execute(statement).first()
    return None if first is None or first.id == delivery.id else _delivery(first)


def deliveries(connection: Connection) -> list[DeliveryRecord]:
    """Return everything that ever arrived, in order of arrival."""
    became: dict[str, list[str]] = {}
    table = tables.submission
    for delivery, submission in connection.execute(select(table.c.delivery, table.c.id).order_by(table.c.number)):
        became.setdefault(delivery, []).append(submission)
    statement = select(tables.delivery).order_by(tables.delivery.c.arrived_at, tables.delivery.c.number)
    return [
        DeliveryRecord(
            delivery=_delivery(row),
            sender=row.sender,
            subject=row.subject,
            outcome=row.outcome,
            reason=row.reason,
            submissions=tuple(became.get(row.id, ())),
        )
        for row in connection.execute(statement)
    ]


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in _DELIVERY_FIELDS})


def record_outcomes(
    writer: Writer,
    outcomes: Mapping[str, tuple[Outcome, str]],
    senders: Mapping[str, tuple[str | None, str, str | None]],
) -> None:
    """Write what became of deliveries, and what was read of them; a row that says so already is left alone."""
    table = tables.delivery
    of_delivery = table.c.id == bindparam("delivery")
    writer.run(
        update(table)
        .where(of_delivery, _differs(table.c.outcome, "new_outcome", table.c.reason, "new_reason"))
        .values(outcome=bindparam("new_outcome"), reason=bindparam("new_reason")),
        [
            {"delivery": delivery, "new_outcome": outcome, "new_reason": reason}
            for delivery, (outcome, reason) in outcomes.items()
        ],
    )
    unit: ColumnElement[str] = func.coalesce(bindparam("new_unit"), table.c.unit)
    writer.run(
        update(table)
        .where(
            of_delivery,
            or_(
                _differs(table.c.sender, "new_sender", table.c.subject, "new_subject"),
                table.c.unit.is_distinct_from(unit),
            ),
        )
        .values(sender=bindparam("new_sender"), subject=bindparam("new_subject"), unit=unit),
        [
            {"delivery": delivery, "new_sender": sender, "new_subject": subject, "new_unit": unit_code}
            for delivery, (sender, subject, unit_code) in senders.items()
        ],
    )


def record_message_ids(writer: Writer, message_ids: Mapping[str, str]) -> None:
    """Write by which ids mails go, unless that is written already."""
    table = tables.delivery
    writer.run(
        update(table)
        .where(table.c.id == bindparam("delivery"), table.c.message_id.is_distinct_from(bindparam("new_id")))
        .values(message_id=bindparam("new_id")),
        [{"delivery": delivery, "new_id": message_id} for delivery, message_id in message_ids.items()],
    )


def _differs(
    first: ColumnElement[object], new_first: str, second: ColumnElement[object], new_second: str
) -> ColumnElement[bool]:
    return or_(first.is_distinct_from(bindparam(new_first)), second.is_distinct_from(bindparam(new_second)))


def add_submissions(writer: Writer, submissions: Sequence[Submission]) -> list[Submission]:
    """Write the submissions that are not there, with their findings; return those."""
    column = tables.submission.c.id
    known = {
        known
        for chunk in chunks(submission.id for submission in submissions)
        for known in writer.connection.scalars(select(column).where(column.in_(chunk)))
    }
    new = list({submission.id: submission for submission in submissions if submission.id not in known}.values())
    writer.add(tables.submission, [{name: getattr(s, name) for name in _OF_SUBMISSION} for s in new])
    writer.add(tables.finding, [_finding_row(s.id, finding) for s in new for finding in s.findings])
    return new


def _finding_row(submission: str, finding: Finding) -> dict[str, object]:
    return {name: getattr(finding, name) for name in _FINDING_FIELDS} | {"submission": submission}


def decide_again(writer: Writer, submissions: Sequence[Submission]) -> list[Submission]:
    """Replace decision and findings of the submissions that are held; return those."""
    table, found = tables.submission, tables.finding
    held = [one for one in submissions if _decision(writer.connection, one.id) is Decision.HELD]
    for one in held:
        writer.run(delete(found).where(found.c.submission == one.id))
        decided = {name: getattr(one, name) for name in ("decision", "decided_at", "figures", "check_figure")}
        writer.run(update(table).where(table.c.id == one.id).values(**decided))
    writer.add(found, [_finding_row(one.id, finding) for one in held for finding in one.findings])
    return held


def _decision(connection: Connection, submission: str) -> Decision | None:
    table = tables.submission
    decision: Decision | None = connection.scalar(select(table.c.decision).where(table.c.id == submission))
    return decision


def submissions(connection: Connection, *conditions: ColumnElement[bool]) -> list[Submission]:
    """Return the submissions that meet the conditions, with their findings, in the order of decision."""
    table, columns = tables.submission, [tables.submission.c[name] for name in _OF_SUBMISSION]
    rows = connection.execute(select(*columns).where(*conditions).order_by(table.c.number)).all()
    found = _findings(connection, *conditions)
    return [Submission(*(*row[:-1], found.get(row.id, ()), row.check_figure)) for row in rows]


def of_campaign(campaign: str) -> ColumnElement[bool]:
    """Return the condition that a submission answers an obligation of the campaign."""
    table = tables.obligation
    return tables.submission.c.obligation.in_(select(table.c.id).where(table.c.campaign == campaign))


def _findings(connection: Connection, *conditions: ColumnElement[bool]) -> dict[str, tuple[Finding, ...]]:
    table = tables.finding
    statement = (
        select(table.c.submission, *(table.c[name] for name in _FINDING_FIELDS))
        .join(tables.submission, tables.submission.c.id == table.c.submission)
        .where(*conditions)
        .order_by(tables.submission.c.number, table.c.number)
    )
    by_submission = groupby(connection.execute(statement), key=attrgetter("submission"))
    return {submission: tuple(Finding(*row[1:]) for row in rows) for submission, rows in by_submission}


def asked(connection: Connection, obligations: Iterable[str]) -> dict[str, list[tuple[Finding, ...]]]:
    """Return what was found in the submissions of obligations, the newest version first."""
    table = tables.submission
    found: dict[str, list[tuple[Finding, ...]]] = {}
    for chunk in chunks(sorted(obligations)):
        of_these = submissions(connection, table.c.obligation.in_(chunk))
        for submission in sorted(of_these, key=attrgetter("version"), reverse=True):
            found.setdefault(submission.obligation, []).append(submission.findings)
    return found


def submitted(connection: Connection, campaign: str) -> dict[str, list[Submitted]]:
    """Return the submissions of each obligation that has any, by version."""
    table = tables.submission
    returning = (
        select(tables.finding.c.submission, func.count().label("findings"))
        .where(tables.finding.c.severity.in_(RETURNING))
        .group_by(tables.finding.c.submission)
        .subquery()
    )
    statement = (
        select(
            table.c.obligation,
            table.c.version,
            table.c.arrived_at,
            table.c.decided_at,
            table.c.decision,
            func.coalesce(returning.c.findings, 0),
            table.c.figures,
        )
        .outerjoin(returning, returning.c.submission == table.c.id)
        .where(of_campaign(campaign))
        .order_by(table.c.obligation, table.c.version)
    )
    answers: dict[str, list[Submitted]] = {}
    for row in connection.execute(statement):
        answers.setdefault(row.obligation, []).append(Submitted(*row))
    return answers


def accepted(connection: Connection) -> list[str]:
    """Return the ids of all accepted submissions, in the order of decision."""
    table = tables.submission
    is_accepted = table.c.decision == Decision.ACCEPTED
    return list(connection.scalars(select(table.c.id).where(is_accepted).order_by(table.c.number)))


def accepted_workbooks(connection: Connection) -> dict[str, str]:
    """Return the hash of its workbook for each accepted submission, by id and in the order of decision."""
    table = tables.submission
    is_accepted = table.c.decision == Decision.ACCEPTED
    rows = connection.execute(select(table.c.id, table.c.sha256).where(is_accepted).order_by(table.c.number))
    return {row.id: row.sha256 for row in rows}


def known_workbooks(connection: Connection, sha256s: Iterable[str]) -> set[str]:
    """Return those of *sha256s* that a submission has."""
    column = tables.submission.c.sha256
    return {found for chunk in chunks(sha256s) for found in connection.scalars(select(column).where(column.in_(chunk)))}


def submissions_of(connection: Connection, unit: str, sha256: str) -> list[Submission]:
    """Return what these bytes became when the unit last sent them."""
    table = tables.submission
    same = (table.c.unit == unit, table.c.sha256 == sha256)
    last = select(table.c.delivery).where(*same).order_by(table.c.number.desc()).limit(1).scalar_subquery()
    return submissions(connection, *same, table.c.delivery == last)
