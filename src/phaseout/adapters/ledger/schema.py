"""Brings a ledger's tables up to date before it is used."""

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, select, text

from phaseout.adapters.ledger import tables
from phaseout.adapters.ledger.engine import Database, NotALedger
from phaseout.errors import OperatorError

# The newest revision under migrations/versions; a test holds the two together.
HEAD = "0011"
MIGRATIONS = Path(__file__).parent / "migrations"

# As Alembic itself makes it.
version_table = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


class LedgerFromElsewhen(OperatorError):
    """The ledger was written by a newer release than this one."""

    def __init__(self, *, database: str, version: str) -> None:
        self.database = database
        self.version = version
        super().__init__(f"{database} has version {version}, this release knows only {HEAD}; install a newer release")


def bring_up_to_date(database: Database) -> None:
    """Create the tables of a new ledger, or migrate an older one; nothing happens if it is current.

    Raises:
        NotALedger: the database holds something else.
        LedgerFromElsewhen: a newer release wrote it.
    """
    with database.reading() as connection:
        if version_of(connection) == HEAD:
            return
    with database.writing(is_counted=False) as writer:
        version = version_of(writer.connection)  # another process may have been faster
        if version is None:
            _create(writer.connection, name=database.name)
        elif version != HEAD:
            _migrate(writer.connection, name=database.name, version=version)


def version_of(connection: Connection) -> str | None:
    """Return the revision of a ledger's tables; None where there are none."""
    if not inspect(connection).has_table(version_table.name):
        return None
    version: str | None = connection.scalar(select(version_table.c.version_num))
    return version


def _create(connection: Connection, *, name: str) -> None:
    if found := inspect(connection).get_table_names():
        raise NotALedger(database=name, reason=f"it holds the tables {', '.join(sorted(found))}")
    if (
        connection.dialect.name == "postgresql"
        and (encoding := connection.scalar(text("SHOW server_encoding"))) != "UTF8"
    ):
        raise NotALedger(database=name, reason=f"its encoding is {encoding}; make it with ENCODING 'UTF8'")
    tables.metadata.create_all(connection, checkfirst=False)
    version_table.create(connection)
    connection.execute(insert(version_table).values(version_num=HEAD))
    connection.execute(insert(tables.revision).values(id=1, number=0))


def _migrate(connection: Connection, *, name: str, version: str) -> None:
    # Alembic takes longer to import than the rest of a command takes to run; an up-to-date ledger never needs it.
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version not in known:
        raise LedgerFromElsewhen(database=name, version=version)
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
