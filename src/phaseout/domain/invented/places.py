"""What the invented units need of real places: area codes, and the Taihu counties of cities that lie partly in it."""

from phaseout.domain.campaign import County, Unit

_AREA_CODES = {
    "320100": "025",
    "320200": "0510",
    "320300": "0516",
    "320400": "0519",
    "320500": "0512",
    "320600": "0513",
    "320700": "0518",
    "320800": "0517",
    "320900": "0515",
    "321000": "0514",
    "321100": "0511",
    "321200": "0523",
    "321300": "0527",
}
_MAIN_INDUSTRIES = frozenset({"铁合金", "铝熔炼", "再生铅", "制革", "造纸", "铅蓄电池"})
_PARTLY_IN_TAIHU = {"320100": ("320117", "320118"), "321100": ("321181", "321183")}


def invented_phone(unit: str, number: int) -> str:
    """Return a telephone number that has the form of a real one and belongs to nobody."""
    return f"{_AREA_CODES.get(unit, '025')}-{80_000_000 + number}"


def counties_with(unit: Unit, industry_name: str) -> tuple[County, ...]:
    """Return the counties of a unit in which an industry is in scope."""
    in_basin = _PARTLY_IN_TAIHU.get(unit.code)
    if in_basin is None or industry_name in _MAIN_INDUSTRIES:
        return unit.counties
    return tuple(county for county in unit.counties if county.code in in_basin) or unit.counties
