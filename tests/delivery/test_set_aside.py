"""Statements beside readings whose dates the cosignatures contradict: set aside by name, and no
fault of the delivery."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
import pytest

from lasalle.delivery.booking import Owed, booked, reviewed
from lasalle.delivery.bundle import Published, bundle
from lasalle.delivery.canonical import NONE
from lasalle.delivery.faults import Fault
from lasalle.delivery.readings import sign
from lasalle.delivery.statements import (
    Answer,
    CounterReading,
    Determination,
    Dispute,
    Event,
    Happening,
    Said,
)
from lasalle.delivery.terms import Product
from lasalle.delivery.verifying import verify
from tests.delivery.world import (
    BUYER,
    INTERVAL,
    METERS,
    REFEREE,
    SECOND,
    START,
    SUPPLIER,
    Delivery,
    begun,
    bundled,
    published,
)

HOUR, HALF = 60, 30
LOTS = 12


def event(meter: int, at_s: int, told_s: int, happening: Happening = Happening.SUSPENDED) -> Event:
    return Event(
        contract=41, meter=meter, made_us=START + told_s * SECOND, nonce="0" * 32, event=happening,
        at_us=START + at_s * SECOND, reason="grid", evidence=(NONE,),
    )  # fmt: skip


def others(made_s: int) -> list[Said]:
    """One of each kind that is neither a reading nor an event, made at an instant."""
    said: dict[str, Any] = {"contract": 41, "made_us": START + made_s * SECOND, "nonce": "1" * 32}
    return [
        CounterReading(**said, meter=BUYER, reading=NONE, own=NONE, answer=Answer.DISPUTED,
                       difference=-1),
        Dispute(**said, meter=SUPPLIER, dispute=1, readings=(), rows=(), claim="another model",
                evidence=(), deposit_micro=0),
        Determination(**said, meter=REFEREE, dispute=1, method=NONE, quantity=1, upheld=True,
                      reasons="", evidence=()),
    ]  # fmt: skip


def told(before: tuple[Said, ...], after: tuple[Said, ...]) -> Delivery:
    """An hour of capacity, cosigned at half of it and at its end; what is said stands before and
    after the first checkpoint."""
    delivery = begun(Product.CAPACITY, intervals=HOUR)
    for minute in range(1, HOUR + 1):
        for reader in delivery.readers.values():
            delivery.log.admit(reader.read().content)
        if minute % HALF == 0:
            for one in before if minute == HALF else after:
                delivery.log.admit(sign(one, METERS[one.meter]).content)
            delivery.publish((START + minute * INTERVAL) // SECOND + 5)
    return delivery


@lru_cache
def late() -> Delivery:
    """The supplier tells of a suspension half an hour later, dated as if at its begin."""
    return told((), (event(SUPPLIER, 100, 110), *others(110)))


def alone(delivery: Delivery) -> bytes:
    """Its bundle without the checkpoint in between."""
    log = delivery.log.log
    return b"".join(bundle(Published(log.read, [log.size])))


@pytest.mark.rule("DEL-004")
def test_what_was_said_later_than_it_is_dated_is_set_aside_and_no_fault() -> None:
    verdict = verify(bundled(late()))
    assert (verdict.sound, verdict.whole) == (True, True)
    first = 1 + 3 * HOUR
    assert [one.entry for one in verdict.set_aside] == [first, first + 1, first + 2, first + 3]
    breach = verdict.set_aside[0].breach
    assert (breach.fault, breach.field, breach.rule) == (Fault.BACK_DATED, "made_us", "DEL-004")
    assert breach.where == f"entry {first}, event of meter 2"
    # Seen half an hour in, less the grace of a minute and the bound of the clock.
    assert breach.expected.startswith(str(START + (1805 - 60) * SECOND - 250_000))
    assert breach.found == str(START + 110 * SECOND)


@pytest.mark.rule("DEL-004")
def test_what_was_said_in_its_time_is_not_set_aside() -> None:
    least = (1805 - 60) * SECOND - 250_000
    for microseconds, count in ((least - 1, 1), (least, 0)):
        said = msgspec.structs.replace(event(SUPPLIER, 100, 0), made_us=START + microseconds)
        assert len(verify(bundled(told((), (said,)))).set_aside) == count
    sound = told((event(SUPPLIER, 100, 110), *others(110)), tuple(others(1_900)))
    assert verify(bundled(sound)).set_aside == ()


@pytest.mark.rule("DEL-004")
def test_what_is_dated_after_it_was_seen_is_set_aside() -> None:
    verdict = verify(bundled(told((event(SUPPLIER, 100, 1_900),), ())))
    assert [one.breach.fault for one in verdict.set_aside] == [Fault.CLOCK]
    assert verdict.sound


@pytest.mark.rule("DEL-004")
def test_a_checkpoint_that_was_kept_sets_aside_what_a_bundle_without_it_hides() -> None:
    content = alone(late())
    assert verify(content).set_aside == ()
    note = next(late().log.log.checkpoints())
    assert len(verify(content, known=[note]).set_aside) == 4


@pytest.mark.rule("DEL-053")
def test_an_hour_is_booked_without_the_excuse_that_was_set_aside() -> None:
    owed = Owed(START, START + HOUR * INTERVAL, LOTS, contingent=True)
    for delivery, excused in (
        (told((event(SUPPLIER, 100, 110),), ()), 1),
        (late(), 0),
        (told((event(BUYER, 100, 110),), ()), 0),
    ):
        log = reviewed(published(delivery))
        booking = booked(log, owed, 0, START + HOUR * INTERVAL)
        assert (booking.units < LOTS, booking.excused) == (True, excused)
    assert reviewed(published(late())).said == ()
    assert len(reviewed(published(told((event(SUPPLIER, 100, 110),), ()))).said) == 1
    # Another's word that was set aside takes nothing with it.
    later = told((), (event(SUPPLIER, 100, 110), event(BUYER, 1_850, 1_860)))
    assert [one.meter for one in reviewed(published(later)).said] == [BUYER]
