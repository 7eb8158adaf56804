"""What a house discloses of deliveries comes to what its statements say of them."""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from lasalle import wire
from lasalle.clearing.disclosed import disclosed
from lasalle.institution.closes import Closes
from lasalle.institution.disclosure_desk import tried
from lasalle.institution.metering.simulated import conducts, tallied
from lasalle.plain import House
from lasalle.views.statements import Statements
from lasalle.wire import RemedySource
from tests.properties.wide_deliveries import DeliveryTeller

SEEDS = (7, 8)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "desks" / "delivery.md"
OF_CLASSES = {
    "set aside for deliveries": "delivery_margin",
    "performance bonds": "performance_bond",
    "guaranteed for others out of failed deliveries": "guarantee",
    "paid by buyers and kept for sellers": "delivery_receivable",
}


def told(seed):
    """A story that delivers: its year, and at its last close what accounts had, with what remedies
    came to by the statements before it and by the events since."""
    close, since = [], []
    house, teller, closes, fold = House(), DeliveryTeller(seed), Closes(0), Statements()

    def ask(command, actor):
        teller.clock += 1_000_000
        number = house.last_number + 1
        span = wire.span_of(command)
        events = house.take(wire.seal(command, number, teller.clock, actor=actor, span=span))
        fold.take(events)
        for _, event in wire.read_frames(events):
            if isinstance(event, wire.VariationSettled):
                since.clear()
            since.append(event)
        if closes.events(events):
            closes.records = house.snapshot()
            close[:] = [fold.now()[0], paid_of(fold, since)]
        teller.number = number
        for header, event in wire.read_frames(events):
            teller.see(header, event)

    for command, actor in teller.opening():
        for asked, who in teller.sealed(command, actor):
            ask(asked, who)
    for _ in range(250):
        for command, actor in teller.next():
            ask(command, actor)
    return closes.year(made_up=False), *close


def paid_of(fold, since):
    """Micro-dollars of remedies by source, and accelerator-hours by how they were made good."""
    paid = Counter()
    fold.finish()
    for one in fold.found.values():
        for remedy in one.deliveries.remedies if one.deliveries else ():
            if remedy.party == "paid":
                paid.update(dict(remedy.sources))
                paid.update({"cost": remedy.cost, "no source": remedy.unpaid})
                paid["in cash" if remedy.in_cash else "bought"] += remedy.units
    for event in since:
        if isinstance(event, wire.DeliveryRemedied):
            paid.update({"cost": event.cost, "no source": event.unpaid})
            paid["in cash" if event.in_cash else "bought"] += event.units
        elif isinstance(event, wire.RemedyPaid):
            paid[event.source.name.lower()] += event.amount
    return paid


@pytest.fixture(scope="module")
def stories():
    return [told(seed) for seed in SEEDS]


@pytest.mark.rule("DEL-026")
def test_totals_are_those_of_the_statements(stories):
    """Remedies by source are what statements say was paid; what is held, the sum of their closings;
    the delivery fund stands apart from what is ready for the futures."""
    reached = Counter()
    for year, balances, paid in stories:
        rows = disclosed(year)
        figures = {one.name: one.value for one in rows}
        for source in RemedySource:
            name = source.name.lower()
            assert figures[f"of them paid by {name}"] == paid[name]
            reached[name] += paid[name]
        assert figures["of them paid by no source"] == paid["no source"]
        assert figures["remedies owed in the year"] == paid["cost"]
        assert figures["made good in the year by replacement"] == paid["bought"]
        assert figures["made good in the year in cash at the index"] == paid["in cash"]
        for name, class_ in OF_CLASSES.items():
            held = sum(b for had in balances.values() for (c, _), b in had.items()
                       if c.name.lower() == class_)  # fmt: skip
            assert figures[name] == held
            reached[name] += held
        fund = year.close.state.balance(wire.LedgerClass.DELIVERY_FUND)
        assert figures["most the delivery fund pays: what it holds"] == fund
        (ready,) = [one for one in rows if one.number == "4.1.total"]
        tranches = ("FIRST_LOSS", "SECOND_TRANCHE", "DEFAULT_FUND")
        assert ready.value == sum(
            balance for (class_, _, asset), balance in year.close.state.balances.items()
            if class_.name in tranches and asset == 1
        )  # fmt: skip
        open_ = sum(one.value for one in rows if one.name.startswith("deliveries open, "))
        assert open_ == len(year.close.state.owed.deliveries)
        reached["open"] += open_
        assert all(one.mark for one in rows if one.number.startswith("delivery."))
    assert min(reached[name] for name in ("receivable", "margin", "open", "guarantee")) > 0, reached


def test_error_rates_are_labelled_and_are_those_that_were_counted(stories):
    """The published trials are the page's, and a few of them come out as published."""
    published = {one.conduct: one for one in tried()}
    year, _, _ = stories[0]
    year.tried = list(published.values())
    rows = [one for one in disclosed(year) if one.number == "delivery.error"]
    assert {one.mark for one in rows} == {"simulated"}
    assert len(rows) == len(published) == len(conducts())
    text = PAGE.read_text()
    for name, one in published.items():
        found = re.search(rf"^{re.escape(name)} .* (\d+) +(\d+|-) +(\d+|-)$", text, re.M)
        assert found is not None, name
        wrong = found[2] if one.honest else found[3]
        assert (int(found[1]), int(wrong)) == (one.trials, one.wrong), name
    year.tried = []
    (absent,) = [one for one in disclosed(year) if one.number == "delivery.error"]
    assert absent.value is None


@pytest.mark.slow
def test_every_published_error_rate_is_counted_again():
    published = {one.conduct: one for one in tried()}
    for conduct, due in conducts():
        one = published[conduct.name]
        found = tallied(conduct, due, one.trials)
        wrong = found.charged if due is None else found.trials - found.caught
        assert (one.honest, one.wrong) == (due is None, wrong), conduct.name


def test_the_table_of_trials_is_read_whole():
    text = resources.files("lasalle.delivery").joinpath("table/honesty.toml").read_text()
    assert text.count("[[tried]]") == len(tried())
