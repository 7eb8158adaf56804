"""What version 4 of the method adds: a list that stands unread, publishers, and a mark."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lasalle.indices.bundle import day_of
from lasalle.indices.chain import Rung, Status, Step
from lasalle.indices.evidence import PriceType
from lasalle.indices.fixed_point import BILLION
from lasalle.indices.history import replay
from lasalle.indices.published import ChainMethod, method_of
from lasalle.institution.evidence import MARKET_FILE, chain_evidence
from lasalle.institution.settings import PRICES
from tests.indices.offers import SPOT, every, lived, seen

ABCD = ("a", "b", "c", "d")
LAST = date(2026, 7, 30)


@pytest.mark.rule("IDX-022")
def test_a_list_stands_a_reading_longer_marked_stale_and_then_no_more() -> None:
    """Read on the first and the second, missed twice: a week by the wider window, a week stale."""
    found = [s.fixing for s in lived(every(range(1, 3), 3.0, *ABCD), last=20)]
    assert [f.rung for f in found[2:9]] == [Rung.WIDER] * 7
    assert [(f.rung, f.marks) for f in found[9:16]] == [(Rung.STALE, ("carried", "stale"))] * 7
    assert {f.price for f in found} == {found[0].price, 0}
    assert {f.evidence_day for f in found[2:16]} == {20_455}
    assert [(f.status, f.reason) for f in found[16:]] == [(Status.NO_FIX, "evidence")] * 4
    half = [*every(range(1, 3), 3.0, *ABCD), seen(12, "a", 3.3)]
    last = lived(half)[-1].fixing
    assert (last.rung, last.marks) == (Rung.STALE, ("stale",)), "one of the date, three that stand"
    assert abs(last.price - found[1].price * 1.1**0.25) <= 2


@pytest.mark.rule("IDX-022")
def test_only_a_list_stands_unread_and_no_silence_is_shortened_by_it() -> None:
    rows = every(range(1, 3), 3.0, *ABCD, kind=PriceType.EXECUTABLE, source="vast")
    found = [s.fixing for s in lived(rows, last=12)]
    assert [f.rung for f in found[2:]] == [Rung.WIDER] * 7 + [Rung.NONE] * 3
    rows = every(range(1, 3), 3.0, *ABCD, kind=PriceType.EXECUTED, source="lasalle-venue", size=32)
    dealt = [s.fixing.rung for s in lived(rows, last=12)][1:]
    assert dealt == [Rung.EXECUTED] + [Rung.NONE] * 10, "nothing was dealt on a date without trades"
    short = [
        replace(r, price=0, price_type=PriceType.SHORTAGE)
        for r in every(range(11, 12), 3.0, *ABCD, kind=PriceType.EXECUTABLE)
    ]
    told = lived([*every(range(1, 3), 3.0, *ABCD), *short], last=11)[-1].fixing
    assert (told.status, told.reason) == (Status.NO_FIX, "shortage"), "a shortage comes first"
    # The chain was last fixed on the 9th: 36 days on, with the offers forgotten, it begins anew.
    again = lived([*every(range(1, 3), 3.0, *ABCD), *every(range(45, 46), 4.0, *ABCD)])
    assert again[-1].fixing.marks == ("relinked",)


@pytest.mark.rule("IDX-023")
def test_regions_of_one_publisher_are_one_voice() -> None:
    aws = [f"aws-spot-us-{side}-{n}" for side in ("east", "west") for n in (1, 2)]
    names = [*aws, "vast", "azure-retail"]
    rows = [
        seen(day, f"{source}-{n}", 3.0 + k / 10 + n / 100, source=source)
        for day in (1, 2)
        for k, source in enumerate(names)
        for n in range(3)
    ]

    def weights(by: ChainMethod, of: list) -> dict[str, int]:
        found: dict[str, int] = {}
        for verdict in lived(of, by)[-1].verdicts:
            source = verdict.key.split("|")[1]
            found[source] = found.get(source, 0) + verdict.weight
        assert sum(found.values()) == BILLION**2
        return {name: round(weight / BILLION**2, 6) for name, weight in found.items()}

    third = method_of("H100-US", 3)
    assert isinstance(third, ChainMethod)
    assert sum(weights(third, rows)[name] for name in aws) == pytest.approx(2 / 3, abs=1e-5)
    capped = weights(SPOT, rows)
    assert sum(capped[name] for name in aws) == pytest.approx(0.4, abs=1e-5), "four of six sources"
    assert capped["vast"] == capped["azure-retail"] == pytest.approx(0.3, abs=1e-5)
    assert {capped[name] for name in aws} == {0.1}
    two = weights(SPOT, [r for r in rows if r.source != "vast"])
    assert two["azure-retail"] == pytest.approx(0.5, abs=1e-5), "caps cannot hold: all are equal"
    alone = weights(SPOT, [r for r in rows if r.source in aws])
    assert alone == dict.fromkeys(aws, 0.25), "one publisher is all of the fixing"


@pytest.mark.rule("IDX-024")
def test_what_lies_outside_all_of_its_prices_says_so_whether_it_is_led_back_or_not() -> None:
    """Dear offers that come when the cheap ones leave speak for no level yet."""
    old = every(range(1, 12), 3.0, *ABCD)
    rows = old + every(range(8, 40), 3.6, *(f"new-{n}" for n in range(4)))
    found = [s.fixing for s in lived(rows)]
    assert {f.marks for f in found[1:11]} == {()}, "inside while the cheap ones stand"
    assert {f.marks for f in found[11:17]} == {("outside",)}, "outside, and nothing leads it back"
    assert {f.marks for f in found[17:22]} == {("anchored", "outside")}
    assert (found[22].marks, found[23].marks) == (("anchored",), ()), "led in, and there it stays"
    third = method_of("H100-US", 3)
    assert isinstance(third, ChainMethod)
    assert {s.fixing.marks for s in lived(rows, third)[11:17]} == {()}, "version 3 is silent of it"


def sheet_of(step: Step) -> list[int]:
    """Prices that count in a fixing, brought to the base."""
    return [v.price for v in step.verdicts if v.word == "counts"]


@pytest.mark.rule("IDX-022")
@pytest.mark.rule("IDX-024")
def test_version_4_keeps_each_fixing_of_the_published_history_and_gains_what_stood_unread() -> None:
    if not (PRICES / "gpu_prices" / MARKET_FILE).exists():
        pytest.skip("no price history at hand")
    by, third = method_of("H100-US"), method_of("H100-US", 3)
    assert isinstance(by, ChainMethod)
    assert isinstance(third, ChainMethod)
    book = chain_evidence(PRICES, by, date(2023, 7, 1), LAST).book
    steps = list(replay(by, book, day_of(LAST)))
    after = {s.fixing.day: s.fixing for s in steps}
    before = {s.fixing.day: s.fixing for s in replay(third, book, day_of(LAST))}
    kept = [d for d, f in before.items() if f.price]
    assert len(kept) > 700
    assert [d for d in kept if after[d].price != before[d].price] == []
    gained = [f for d, f in after.items() if f.price and not before[d].price]
    assert len(gained) > 30
    assert {f.rung for f in gained} == {Rung.STALE}
    assert all("stale" in f.marks for f in gained)
    first = day_of(date(2026, 1, 1))
    months = [[f for f in (fixings[d] for d in range(first, first + 31)) if f.price]
              for fixings in (before, after)]  # fmt: skip
    assert [len(fixed) for fixed in months] == [18, 25], "of 31: four fifths are 25 (CLR-019)"
    said = [s for s in steps if s.fixing.rung is Rung.LIST and (prices := sheet_of(s))
            and not min(prices) / 1.00501 <= s.fixing.price <= max(prices) * 1.00501]  # fmt: skip
    assert len(said) > 5
    assert all("outside" in s.fixing.marks for s in said)
