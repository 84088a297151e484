"""The words of documents (公文): whom they address, what their figures are called, what changed them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import Campaign, UnitKind

ALL_UNITS = "各填报单位"

FIGURE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "enterprises": "排查企业数",
        "outdated_enterprises": "存在落后装备企业数",
        "items": "落后装备项数",
        "sets": "落后装备台（套）数",
        "done_this_month": "本月完成台（套）数",
        "done": "累计完成台（套）数",
        "sealed": "其中封存台（套）数",
        "inspected": "通过验收台（套）数",
        "filing": "报送情况",
        "returns": "退回件次",
        "overdue_items": "超计划时限项数",
    }
)

_EACH: Mapping[UnitKind, str] = MappingProxyType({UnitKind.CITY: "各设区市", UnitKind.COUNTY: "各县（市、区）"})


def cut_off_words(as_of: datetime) -> str:
    """Return until when data count (数据截止), such as 数据截至2022年10月1日9时."""
    return f"数据截至{moment_words(as_of)}"


def moment_words(as_of: datetime) -> str:
    """Write an instant as documents do, such as 2022年10月1日9时; with minutes where there are any."""
    local = as_of.astimezone(CHINA)
    minutes = f"{local.minute:02d}分" if local.minute else ""
    return f"{local.year}年{local.month}月{local.day}日{local.hour}时{minutes}"


def addressees(campaign: Campaign) -> str:
    """Return whom a document to all units addresses (主送机关): 各设区市工业和信息化局, or all units as such."""
    units = [unit for unit in campaign.units if unit.is_chased]
    bodies = {unit.body.removeprefix(unit.name) if unit.body.startswith(unit.name) else None for unit in units}
    kinds = {unit.kind for unit in units}
    if len(kinds) == len(bodies) == 1 and (body := bodies.pop()) and (each := _EACH.get(kinds.pop())):
        return f"{each}{body}"
    return ALL_UNITS
