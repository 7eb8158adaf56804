"""Which requests of a delivery a service level is judged on."""

from __future__ import annotations

import msgspec
import pytest

from lasalle.delivery.made_metering import made_specification
from lasalle.delivery.rows import Mark
from lasalle.delivery.service_level import Level, level_of, level_shown
from lasalle.delivery.terms import Side
from tests.delivery.test_judgement import PPM, read


@pytest.mark.rule("DEL-045")
def test_only_the_requests_that_were_planned_count() -> None:
    spec = made_specification(planned=20, ttft_ns=10_000_000, slo_ppm=500_000)
    _, rows = read(Side.BUYER)
    late = [msgspec.structs.replace(row, first_ns=row.last_ns) for row in rows]
    hour = 3_600 * 10**9
    assert level_shown(rows[:19], spec, hour).level is Level.OPEN
    assert level_shown(rows, spec, hour).level is Level.MET
    assert level_shown(late, spec, hour).level is Level.MISSED
    failed = [msgspec.structs.replace(row, marks=int(Mark.ERROR)) for row in rows]
    assert level_shown(failed, spec, hour).misses == 20
    last = sorted(row.sent_ns for row in rows)[19]
    assert level_shown(rows, spec, last + spec.timeout_ns).level is Level.MET
    assert level_shown(rows, spec, last + spec.timeout_ns - 1).level is Level.OPEN
    assert level_shown(late, spec, last).level is Level.MISSED


@pytest.mark.rule("DEL-045")
def test_requests_that_hang_are_counted_where_they_were_sent() -> None:
    """Fifty a second, every other one hangs until the limit: of the first 459 by their end none
    missed, and the level of 99 % would have been shown to be met."""
    spec = made_specification(planned=459, slo_ppm=990_000, ttft_ns=10**9)
    _, (row, *_) = read(Side.BUYER)
    rows = []
    for n in range(2_000):
        sent = n * 20_000_000
        ended = sent + (spec.timeout_ns if n % 2 else 200_000_000)
        rows.append(msgspec.structs.replace(
            row, nonce=f"{n:032x}", scheduled_ns=sent, sent_ns=sent, last_ns=ended,
            first_ns=ended, marks=int(Mark.TIMEOUT) if n % 2 else 0, completion=1,
        ))  # fmt: skip
    by_end = sorted(rows, key=lambda one: one.last_ns)
    assert not any(one.marks for one in by_end[:459])
    assert level_shown(by_end, spec, 3_600 * 10**9).misses == 229
    assert level_shown(by_end, spec, 3_600 * 10**9).level is Level.MISSED


@pytest.mark.rule("DEL-045")
def test_shares_and_numbers_out_of_bounds_are_refused() -> None:
    for words, said in (
        ("planned", (0, 0, 900_000, 900_000)),
        ("share", (0, 1, PPM, 900_000)),
        ("misses", (2, 1, 900_000, 900_000)),
    ):
        with pytest.raises(ValueError, match=words):
            level_of(*said)
