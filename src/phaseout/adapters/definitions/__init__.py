"""What the office may change, read from `data/` and `expectations/`."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from phaseout.adapters.definitions.campaigns import load_campaign
from phaseout.adapters.definitions.catalogue import CatalogueFile, catalogue_of
from phaseout.adapters.definitions.catalogue_import import differences, kept, read_kept, read_official, validated
from phaseout.adapters.definitions.comparison import load_comparison_lists
from phaseout.adapters.definitions.evidence import load_evidence_customs
from phaseout.adapters.definitions.forms import load_forms
from phaseout.adapters.definitions.health import load_health_words
from phaseout.adapters.definitions.omissions import load_omission_signals
from phaseout.adapters.definitions.rules import RuleEntry, load_refusals, load_rules, load_suite_of
from phaseout.adapters.definitions.yaml_data import read_model
from phaseout.domain.campaign import Campaign
from phaseout.domain.catalogue import Catalogue
from phaseout.domain.catalogue_change import CatalogueOffer
from phaseout.domain.evidence_names import EvidenceCustoms
from phaseout.domain.finding import Rule
from phaseout.domain.form import Form
from phaseout.domain.health_words import HealthWords
from phaseout.domain.omission import ListedEnterprise, Signal
from phaseout.errors import UsageError
from phaseout.ports import Definitions

# What refusals tell of the bounds of reading, unless an installation sets others.
USUAL_BOUNDS: Mapping[str, int] = {"megabytes": 20, "rows": 20_000, "columns": 200, "cells": 500_000}


class UnknownCampaign(UsageError):
    """A campaign is asked for that has no folder."""

    def __init__(self, *, campaign: str, known: Sequence[str]) -> None:
        self.campaign = campaign
        super().__init__(f"there is no campaign {campaign}; known: {', '.join(known) or 'none'}")


class FileDefinitions(Definitions):
    """Definitions in the folders of a project; each file is read once, when it is first asked for."""

    def __init__(
        self,
        root: Path,
        *,
        office: Path | None = None,
        official: Callable[[], bytes | None] = lambda: None,
        bounds: Mapping[str, int] = USUAL_BOUNDS,
    ) -> None:
        self._bounds = bounds
        self._data = root / "data"
        self._expectations = root / "expectations"
        self._office = office  # where the office's own comparison lists lie
        self._official = official  # the catalogue that the office has put in force, preferred to ours
        self._read_from: bytes | None = None
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

    def catalogue(self) -> Catalogue:
        content = self._official()
        if content != self._read_from:
            self._read_from = content
            for name in ("_catalogue", "_catalogue_file"):
                self.__dict__.pop(name, None)
        return self._catalogue

    def offered_catalogue(self, file: Path) -> CatalogueOffer:
        catalogue, current = self.catalogue(), self._catalogue_file
        official = read_official(file, current=current, catalogue=catalogue)
        vocabulary = validated(official, path=file, words=self._data / "catalogue").vocabulary
        return CatalogueOffer(
            title=official.title,
            raw=file.read_bytes(),
            content=kept(official),
            differences=differences(current, official, vocabulary),
            is_in_force=kept(official) == kept(current),
        )

    def comparison_list(self, campaign: str) -> Sequence[ListedEnterprise]:
        folders = [self._data / "campaigns" / campaign / "comparison", *self._office_folders("comparison", campaign)]
        paths = [path for folder in folders for path in sorted(folder.glob("*.csv"))]
        return load_comparison_lists(paths, campaign=self.campaign(campaign))

    def omission_signals(self) -> Sequence[Signal]:
        return self._omission_signals

    def evidence_customs(self) -> EvidenceCustoms:
        return self._evidence_customs

    def health_words(self) -> HealthWords:
        return self._health_words

    def refusal(self, code: str) -> tuple[str, str]:
        title, remedy = self._refusals[code]
        return title, remedy.format_map(self._bounds)

    def suites(self) -> Mapping[str, Sequence[RuleEntry]]:
        """Return the rules of each form, as the checker and the warehouse take them."""
        return {name: load_suite_of(self._expectations / f"{name}.yaml", form) for name, form in self.forms().items()}

    def _office_folders(self, *names: str) -> list[Path]:
        return [self._office.joinpath(*names)] if self._office else []

    @property
    def _national(self) -> Path:
        return max((self._data / "catalogue").glob("national-*.yaml"))

    @cached_property
    def _catalogue_file(self) -> CatalogueFile:
        return read_model(self._national, CatalogueFile) if self._read_from is None else read_kept(self._read_from)

    @cached_property
    def _catalogue(self) -> Catalogue:
        return catalogue_of(self._catalogue_file, path=self._national, words=self._data / "catalogue")

    @cached_property
    def _forms(self) -> Mapping[str, Form]:
        return load_forms(self._data / "forms")

    @cached_property
    def _omission_signals(self) -> Sequence[Signal]:
        return load_omission_signals(self._data / "omissions.yaml")

    @cached_property
    def _evidence_customs(self) -> EvidenceCustoms:
        return load_evidence_customs(self._data / "evidence.yaml")

    @cached_property
    def _health_words(self) -> HealthWords:
        return load_health_words(self._data / "health.yaml")

    @cached_property
    def _reading_rules(self) -> Mapping[str, Rule]:
        return load_rules(self._expectations / "reading.yaml")

    @cached_property
    def _refusals(self) -> Mapping[str, tuple[str, str]]:
        return load_refusals(self._data / "refusals.yaml")
