"""What the office may change, read from `data/` and `expectations/`."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from phaseout.adapters.definitions.campaigns import load_campaign
from phaseout.adapters.definitions.catalogue import CatalogueFile, load_catalogue
from phaseout.adapters.definitions.catalogue_import import differences, read_official, validated, write_official
from phaseout.adapters.definitions.comparison import load_comparison_lists
from phaseout.adapters.definitions.forms import load_forms
from phaseout.adapters.definitions.rules import RuleEntry, load_refusals, load_rules, load_suite
from phaseout.adapters.definitions.yaml_data import read_model
from phaseout.domain.campaign import Campaign
from phaseout.domain.catalogue import Catalogue
from phaseout.domain.finding import Rule
from phaseout.domain.form import Form
from phaseout.domain.omission import ListedEnterprise
from phaseout.errors import UsageError
from phaseout.ports import Definitions


class UnknownCampaign(UsageError):
    """A campaign is asked for that has no folder."""

    def __init__(self, *, campaign: str, known: Sequence[str]) -> None:
        self.campaign = campaign
        super().__init__(f"there is no campaign {campaign}; known: {', '.join(known) or 'none'}")


class NoOfficeFolder(UsageError):
    """An official list is imported where there is no folder of the office's own."""

    def __init__(self) -> None:
        super().__init__("these definitions have no folder for the office's own lists")


class FileDefinitions(Definitions):
    """Definitions in the folders of a project; each file is read once, when it is first asked for."""

    def __init__(self, root: Path, *, office: Path | None = None) -> None:
        self._data = root / "data"
        self._expectations = root / "expectations"
        # Where the office's own lists lie: its official catalogue, preferred to ours, and its comparison lists.
        self._office = office
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
        return self._catalogue

    def catalogue_differences(self, file: Path) -> list[dict[str, object]]:
        """Return in what an official list differs from the catalogue in force."""
        return differences(self._catalogue_file, self._official(file), self._catalogue.vocabulary)

    def import_catalogue(self, file: Path) -> Path:
        """Put an official list in force in this installation.

        Raises:
            BadDefinition: the list is wrong, with its line.
            NoOfficeFolder: these definitions have no folder of the office's own.
        """
        official = self._official(file)
        if self._office is None:
            raise NoOfficeFolder
        target = write_official(official, self._office / "catalogue")
        for name in ("_catalogue", "_catalogue_file"):
            self.__dict__.pop(name, None)  # read anew when it is next asked for
        return target

    def comparison_list(self, campaign: str) -> Sequence[ListedEnterprise]:
        folders = [self._data / "campaigns" / campaign / "comparison", *self._office_folders("comparison", campaign)]
        paths = [path for folder in folders for path in sorted(folder.glob("*.csv"))]
        return load_comparison_lists(paths, campaign=self.campaign(campaign))

    def refusal(self, code: str) -> tuple[str, str]:
        return self._refusals[code]

    def suites(self) -> Mapping[str, Sequence[RuleEntry]]:
        """Return the rules of each form, as the checker and the warehouse take them."""
        return {form: load_suite(self._expectations / f"{form}.yaml") for form in self.forms()}

    def _official(self, file: Path) -> CatalogueFile:
        official = read_official(file, current=self._catalogue_file, catalogue=self._catalogue)
        validated(official, path=file, words=self._data / "catalogue")
        return official

    def _office_folders(self, *names: str) -> list[Path]:
        return [self._office.joinpath(*names)] if self._office else []

    @property
    def _catalogue_path(self) -> Path:
        own = [path for folder in self._office_folders("catalogue") for path in folder.glob("catalogue.yaml")]
        return own[0] if own else max((self._data / "catalogue").glob("national-*.yaml"))

    @cached_property
    def _catalogue_file(self) -> CatalogueFile:
        return read_model(self._catalogue_path, CatalogueFile)

    @cached_property
    def _catalogue(self) -> Catalogue:
        return load_catalogue(self._catalogue_path, words=self._data / "catalogue")

    @cached_property
    def _forms(self) -> Mapping[str, Form]:
        return load_forms(self._data / "forms")

    @cached_property
    def _reading_rules(self) -> Mapping[str, Rule]:
        return load_rules(self._expectations / "reading.yaml")

    @cached_property
    def _refusals(self) -> Mapping[str, tuple[str, str]]:
        return load_refusals(self._data / "refusals.yaml")
