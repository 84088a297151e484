"""What an installation sets, from the environment (`PHASEOUT_…`); read by bootstrap alone."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[2]


class Proof(StrEnum):
    """How much proof of its sender a mail must give."""

    NONE = "none"
    PROVIDER = "provider"
    DKIM_OR_PROVIDER = "dkim_or_provider"


class Settings(BaseSettings):
    """Every setting, with the value that suits a first look on one machine."""

    model_config = SettingsConfigDict(env_prefix="PHASEOUT_", frozen=True)

    home: Path = Field(default=Path("var"), description="All we ever write lies below this folder.")
    project: Path = Field(default=PROJECT, description="The folder with data/ and expectations/.")
    ledger_url: str | None = Field(default=None, description="The ledger's database; SQLite in the home if not set.")
    mailbox_url: str | None = Field(
        default=None,
        description="The office's mailbox: imaps://user@host/FOLDER or maildir:///path; the home's Maildir if not set.",
    )
    mailbox_password: SecretStr | None = Field(
        default=None, description="The mailbox's password, at most providers an authorization code (授权码)."
    )
    mailbox_password_file: Path | None = Field(
        default=None, description="A file with that password which nobody else may read (chmod 600)."
    )
    mailbox_ca_file: Path | None = Field(
        default=None, description="The certificates to trust for the mailbox; the system's if not set."
    )
    mailbox_largest_mail: int = Field(
        default=60_000_000,
        ge=1_000_000,
        description="Bytes; of a larger mail only the head is taken, and its sender is asked for the files alone.",
    )
    mailbox_timeout: float = Field(
        default=60.0, gt=0, description="Seconds after which a silent mail server counts as gone."
    )
    smtp_url: str | None = Field(
        default=None,
        description="smtp://user:password@host:port?tls=none|starttls|ssl; without it letters stay in outgoing/.",
    )
    authserv_id: str = Field(
        default="mail.office.example",
        description="The name by which the mailbox's own provider signs Authentication-Results headers.",
    )
    require_authentic: Proof = Field(
        default=Proof.PROVIDER,
        description=(
            "Who must vouch for a sender, else the delivery is quarantined: `none`, `provider` (the mailbox's own), or "
            "`dkim_or_provider` (the signature of the sender's domain will do; its key is asked of DNS)."
        ),
    )
    message_host: str = Field(default="phaseout.example", description="The right side of our Message-IDs.")
