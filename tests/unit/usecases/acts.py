"""The office's acts of leave (豁免), as the tests of use cases call them."""

from phaseout.domain.waiver import Waiver
from phaseout.usecases.waive import waive
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU

WRONG = "SUM-101"  # 统一社会信用代码校验位: an error
ROUND = "2022-08-10 09:00"


def ports(office):
    """Return what listing and waiving need of an office."""
    tools = office.tools
    return {name: getattr(tools, name) for name in ("definitions", "checker", "warehouse", "ledger")}


def leave(unit=SUZHOU, rule=WRONG, moment=ROUND, **narrowed):
    """Return a waiver for a unit and a rule, narrowed down as given."""
    whole = {"item": None, "form": None, "industry": None, "period": None, "until": None}
    signed = {"by": "周示例", "reason": "证照正在换发"}
    return Waiver(campaign=CAMPAIGN, unit=unit, rule=rule, granted_at=at(moment), **{**whole, **signed, **narrowed})


def grant(office, moment=ROUND, **what):
    """Let the office record a waiver."""
    return waive(leave(moment=moment, **what), as_of=at(moment), **ports(office))
