"""What an installation sets, from the environment (`PHASEOUT_…`); read by bootstrap alone."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Every setting, with the value that suits a first look on one machine."""

    model_config = SettingsConfigDict(env_prefix="PHASEOUT_", frozen=True)

    home: Path = Field(default=Path("var"), description="All we ever write lies below this folder.")
    project: Path = Field(default=PROJECT, description="The folder with data/ and expectations/.")
    ledger_url: str | None = Field(default=None, description="The ledger's database; SQLite in the home if not set.")
    mailbox_url: str | None = Field(default=None, description="The office's mailbox; the home's Maildir if not set.")
    smtp_url: str | None = Field(
        default=None,
        description="smtp://user:password@host:port?tls=none|starttls|ssl; without it letters stay in outgoing/.",
    )
    authserv_id: str = Field(
        default="mail.office.example",
        description="The name by which the mailbox's own provider signs Authentication-Results headers.",
    )
    require_authentic: bool = Field(
        default=True, description="Whether the provider must vouch for a sender; else the delivery is quarantined."
    )
    message_host: str = Field(default="phaseout.example", description="The right side of our Message-IDs.")
