"""The state a correction begins from, made anew from the bundles before it rather than believed."""

from __future__ import annotations

import json
from datetime import date

from lasalle.indices.bundle import BundleError, recompute
from lasalle.indices.chain import State, parse_state
from lasalle.indices.published import ChainMethod, MethodError
from lasalle.institution.index_store import IndexStore


def state_before(store: IndexStore, method: ChainMethod, day: date) -> State:
    """What the chain knew when a final date began. Raises ValueError naming the date and the item
    that differs.

    Every bundle up to the date, from the first of the record or the first after an earlier
    correction, gives the fixing its final row has, and begins from the state that the one before it
    leaves; the first of the record begins from nothing.
    """
    index, record, wanted = method.index, store.record(method.index), day.isoformat()
    span = store.corrected(index)
    first = span[1] if span and span[1] < wanted else ""
    dates = sorted({r.fixing["day"] for r in record.rows} | {wanted})
    left = "" if first else State().root
    before = State()
    for name in dates:
        if not first < name <= wanted:
            continue
        bundle, row = store.bundle(index, name), record.settles(name)
        if bundle is None or row is None:
            raise ValueError(
                f"--correct: expected a final date of {index} with a bundle, found {name}"
            )
        try:
            found = recompute(bundle, row.fixing)
            faults = list(found.faults)
            before = parse_state([line.encode("ascii") for line in json.loads(bundle)["state"]])
        except (BundleError, MethodError) as error:
            raise ValueError(f"--correct: {index} {name}: {error}") from error
        if left and before.root != left:
            since = _since(name, dates)
            faults.append(f"state_before: expected {left}, which {since} leaves, "
                          f"found {before.root}")  # fmt: skip
        if faults:
            raise ValueError(f"--correct: {index} {name}: {faults[0]}")
        left = str(found.made["state_after"])
    return before


def _since(name: str, dates: list[str]) -> str:
    """Whose state a date begins from, in words."""
    earlier = [day for day in dates if day < name]
    return earlier[-1] if earlier else "the beginning"
