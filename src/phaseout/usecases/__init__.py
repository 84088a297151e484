"""What the office does, one verb a module; here only what several of them share."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from phaseout.domain.calendar import CHINA, clipped, day_in_china, month_of
from phaseout.domain.campaign import Audience, Campaign, Unit
from phaseout.domain.deadline import Deadline, deadlines_of
from phaseout.domain.evidence import Overlap, overlaps
from phaseout.domain.evidence_names import Enterprise
from phaseout.domain.finding import Rule
from phaseout.domain.form import Form, in_year
from phaseout.domain.letter import Letter, LetterFile, LetterItem, LetterKind, LetterState
from phaseout.domain.obligation import Obligation
from phaseout.domain.omission import catalogue_rows, comparison_rows, judgement_rows, ranked
from phaseout.domain.submission import Value
from phaseout.domain.threads import threads_of
from phaseout.errors import TransientError
from phaseout.ports import (
    Archive,
    Checker,
    Composer,
    Contact,
    Definitions,
    FormSheet,
    FormStamp,
    Invitations,
    Ledger,
    LetterWriter,
    Warehouse,
    WorkbookWriter,
)


class AssessIsRunning(TransientError):
    """Deliveries are being assessed; a decision now could come too late for them."""

    def __init__(self) -> None:
        super().__init__("deliveries are being assessed just now; try again in a minute")


@dataclass(frozen=True, slots=True)
class Desk:
    """Writes, composes and freezes letters: from here on their bytes do not change."""

    writer: LetterWriter
    composer: Composer
    archive: Archive
    invitations: Invitations
    host: str  # the right side of our Message-IDs
    is_replay: bool = False
    phone: str | None = None  # instead of the campaign's
    provisional_years: Collection[int] = ()  # whose holidays are not published yet: a calendar entry says so

    def letter(
        self,
        kind: LetterKind,
        facts: Mapping[str, object],
        *,
        key: str,
        campaign: Campaign,
        unit: str,
        recipient: str,
        as_of: datetime,
        copy_to: Sequence[str] = (),
        files: Sequence[LetterFile] = (),
        items: Sequence[LetterItem] = (),
        delivery: str | None = None,
        state: LetterState = LetterState.QUEUED,
        in_reply_to: str | None = None,
        deadlines: Sequence[Obligation] = (),
        settled: Collection[str] = (),
        threads: Sequence[Obligation] = (),
    ) -> Letter:
        """Return the finished letter; its message is in the archive. Same key and facts, same bytes.

        *threads* are the obligations whose conversations it belongs to, the most urgent last.
        *deadlines* are the obligations whose calendar entries ride on it, with all that share one; those *settled* are
        met, and an entry of which all are met is cancelled.
        """
        entries = self._entries(campaign, deadlines, settled, as_of)
        text = self.writer.write(kind, {**self._common(campaign, unit, as_of), "entries": _counted(entries), **facts})
        message_id = f"<{hashlib.sha256(key.encode()).hexdigest()[:24]}@{self.host}>"
        raw = self.composer.compose(
            text,
            recipient=recipient,
            copy_to=copy_to,
            message_id=message_id,
            written_at=as_of,
            files=files,
            calendars=[
                self.invitations.invite(entry, organizer=campaign.office, attendee=recipient, written_at=as_of)
                for entry in entries
            ],
            in_reply_to=in_reply_to,
            threads=threads_of(threads, host=self.host),
        )
        return Letter(
            key=key,
            campaign=campaign.id,
            unit=unit,
            kind=kind,
            day=day_in_china(as_of),
            recipient=recipient,
            copy_to=tuple(copy_to),
            subject=text.subject,
            message_id=message_id,
            raw_sha256=self.archive.put(raw),
            state=state,
            created_at=as_of,
            items=tuple(items),
            delivery=delivery,
        )

    def _entries(
        self, campaign: Campaign, obligations: Sequence[Obligation], settled: Collection[str], as_of: datetime
    ) -> list[Deadline]:
        years = self.provisional_years
        entries = deadlines_of(campaign, obligations, settled=settled, host=self.host, provisional_years=years)
        entries.sort(key=lambda entry: entry.day < day_in_china(as_of))  # many mail programs show the first alone
        return entries

    def _common(self, campaign: Campaign, unit_code: str, as_of: datetime) -> dict[str, object]:
        unit = next((one for one in campaign.units if one.code == unit_code), None)
        return {
            "campaign_title": campaign.title,
            "notice": campaign.notice,
            "office_body": campaign.office.body,
            "office_desk": campaign.office.desk,
            "office_phone": self.phone or campaign.office.phone,
            "office_mailbox": campaign.office.mailbox,
            "unit_name": unit.name if unit else "",
            "unit_body": unit.body if unit else "",
            "written_on": day_in_china(as_of),
            "is_replay": self.is_replay,
        }


def _counted(entries: Sequence[Deadline]) -> dict[str, int]:
    """Return how many calendar entries ride on a letter, as it says itself."""
    cancelled = sum(entry.is_cancelled for entry in entries)
    return {"kept": len(entries) - cancelled, "cancelled": cancelled}


class Addresses:
    """Who is written to at each unit."""

    def __init__(self, campaign: Campaign, contacts: Sequence[Contact]) -> None:
        self._campaign = campaign
        self._by_role = {(contact.unit, contact.role): contact.address for contact in contacts}

    def of(self, unit: str, audience: Audience) -> str:
        """Return the address of an audience at a unit; the unit's mailbox where no contact is known."""
        if audience is Audience.OFFICE:
            return self._campaign.office.mailbox
        known = self._campaign.unit(unit)
        if audience is Audience.LEADER:
            return self._by_role.get((unit, "leader"), known.leader_mailbox)
        mailbox = self._by_role.get((unit, "unit_mailbox"), known.mailbox)
        return self._by_role.get((unit, "contact"), mailbox) if audience is Audience.CONTACT else mailbox


def enterprises_of(warehouse: Warehouse, *, campaign: str, unit: str) -> tuple[Enterprise, ...]:
    """Return the enterprises that a unit's accepted forms name, with their equipment."""
    rows = warehouse.query("evidence/enterprises", parameters={"campaign_id": campaign, "unit_code": unit})
    items: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        own = items.setdefault(str(row["enterprise_name"]), set())
        own.add((str(row["equip_name"] or ""), str(row["equip_model"] or "")))
    return tuple(Enterprise(name, frozenset(own)) for name, own in items.items())


def evidence_overlaps(campaign: str, ledger: Ledger, *, near: int) -> list[Overlap]:
    """Return which pictures of a campaign serve twice, in it or in another year."""
    own = ledger.evidence(campaign)
    others = [one for one in ledger.evidence() if one.campaign != campaign] if own else ()
    return overlaps(own, others, near=near)


class FormFiles:
    """Makes the form files that go with a request: prefilled with what is known already, else blank."""

    def __init__(
        self,
        definitions: Definitions,
        writer: WorkbookWriter,
        warehouse: Warehouse,
        *,
        ledger: Ledger,
        catch_up: Callable[[], int],
    ) -> None:
        self._definitions = definitions
        self._writer = writer
        self._warehouse = warehouse
        self._ledger = ledger
        self._catch_up = catch_up

    def of(self, campaign: Campaign) -> Mapping[str, Form]:
        """Return the forms by id, as they stand in the campaign's year."""
        return in_year(self._definitions.forms(), campaign.year)

    def file(self, campaign: Campaign, obligation: Obligation) -> LetterFile | None:
        """Return the workbook with which a unit meets an obligation; None for a goal and for what is owed on paper."""
        if obligation.form is None or obligation.is_paper:
            return None
        form, unit = self.of(campaign)[obligation.form], campaign.unit(obligation.unit)
        industry = campaign.industry(obligation.industry).name if obligation.industry else None
        known = self._known(form, campaign, obligation)
        head: dict[str, Value] = {"reporting_unit": unit.body}
        head |= {"industry": industry} if industry else {}
        head |= {"as_of_date": _as_of_date(obligation.due, obligation.period)} if obligation.period else {}
        content = self._writer.write(
            form,
            sheets_of(form, head, known, name=industry or form.number or form.title[:20]),
            stamp=FormStamp(campaign.id, unit.code, obligation.industry, obligation.period),
            choices=_choices(campaign, unit),
        )
        return LetterFile(file_name(form, campaign, obligation), content)

    def _known(self, form: Form, campaign: Campaign, obligation: Obligation) -> Sequence[Mapping[str, Value]]:
        if any(field.name == "contact_name" for field in form.columns):
            unit = campaign.unit(obligation.unit)
            return [{"city": unit.name, "organisation": unit.body, **self._person(campaign, obligation)}]
        return self._caught_up.prefill(form.id, campaign=campaign.id, unit=obligation.unit, period=obligation.period)

    @cached_property
    def _caught_up(self) -> Warehouse:
        """The warehouse with all that was accepted: whoever opens its file first may have built it anew, and empty."""
        self._catch_up()
        return self._warehouse

    def _person(self, campaign: Campaign, obligation: Obligation) -> dict[str, Value]:
        """Return whom the unit named last, in this campaign or in the one before; people never are in the warehouse."""
        until = datetime.combine(obligation.closes, time.max, CHINA)
        for name in (campaign.id, campaign.before(self._ledger.open_campaigns())):
            for contact in self._ledger.contacts(name, as_of=until, unit=obligation.unit) if name else ():
                if contact.role == "contact":
                    # An office's number begins with its area code, a mobile's with 1.
                    phone = "mobile" if contact.phone.startswith("1") else "office_phone"
                    return {"contact_name": contact.name, "email": contact.address, phone: contact.phone or None}
        return {}

    def open_items(self, campaign: Campaign, unit: str) -> Sequence[Mapping[str, object]]:
        """Return the equipment that a unit's newest accepted periodic form leaves open, without free text."""
        parameters = {"campaign_id": campaign.id, "unit_code": unit}
        return self._caught_up.query("stock/open_items", parameters=parameters)

    def kept(self, campaign: Campaign, unit: Unit) -> Iterator[LetterFile]:
        """Yield the blank forms that a unit hands down and that are kept below (基层收存)."""
        for form in (self.of(campaign)[name] for name in campaign.kept_forms):
            name = form.number or form.title
            head: dict[str, Value] = {"reporting_unit": unit.body, "city": unit.name}
            content = self._writer.write(
                form,
                [FormSheet(name[:20], head)],
                stamp=FormStamp(campaign.id, unit.code, None, None),
                choices=_choices(campaign, unit),
            )
            yield LetterFile(f"{unit.name}-{name}.xlsx", content)


def _choices(campaign: Campaign, unit: Unit) -> dict[str, Sequence[str]]:
    """Return the drop-downs that depend on whose form it is."""
    return {
        "industry": [entry.name for entry in campaign.industries],
        "county": [county.name for county in unit.counties],
        "city": [unit.name],
    }


def _as_of_date(due: date, period: str) -> date:
    """Return the due date, or the month's last day where the due date has moved past it: it tells the period."""
    return min(due, clipped(*month_of(period), 31))


def sheets_of(
    form: Form, head: Mapping[str, Value], rows: Sequence[Mapping[str, Value]], *, name: str
) -> list[FormSheet]:
    """Divide rows into sheets by the head values that they carry: one sheet an enterprise for the inspection form."""
    names = {field.name for field in form.head}
    sheets: dict[tuple[tuple[str, Value], ...], list[Mapping[str, Value]]] = {}
    for row in rows:
        own = tuple((key, value) for key, value in row.items() if key in names)
        sheets.setdefault(own, []).append({key: value for key, value in row.items() if key not in names})
    if len(sheets) < 2:  # noqa: PLR2004  one sheet, or none at all
        own = next(iter(sheets), ())
        return [FormSheet(name, {**head, **dict(own)}, sheets.get(own, []))]
    return [
        FormSheet(f"{name}-{number}", {**head, **dict(own)}, rows_of)
        for number, (own, rows_of) in enumerate(sheets.items(), start=1)
    ]


def file_name(form: Form, campaign: Campaign, obligation: Obligation) -> str:
    """Return the name under which a form goes out, such as `苏州市-表2-铁合金.xlsx`."""
    parts = (
        campaign.unit(obligation.unit).name,
        form.number or form.title,
        campaign.industry(obligation.industry).name if obligation.industry else "",
        obligation.period or "",
    )
    return "-".join(part for part in parts if part) + ".xlsx"


def look_for_omissions(campaign: Campaign, *, definitions: Definitions, warehouse: Warehouse) -> int:
    """Judge what was surveyed by the catalogue and rank what may have been left out; return how many signals.

    The day of closures decides what is due by then: the same rows give the same judgements, whenever they are asked.
    """
    key = {"campaign_id": campaign.id, "closures_due": campaign.closures_due}
    catalogue = definitions.catalogue()
    wordings = warehouse.query("omission/wordings", parameters=key)
    judged = {
        "catalogue_item": catalogue_rows(catalogue),
        "judgement": judgement_rows(wordings, catalogue, as_of=campaign.closures_due),
        "comparison_list": comparison_rows(definitions.comparison_list(campaign.id)),
    }
    warehouse.refresh(judged, campaign=campaign.id)
    signals = definitions.omission_signals()
    found = [row for one in signals for row in warehouse.query(f"omission/{one.key}", parameters={**one.limits, **key})]
    warehouse.refresh({"suspected_omission": ranked(found, signals)}, campaign=campaign.id)
    return len(found)


def suspected_omissions(campaign: Campaign, *, warehouse: Warehouse) -> Sequence[Mapping[str, object]]:
    """Return what `look_for_omissions` found, ranked, as people read it."""
    return warehouse.query("board/omissions", parameters={"campaign_id": campaign.id})


def rules_of(definitions: Definitions, checker: Checker, warehouse: Warehouse) -> dict[str, Rule]:
    """Return the rules of reading and of every form by their id."""
    forms = definitions.forms()
    return {
        **definitions.reading_rules(),
        **{rule.id: rule for form in forms for rule in (*checker.rules(form), *warehouse.rules(form))},
    }
