"""The years of a part of a data file: `since` and `until`, both included."""

from pydantic import model_validator

from phaseout.adapters.definitions.yaml_data import Definition
from phaseout.domain.years import Years


class Dated(Definition):
    """A part that holds only in some campaign years; without years, in all."""

    since: int | None = None
    until: int | None = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "Dated":
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError(f"since {self.since} is after until {self.until}")
        return self

    def words(self) -> dict[str, object]:
        """Return its keys and values, the years as one value."""
        words = {name: value for name, value in self if name not in {"since", "until"}}
        return {**words, "years": Years(self.since, self.until)}
