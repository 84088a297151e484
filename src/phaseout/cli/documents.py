"""Documents for the office to sign and publish (公文): written, listed, and their templates checked."""

from pathlib import Path
from typing import Annotated

import typer

from phaseout.bootstrap import open_app
from phaseout.cli.common import AsJson, AsOf, CampaignId, campaign_meant, instant, open_campaign_meant, say, show
from phaseout.domain.document import DOCUMENT_WORDS, DocumentKind

documents = typer.Typer(
    help="Write bulletins, tables and reports; list their versions; check Word templates.", no_args_is_help=True
)

Period = Annotated[str | None, typer.Option("--period", metavar="YYYY-MM", help="The month of a bulletin.")]


@documents.command("write")
def write(
    kind: DocumentKind,
    campaign: CampaignId = None,
    period: Period = None,
    as_of: AsOf = None,
    as_json: AsJson = False,  # noqa: FBT002  an option of the command line
) -> None:
    """Write a document into published/; unchanged figures make no new version."""
    from phaseout.bootstrap.documents import write as write_one  # noqa: PLC0415  the warehouse is opened for it

    with open_app() as app:
        meant = open_campaign_meant(app, campaign)
        written = write_one(app, meant, kind, period=period, as_of=instant(as_of))
        rows = [
            {
                "文件": DOCUMENT_WORDS[kind],
                "版次": f"第{written.version}版",
                "新版": "是" if written.is_new else "否",
                "位置": str(path),
            }
            for path in written.files
        ]
        show(rows, as_json=as_json)
        for note in written.notes:
            typer.echo(note, err=True)


@documents.command("list")
def list_(campaign: CampaignId = None, as_json: AsJson = False) -> None:  # noqa: FBT002  as above
    """List every version of every document, with the figures that it corrected."""
    with open_app() as app:
        rows = [
            {
                "文件": DOCUMENT_WORDS[one.kind],
                "报告期": one.period,
                "版次": f"第{one.version}版",
                "数据截止": one.as_of.replace(microsecond=0),
                "更正": len(one.changes),
                "位置": "；".join(one.files),
            }
            for one in app.ledger.documents(campaign_meant(app, campaign))
        ]
        show(rows, as_json=as_json, title="公文")


@documents.command("check")
def check(
    template: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A Word template (.docx).")],
    kind: Annotated[
        DocumentKind | None, typer.Option("--kind", help="Which document it is for; by its name if not given.")
    ] = None,
) -> None:
    """Check a Word template: which fields are missing, which are unknown."""
    from phaseout.bootstrap.documents import check as check_one  # noqa: PLC0415  Word files are read for it

    with open_app() as app:
        check_one(app, template, kind=kind)
    say(f"{template}：模板可以使用")
