"""The tables of the ledger (报送台账); each has the natural key by which a write may be repeated."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint, false

from phaseout.adapters.ledger.columns import Counts, Instant, Texts, Word
from phaseout.domain.campaign import CalendarPolicy, Hardness
from phaseout.domain.decision import Decision
from phaseout.domain.evidence import BANDS, EvidencePhase, MatchedBy, PictureFault
from phaseout.domain.finding import Severity
from phaseout.domain.letter import DispatchOutcome, LetterKind, LetterState
from phaseout.domain.outbox import DispatchAct
from phaseout.domain.submission import Channel, FileKind, Outcome

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

campaign = Table(
    "campaign",
    metadata,
    Column("number", Integer, primary_key=True),  # the order in which campaigns were opened
    Column("id", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("source_hash", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
)

obligation = Table(
    "obligation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("campaign", ForeignKey("campaign.id"), nullable=False),
    Column("position", Integer, nullable=False),  # the order in which it was planned
    Column("unit", Text, nullable=False),
    Column("milestone", Text, nullable=False),
    Column("form", Text),
    Column("industry", Text),
    Column("period", Text),
    Column("opens", Date, nullable=False),
    Column("nominal_due", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("due_policy", Word(CalendarPolicy), nullable=False),
    Column("reminder_date", Date, nullable=False),
    Column("closes", Date, nullable=False),
    Column("hardness", Word(Hardness), nullable=False),
    Column("basis", Text, nullable=False),
    Column("is_paper", Boolean, nullable=False, server_default=false()),
    Column("written_at", Instant),  # not said by older releases
    Index(None, "campaign", "position"),
)

extension = Table(
    "extension",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("obligation", ForeignKey("obligation.id"), nullable=False),
    Column("due", Date, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
    UniqueConstraint("obligation", "granted_at", "due"),
)

reopening = Table(
    "reopening",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("obligation", ForeignKey("obligation.id"), nullable=False),
    Column("until", Date, nullable=False),
    Column("reopened_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reopened_at", Instant, nullable=False),
    UniqueConstraint("obligation", "until"),
)

contact = Table(  # the one table about people
    "contact",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("campaign", ForeignKey("campaign.id"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("by", Text),  # who of the office registered it, and why
    Column("reason", Text),
    UniqueConstraint("campaign", "unit", "role", "valid_from", "address"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("number", Integer, primary_key=True),  # the order in which deliveries were collected
    Column("id", Text, nullable=False, unique=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("channel", Word(Channel), nullable=False),
    Column("ref", Text, nullable=False),
    Column("arrived_at", Instant, nullable=False),
    Column("collected_at", Instant, nullable=False),
    Column("unit", Text),
    Column("file_name", Text),
    Column("sender", Text),
    Column("subject", Text, nullable=False),
    Column("outcome", Word(Outcome)),
    Column("reason", Text, nullable=False),
    Column("message_id", Text, index=True),  # as the sender's mail says; a hint only
    Index(None, "channel", "ref"),
    Index(None, "outcome", "arrived_at"),
)

quarantine_decision = Table(
    "quarantine_decision",
    metadata,
    Column("number", Integer, primary_key=True),  # the order of decision; the newest counts
    Column("delivery", ForeignKey("delivery.id"), nullable=False, index=True),
    Column("is_accepted", Boolean, nullable=False),
    Column("unit", Text),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", Instant, nullable=False),
)

submission = Table(
    "submission",
    metadata,
    Column("number", Integer, primary_key=True),  # the order of decision
    Column("id", Text, nullable=False, unique=True),
    Column("obligation", ForeignKey("obligation.id"), nullable=False),
    Column("delivery", ForeignKey("delivery.id"), nullable=False, index=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("file_name", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("industry", Text),
    Column("period", Text),
    Column("version", Integer, nullable=False),
    Column("arrived_at", Instant, nullable=False),
    Column("is_zero", Boolean, nullable=False),
    Column("decision", Word(Decision), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("figures", Counts, nullable=False),
    Column("check_figure", Text),
    UniqueConstraint("obligation", "version"),
    Index(None, "unit", "sha256"),
)

finding = Table(
    "finding",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("submission", ForeignKey("submission.id"), nullable=False, index=True),
    Column("rule", Text, nullable=False),
    Column("severity", Word(Severity), nullable=False),
    Column("title", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("sheet", Text),
    Column("row", Integer),
    Column("cell", Text),
    Column("field", Text),
    Column("field_label", Text),
    Column("found", Text),
    Column("expected", Text),
    Column("item", Text),
    Column("explained_on", Date),
    Column("waived_on", Date),
)

explanation = Table(  # free text: it stays here, never in the warehouse
    "explanation",
    metadata,
    Column("number", Integer, primary_key=True),  # the order in which they were given
    Column("id", Text, nullable=False, unique=True),  # of submission and subject, which are too long for a key
    Column("campaign", ForeignKey("campaign.id"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("industry", Text),
    Column("rule", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("submission", ForeignKey("submission.id"), nullable=False),
    Column("delivery", ForeignKey("delivery.id"), nullable=False),
    Column("day", Date, nullable=False),
    Index(None, "campaign", "unit"),
)

waiver = Table(
    "waiver",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("campaign", ForeignKey("campaign.id"), nullable=False, index=True),
    Column("unit", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("item", Text),
    Column("form", Text),
    Column("industry", Text),
    Column("period", Text),
    Column("until", Date),
    Column("granted_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
)

waiver_withdrawal = Table(
    "waiver_withdrawal",
    metadata,
    Column("waiver", ForeignKey("waiver.number"), primary_key=True),
    Column("withdrawn_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("withdrawn_at", Instant, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("delivery", ForeignKey("delivery.id"), nullable=False),
    Column("campaign", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("kind", Word(FileKind), nullable=False),
    Column("size", Integer, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("captured_at", Instant),
    Column("look", Text),
    Column("fault", Word(PictureFault)),
    *(
        Column(f"band_{position}", Integer, index=True) for position in range(BANDS)
    ),  # of the look, to find near ones by
    Column("enterprise", Text),
    Column("item", Text),
    Column("phase", Word(EvidencePhase)),
    Column("matched_by", Word(MatchedBy)),
    UniqueConstraint("delivery", "file_name", "sha256"),
    Index(None, "campaign", "unit"),
)

evidence_assignment = Table(
    "evidence_assignment",
    metadata,
    Column("number", Integer, primary_key=True),  # the newest of the same bytes counts
    Column("campaign", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("phase", Word(EvidencePhase)),
    Column("assigned_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("assigned_at", Instant, nullable=False),
    Index(None, "campaign", "sha256"),
)

catalogue_import = Table(
    "catalogue_import",
    metadata,
    Column("number", Integer, primary_key=True),  # the order in which they came into force
    Column("title", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("in_force_sha256", Text, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
    UniqueConstraint("sha256", "imported_at"),
)

letter = Table(
    "letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("campaign", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("kind", Word(LetterKind), nullable=False),
    Column("day", Date, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("copy_to", Texts, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_id", Text, nullable=False, index=True),
    Column("raw_sha256", Text, nullable=False),
    Column("state", Word(LetterState), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("delivery", ForeignKey("delivery.id")),
    Column("claimed_at", Instant),
    Column("not_before", Instant),
    Column("settled_at", Instant),
    Column("note", Text),
    Column("urgency", Integer, nullable=False, server_default="0"),  # its kind's place in the order of dispatch
    Column("is_overtaken", Boolean, nullable=False, server_default=false()),  # a file came while it was under way
    Column("resent_at", Instant),  # a person let it leave again
    Index(None, "campaign", "day"),
    Index(None, "state", "urgency"),
)

letter_item = Table(
    "letter_item",
    metadata,
    Column("obligation", ForeignKey("obligation.id"), primary_key=True),
    Column("rung", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("letter", ForeignKey("letter.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
)

dispatch = Table(
    "dispatch",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("letter", ForeignKey("letter.id"), nullable=False),
    Column("tried_at", Instant, nullable=False, index=True),
    Column("outcome", Word(DispatchOutcome), nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint("letter", "tried_at", "outcome"),
)

dispatch_decision = Table(
    "dispatch_decision",
    metadata,
    Column("number", Integer, primary_key=True),  # the order of decision; the newest counts
    Column("letter", ForeignKey("letter.id"), nullable=False),
    Column("act", Word(DispatchAct), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", Instant, nullable=False),
    UniqueConstraint("letter", "act", "decided_at"),
)

bounce = Table(  # also of mails that are none of ours: which are ours is asked when it is read
    "bounce",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("delivery", ForeignKey("delivery.id"), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("status", Text),
    Column("message_id", Text, nullable=False, index=True),
    UniqueConstraint("delivery", "recipient"),
)

approval = Table(
    "approval",
    metadata,
    Column("letter", ForeignKey("letter.id"), primary_key=True),
    Column("is_released", Boolean, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("raw_sha256", Text, nullable=False),  # of the text that was decided on
)

stock = Table(
    "stock",
    metadata,
    Column("campaign", ForeignKey("campaign.id"), primary_key=True),
    Column("milestone", Text, primary_key=True),
    Column("period", Text, primary_key=True),  # empty for none: a key column holds no NULL
    Column("taken_at", Instant, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
)

publication = Table(
    "publication",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("campaign", ForeignKey("campaign.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("content_hash", Text, nullable=False),
    Index(None, "campaign", "number"),
)

revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True),  # one row
    Column("number", Integer, nullable=False),
)
