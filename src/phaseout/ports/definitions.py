"""What the office may change, as values."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from phaseout.domain.campaign import Campaign
from phaseout.domain.catalogue import Catalogue
from phaseout.domain.catalogue_change import CatalogueOffer
from phaseout.domain.evidence_names import EvidenceCustoms
from phaseout.domain.finding import Rule
from phaseout.domain.form import Form
from phaseout.domain.health_words import HealthWords
from phaseout.domain.omission import ListedEnterprise, Signal


class Definitions(ABC):
    """What the office may change: campaigns, forms, rules, refusals; read from data."""

    @abstractmethod
    def campaigns(self) -> Sequence[str]:
        """Return the ids of the campaigns on hand."""

    @abstractmethod
    def campaign(self, campaign: str) -> Campaign:
        """Return a campaign.

        Raises:
            BadDefinition: the data is wrong, with file and line.
        """

    @abstractmethod
    def forms(self) -> Mapping[str, Form]:
        """Return the forms by id, each over all its years; `in_year` gives that of a campaign."""

    @abstractmethod
    def reading_rules(self) -> Mapping[str, Rule]:
        """Return the rules of reading: what makes a cell or a layout unreadable."""

    @abstractmethod
    def catalogue(self) -> Catalogue:
        """Return the catalogue in force: the office's official list, or ours."""

    @abstractmethod
    def offered_catalogue(self, file: Path) -> CatalogueOffer:
        """Return what an official list would put in force; nothing is changed.

        Raises:
            BadDefinition: the list is wrong, with its line.
        """

    @abstractmethod
    def comparison_list(self, campaign: str) -> Sequence[ListedEnterprise]:
        """Return the enterprises of outside lists against which a campaign's survey is held."""

    @abstractmethod
    def omission_signals(self) -> Sequence[Signal]:
        """Return the signals of suspected omissions, the strongest first."""

    @abstractmethod
    def evidence_customs(self) -> EvidenceCustoms:
        """Return how pictures of closures are named, and when two look the same."""

    @abstractmethod
    def health_words(self) -> HealthWords:
        """Return what is said of troubles, to the office and to its administrator."""

    @abstractmethod
    def refusal(self, code: str) -> tuple[str, str]:
        """Return title and remedy of a refusal, in Chinese."""
