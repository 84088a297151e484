"""Reads a workbook as the form of a campaign's year, and tells a file in the layout (版式) of another year."""

from phaseout.domain.form import Form, UnknownYear
from phaseout.domain.reading import read_form
from phaseout.domain.submission import Reading, Unreadable, Workbook

_STAMP_ROWS = 20  # what a workbook of ours says of itself stands at the top of its sheet


def read_in_year(workbook: Workbook, form: Form, year: int) -> tuple[Form, Reading]:
    """Return the form of a year and the workbook read as it.

    Raises:
        Unreadable: the workbook says that it has the layout of other years (other_layout), or nobody is asked for
            the form in that year (not_owed).
    """
    try:
        of_year = form.in_year(year)
    except UnknownYear as unknown:
        raise Unreadable("not_owed", facts={"found": form.title}) from unknown
    stamped = stamped_layout(workbook, form)
    if stamped not in {None, of_year.layout_version}:
        raise Unreadable("other_layout", facts={"found": f"{stamped}版"})
    return of_year, read_form(workbook, of_year)


def stamped_layout(workbook: Workbook, form: Form) -> str | None:
    """Return which layout of *form* a workbook says it has; None if it says none that the form ever had."""
    known = {layout.version for layout in form.layouts}
    for sheet in workbook.sheets:
        said = {str(row[0]): str(row[1]) for row in sheet.rows[:_STAMP_ROWS] if len(row) > 1}
        if said.get("form") == form.id and said.get("layout_version") in known:
            return said["layout_version"]
    return None
