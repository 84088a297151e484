"""What the office may change, as values."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from phaseout.domain.campaign import Campaign
from phaseout.domain.catalogue import Catalogue
from phaseout.domain.finding import Rule
from phaseout.domain.form import Form
from phaseout.domain.omission import ListedEnterprise


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
        """Return the forms by id."""

    @abstractmethod
    def reading_rules(self) -> Mapping[str, Rule]:
        """Return the rules of reading: what makes a cell or a layout unreadable."""

    @abstractmethod
    def catalogue(self) -> Catalogue:
        """Return the catalogue in force: the office's official list, or ours."""

    @abstractmethod
    def comparison_list(self, campaign: str) -> Sequence[ListedEnterprise]:
        """Return the enterprises of outside lists against which a campaign's survey is held."""

    @abstractmethod
    def refusal(self, code: str) -> tuple[str, str]:
        """Return title and remedy of a refusal, in Chinese."""
