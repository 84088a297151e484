"""`phaseout contacts …`: who is written to at each unit, and who may send for it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from phaseout.bootstrap import App, open_app
from phaseout.cli.common import AsJson, AsOf, By, CampaignId, Reason, campaign_meant, instant, say, show, unit_meant
from phaseout.domain.contact_list import ROLES, ContactLine
from phaseout.ports import SENDER, Contact
from phaseout.usecases.register_contacts import ContactChange

contacts = typer.Typer(help="Who is written to.", no_args_is_help=True)
Campaign = Annotated[str | None, typer.Option("--campaign", help="The one opened last if not given.")]

_WORDS = {role: word for word, role in ROLES.items()}
# Where a contact comes from that nobody of the office registered.
_SOURCES = {"contact": "contact form", SENDER: "quarantine"}


@contacts.command("list")
def list_contacts(campaign: CampaignId = None, *, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List the contacts that are valid, with their source: campaign data, a contact form, or the office."""
    with open_app() as home:
        rows = [
            {
                "unit": contact.unit,
                "role": contact.role,
                "name": contact.name,
                "address": contact.address,
                "phone": contact.phone or None,
                "valid_from": contact.valid_from,
                "source": "office" if contact.by else _SOURCES.get(contact.role, "campaign data"),
                "by": contact.by,
                "reason": contact.reason,
            }
            for contact in home.ledger.contacts(campaign_meant(home, campaign), as_of=instant(as_of))
        ]
    show(rows, as_json=as_json, title="contacts")


@contacts.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv or .xlsx: 填报单位, 角色, 姓名, 邮箱, 电话.")],
    *,
    by: By,
    reason: Reason,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else the differences are shown and nothing more.")] = False,
    campaign: Campaign = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Register a list of contacts whole, or not at all; what is wrong is said line by line."""
    from phaseout.adapters.contact_list import read_contact_list  # noqa: PLC0415

    lines = read_contact_list(file)
    changes = _register(lines, campaign=campaign, is_done=yes, by=by, reason=reason, as_of=as_of)
    show([_row(one) for one in changes], as_json=as_json, title="differences")
    if not as_json:
        say(_outcome(changes, is_done=yes))


@contacts.command("set")
def set_(
    unit: Annotated[str, typer.Argument(help="A unit's code or name.")],
    *,
    role: Annotated[str, typer.Option("--role", help="contact, unit_mailbox, leader or sender; or in Chinese.")],
    name: Annotated[str, typer.Option("--name", help="As it is if not given.")] = "",
    address: Annotated[str, typer.Option("--address", help="As it is if not given.")] = "",
    phone: Annotated[str, typer.Option("--phone", help="As it is if not given.")] = "",
    by: By,
    reason: Reason,
    campaign: Campaign = None,
    as_of: AsOf = None,
) -> None:
    """Register one contact of one unit; a sender is added to those that there are."""
    from phaseout.usecases.register_contacts import completed  # noqa: PLC0415

    with open_app() as home:
        meant = campaign_meant(home, campaign)
        code = unit_meant(home.definitions.campaign(meant), unit)
        written = ContactLine(1, code, ROLES.get(role, role), name.strip(), address.strip(), phone.strip())
        line = completed(written, meant, as_of=instant(as_of), ledger=home.ledger)
    changes = _register([line], campaign=campaign, is_done=True, by=by, reason=reason, as_of=as_of)
    for one in changes:
        say(f"{one.becomes.unit}, {_WORDS[one.becomes.role]}: {_said(one.becomes)}")
    if not changes:
        say("it is registered so already.")


def _register(
    lines: Sequence[ContactLine], *, campaign: str | None, is_done: bool, by: str, reason: str, as_of: str | None
) -> list[ContactChange]:
    from phaseout.usecases.register_contacts import changed_contacts, register_contacts  # noqa: PLC0415

    with open_app() as home:
        asked = _asked(home, by=by, reason=reason, as_of=as_of)
        act = register_contacts if is_done else changed_contacts
        return act(campaign_meant(home, campaign), lines, **asked)


def _asked(home: App, *, by: str, reason: str, as_of: str | None) -> dict[str, Any]:
    return {
        "by": by,
        "reason": reason,
        "as_of": instant(as_of),
        "definitions": home.definitions,
        "ledger": home.ledger,
    }


def _row(change: ContactChange) -> dict[str, object]:
    return {
        "unit": change.becomes.unit,
        "role": change.becomes.role,
        "change": "changed" if change.was else "new",
        "before": _said(change.was) if change.was else None,
        "after": _said(change.becomes),
    }


def _said(contact: Contact) -> str:
    return " ".join(part for part in (contact.name, f"<{contact.address}>", contact.phone) if part)


def _outcome(changes: Sequence[ContactChange], *, is_done: bool) -> str:
    if not changes:
        return "all of it is registered already."
    return f"{len(changes)} contacts registered." if is_done else "nothing was changed; add --yes to register them."
