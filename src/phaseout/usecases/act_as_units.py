"""Act as units (扮演各市): in a replay, what the invented cities mail on a day, as real mail with real workbooks."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.form import Form, in_year
from phaseout.domain.invented.values import InventedMail, InventedWorkbook
from phaseout.domain.invented.year import InventedYear
from phaseout.domain.letter import LetterFile
from phaseout.domain.obligation import standings
from phaseout.ports import Definitions, FormSheet, FormStamp, Ledger, Post, WorkbookWriter


def act_as_units(
    year: InventedYear,
    campaign: Campaign,
    day: date,
    *,
    morning: datetime,
    definitions: Definitions,
    calendar: WorkCalendar,
    ledger: Ledger,
    writer: WorkbookWriter,
    post: Post,
) -> datetime | None:
    """Send the day's mail of the invented units; return when the last one arrived, None if nobody wrote."""
    obligations = ledger.obligations(campaign.id)
    views = standings(
        obligations,
        ledger.submitted(campaign.id),
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=morning,
    )
    forms = in_year(definitions.forms(), campaign.year)
    mails = year.mails_on(day, views=views, obligations=obligations)
    for mail in mails:
        files = [_file(book, mail, campaign, forms, writer) for book in mail.workbooks]
        post.send(mail.unit, subject=mail.subject, text=mail.text, files=files, at=mail.at)
    return max((mail.at for mail in mails), default=None)


def _file(
    book: InventedWorkbook,
    mail: InventedMail,
    campaign: Campaign,
    forms: Mapping[str, Form],
    writer: WorkbookWriter,
) -> LetterFile:
    form = forms[book.form]
    unit = campaign.unit(mail.unit)
    sheets: Sequence[FormSheet] = [
        FormSheet(sheet.name, sheet.head, sheet.rows, sheet.is_zero, sheet.stated_totals) for sheet in book.sheets
    ]
    content = writer.write(
        form,
        sheets,
        stamp=FormStamp(campaign.id, unit.code, book.industry, book.period),
        choices={
            "industry": [industry.name for industry in campaign.industries],
            "county": [county.name for county in unit.counties],
            "city": [unit.name],
        },
    )
    return LetterFile(book.file_name, content)
