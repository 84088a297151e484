"""What waits for a person (待办): todo.html."""

from collections.abc import Iterator
from itertools import groupby

from phaseout.adapters.pages.page import Page
from phaseout.domain.site import SiteFacts


def pages(facts: SiteFacts) -> Iterator[Page]:
    """Yield todo.html: by how pressing it is, the oldest first."""
    content = {
        "sections": [(pressing, list(own)) for pressing, own in groupby(facts.todos, key=lambda one: one.pressing)],
        "count": len(facts.todos),
        "units": {unit["unit_code"] for unit in facts.answers["units"]},  # which have a page
        "signing": facts.signing,
    }
    yield Page("todo.html", "todo", "todo.html.j2", content)
