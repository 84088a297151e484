"""A page of the site: where it lies, from which template, with what."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its module describes it; what the layout says is common to all and not repeated here."""

    path: str  # below the folder of the site, such as units/320500.html
    entry: str  # which entry of the navigation it belongs to
    template: str  # in data/pages
    content: Mapping[str, object]  # what the template takes beside the common facts
    is_entry: bool = True  # it is what the navigation leads to, not a page below that
    is_steady: bool = False  # it says nothing of the instant: as long as its content stays, so does its file

    @property
    def root(self) -> str:
        """The way from the page to the folder of index.html."""
        return "../" * self.path.count("/")
