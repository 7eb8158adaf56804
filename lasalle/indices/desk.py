"""The index desk's words to the core: a fixing, or a date without one, as the command that puts it
on the log."""

from __future__ import annotations

from lasalle import wire
from lasalle.contracts import day_number
from lasalle.indices.method import Fixing, NoFix

INDEX = 1
"""Number of H100-US on the log."""
ONE_LIST = 55
"""Number of H100-GCP-US-CENTRAL1 on the log of the training run."""


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


def no_fix_command(told: NoFix, index: int) -> wire.DeclareNoFix:
    """A date without a fixing, with its reason (CLR-017)."""
    return wire.DeclareNoFix(
        index=index,
        day=day_number(told.day),
        reason=wire.NoFixReason[told.reason.upper()],
        method=told.method_version,
        inputs=bytes.fromhex(told.input_sha256) or bytes(32),
    )
