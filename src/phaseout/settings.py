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

    def of_other_home(self, home: Path, *, ledger_url: str | None = None) -> "Settings":
        """Return the settings for a home beside ours, on this machine alone; its ledger is SQLite if not named.

        Warehouse, ledger and cluster of our own home are none of its business.
        """
        own = {"home": home, "local": None, "holds_warehouse": True, "ledger_url": ledger_url, "dask_address": None}
        return self.model_copy(update=own)

    home: Path = Field(default=Path("var"), description="All we ever write lies below this folder.")
    local: Path | None = Field(
        default=None,
        description=(
            "Where several machines share the home: the folder of what is this machine's alone, such as warehouse, "
            "Prefect's files, logs and locks; the home if not set."
        ),
    )
    holds_warehouse: bool = Field(
        default=True,
        description=(
            "Whether this machine holds the warehouse, as one of several does; the others collect and send, and leave "
            "the rest to it."
        ),
    )
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
        description=(
            "The office's mail server: smtp://user@host:port?tls=ssl|starttls|none; without it letters stay in "
            "outgoing/. In the clear (`none`) only to this machine."
        ),
    )
    smtp_password: SecretStr | None = Field(
        default=None, description="Its password, at most providers an authorization code (授权码)."
    )
    smtp_password_file: Path | None = Field(
        default=None, description="A file with that password which nobody else may read (chmod 600)."
    )
    smtp_ca_file: Path | None = Field(
        default=None, description="The certificates to trust for the mail server; the system's if not set."
    )
    smtp_timeout: float = Field(
        default=30.0, gt=0, le=120, description="Seconds after which a silent mail server counts as gone."
    )
    smtp_per_connection: int = Field(
        default=20, ge=0, description="Letters over one connection; 0 for any number. NetEase cuts longer ones."
    )
    smtp_per_window: int = Field(
        default=30,
        ge=0,
        description=(
            "Letters in a quarter of an hour; 0 for any number. The most urgent leave first, the others wait. A letter "
            "with copies counts once."
        ),
    )
    smtp_per_day: int = Field(
        default=200,
        ge=0,
        description="Letters on a day in China; 0 for any number. What is left over is planned anew the next day.",
    )
    quiet_hours: str = Field(
        default="20:00-07:00",
        description=(
            "In China's time: in these hours, and on days off, only answers to what units sent leave; empty for none."
        ),
    )
    authserv_id: str | None = Field(
        default=None,
        description=(
            "The name by which the mailbox's own provider signs Authentication-Results headers, as it stands in mail "
            "that it delivered. Without it no provider is believed about mail of the mailbox named above: it waits in "
            "quarantine, and `collect` warns."
        ),
    )
    require_authentic: Proof = Field(
        default=Proof.PROVIDER,
        description=(
            "Who must vouch for a sender, else the delivery is quarantined: `none`, `provider` (the mailbox's own), or "
            "`dkim_or_provider` (the signature of the sender's domain will do; its key is asked of DNS)."
        ),
    )
    message_host: str = Field(default="phaseout.example", description="The right side of our Message-IDs.")
    office_phone: str | None = Field(
        default=None, description="The telephone number in letters; the campaign's own (办公电话) if not set."
    )
    signing_page: str | None = Field(
        default=None,
        description=(
            "The address at which staff open the flow runs, such as http://name:4200; the reminder of drafts that wait "
            "for release names it, or else the commands."
        ),
    )
    prefect_auth: SecretStr | None = Field(
        default=None,
        description=(
            "Name and password, as name:password, that Prefect's pages and its API ask for; made at the first start of "
            "`phaseout serve` and kept in prefect-auth in the home if not set."
        ),
    )
    prefect_auth_file: Path | None = Field(
        default=None, description="A file with both, which nobody else may read (chmod 600)."
    )
    runs_kept: int = Field(
        default=400, ge=1, description="Days for which Prefect shows a flow run; the ledger keeps what it did for ever."
    )
    idle_runs_kept: int = Field(
        default=2,
        ge=1,
        description="Days for which it shows a run that found nothing to do, of which there are hundreds a day.",
    )
    events_kept: int = Field(default=7, ge=1, description="Days for which it shows events, the finest grain of a run.")
    board_url: str | None = Field(
        default=None,
        description=(
            "The address at which staff open the board, such as http://name:8080/; the pages of flow runs link to it, "
            "or else name its file."
        ),
    )
    dask_address: str | None = Field(
        default=None,
        description=(
            "The scheduler of a Dask cluster, such as tcp://host:8786, whose machines share the archive and read "
            "workbooks for this one; read here if not set."
        ),
    )
    workbook_readers: int | None = Field(
        default=None,
        ge=1,
        le=32,
        description="Processes that read workbooks at once; half as many as there are cores, at most 4, if not set.",
    )
    workbook_largest_file: int = Field(
        default=20 << 20, ge=1 << 20, le=100 << 20, description="Bytes; a larger workbook is refused."
    )
    workbook_largest_inflated: int = Field(
        default=100 << 20, ge=1 << 20, le=1 << 30, description="Bytes of all parts of a workbook, unpacked."
    )
    workbook_most_parts: int = Field(default=2000, ge=20, le=10_000, description="Files packed into one workbook.")
    workbook_most_rows: int = Field(default=20_000, ge=100, le=100_000, description="Rows of a sheet.")
    workbook_most_columns: int = Field(default=200, ge=50, le=1000, description="Columns of a sheet.")
    workbook_most_cells: int = Field(
        default=500_000, ge=10_000, le=5_000_000, description="Cells with a value in all sheets of a workbook."
    )
    workbook_memory: int = Field(
        default=256 << 20,
        ge=64 << 20,
        le=4 << 30,
        description="Bytes that the process which reads workbooks may take; a file that needs more is refused.",
    )
    workbook_seconds: float = Field(
        default=10.0, ge=1, le=120, description="Seconds that one workbook may take, of the clock and of the processor."
    )
    workbook_strict: bool = Field(
        default=True, description="Whether workbooks in the strict variant of .xlsx are read; few programs write it."
    )
