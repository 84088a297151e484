"""The real use cases in the ladder's simulation: around them twins in memory, or the ledger on SQLite."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.ledger import open_ledger
from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.adapters.memory.ledger import MemoryLedger
from phaseout.adapters.memory.post import MemoryOutgoing
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import CalendarPolicy, Campaign, Condition, CountedIn, Milestone, Term, Unit
from phaseout.domain.decision import Decision
from phaseout.domain.form import in_year
from phaseout.domain.letter import DispatchOutcome, Letter, LetterKind, LetterState
from phaseout.domain.obligation import Obligation, obligations_of
from phaseout.domain.reopening import Reopening
from phaseout.domain.sending_terms import PAUSE, QuietHours, SendingTerms
from phaseout.domain.submission import Channel, Delivery, Outcome, Submission
from phaseout.domain.thanks import THANKS_ORDER
from phaseout.ports import Assessment, Ledger, Sender
from phaseout.settings import PROJECT
from phaseout.usecases.deliver import deliver
from phaseout.usecases.exempt import AcceptedAlready, exempt, withdraw
from phaseout.usecases.extend import NoExtension, extend
from phaseout.usecases.open_campaign import open_campaign, replan
from phaseout.usecases.release import release
from phaseout.usecases.remind import remind
from tests.soak.ladder_oracle import DAY, EVENING, MORNING
from tests.soak.ladder_server import Mail, Server
from tests.soak.ladder_world import World

BY = "周示例"


class Died(BaseException):
    """The process that sends was killed."""


@cache
def definitions() -> FileDefinitions:
    return FileDefinitions(PROJECT)


@cache
def jiangsu() -> Campaign:
    return definitions().campaign("jiangsu-2022")


def units_of(size: int) -> tuple[Unit, ...]:
    """Return the thirteen cities, or invented ones where there are to be more."""
    cities = jiangsu().units
    if size <= len(cities):
        return cities[:size]
    return tuple(
        replace(
            cities[number % len(cities)],
            code=f"{330000 + number}",
            name=f"示例{number}市",
            mailbox=f"gxj@city{number}.example",
            leader_mailbox=f"lingdao@city{number}.example",
        )
        for number in range(size)
    )


def campaign_of(world: World) -> Campaign:
    """Return the notice's campaign moved to the year of a world."""
    whole = jiangsu()
    years = world.year - whole.year
    return replace(
        whole,
        id=f"jiangsu-{world.year}",
        year=world.year,
        opens=_moved(whole.opens, years),
        closures_due=_moved(whole.closures_due, years),
        units=tuple(replace(unit, industries=unit.industries[: world.industries]) for unit in units_of(world.size)),
        milestones=tuple(_milestone(one, years, world) for one in whole.milestones),
        enterprise_ladder=(),
        ladder=tuple(
            replace(rung, counted_in=CountedIn.CALENDAR_DAYS) if step.in_calendar_days else rung
            for rung, step in zip(whole.ladder, world.ladder, strict=True)
        ),
    )


def _milestone(milestone: Milestone, years: int, world: World) -> Milestone:
    return replace(
        milestone,
        terms=tuple(_term(term, years) for term in milestone.terms),
        grace=world.graces.get(milestone.id, 0),
        calendar_policy=CalendarPolicy(world.policies.get(milestone.id, "keep")),
        paper_copies=0,  # what is owed on paper has tests of its own
    )


def _term(term: Term, years: int) -> Term:
    period = f"{int(term.period[:4]) + years}{term.period[4:]}" if term.period else None
    days = {name: _moved(getattr(term, name), years) for name in ("opens", "nominal_due", "closes")}
    return replace(term, period=period, **days)


def _moved(day: date, years: int) -> date:
    return day.replace(year=day.year + years)


def calendar_of(exceptions: dict[date, bool], year: int) -> WorkCalendar:
    """Return the product's calendar of these holidays, for the years around a campaign's."""
    first, last = date(year - 1, 1, 1), date(year + 1, 12, 31)
    days = (first + number * DAY for number in range((last - first).days + 1))
    working = tuple(day for day in days if exceptions.get(day, day.weekday() < 5))
    return WorkCalendar(years=frozenset(range(year - 1, year + 2)), working_days=working)


class PlainDesk:
    """Makes letters without their words: what the ladder is about is who gets which when."""

    def __init__(self, archive: MemoryArchive, watch: Callable[[Letter], None]) -> None:
        self._archive = archive
        self._watch = watch

    def letter(
        self,
        kind: LetterKind,
        _facts: object,
        *,
        key: str,
        campaign: Campaign,
        unit: str,
        recipient: str,
        as_of: datetime,
        copy_to: Sequence[str] = (),
        items: Sequence[object] = (),
        delivery: str | None = None,
        state: LetterState = LetterState.QUEUED,
        **_: object,
    ) -> Letter:
        message_id = f"<{hashlib.sha256(key.encode()).hexdigest()[:24]}@phaseout.example>"
        day = as_of.date().isoformat()
        about = sorted({item.obligation for item in items})
        head = {"kind": kind, "unit": unit, "day": day, "subject": delivery or "", "id": message_id, "about": about}
        letter = Letter(
            key=key,
            campaign=campaign.id,
            unit=unit,
            kind=kind,
            day=as_of.date(),
            recipient=recipient,
            copy_to=tuple(copy_to),
            subject="",
            message_id=message_id,
            raw_sha256=self._archive.put(json.dumps(head).encode()),
            state=state,
            created_at=as_of,
            items=tuple(items),
            delivery=delivery,
        )
        self._watch(letter)
        return letter


class ServerSender(Sender):
    """Hands mail to the simulated server."""

    def __init__(self, server: Server, watch: Callable[[dict[str, object], str, datetime], None]) -> None:
        self.as_of: datetime | None = None
        self._server = server
        self._watch = watch

    def send(self, recipients: Sequence[str], raw: bytes) -> tuple[DispatchOutcome, str]:  # noqa: ARG002 - the port's
        head = json.loads(raw)
        answer = self._server.take(Mail(head["kind"], head["unit"], head["day"], head["subject"]), self.as_of)
        self._watch(head, answer, self.as_of)
        if answer.dies:
            raise Died
        return DispatchOutcome(answer.outcome), answer.outcome

    def close(self) -> None:
        pass


class Interrupted:
    """A ledger that lets something else happen after the so-manieth thing that was asked of it."""

    def __init__(self, ledger: Ledger, calls: int, between: Callable[[], None]) -> None:
        self._ledger = ledger
        self._calls = calls
        self._between = between

    def __getattr__(self, name: str) -> object:
        method = getattr(self._ledger, name)

        def called(*args: object, **kwargs: object) -> object:
            result = method(*args, **kwargs)
            self._calls -= 1
            if self._calls == 0:
                self._between()
            return result

        return called


class Office:
    """One campaign's office; every verb takes what the clock shows."""

    def __init__(self, world: World, *, folder: Path | None, watch: object) -> None:
        self.campaign = campaign_of(world)
        self.server = Server(world.script)
        self.exceptions = dict(world.holidays)
        self.calendar = calendar_of(self.exceptions, world.year)
        self.ledger: Ledger = MemoryLedger(calendar=self.calendar)
        if folder is not None:
            self.ledger = open_ledger(f"sqlite:///{folder}/ledger.db", calendar=self.calendar)
        self.archive = MemoryArchive()
        self.desk = PlainDesk(self.archive, watch.written)
        self.sender = ServerSender(self.server, watch.tried)
        self._definitions = SimpleNamespace(campaign=lambda _: self.campaign)
        forms = in_year(definitions().forms(), jiangsu().year)  # of a year that has them all
        self._terms = SendingTerms(
            per_window=world.per_window, per_day=world.per_day, quiet=QuietHours(EVENING, MORNING), pause=PAUSE
        )
        self._known: dict[str, Obligation] = {}  # whom it concerns and with which form, not when
        self._versions: Counter[str] = Counter()
        self._forms = SimpleNamespace(of=lambda _: forms, file=lambda *_: None)

    def close(self) -> None:
        if close := getattr(self.ledger, "close", None):
            close()

    def open(self, as_of: datetime) -> None:
        open_campaign(
            self.campaign.id, as_of=as_of, definitions=self._definitions, calendar=self.calendar, ledger=self.ledger
        )
        self._known = {one.id: one for one in self.ledger.obligations(self.campaign.id)}

    def owes(self) -> set[str]:
        return set(self._known)

    def owe_december(self, unit: str, *, as_of: datetime) -> None:
        """Let a unit owe the last month's form, as if items were open."""
        of_unit = self.campaign.unit(unit)
        for milestone in self.campaign.milestones:
            for term in milestone.terms:
                if term.condition is Condition.OPEN_ITEMS:
                    own = list(obligations_of(self.campaign, of_unit, milestone, term, calendar=self.calendar))
                    self.ledger.add_obligations(own, as_of=as_of)
                    self._known |= {one.id: one for one in own}

    def change_calendar(self, day: date) -> None:
        is_working = self.exceptions.get(day, day.weekday() < 5)
        self.exceptions[day] = not is_working
        self.calendar = calendar_of(self.exceptions, self.campaign.year)
        self.ledger._calendar = self.calendar  # noqa: SLF001  a process reads the calendar when it starts

    def replan(self, as_of: datetime) -> None:
        replan(
            self.campaign.id,
            by=BY,
            reason="放假安排有变",
            as_of=as_of,
            definitions=self._definitions,
            calendar=self.calendar,
            ledger=self.ledger,
        )

    def remind(self, as_of: datetime, *, interrupt: tuple[int, Callable[[], None]] | None = None) -> None:
        remind(
            self.campaign.id,
            as_of=as_of,
            definitions=self._definitions,
            calendar=self.calendar,
            ledger=Interrupted(self.ledger, *interrupt) if interrupt else self.ledger,
            desk=self.desk,
            forms=self._forms,
            pages=None,
        )

    def deliver(self, as_of: datetime, *, interrupt: tuple[int, Callable[[], None]] | None = None) -> None:
        self.sender.as_of = as_of
        with suppress(Died):
            deliver(
                as_of=as_of,
                ledger=Interrupted(self.ledger, *interrupt) if interrupt else self.ledger,
                archive=self.archive,
                outgoing=MemoryOutgoing(),
                sender=self.sender,
                terms=replace(self._terms, calendar=self.calendar),
                clock=lambda: 0.0,
            )

    def file(self, obligation: str, *, arrived: datetime, decision: str, as_of: datetime, delivery: str) -> None:
        """Take in a file, as assess does: delivery, submission and answer."""
        one = self._known[obligation]
        version = self._versions[obligation] = self._versions[obligation] + 1
        self.ledger.record_deliveries(
            [Delivery(delivery, delivery, Channel.MAIL, delivery, arrived, as_of, one.unit, "文件.xlsx")]
        )
        kind = LetterKind.RETURN if decision == "returned" else LetterKind.RECEIPT
        answer = self.desk.letter(
            kind,
            {},
            key=f"answer/{delivery}",
            campaign=self.campaign,
            unit=one.unit,
            recipient="city@city.example",
            as_of=as_of,
            delivery=delivery,
        )
        submission = Submission(
            id=f"{obligation}/v{version}",
            obligation=obligation,
            delivery=delivery,
            sha256=delivery,
            file_name="文件.xlsx",
            form=one.form or "",
            unit=one.unit,
            industry=one.industry,
            period=one.period,
            version=version,
            arrived_at=arrived,
            is_zero=False,
            decision=Decision(decision),
            decided_at=as_of,
            figures={},
            findings=(),
        )
        outcome = {Decision.RETURNED: Outcome.RETURNED}.get(submission.decision, Outcome.ACCEPTED)
        self._record({delivery: (outcome, "")}, (submission,), (answer,))

    def decide_again(self, obligation: str, *, decision: str, as_of: datetime) -> None:
        """Decide what was held, as an officer's reopening does."""
        newest = next(
            one
            for one in self.ledger.submissions(self.campaign.id)
            if (one.obligation, one.version) == (obligation, self._versions[obligation])
        )
        self._record({}, (), (), again=(replace(newest, decision=Decision(decision), decided_at=as_of),))

    def _record(self, outcomes: dict, submissions: tuple, letters: tuple, *, again: tuple = ()) -> None:
        self.ledger.record(Assessment(outcomes, {}, submissions, letters, (), decided_again=again))

    def extend(self, obligation: str, due: date, as_of: datetime) -> bool:
        try:
            return extend(obligation, due, by=BY, reason="申请", as_of=as_of, ledger=self.ledger)
        except NoExtension:
            return False

    def exempt(self, obligation: str, as_of: datetime) -> bool:
        try:
            exempt(obligation, by=BY, reason="已停产", as_of=as_of, ledger=self.ledger)
        except AcceptedAlready:
            return False
        return True

    def owe_again(self, obligation: str, as_of: datetime) -> None:
        withdraw(obligation, by=BY, reason="已复产", as_of=as_of, ledger=self.ledger)

    def reopen(self, obligation: str, until: date, as_of: datetime) -> None:
        self.ledger.reopen(Reopening(obligation, until, BY, "申请", as_of))

    def decide_draft(self, letter: int, *, is_released: bool, as_of: datetime) -> None:
        release(letter, release=is_released, by=BY, reason="意见", as_of=as_of, ledger=self.ledger)

    def drafts(self) -> Iterator[tuple[int, Letter]]:
        for record in self.ledger.letters(self.campaign.id, states={LetterState.DRAFT}):
            yield record.id, record.letter

    def items(self) -> Collection[tuple[str, int, int]]:
        """Return the rungs that were written; thanks are none."""
        return {_item(item) for item in self.ledger.items(self.campaign.id) if item.rung < THANKS_ORDER}

    def written(self) -> Iterator[tuple[tuple[str, str, str, str], str, tuple]]:
        """Yield name, state and items of every letter that was not taken back."""
        for record in self.ledger.letters(self.campaign.id):
            letter = record.letter
            if letter.state is not LetterState.WITHDRAWN:
                name = (letter.kind.value, letter.unit, letter.day.isoformat(), letter.delivery or "")
                yield name, letter.state.value, tuple(map(_item, letter.items))


def _item(item: object) -> tuple[str, int, int]:
    # A request is written once, whatever the climb.
    return (item.obligation, item.rung, item.version if item.rung else 0)
