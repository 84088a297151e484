"""What the use cases need of the outside world, as abstract classes; adapters and their in-memory twins fulfil them."""

from phaseout.ports.backups import (
    BackupDamaged,
    BackupStore,
    DispatchStops,
    LedgerCopier,
    LedgerCopy,
    LedgerCopyFailed,
    NoBackup,
)
from phaseout.ports.checks import Checker, RuleDidNotRun, StagedWorkbook, Warehouse, holds
from phaseout.ports.definitions import Definitions
from phaseout.ports.documents import Documents, Made
from phaseout.ports.extracts import Extracts
from phaseout.ports.intake import (
    Archive,
    ArchiveDamaged,
    Intake,
    MessageReader,
    NotFetched,
    PictureReader,
    WorkbookReader,
)
from phaseout.ports.ledger import Assessment, DeliveryRecord, EarlierMessage, Lease, LeaseLost, Ledger
from phaseout.ports.letters import Composer, Invitations, LetterWriter, Outgoing, Pages, Post, Sender
from phaseout.ports.plans import SENDER, Contact
from phaseout.ports.workbooks import FormSheet, FormStamp, MarkedCopies, WorkbookWriter

__all__ = [
    "SENDER",
    "Archive",
    "ArchiveDamaged",
    "Assessment",
    "BackupDamaged",
    "BackupStore",
    "Checker",
    "Composer",
    "Contact",
    "Definitions",
    "DeliveryRecord",
    "DispatchStops",
    "Documents",
    "EarlierMessage",
    "Extracts",
    "FormSheet",
    "FormStamp",
    "Intake",
    "Invitations",
    "Lease",
    "LeaseLost",
    "Ledger",
    "LedgerCopier",
    "LedgerCopy",
    "LedgerCopyFailed",
    "LetterWriter",
    "Made",
    "MarkedCopies",
    "MessageReader",
    "NoBackup",
    "NotFetched",
    "Outgoing",
    "Pages",
    "PictureReader",
    "Post",
    "RuleDidNotRun",
    "Sender",
    "StagedWorkbook",
    "Warehouse",
    "WorkbookReader",
    "WorkbookWriter",
    "holds",
]
