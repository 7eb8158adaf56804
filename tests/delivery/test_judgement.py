"""Judgement: levels, doubts, tolerance, bisection, the referee's count, units and excuses; the
worked examples of the rulebook are counted here."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lasalle.delivery.answers import Asked, Message
from lasalle.delivery.bisecting import Parts, check_shown, nonces_that_differ, shown
from lasalle.delivery.canonical import NONE
from lasalle.delivery.counting import byte_counter
from lasalle.delivery.faults import EvidenceRefused, Fault
from lasalle.delivery.hours import (
    basis_of,
    corrected,
    corrected_from,
    excuses_of,
    units_of_work,
)
from lasalle.delivery.judging import Revealed, compared, determine, served_between, stands_of
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.meter_book import MeterBook, Sighting
from lasalle.delivery.readings import Quality, WorkReading
from lasalle.delivery.rows import WorkRow
from lasalle.delivery.service_level import Level, level_of
from lasalle.delivery.statements import Answer, Event, Happening
from lasalle.delivery.terms import Side
from lasalle.delivery.validating import (
    Billed,
    Doubt,
    Standing,
    Suspicion,
    clock_doubts,
    doubts_of,
    estimated,
)

US = 1_000_000
START = 1_790_000_000 * US
SPEC = made_specification()
TERMS = metered_terms(SPEC, START, interval_us=60 * US, intervals=60)
COUNTER = byte_counter()
ROOT = Path(__file__).resolve().parents[2]


def asked(n: int) -> bytes:
    return b'{"messages":[{"role":"user","content":"number %d"}]}' % n


def answered(n: int) -> str:
    return f"answer {n} " * (1 + n % 3)


def sighting(n: int, **said: Any) -> Sighting:
    at = START * 1_000 + n * 50_000_000
    text = answered(n)
    prompt = len(COUNTER.prompt_ids(Asked([Message("user", f"number {n}")])))
    found = Sighting(
        f"{n:032x}", sha256(asked(n)).hexdigest(), at, at, at + 9_000_000, at + 40_000_000, 200,
        text, list(text.encode()), prompt, 0, "stop",
    )  # fmt: skip
    return replace(found, **said)


def read(side: Side, count: int = 40, **lies: dict[str, Any]) -> tuple[WorkReading, list[WorkRow]]:
    """A reading of so many requests; lies: what the side says of a request, by `n7`."""
    number = {Side.BUYER: 1, Side.SUPPLIER: 2, Side.REFEREE: 3}[side]
    book = MeterBook(TERMS, number, made_key(side.value), SPEC)
    for n in range(1, count + 1):
        book.take(sighting(n))
        said = lies.get(f"n{n}")
        if said is not None:
            book.rows[-1] = msgspec.structs.replace(book.work_rows[-1], **said)
    rows = book.work_rows
    reading = book.close(START + 60 * US, f"{number:032x}").statement
    assert isinstance(reading, WorkReading)
    return reading, rows


def reading_of(value: int, side: Side = Side.BUYER) -> WorkReading:
    return msgspec.structs.replace(
        read(side, 1)[0], sum_prompt=value, sum_cached=0, sum_completion=0
    )


# -- levels --------------------------------------------------------------------------------------


@pytest.mark.rule("DEL-045")
@given(
    planned=st.integers(1, 400),
    misses=st.integers(0, 40),
    share=st.sampled_from([500_000, 900_000, 990_000, 999_000]),
    confidence=st.sampled_from([900_000, 990_000]),
)
def test_a_level_is_judged_as_the_binomial_has_it(
    planned: int, misses: int, share: int, confidence: int
) -> None:
    misses = min(misses, planned)
    law = stats.binom(planned, 1 - share / 1e6)
    alpha = 1 - confidence / 1e6
    few, many = law.cdf(misses), law.sf(misses - 1)
    if min(abs(few - alpha), abs(many - alpha)) < 1e-9:
        return  # On the edge a float decides by its last bit.
    due = Level.MET if few <= alpha else Level.MISSED if many <= alpha else Level.OPEN
    assert level_of(misses, planned, share, confidence) is due


PPM = 1_000_000


# -- doubts and what stands ----------------------------------------------------------------------


@pytest.mark.rule("DEL-046")
def test_what_is_suspect_is_named_and_the_honest_are_not() -> None:
    reading, rows = read(Side.BUYER)
    before = [reading] * 6
    assert doubts_of(reading, rows, before, 10_000) == []
    fast = doubts_of(reading, rows, before, 100)
    assert {one.doubt for one in fast} == {Doubt.TOO_FAST}
    same = [msgspec.structs.replace(row, output=rows[0].output) for row in rows]
    assert [d.doubt for d in doubts_of(reading, same, before, 10_000)] == [Doubt.FROZEN]
    more = msgspec.structs.replace(reading, sum_completion=reading.sum_completion * 6)
    (found,) = doubts_of(more, rows, before, 10_000)
    assert str(found).startswith("spike: expected ")
    padded = [msgspec.structs.replace(rows[0], completion=rows[0].output_bytes + 1)]
    assert [d.doubt for d in doubts_of(reading, padded, [], 10_000)] == [Doubt.COUNT]


@pytest.mark.rule("DEL-046")
def test_clocks_that_contradict_each_other_are_found() -> None:
    _, buyer = read(Side.BUYER, 3)
    _, supplier = read(Side.SUPPLIER, 3)
    front, behind = ({row.nonce: row for row in rows} for rows in (buyer, supplier))
    assert clock_doubts(front, behind, START, START, 0) == []
    moved = clock_doubts(front, behind, START, START + 9_000, 5_000)
    assert {one.found for one in moved} == {9_000_000}
    assert clock_doubts(front, behind, START, START + 9_000, 9_000) == []


@pytest.mark.rule("DEL-047")
def test_what_stands_for_a_suspect_reading_comes_in_order() -> None:
    own, check, referee = (read(side, 4)[0] for side in Side)
    doubt = [Suspicion(Doubt.SPIKE, 1, 9)]
    assert estimated(own, [], [check], [], SPEC) == Standing(
        Billed(own.sum_prompt, own.sum_completion), Quality.ACTUAL, "own"
    )
    found = estimated(own, doubt, [check, referee], [own], SPEC)
    assert found is not None
    assert (found.source, found.quality) == ("supplier", Quality.SUBSTITUTED)
    found = estimated(own, doubt, [], [own], SPEC)
    assert found is not None
    assert (found.source, found.quality) == ("mean of 1 intervals before", Quality.ESTIMATED)
    assert estimated(None, [], [], [], SPEC) is None


# -- disputes ------------------------------------------------------------------------------------


@pytest.mark.rule("DEL-049")
def test_bisection_finds_every_row_that_differs_with_few_questions() -> None:
    chance, reach = random.Random(3), 0
    _, rows = read(Side.BUYER, 400)
    for _ in range(12):
        wrong = set(chance.sample(range(400), chance.randrange(1, 5)))
        other = [
            msgspec.structs.replace(row, completion=row.completion + 1) if n in wrong else row
            for n, row in enumerate(rows)
            if n not in wrong or n % 2
        ]
        one, two = Parts(rows), Parts(other)
        assert set(nonces_that_differ(one, two)) == {rows[n].nonce for n in wrong}
        assert one.asked <= len(wrong) * 2 * 11
        reach += len(wrong)
    assert reach > 20
    assert nonces_that_differ(Parts(rows), Parts(rows)) == []


@pytest.mark.rule("DEL-049")
def test_a_row_that_is_not_under_the_signed_root_is_refused() -> None:
    reading, rows = read(Side.SUPPLIER)
    found = shown(rows, [rows[7].nonce, "f" * 32])
    assert list(found) == [rows[7].nonce]
    assert check_shown(found[rows[7].nonce], reading.rows_root, "rows") == rows[7]
    bent = msgspec.structs.replace(rows[7], completion=1)
    with pytest.raises(EvidenceRefused) as refusal:
        check_shown(type(found[rows[7].nonce])(bent, found[rows[7].nonce].path),
                    reading.rows_root, "rows")  # fmt: skip
    assert refusal.value.breach.fault is Fault.ROWS


REVEALED = {
    f"{n:032x}": Revealed(asked(n), answered(n)) for n in range(1, 41)
}


@pytest.mark.rule("DEL-050")
@pytest.mark.rule("DEL-051")
def test_the_referee_counts_again_and_the_liar_loses() -> None:
    truth, rows = read(Side.BUYER)
    lie = {"n7": {"completion": 99}, "n20": {"prompt": 500}}
    padded, padded_rows = read(Side.SUPPLIER, **lie)
    assert compared(truth, padded, SPEC).answer is Answer.DISPUTED
    found = determine((truth, padded), (rows, padded_rows), REVEALED, COUNTER, SPEC, SPEC.sha256)
    assert found.loser is Side.SUPPLIER
    assert found.quantity == Billed(truth.sum_prompt, truth.sum_completion)
    assert {one.nonce for one in found.rows} == {rows[6].nonce, rows[19].nonce}
    assert {one.reason for one in found.rows} == {"counted again from the words"}
    # The buyer lies: it says less came than did.
    less, less_rows = read(Side.BUYER, n7={"completion": 1})
    honest, honest_rows = read(Side.SUPPLIER)
    found = determine((less, honest), (less_rows, honest_rows), REVEALED, COUNTER, SPEC,
                      SPEC.sha256)  # fmt: skip
    assert found.loser is Side.BUYER
    assert found.quantity == Billed(truth.sum_prompt, truth.sum_completion)


@pytest.mark.rule("DEL-050")
def test_other_words_and_other_methods_determine_nothing() -> None:
    truth, rows = read(Side.BUYER, 10)
    more, more_rows = read(Side.SUPPLIER, 12, n3={"completion": 90})
    false = {rows[2].nonce: Revealed(asked(3), "words nobody signed")}
    found = determine((truth, more), (rows, more_rows), false, COUNTER, SPEC, SPEC.sha256)
    assert found.quantity == Billed(truth.sum_prompt, truth.sum_completion)
    reasons = sorted(one.reason for one in found.rows)
    assert reasons == ["no answer reached the delivery point"] * 2 + [
        "the reading at the delivery point stands"
    ]
    with pytest.raises(EvidenceRefused) as refusal:
        determine((truth, more), (rows, more_rows), {}, COUNTER, SPEC, NONE)
    assert refusal.value.breach.fault is Fault.WRONG_METHOD


# -- units and excuses ---------------------------------------------------------------------------


@pytest.mark.rule("DEL-052")
def test_units_and_missing_make_up_the_hour_and_more_failures_never_give_more() -> None:
    reading, rows = read(Side.BUYER, 20)
    most = None
    for failing in range(21):
        came = [(row.prompt, row.completion) for row in rows[failing:]]
        said = msgspec.structs.replace(
            reading, errors=failing, sum_prompt=sum(asked for asked, _ in came),
            sum_completion=sum(told for _, told in came),
        )  # fmt: skip
        service = served_between({Side.BUYER: said}, SPEC)
        assert (service.answered, service.failed) == (20 - failing, failing)
        units = units_of_work(100, 2, service)
        assert 0 <= units <= (200 if most is None else most)
        most = units
    assert most == 0


def shared(side: Side, errors: int, rows: int) -> WorkReading:
    return msgspec.structs.replace(reading_of(rows, side), errors=errors, rows=rows)


@pytest.mark.rule("DEL-075")
@given(
    counts=st.lists(
        st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=4, max_size=4,
    ),
    liar=st.sampled_from(list(Side)),
)
def test_nobody_alone_moves_the_share_that_failed(
    counts: list[tuple[int, int]], liar: Side
) -> None:
    (errors, rows), lie, *others = counts
    truth = Fraction(errors, rows)
    told = {side: shared(side, errors * n, rows * n) for n, side in enumerate(Side, 1)}
    found = served_between({**told, liar: shared(liar, *lie)}, SPEC)
    assert Fraction(found.failed, found.answered + found.failed) == truth
    # Whatever three say, what stands is what one says and another bears out.
    said = {side: shared(side, *one) for side, one in zip(Side, (lie, *others), strict=True)}
    share = {side: Fraction(one.errors, one.rows) for side, one in said.items()}
    stands = Fraction(stands_of(said).errors, stands_of(said).rows)
    parties = share[Side.BUYER], share[Side.SUPPLIER]
    assert min(parties) <= stands <= max(parties)
    assert stands == sorted(share.values())[1]
    del said[Side.REFEREE]
    assert Fraction(stands_of(said).errors, stands_of(said).rows) == min(parties)


@pytest.mark.rule("DEL-075")
def test_of_readings_with_one_share_the_buyers_counts() -> None:
    told = {
        side: msgspec.structs.replace(shared(side, 10, 100), sum_prompt=served)
        for side, served in zip(Side, (905, 900, 900), strict=True)
    }
    assert units_of_work(10, 1, served_between(told, SPEC)) == 8
    del told[Side.BUYER]
    assert units_of_work(10, 1, served_between(told, SPEC)) == 9


def suspended(at_s: int, told_s: int = 0, reason: str = "grid", evidence: bool = True) -> Event:
    return Event(
        contract=1, meter=2, made_us=START + (at_s + told_s) * US, nonce="0" * 32,
        event=Happening.SUSPENDED, at_us=START + at_s * US, reason=reason,
        evidence=(NONE,) if evidence else (),
    )  # fmt: skip


@pytest.mark.rule("DEL-053")
def test_only_what_is_told_in_time_with_evidence_and_reason_excuses() -> None:
    resumed = Event(contract=1, meter=2, made_us=START + 90 * US, nonce="1" * 32,
                    event=Happening.RESUMED, at_us=START + 90 * US)  # fmt: skip
    (found,), none = excuses_of([resumed, suspended(30)], TERMS)
    assert (found.begin_us, found.end_us, none) == (START + 30 * US, START + 90 * US, [])
    for event, words in (
        (suspended(30, reason="sold twice"), "reason: expected one of authority"),
        (suspended(30, evidence=False), "evidence: expected a digest"),
        (suspended(30, told_s=61), "told: expected within 60000000 us, found 61000000"),
    ):
        excuses, refusals = excuses_of([event, resumed], TERMS)
        assert excuses == []
        assert words in refusals[0]
    (open_one,), _ = excuses_of([suspended(30)], TERMS)
    assert open_one.end_us == TERMS.end_us


@pytest.mark.rule("DEL-053")
def test_a_suspension_ends_by_the_meter_that_told_of_it_or_by_the_referee() -> None:
    def said(meter: int, at_s: int, event: Happening = Happening.RESUMED) -> Event:
        return msgspec.structs.replace(suspended(at_s), meter=meter, event=event)
    buyer, supplier, referee = 1, 2, 3
    for events, spans in (
        ([suspended(10), said(buyer, 20), said(supplier, 40)], [(10, 40)]),
        ([suspended(10), said(supplier, 40), said(referee, 20)], [(10, 20)]),
        ([suspended(10), said(supplier, 40), said(referee, 10)], [(10, 10)]),
        ([said(referee, 10, Happening.SUSPENDED), said(supplier, 20)], [(10, 3_600)]),
        ([suspended(10), said(referee, 20, Happening.SUSPENDED), said(referee, 30)],
         [(10, 30), (20, 30)]),
        ([said(buyer, 5, Happening.SUSPENDED), suspended(10), said(supplier, 20)], [(10, 20)]),
        ([suspended(5, reason="sold twice"), suspended(10), said(supplier, 20)], [(10, 20)]),
    ):  # fmt: skip
        found, _ = excuses_of(events, TERMS)
        told = [((x.begin_us - START) // US, (x.end_us - START) // US) for x in found]
        assert told == spans
    _, (refusal,) = excuses_of([said(buyer, 5, Happening.SUSPENDED)], TERMS)
    assert "meter: expected the supplier's or the referee's, found 1" in refusal


@pytest.mark.rule("DEL-048")
@pytest.mark.rule("DEL-054")
def test_the_mean_and_a_correction_lie_between_what_is_told() -> None:
    for buyer in range(9_900, 10_100, 7):
        sides = reading_of(buyer), reading_of(10_000, Side.SUPPLIER)
        found = compared(*sides, made_specification(tolerance_ppm=10_000))
        assert min(buyer, 10_000) <= found.settled.total <= max(buyer, 10_000)
        assert found.difference == 10_000 - buyer
    assert corrected(1_000, 100, 100) == 1_000
    with pytest.raises(ValueError, match="reads: expected above 0, found 0"):
        corrected(1_000, 0, 100)
    assert corrected_from(1_000, 900, 10, 800) == 900


@pytest.mark.rule("DEL-052")
def test_what_the_house_is_told_has_one_digest() -> None:
    said: dict[str, Any] = {"determination": NONE, "units": 9, "excused": 1, "quality": 10_000,
                            "quantity": 900}  # fmt: skip
    basis = basis_of(TERMS, 0, 1, ["a" * 64], **said)
    assert basis.sha256 == basis_of(TERMS, 0, 1, ["a" * 64], **said).sha256
    assert basis.sha256 != basis_of(TERMS, 0, 1, ["a" * 64], **{**said, "units": 8}).sha256
    with pytest.raises(ValueError, match="quality: expected 0 to 20000"):
        basis_of(TERMS, 0, 1, [], **{**said, "quality": 20_001})
