"""Suppliers that are dishonest each in its own way, at an engine that is made up: every one is
charged with what it does, and the honest one with nothing. The real endpoint is tried in
test_real_endpoint.py."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from lasalle.delivery.auditing import Audited, audited
from lasalle.delivery.charges import Charge
from lasalle.delivery.counting import byte_counter
from lasalle.delivery.made_metering import made_specification
from lasalle.delivery.readings import WorkReading, read_entry
from lasalle.institution.metering.made_up_engine import MadeUpEngine
from lasalle.institution.metering.simulated import conducts, tallied, told
from lasalle.institution.metering.suppliers import DISHONEST, HONEST, Conduct
from lasalle.institution.metering.traffic import Arrival
from lasalle.institution.metering.trials import Endpoint, Trial, tried

MS = 1_000_000
SPEC = made_specification(
    input_counts="uncached_only", planned=30, slo_ppm=950_000, ttft_ns=1_500 * MS,
    confidence_ppm=990_000,
)  # fmt: skip
ARRIVALS = [Arrival(n * 0.004, 24, 4 + n % 5, shared=n % 3 == 0) for n in range(30)]
DUE = {
    "padded tokens": Charge.TOKENS,
    "hidden prompt billed": Charge.PROMPT,
    "cached prompts billed": Charge.CACHED,
    "slow tail": Charge.SLOW,
    "rate limited": Charge.REFUSED,
    "reclaimed mid-block": Charge.RECLAIMED,
    "replayed answers": Charge.REPLAYED,
    "lying usage counts": Charge.USAGE,
}


def tried_by(folder: Path, conduct: Conduct) -> Trial:
    async def story() -> Trial:
        engine = MadeUpEngine()
        await engine.start()
        try:
            return await tried(
                folder, conduct, Endpoint(("127.0.0.1", engine.port)), byte_counter(), ARRIVALS,
                SPEC, seed=4,
            )  # fmt: skip
        finally:
            await engine.stop()

    return asyncio.run(story())


def test_every_dishonest_supplier_but_the_one_with_other_weights_is_tried_here() -> None:
    assert {one.name for one in DISHONEST} - DUE.keys() == {"cheaper quantisation"}


@pytest.mark.rule("DEL-057")
def test_the_honest_supplier_is_charged_with_nothing(tmp_path: Path) -> None:
    found = tried_by(tmp_path, HONEST)
    assert found.seen.buyer.rows == len(ARRIVALS)
    assert found.seen.buyer.errors == 0
    assert found.seen.buyer.sum_cached > 0
    # Everything but time is beyond the load of the machine this runs on.
    assert found.charges <= {Charge.SLOW}
    for one in found.entries:
        assert isinstance(read_entry(one).statement, WorkReading)


@pytest.mark.rule("DEL-057")
@pytest.mark.parametrize("conduct", [one for one in DISHONEST if one.name in DUE],
                         ids=lambda one: str(one.name))  # fmt: skip
def test_a_dishonest_supplier_is_charged_with_what_it_does(
    conduct: Conduct, tmp_path: Path
) -> None:
    found = tried_by(tmp_path, conduct)
    assert DUE[conduct.name] in found.charges


@pytest.mark.rule("DEL-056")
def test_an_audit_tells_other_weights_and_needs_enough_tokens() -> None:
    honest = [0] * 63 + [240_000]
    assert audited(honest) == Audited(64, 3_750, 240_000)
    assert audited(honest).of_the_model
    coarse = [0] * 40 + [800_000] * 24
    assert not audited(coarse).of_the_model
    assert audited(coarse[-31:]).of_the_model
    assert not audited(honest * 2 + [1_500_000] * 3).of_the_model
    assert audited([10**12]).high == 20_000_000
    assert audited([]) == Audited(0, 0, 0)


@pytest.mark.rule("DEL-057")
def test_simulated_hours_are_judged_with_few_errors() -> None:
    """A few trials of each kind; `lasalle delivery honesty` counts many."""
    kinds = {one.name: (one, due) for one, due in conducts()}
    wrong = {name: tallied(*kinds[name], 6) for name in (
        "honest", "cheaper quantisation", "padded tokens, 2.0%", "cached prompts billed",
        "slow tail, 30% of requests", "reclaimed after 60 of 64", "replayed answers, 70%",
    )}  # fmt: skip
    assert {name: one.wrong_ppm <= 170_000 for name, one in wrong.items()} == dict.fromkeys(
        wrong, True
    )
    # What is too mild for so few requests is missed, and the table says so.
    mild = tallied(*kinds["slow tail, 10% of requests"], 6)
    assert mild.caught < mild.trials
    lines = told([mild, *wrong.values()])
    assert len(lines) == len(wrong) + 2
