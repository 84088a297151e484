"""What the ledger knew of an obligation from one instant to the next (沿革): as it was written, and by the acts since.

`standings` asks where an obligation stands by what it is now. Asked as of an earlier instant, it must be given what was
known then: an extension that was granted later, or an exemption taken back since, would answer another question.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.decision import Decision
from phaseout.domain.exemption import ExemptionRecord
from phaseout.domain.extension import Extension
from phaseout.domain.obligation import Obligation, Submitted
from phaseout.domain.paper import PaperReceipt, as_submitted, file_of
from phaseout.domain.reopening import Reopening
from phaseout.domain.replanning import Replanning, as_moved
from phaseout.domain.submission import Submission


@dataclass(frozen=True, slots=True)
class Known:
    """An obligation as it was known from *since* until just before *until*; None: until today."""

    obligation: Obligation
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ObligationHistory:
    """An obligation as it was first written, and every act on it since, each kind oldest first."""

    written: Obligation
    since: datetime
    replannings: Sequence[Replanning] = ()
    extensions: Sequence[Extension] = ()
    reopenings: Sequence[Reopening] = ()
    exemptions: Sequence[ExemptionRecord] = ()

    def as_of(self, instant: datetime, *, calendar: WorkCalendar) -> Obligation | None:
        """Return the obligation as the acts up to an instant leave it; None when it was not owed then."""
        if instant < self.since:
            return None
        moved = as_moved(
            self.written,
            replannings=[act for act in self.replannings if act.at <= instant],
            extensions=[act for act in self.extensions if act.at <= instant],
            calendar=calendar,
        )
        if moved is None:
            return None
        until = max((act.until for act in self.reopenings if act.at <= instant), default=moved.closes)
        known = [_as_known(record, instant) for record in self.exemptions if record.exemption.at <= instant]
        return moved.open_until(until).exempted(known)

    def known(self, *, calendar: WorkCalendar) -> Iterator[Known]:
        """Yield what was known of it, from instant to instant; nothing of the times when it was not owed."""
        instants = [self.since, *sorted({at for at in self._acts() if at > self.since})]
        found: Known | None = None
        for since in instants:
            obligation = self.as_of(since, calendar=calendar)
            if found is not None and found.obligation == obligation:
                continue
            if found is not None:
                yield replace(found, until=since)
            found = Known(obligation, since, None) if obligation is not None else None
        if found is not None:
            yield found

    def _acts(self) -> Iterator[datetime]:
        yield from (act.at for act in self.replannings)
        yield from (act.at for act in self.extensions)
        yield from (act.at for act in self.reopenings)
        for record in self.exemptions:
            yield record.exemption.at
            if record.withdrawn_at is not None:
                yield record.withdrawn_at


def _as_known(record: ExemptionRecord, instant: datetime) -> ExemptionRecord:
    if record.withdrawn_at is None or record.withdrawn_at <= instant:
        return record
    return ExemptionRecord(record.exemption)


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version as it was judged from *since* until just before *until*; None: from the first, until today."""

    submitted: Submitted
    since: datetime | None = None
    until: datetime | None = None


def known_versions(
    submitted: Mapping[str, Sequence[Submitted]], submissions: Sequence[Submission], papers: Sequence[PaperReceipt]
) -> Iterator[KnownVersion]:
    """Yield every version of every obligation; one on paper anew whenever another file was accepted beneath it."""
    receipts: dict[str, list[PaperReceipt]] = {}
    for receipt in papers:
        receipts.setdefault(receipt.obligation, []).append(receipt)
    for obligation, versions in submitted.items():
        if obligation not in receipts:
            yield from map(KnownVersion, versions)
    figures = _accepted_figures(submissions) if receipts else {}
    for obligation, of_paper in receipts.items():
        yield from _on_paper(of_paper, figures.get(file_of(obligation), ()))


def _accepted_figures(submissions: Sequence[Submission]) -> dict[str, list[tuple[datetime, str]]]:
    """Return since when which check figure was that of an obligation's newest accepted version."""
    accepted = (one for one in submissions if one.decision is Decision.ACCEPTED)
    newest: dict[str, int] = {}
    figures: dict[str, list[tuple[datetime, str]]] = {}
    for one in sorted(accepted, key=lambda one: (one.decided_at, one.version)):
        if one.version > newest.get(one.obligation, 0):
            newest[one.obligation] = one.version
            figures.setdefault(one.obligation, []).append((one.decided_at, one.check_figure or ""))
    return figures


def _on_paper(receipts: Sequence[PaperReceipt], figures: Sequence[tuple[datetime, str]]) -> Iterator[KnownVersion]:
    """Yield the versions of one obligation on paper, under each accepted figure in turn."""
    turns: list[tuple[datetime | None, str | None]] = [(None, None), *figures]
    judged = [as_submitted(receipts, figure) for _, figure in turns]
    for place, receipt in enumerate(receipts):
        found: KnownVersion | None = None
        for (since, _), versions, (until, _) in zip(turns, judged, [*turns[1:], (None, None)], strict=True):
            if until is not None and until <= receipt.at:
                continue  # nobody had looked at the paper yet
            if found is not None and found.submitted == versions[place]:
                found = replace(found, until=until)
                continue
            if found is not None:
                yield found
            found = KnownVersion(versions[place], since if found is not None else None, until)
        if found is not None:
            yield found
