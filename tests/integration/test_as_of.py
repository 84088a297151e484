"""The marts as of an instant say what the pure function says; units, enterprises and people are invented."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import duckdb
import pytest

from phaseout.adapters.memory.ledger import MemoryLedger
from phaseout.domain.calendar import CHINA
from phaseout.domain.decision import Decision
from phaseout.domain.exemption import Exemption
from phaseout.domain.letter import LetterItem, LetterKind, LetterState
from phaseout.domain.obligation import plan_obligations
from phaseout.domain.paper import PaperReceipt
from phaseout.domain.reference_tables import reference_tables
from phaseout.domain.reopening import Reopening
from phaseout.domain.replanning import Moved, PlanChange, conditional_obligations
from phaseout.usecases.publish import mirror
from phaseout.usecases.publish.history import history_tables
from tests.as_of_truth import local, told, truth
from tests.ledger_samples import arrived, assessment, filed, letter
from tests.published_progress import CALENDAR, CHANGZHOU, NANJING, NANTONG, SUZHOU, WUXI, XUZHOU
from tests.published_progress import campaign as six_cities
from tests.warehouse_rows import open_warehouse

CAMPAIGN = six_cities()
BY = {"by": "王示例", "reason": "示例"}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def owed(unit, milestone, period=None, *, paper=False):
    wanted = (unit, milestone, period, paper)
    known = [*plan_obligations(CAMPAIGN, calendar=CALENDAR), *conditional_obligations(CAMPAIGN, calendar=CALENDAR)]
    return next(one for one in known if (one.unit, one.milestone, one.period, one.is_paper) == wanted)


def file(ledger, obligation, version, times, decision, *, figures=None, check_figure=None, findings=()):
    arrived_at, decided_at = times
    delivery = arrived(f"{obligation.id}#{version}", at=at(arrived_at))
    ledger.record_deliveries([delivery])
    one = replace(
        filed(obligation.unit),
        id=f"{obligation.id}#{version}",
        obligation=obligation.id,
        delivery=delivery.id,
        form=obligation.form,
        industry=obligation.industry,
        period=obligation.period,
        version=version,
        arrived_at=at(arrived_at),
        decided_at=at(decided_at),
        decision=decision,
        figures=figures or {},
        check_figure=check_figure,
        findings=findings,
    )
    ledger.record(assessment(submissions=[one]))
    return one


def paper(ledger, obligation, received, registered, figure):
    receipt = PaperReceipt(
        obligation.id, 2, 2, is_sealed=True, check_figure=figure, received_on=received, at=registered, **BY
    )
    ledger.record_papers([receipt])


@pytest.fixture(scope="module")
def ledger():
    """Return a ledger of a year in which everything happens that changes an obligation."""
    book = MemoryLedger(calendar=CALENDAR)
    book.open_campaign(CAMPAIGN, plan_obligations(CAMPAIGN, calendar=CALENDAR), (), as_of=at("2022-05-20 09:00"))
    for happen in (returned_once, extended_twice, exempt, reopened, on_paper, closing, replanned, written_to):
        happen(book)
    later = [one for one in conditional_obligations(CAMPAIGN, calendar=CALENDAR) if one.unit == XUZHOU]
    book.add_obligations(later, as_of=at("2022-12-23 09:00"))
    return book


def returned_once(book):
    one = owed(NANJING, "summary")
    file(book, one, 1, ("2022-08-12 23:59", "2022-08-13 09:00"), Decision.RETURNED)
    file(book, one, 2, ("2022-08-18 10:00", "2022-08-18 22:00"), Decision.ACCEPTED)


def extended_twice(book):
    one = owed(WUXI, "summary")
    book.extend(one.id, date(2022, 8, 26), **BY, as_of=at("2022-08-10 15:00"))
    book.extend(one.id, date(2022, 9, 2), **BY, as_of=at("2022-08-29 15:00"))
    file(book, one, 1, ("2022-08-30 10:00", "2022-09-05 10:00"), Decision.ACCEPTED)


def exempt(book):
    contact, summary = owed(XUZHOU, "contact_list"), owed(XUZHOU, "summary")
    book.exempt([Exemption(contact.id, at=at("2022-05-30 09:00"), **BY)])
    book.withdraw_exemption(contact.id, **BY, as_of=at("2022-06-10 09:00"))
    book.exempt([Exemption(summary.id, at=at("2022-08-20 09:00"), **BY)])


def reopened(book):
    one = owed(CHANGZHOU, "monthly_progress", "2022-08")
    came = datetime.combine(one.closes + timedelta(days=5), datetime.min.time(), CHINA)
    held = file(book, one, 1, (f"{came:%Y-%m-%d} 10:00", f"{came:%Y-%m-%d} 10:05"), Decision.HELD)
    act = Reopening(one.id, one.closes + timedelta(days=20), at=came + timedelta(days=3), **BY)
    book.reopen(act)
    again = replace(held, decision=Decision.ACCEPTED, decided_at=came + timedelta(days=3, minutes=5))
    book.record(replace(assessment(), decided_again=(again,)))


def on_paper(book):
    one, sealed = owed(SUZHOU, "summary"), owed(SUZHOU, "summary", paper=True)
    file(book, one, 1, ("2022-08-11 10:00", "2022-08-11 10:05"), Decision.ACCEPTED, check_figure="AAAA")
    paper(book, sealed, date(2022, 8, 9), at("2022-08-10 09:00"), "AAAA")  # before the file was accepted
    file(book, one, 2, ("2022-08-25 10:00", "2022-08-25 10:05"), Decision.ACCEPTED, check_figure="BBBB")
    paper(book, sealed, date(2022, 8, 30), at("2022-08-31 09:00"), "BBBB")


def closing(book):
    """The goal is met in September, missed again by September's correction, and met by October's form."""
    for period, version, day, closed in (
        ("2022-08", 1, "2022-08-30", 1),
        ("2022-09", 1, "2022-09-30", 3),
        ("2022-09", 2, "2022-10-20", 2),
        ("2022-10", 1, "2022-10-31", 3),
    ):
        one = owed(NANJING, "monthly_progress", period)
        figures = {"items": 3, "closed": closed}
        file(book, one, version, (f"{day} 10:00", f"{day} 16:00"), Decision.ACCEPTED, figures=figures)
    nothing = owed(WUXI, "monthly_progress", "2022-08")
    file(book, nothing, 1, ("2022-08-30 09:00", "2022-08-30 09:05"), Decision.ACCEPTED, figures={"items": 0})


def replanned(book):
    known = {one.id: one for one in book.planned(CAMPAIGN.id)}
    was = known[owed(SUZHOU, "inventory").id]
    becomes = replace(was, due=date(2022, 8, 5), reminder_date=date(2022, 8, 4))
    gone = known[owed(CHANGZHOU, "inventory").id]
    for change, day in (
        (PlanChange(moved=(Moved(was, becomes),), gone=(gone,)), "2022-07-01 09:00"),
        (PlanChange(new=(gone,)), "2022-07-11 09:00"),
    ):
        book.replan(CAMPAIGN, change, (), **BY, as_of=at(day))


def written_to(book):
    one = owed(NANTONG, "contact_list").id
    for number, (kind, rung, state) in enumerate(
        [
            (LetterKind.REQUEST, 0, LetterState.SENT),
            (LetterKind.REMINDER, 1, LetterState.SENT),
            (LetterKind.OVERDUE, 4, LetterState.SENT),
            (LetterKind.SUPERVISION, 5, LetterState.DRAFT),
            (LetterKind.THANKS, 1000, LetterState.SENT),
        ]
    ):
        about = replace(letter(f"{one}/{number}", kind=kind, state=state), unit=NANTONG, campaign=CAMPAIGN.id)
        book.queue([replace(about, created_at=at(f"2022-06-0{number + 1} 09:00"), items=(LetterItem(one, rung, 0),))])


@pytest.fixture(scope="module")
def marts(ledger, tmp_path_factory):
    path = tmp_path_factory.mktemp("as-of") / "phaseout.duckdb"
    warehouse = open_warehouse(path)
    warehouse.refresh(reference_tables(CAMPAIGN), campaign=CAMPAIGN.id)
    mirror(CAMPAIGN, as_of=at("2023-02-10 09:00"), calendar=CALENDAR, ledger=ledger, warehouse=warehouse)
    warehouse.close()
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


INSTANTS = (
    "2022-05-20 08:59",
    "2022-05-20 09:00",
    "2022-07-05 09:00",
    "2022-08-10 15:00",
    "2022-08-12 23:59",
    "2022-08-13 00:00",
    "2022-08-13 09:00",
    "2022-08-20 09:00",
    "2022-08-31 12:00",
    "2022-09-30 16:00",
    "2022-10-21 09:00",
    "2022-12-23 09:00",
    "2023-01-20 09:00",
    "2023-02-10 09:00",
)


@pytest.mark.parametrize("instant", INSTANTS)
def test_obligations_stand_as_the_pure_function_says(ledger, marts, instant):
    assert told(marts, at(instant)) == truth(ledger, CAMPAIGN, calendar=CALENDAR, as_of=at(instant))


def test_at_every_act_and_just_before_it_the_two_agree(ledger, marts):
    instants = {
        *(row[0] for row in marts.execute("SELECT known_from FROM core.obligation_term").fetchall()),
        *(row[0] for row in marts.execute("SELECT arrived_at FROM core.obligation_version").fetchall()),
        *(row[0] for row in marts.execute("SELECT decided_at FROM core.obligation_version").fetchall()),
    }
    around = sorted(one + by for one in instants for by in (timedelta(0), timedelta(microseconds=-1)))
    differing = [
        one
        for one in (moment.replace(tzinfo=CHINA) for moment in around)
        if told(marts, one) != truth(ledger, CAMPAIGN, calendar=CALENDAR, as_of=one)
    ]

    assert len(instants) > 20
    assert differing == []


def standing(marts, obligation, instant):
    return told(marts, at(instant))[obligation.id][0]


def test_what_was_known_last_is_what_the_ledger_says_now(ledger):
    last = at("2023-02-10 09:00")
    known = [one.as_of(last, calendar=CALENDAR) for one in ledger.histories(CAMPAIGN.id)]

    assert [one for one in known if one is not None] == list(ledger.obligations(CAMPAIGN.id))


def test_a_year_shows_every_standing(marts):
    found = {facts[0] for instant in INSTANTS for facts in told(marts, at(instant)).values()}

    assert found >= {"not_open", "open", "late", "received", "returned", "held", "accepted", "never_filed"}


def test_an_extension_is_not_known_before_it_was_granted(marts):
    due = {day: told(marts, at(day))[owed(WUXI, "summary").id][7] for day in ("2022-08-10 14:59", "2022-08-10 15:00")}

    assert list(due.values()) == [date(2022, 8, 12), date(2022, 8, 26)]


def test_every_stretch_of_an_obligation_is_told_with_its_due_date(marts):
    rows = marts.execute(
        "SELECT strftime(known_at, '%m-%d %H:%M'), strftime(replaced_at, '%m-%d %H:%M'), due_date"
        " FROM mart.obligation_term WHERE obligation_id = $id ORDER BY known_at",
        {"id": owed(WUXI, "summary").id},
    ).fetchall()

    assert rows == [
        ("05-20 09:00", "08-10 15:00", date(2022, 8, 12)),
        ("08-10 15:00", "08-29 15:00", date(2022, 8, 26)),
        ("08-29 15:00", None, date(2022, 9, 2)),
    ]


def test_working_days_can_be_counted_by_sql(marts):
    (counted,) = marts.execute(
        "SELECT max(working_day_count) - min(working_day_count) FROM mart.day"
        " WHERE calendar_date IN ('2022-09-30', '2022-10-10')"
    ).fetchone()

    assert counted == CALENDAR.count(date(2022, 9, 30), date(2022, 10, 10))


@pytest.mark.parametrize(
    ("written", "arrives", "years"),
    [
        pytest.param("2022-05-20", "2022-08-10", (2022, 2024), id="in the year"),
        pytest.param("2021-12-20", "2022-08-10", (2021, 2024), id="written in December for the next year"),
        pytest.param("2022-05-20", "2024-02-10", (2022, 2025), id="filed two years late"),
    ],
)
def test_working_days_are_told_of_every_year_in_which_something_is_written_owed_or_arrives(written, arrives, years):
    book = MemoryLedger(calendar=CALENDAR)
    planned = plan_obligations(CAMPAIGN, calendar=CALENDAR)
    book.open_campaign(CAMPAIGN, planned, (), as_of=at(f"{written} 09:00"))
    file(book, owed(NANJING, "summary"), 1, (f"{arrives} 09:00", f"{arrives} 10:00"), Decision.ACCEPTED)

    days = history_tables(CAMPAIGN, (), (), calendar=CALENDAR, ledger=book)["day"]

    assert (days[0]["day"], days[-1]["day"]) == (date(years[0], 1, 1), date(years[1], 12, 31))


def test_an_exemption_that_was_taken_back_still_held_in_its_time(marts):
    one = owed(XUZHOU, "contact_list")

    assert [
        told(marts, at(day))[one.id][8] for day in ("2022-05-29 09:00", "2022-06-09 09:00", "2022-06-10 09:00")
    ] == [
        False,
        True,
        False,
    ]
    assert standing(marts, one, "2022-06-09 09:00") == "open"  # past its due date, and nobody waits for it
    assert standing(marts, one, "2022-06-10 09:00") == "late"


def test_what_was_not_owed_for_a_while_was_not_there(marts):
    one = owed(CHANGZHOU, "inventory").id

    assert [one in told(marts, at(day)) for day in ("2022-06-30 09:00", "2022-07-05 09:00", "2022-07-11 09:00")] == [
        True,
        False,
        True,
    ]


def test_paper_counts_by_the_file_that_was_accepted_then(marts):
    one = owed(SUZHOU, "summary", paper=True)
    days = ("2022-08-09 12:00", "2022-08-10 12:00", "2022-08-12 12:00", "2022-08-26 12:00", "2022-08-31 12:00")

    assert [standing(marts, one, day) for day in days] == ["received", "held", "accepted", "held", "accepted"]


@pytest.mark.parametrize("day", ["DATE '2022-08-12'", "'2022-08-12'", "TIMESTAMP '2022-08-12 23:59:59.999999'"])
def test_a_day_means_its_end(marts, day):
    found = marts.execute(
        f"SELECT standing, days_late FROM mart.obligation_as_of({day}) WHERE obligation_id = $id",  # noqa: S608 - our own
        {"id": owed(NANJING, "summary").id},
    )

    assert found.fetchall() == [("received", 0)]


def test_the_mart_of_today_is_the_one_as_of_the_publication(ledger, marts):
    ours, theirs = (
        marts.execute(f"SELECT * FROM mart.{mart} ORDER BY obligation_id").fetchall()  # noqa: S608 - our own
        for mart in ("obligation", "obligation_as_of(TIMESTAMP '2023-02-10 09:00:00')")
    )

    assert ours == theirs


# Measures


def measures(marts, obligation, *, as_of=None):
    mart = f"obligation_measure_as_of('{as_of}')" if as_of else "obligation_measure"
    found = marts.execute(f"SELECT * FROM mart.{mart} WHERE obligation_id = $id", {"id": obligation.id})  # noqa: S608 - our own
    names = [column[0] for column in found.description]
    (row,) = found.fetchall()
    return dict(zip(names, row, strict=True))


def test_days_in_the_offices_hands_and_in_the_units_are_kept_apart(marts):
    found = measures(marts, owed(NANJING, "summary"))

    assert found["office_days"] == pytest.approx((9 + 1 / 60 + 12) / 24, abs=0.001)
    assert found["unit_days"] == pytest.approx(5 + 1 / 24, abs=0.001)
    assert (found["version_count"], found["returned_count"]) == (2, 1)
    assert (found["is_on_time"], found["is_accepted"], found["is_accepted_first_time"]) == (True, True, False)


def test_letters_that_an_obligation_needed_are_those_that_were_sent_unprompted(marts):
    found = measures(marts, owed(NANTONG, "contact_list"))

    assert {name: count for name, count in found.items() if "letter" in name} == {
        "letter_count": 3,
        "request_letter_count": 1,
        "reminder_letter_count": 2,
        "escalation_letter_count": 0,
    }
    assert (found["is_submitted"], found["is_expected"]) == (False, True)


def test_a_unit_that_never_files_is_in_every_denominator(marts):
    rows = marts.execute(
        "SELECT milestone, expected, received, on_time, accepted, accepted_first_time, received_rate, accepted_rate"
        " FROM mart.unit_measure WHERE unit_code = $unit AND milestone <> 'monthly_progress' ORDER BY milestone",
        {"unit": NANTONG},
    ).fetchall()

    assert [row[0] for row in rows] == ["contact_list", "final_list", "inventory", "summary"]
    assert all(row[1] > 0 and row[2:] == (0, 0, 0, 0, 0.0, 0.0) for row in rows)


def test_a_units_measures_add_up_to_those_of_its_milestone(marts):
    names = "expected, received, on_time, accepted, accepted_first_time"
    summed = ", ".join(f"sum({name})" for name in names.split(", "))
    by_unit = marts.execute(
        f"SELECT milestone, period, {summed} FROM mart.unit_measure GROUP BY ALL ORDER BY ALL"  # noqa: S608 - our own
    ).fetchall()
    whole = marts.execute(f"SELECT milestone, period, {names} FROM mart.completeness ORDER BY ALL").fetchall()  # noqa: S608 - our own

    assert by_unit == whole


def test_completeness_as_of_a_day_counts_what_had_arrived_by_then(marts):
    found = marts.execute(
        "SELECT expected, received, on_time, accepted"
        " FROM mart.completeness_as_of('2022-08-12') WHERE milestone = 'summary'"
    )

    assert found.fetchall() == [(6, 2, 2, 1)]  # Nanjing's of that day is not decided; Xuzhou is not exempt yet


def test_nobody_is_named_in_what_the_warehouse_keeps_of_acts(ledger, marts):
    for (table,) in marts.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core'").fetchall():
        rows = marts.execute(f"SELECT * FROM core.{table}").fetchall()  # noqa: S608 - our own
        assert "王示例" not in repr(rows)


def test_letters_as_of_an_instant_are_those_that_had_been_written(marts):
    counted = marts.execute("SELECT count(*), max(created_at) FROM mart.letter_as_of('2022-06-03')").fetchall()

    assert counted == [(3, local(at("2022-06-03 09:00")))]
