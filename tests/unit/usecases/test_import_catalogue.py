"""Importing a catalogue (目录导入): from then on equipment is judged by it, here and in every rebuild."""

from contextlib import nullcontext

import pytest

from phaseout.settings import PROJECT
from phaseout.usecases.import_catalogue import NobodyImports, import_catalogue
from phaseout.usecases.publish import mirror
from phaseout.usecases.rebuild import rebuild
from tests.unit.usecases.office import Office, TwoCities, at, calendar, new_warehouse
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, survey

STRICTER = "编号,行业,名称,参数,比较,数值,单位\nFA-01,铁合金,铁合金矿热电炉,变压器容量,小于,12500,千伏安\n"
SOUND = {"is_outdated": False, "catalogue_ref": None, "measure": None, "plan_date": None, "equip_params": "10000kVA"}


@pytest.fixture
def office():
    office = Office()

    def in_force():
        acts = office.ledger.catalogues()
        return office.archive.get(acts[-1].in_force_sha256) if acts else None

    office.definitions = TwoCities(PROJECT, official=in_force)
    office.open()
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey(SOUND)))
    return office


@pytest.fixture
def stricter(tmp_path):
    path = tmp_path / "official.csv"
    path.write_text(STRICTER, encoding="utf-8")
    return path


def put_in_force(office, path, *, by="周示例", reason="官方文本到件"):
    return import_catalogue(
        path,
        by=by,
        reason=reason,
        as_of=at("2022-08-10 09:00"),
        definitions=office.definitions,
        ledger=office.ledger,
        archive=office.archive,
    )


def fill(office, warehouse):
    office.fill(warehouse)
    mirror(
        office.definitions.campaign(CAMPAIGN),
        as_of=at("2022-08-11 09:00"),
        calendar=calendar(),
        ledger=office.ledger,
        warehouse=warehouse,
        definitions=office.definitions,
    )
    return 1


def signals(office):
    fill(office, office.warehouse)
    return [
        row["signal_word"] for row in office.warehouse.query("board/omissions", parameters={"campaign_id": CAMPAIGN})
    ]


def test_equipment_is_judged_by_the_list_that_was_imported(office, stricter):
    assert signals(office) == []

    put_in_force(office, stricter)

    assert signals(office) == ["自判与目录初判不一致"]


def test_a_rebuild_finds_the_imported_list_again(office, stricter):
    put_in_force(office, stricter)
    fill(office, office.warehouse)
    stricter.unlink()

    assert rebuild(
        nullcontext((office.warehouse, new_warehouse())),
        fill=lambda warehouse: fill(office, warehouse),
        ledger=office.ledger,
    ).is_identical


def test_a_list_that_is_in_force_already_is_no_act(office, stricter):
    assert put_in_force(office, stricter) is not None
    before = office.ledger.revision()

    assert put_in_force(office, stricter) is None
    assert (len(office.ledger.catalogues()), office.ledger.revision()) == (1, before)


@pytest.mark.parametrize(("by", "reason"), [(" ", "官方文本到件"), ("周示例", "")], ids=["nobody", "no reason"])
def test_nobody_imports_without_a_name_and_a_reason(office, stricter, by, reason):
    with pytest.raises(NobodyImports):
        put_in_force(office, stricter, by=by, reason=reason)

    assert office.ledger.catalogues() == ()
