from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from phaseout.domain.calendar import CHINA, WorkCalendar, clipped, day_in_china, days_between
from phaseout.domain.campaign import (
    CalendarPolicy,
    Campaign,
    Condition,
    County,
    Hardness,
    Industry,
    Milestone,
    MilestoneKind,
    Office,
    OwedPer,
    Term,
    Unit,
)
from phaseout.domain.decision import Decision
from phaseout.domain.form import Field, FieldType, Form, Layout
from phaseout.domain.invented import invent_year
from phaseout.domain.obligation import Obligation, Submitted, obligations_of, plan_obligations, standing_of

# Days off on weekdays and working weekends of 2022, as far as the campaign reaches.
HOLIDAYS = {
    date(2022, 6, 3),
    date(2022, 9, 12),
    *days_between(date(2022, 10, 3), date(2022, 10, 7)),
    date(2023, 1, 2),
}
MAKE_UP_DAYS = {date(2022, 10, 8), date(2022, 10, 9)}

CITIES = {
    "320100": "南京",
    "320200": "无锡",
    "320300": "徐州",
    "320400": "常州",
    "320500": "苏州",
    "320600": "南通",
    "320700": "连云港",
    "320800": "淮安",
    "320900": "盐城",
    "321000": "扬州",
    "321100": "镇江",
    "321200": "泰州",
    "321300": "宿迁",
}
MAIN = ["铁合金", "铝熔炼", "再生铅", "制革", "造纸", "铅蓄电池"]
MORE = ["化工", "医药", "冶金", "印染", "电镀"]
TAIHU_CITIES = {"320100", "320200", "320400", "320500", "321100"}

COMMON = ["reporting_unit", "filled_on"]
FOOT = ["approver", "reviewer", "preparer", "contact_person", "contact_phone"]
KEY = ("uscc", "equip_name", "equip_model", "equip_params")
PLACE = ["seq", "city", "county", "enterprise_name", "uscc"]
EQUIPMENT = ["equip_name", "equip_model", "equip_params", "equip_count"]
SEALING = [
    "is_water_cut",
    "is_power_cut",
    "is_power_unit_removed",
    "is_equipment_sealed",
    "has_public_commitment",
]
FORMS = {
    "contact": (
        None,
        "工作联系人信息",
        [],
        ["city", "organisation", "contact_name", "office_phone", "mobile", "email"],
    ),
    "inventory_statement": (
        None,
        "排查完成情况表",
        FOOT,
        [
            "industry",
            "surveyed_count",
            "checked_count",
            "outdated_count",
            "outdated_equipment_count",
            "is_zero_report",
        ],
    ),
    "survey_summary": (
        "表2",
        "企业生产工艺装备情况调查汇总表",
        ["industry", *FOOT],
        [
            *PLACE,
            "product",
            "capacity",
            "capacity_unit",
            "output",
            "process",
            *EQUIPMENT,
            "commissioned",
            "is_outdated",
            "catalogue_ref",
            "checked_on",
            "checked_by",
            "measure",
            "plan_date",
            "remark",
        ],
    ),
    "progress": (
        "表3",
        "关停淘汰落后生产工艺装备进展情况表",
        [
            "as_of_date",
            "stated_enterprises",
            "stated_items",
            "stated_month_done",
            "stated_done",
            "stated_rate",
            *FOOT,
        ],
        [
            *PLACE,
            "industry",
            *EQUIPMENT,
            "capacity",
            "capacity_unit",
            "plan_date",
            "measure",
            "closure_status",
            "stopped_on",
            "completed_on",
            "done_count",
            *SEALING,
            "is_inspected",
            "open_reason",
            "next_step",
            "remark",
        ],
    ),
    "inspection": (
        "表4",
        "淘汰落后生产工艺装备核查验收表",
        [
            "enterprise_name",
            "uscc",
            "industry",
            "stopped_on",
            "dismantled_from",
            "dismantled_to",
            "measure",
            "destination",
            "certificate",
            *SEALING,
            "commitment_url",
            "posted_on",
            "dismantle_by",
            "inspected_on",
            "team",
            "team_size",
            "inspecting_body",
            "result",
            "pictures_before",
            "pictures_after",
            *FOOT,
        ],
        ["seq", *EQUIPMENT, "capacity", "capacity_unit", "commissioned", "catalogue_ref"],
    ),
    "completed_list": (
        "表5",
        "2022年完成淘汰落后生产工艺装备清单",
        FOOT,
        [
            *PLACE,
            "industry",
            *EQUIPMENT,
            "capacity",
            "capacity_unit",
            "measure",
            "completed_on",
            "inspected_on",
            "inspecting_body",
            "result",
        ],
    ),
}


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    days = days_between(date(2022, 1, 1), date(2023, 12, 31))
    working = [day for day in days if (day.weekday() < 5 and day not in HOLIDAYS) or day in MAKE_UP_DAYS]
    return WorkCalendar(years=frozenset({2022, 2023}), working_days=tuple(working))


@pytest.fixture(scope="session")
def forms() -> dict[str, Form]:
    return {
        form: Form(
            id=form,
            number=number,
            title=title,
            title_aliases=(),
            layouts=(Layout("2022"),),
            head=tuple(Field(name=name, label=name, type=FieldType.TEXT) for name in [*COMMON, *head]),
            columns=tuple(Field(name=name, label=name, type=FieldType.TEXT) for name in columns),
            order=order,
            item_key=KEY if "equip_name" in columns else (),
            allows_zero="equip_name" in columns,
            totals=("equip_count",) if "equip_count" in columns else (),
        )
        for order, (form, (number, title, head, columns)) in enumerate(FORMS.items(), start=1)
    }


def milestone(
    kind: MilestoneKind,
    forms: tuple[str, ...],
    *terms: Term,
    owed_per: OwedPer = OwedPer.UNIT,
    hardness: Hardness = Hardness.HARD,
) -> Milestone:
    return Milestone(
        id=kind.value,
        kind=kind,
        title=kind.value,
        short_title="短",
        basis="二",
        forms=forms,
        owed_per=owed_per,
        hardness=hardness,
        calendar_policy=CalendarPolicy.KEEP,
        terms=terms,
        stock_steps=(),
    )


def month(number: int, closes: date) -> Term:
    return Term(f"2022-{number:02d}", date(2022, number, 23), clipped(2022, number, 30), closes)


def city(code: str, name: str, industries: list[str]) -> Unit:
    return Unit(
        code=code,
        name=f"{name}市",
        short_name=name,
        body=f"{name}市工业和信息化局",
        mailbox=f"gxj@u{code}.example",
        leader_mailbox=f"lingdao@u{code}.example",
        industries=tuple(industries),
        counties=tuple(
            County(f"{int(code) + number}", f"{name}示例{place}区") for number, place in enumerate("东南西", 1)
        ),
    )


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    kinds = MilestoneKind
    return Campaign(
        id="jiangsu-2022",
        title="2022年落后生产工艺装备淘汰",
        notice="示例通知",
        year=2022,
        opens=date(2022, 5, 20),
        closures_due=date(2022, 11, 30),
        correction_working_days=3,
        office=Office("江苏省工业和信息化厅", "产业转型升级处", "chanye@office.example", "025-80000000"),
        units=tuple(
            city(code, name, [*MAIN, *MORE] if code in TAIHU_CITIES else MAIN) for code, name in CITIES.items()
        ),
        industries=tuple(Industry(name, name, (), None) for name in [*MAIN, *MORE]),
        milestones=(
            milestone(
                kinds.CONTACT_LIST,
                ("contact",),
                Term(None, date(2022, 5, 20), date(2022, 6, 3), date(2023, 1, 13)),
            ),
            milestone(
                kinds.INVENTORY,
                ("inventory_statement",),
                Term(None, date(2022, 6, 6), date(2022, 7, 30), date(2022, 10, 31)),
                hardness=Hardness.SOFT,
            ),
            milestone(
                kinds.SUMMARY,
                ("survey_summary",),
                Term(None, date(2022, 7, 25), date(2022, 8, 12), date(2022, 12, 31)),
                owed_per=OwedPer.INDUSTRY,
            ),
            milestone(
                kinds.MONTHLY_PROGRESS,
                ("progress",),
                month(8, date(2022, 9, 22)),
                month(9, date(2022, 10, 22)),
                month(10, date(2022, 11, 22)),
                month(11, date(2022, 12, 14)),
                Term("2022-12", date(2022, 12, 23), date(2022, 12, 30), date(2023, 1, 13), Condition.OPEN_ITEMS),
                owed_per=OwedPer.PERIOD,
            ),
            milestone(
                kinds.CLOSURE,
                (),
                Term(None, date(2022, 8, 12), date(2022, 11, 30), date(2022, 12, 31)),
                hardness=Hardness.GOAL,
            ),
            milestone(
                kinds.FINAL_LIST,
                ("inspection", "completed_list"),
                Term(None, date(2022, 12, 1), date(2022, 12, 15), date(2023, 1, 13)),
            ),
        ),
        ladder=(),
        source_hash="",
    )


@dataclass
class Lived:
    """A year as an office that never errs would see it: whatever is not wrong on purpose is accepted."""

    year: object
    obligations: dict[str, Obligation]
    mails: list = field(default_factory=list)
    submitted: dict[str, list[Submitted]] = field(default_factory=dict)
    versions: dict[str, list] = field(default_factory=dict)  # workbooks by obligation
    duplicates: list = field(default_factory=list)
    days: set[date] = field(default_factory=set)

    def part(self, part):
        """Return the units that play a part."""
        return {unit for unit, played in self.year.parts.items() if played is part}

    def of(self, unit, form):
        """Return the accepted workbooks of a unit and form, in order of obligation."""
        return [
            workbooks[-1]
            for obligation, workbooks in sorted(self.versions.items())
            if self.obligations[obligation].unit == unit and workbooks[-1].form == form and not workbooks[-1].note
        ]

    def arrivals(self, obligation):
        """Return the days on which the versions for an obligation came."""
        return [day_in_china(one.arrived_at) for one in self.submitted[obligation]]

    def corrected(self, unit):
        """Return the one obligation for which a unit sent a second version."""
        (obligation,) = [
            one for one, all_ in self.versions.items() if len(all_) > 1 and self.obligations[one].unit == unit
        ]
        return obligation

    def progress(self, unit):
        return sorted(self.of(unit, "progress"), key=lambda workbook: workbook.period)


@pytest.fixture(scope="session")
def live_through(campaign, forms, calendar):
    """Live through a year day by day, with the standings of each morning."""
    known: dict[int, Lived] = {}

    def live(seed: int) -> Lived:
        if seed not in known:
            known[seed] = _live(campaign, forms, calendar, seed)
        return known[seed]

    return live


def _live(campaign, forms, calendar, seed) -> Lived:
    year = invent_year(campaign, forms, calendar=calendar, seed=seed)
    lived = Lived(year=year, obligations={one.id: one for one in plan_obligations(campaign, calendar=calendar)})
    december = campaign.milestone("monthly_progress").terms[-1]
    for day in days_between(campaign.opens, campaign.closes):
        if day == december.opens:
            for unit in campaign.units:
                if any(row["done_count"] < row["equip_count"] for row in lived.progress(unit.code)[-1].sheets[0].rows):
                    monthly = campaign.milestone("monthly_progress")
                    for one in obligations_of(campaign, unit, monthly, december, calendar=calendar):
                        lived.obligations[one.id] = one
        views = _views(lived, campaign, calendar, datetime.combine(day, datetime.min.time(), CHINA))
        obligations = list(lived.obligations.values())
        mails = year.mails_on(day, views=views, obligations=obligations)
        assert bool(mails) == year.may_act_on(day, views=views, obligations=obligations)
        for mail in mails:
            lived.days.add(day)
            _take_in(lived, mail)
    return lived


def _views(lived, campaign, calendar, as_of):
    """Return the standings of what has arrived; of the rest a unit need not be told."""
    return {
        obligation: standing_of(
            lived.obligations[obligation],
            submitted,
            calendar=calendar,
            correction_working_days=campaign.correction_working_days,
            as_of=as_of,
        )
        for obligation, submitted in lived.submitted.items()
    }


def _take_in(lived: Lived, mail) -> None:
    lived.mails.append(mail)
    for workbook in mail.workbooks:
        obligation = next(
            one.id
            for one in lived.obligations.values()
            if (one.unit, one.form, one.industry, one.period)
            == (mail.unit, workbook.form, workbook.industry, workbook.period)
        )
        versions = lived.versions.setdefault(obligation, [])
        if workbook in versions:
            lived.duplicates.append((mail, workbook))
            continue
        versions.append(workbook)
        lived.submitted.setdefault(obligation, []).append(
            Submitted(
                obligation=obligation,
                version=len(versions),
                arrived_at=mail.at,
                decided_at=mail.at + timedelta(minutes=1),
                decision=Decision.RETURNED if workbook.note else Decision.ACCEPTED,
                findings=int(bool(workbook.note)),
                figures={},
            )
        )
