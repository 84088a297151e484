"""What the office may change, read from `data/` and `expectations/`."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from phaseout.adapters.definitions.campaigns import load_campaign
from phaseout.adapters.definitions.forms import load_forms
from phaseout.adapters.definitions.rules import RuleEntry, load_refusals, load_rules, load_suite
from phaseout.domain.campaign import Campaign
from phaseout.domain.finding import Rule
from phaseout.domain.form import Form
from phaseout.errors import UsageError
from phaseout.ports import Definitions


class UnknownCampaign(UsageError):
    """A campaign is asked for that has no folder."""

    def __init__(self, *, campaign: str, known: Sequence[str]) -> None:
        self.campaign = campaign
        super().__init__(f"there is no campaign {campaign}; known: {', '.join(known) or 'none'}")


class FileDefinitions(Definitions):
    """Definitions in the folders of a project; each file is read once, when it is first asked for."""

    def __init__(self, root: Path) -> None:
        self._data = root / "data"
        self._expectations = root / "expectations"
        self._campaigns: dict[str, Campaign] = {}

    def campaigns(self) -> Sequence[str]:
        return tuple(sorted(path.parent.name for path in self._data.glob("campaigns/*/campaign.yaml")))

    def campaign(self, campaign: str) -> Campaign:
        if campaign not in self._campaigns:
            if campaign not in self.campaigns():
                raise UnknownCampaign(campaign=campaign, known=self.campaigns())
            self._campaigns[campaign] = load_campaign(self._data / "campaigns" / campaign, forms=self.forms())
        return self._campaigns[campaign]

    def forms(self) -> Mapping[str, Form]:
        return self._forms

    def reading_rules(self) -> Mapping[str, Rule]:
        return self._reading_rules

    def refusal(self, code: str) -> tuple[str, str]:
        return self._refusals[code]

    def suites(self) -> Mapping[str, Sequence[RuleEntry]]:
        """Return the rules of each form, as the checker and the warehouse take them."""
        return {form: load_suite(self._expectations / f"{form}.yaml") for form in self.forms()}

    @cached_property
    def _forms(self) -> Mapping[str, Form]:
        return load_forms(self._data / "forms")

    @cached_property
    def _reading_rules(self) -> Mapping[str, Rule]:
        return load_rules(self._expectations / "reading.yaml")

    @cached_property
    def _refusals(self) -> Mapping[str, tuple[str, str]]:
        return load_refusals(self._data / "refusals.yaml")
