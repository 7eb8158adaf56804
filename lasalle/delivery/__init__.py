"""Evidence of a physical delivery: terms, rows, signed readings, the log they stand in."""

from lasalle.delivery.chain import Chain
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.faults import Breach, EvidenceRefused, Fault
from lasalle.delivery.growing import GrowingLog, Shelf
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.readings import (
    AnyReading,
    CapacityReading,
    Entry,
    Quality,
    WorkReading,
    read_entry,
    sign,
)
from lasalle.delivery.rows import CapacityRow, Mark, Row, WorkRow, row_bytes, rows_root
from lasalle.delivery.statements import (
    Answer,
    CounterReading,
    Determination,
    Dispute,
    Event,
    Happening,
)
from lasalle.delivery.terms import Cosigner, Meter, Product, Side, Specification, Terms

__all__ = [
    "Answer", "AnyReading", "Breach", "CapacityReading", "CapacityRow", "Chain", "Cosigner",
    "Cosigning", "CounterReading", "DeliveryLog", "Determination", "Dispute", "Entry", "Event",
    "EvidenceRefused", "Fault", "GrowingLog", "Happening", "Mark", "Meter", "Product", "Quality",
    "Row", "Seen", "Shelf", "Side", "SigningKey", "Specification", "Terms", "WorkReading",
    "WorkRow", "read_entry", "row_bytes", "rows_root", "sign",
]  # fmt: skip
