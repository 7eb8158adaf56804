"""The index desk's words to the core: a fixing as the command that publishes it."""

from __future__ import annotations

from lasalle import wire
from lasalle.contracts import day_number
from lasalle.indices.method import Fixing

INDEX = 1
"""Number of H100-US on the log."""


def fixing_command(fixing: Fixing, index: int = INDEX) -> wire.PublishFixing:
    """The fixing of a date with its marks, its method and the digest of its inputs (CLR-014)."""
    return wire.PublishFixing(
        index=index,
        day=day_number(fixing.day),
        price=fixing.price_micro_dollars,
        carried=fixing.carried,
        simulated=fixing.simulated,
        method=fixing.method_version,
        inputs=bytes.fromhex(fixing.input_sha256),
    )
