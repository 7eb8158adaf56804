"""`lasalle pricing`: a house's own quotes give back the volatility its maker quotes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from lasalle.client.shapes import Fixing, Series
from lasalle.contracts import day_number
from lasalle.indices import fixing_history, simulated_history
from lasalle.institution import pricing_command
from lasalle.institution.command_line import main
from lasalle.institution.demo import maker_quotes
from lasalle.institution.estimates import estimate
from lasalle.institution.families import load_families

DAY = date(2026, 3, 12)
NOW = int(datetime(2026, 3, 13, tzinfo=UTC).timestamp()) * 10**9


def blank(shape: type, **known: Any) -> Any:
    """A shape of the API with nothing in the fields that are not told."""
    empty = {int: 0, str: "", bool: False}
    fields = {f.name: empty.get(f.type) for f in msgspec.structs.fields(shape)}
    return shape(**(fields | known))


@dataclass
class House:
    """What a served house answers to the three questions that are asked of it."""

    fixings: list[Fixing]
    listed: list[Series]
    quoted: dict[str, Any]

    def __enter__(self) -> House:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def ask(self, _: object) -> list[Fixing]:
        return self.fixings

    def series(self) -> list[Series]:
        return self.listed

    def book(self, symbol: str) -> Any:
        one, ticks = self.quoted[symbol], lambda price: SimpleNamespace(price_ticks=price // 1_000)
        bids = [ticks(one.bid_price)] if one.bid_price else []
        return SimpleNamespace(bids=bids, asks=[ticks(one.ask_price)] if one.ask_price else [])


@cache
def house() -> tuple[House, float]:
    """A house on its first evening, and the volatility its maker believes in."""
    family = load_families()[0]
    known = list(fixing_history(simulated_history(5, date(2025, 1, 1), DAY), DAY))
    made = estimate(DAY, [(family, known)], [], NOW)
    terms = [one for family in made.families for one in family.listing]
    quoted = {q.symbol: q for q in maker_quotes(made, {}, {one.symbol for one in terms})}
    listed = [
        blank(
            Series, series=n, symbol=one.symbol, kind=one.kind.name.lower(), index=1,
            index_name="H100-US", first_month=one.months[0].number, state="continuous",
            tick_micro_dollars=1_000, mark=str(made.marks[one.symbol] / 1e6),
            last_trading_time=2**62,
        )
        for n, one in enumerate(terms)
    ]  # fmt: skip
    fixings = [
        blank(Fixing, index=1, day=day_number(f.day), price=str(f.price_micro_dollars / 1e6))
        for f in known
    ]
    return House(fixings, listed, quoted), made.families[0].model.volatility


@pytest.fixture(name="served")
def _served(monkeypatch: pytest.MonkeyPatch) -> float:
    one, volatility = house()
    monkeypatch.setattr(pricing_command, "Client", lambda _: one)
    return volatility


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["pricing", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_surface_is_the_makers_volatility(served: float, capsys) -> None:
    found = told(capsys, "surface")
    assert found["faults"] == []
    sources = {smile["source"] for smile in found["smiles"]}
    assert {"svi", "ssvi"} <= sources
    checked = 0
    for smile in found["smiles"]:
        if smile["source"] != "model":
            assert smile["volatility_at_money"] == pytest.approx(served, rel=0.05)
            assert smile["worst_miss"] < 1e-4
            assert smile["mass"] == pytest.approx(1.0, abs=1e-3)
            checked += 1
    assert checked >= 3
    assert main(["pricing", "surface", "--month", "2026-05"]) == 0
    text = capsys.readouterr().out
    assert "2026-05" in text
    assert "no butterfly" in text
    assert main(["pricing", "surface", "--month", "2031-05"]) == 1
    assert "month: expected one of" in capsys.readouterr().err


def test_a_series_is_valued_as_its_maker_does(served: float, capsys) -> None:
    one, _ = house()
    options = [s for s in one.listed if s.kind == "call" and "2026-05" in s.symbol]
    assert len(options) >= 3
    for series in options:
        found = told(capsys, "price", series.symbol, "--lots", "-4")
        mark = float(series.mark)
        assert found["value"] == pytest.approx(mark, abs=0.004)
        assert found["worth"] == pytest.approx(-4 * 744 * found["value"])
        assert found["delta_lots"] < 0.0
        assert found["theta_a_day"] < 0.0 < found["vega_a_point"]
    future = told(capsys, "price", "H100-2026-05", "--lots", "3")
    assert future["delta_lots"] == 3.0
    assert future["value"] == pytest.approx(future["mark"], abs=1e-9)
    assert main(["pricing", "price", "H100-2026-05"]) == 0
    assert "delta lots" in capsys.readouterr().out


def test_what_is_not_listed_or_has_no_model_is_refused(served: float, capsys) -> None:
    assert main(["pricing", "price", "H100-2036-05"]) == 1
    assert "symbol: expected a listed one" in capsys.readouterr().err
    assert main(["pricing", "surface", "--index", "NONE-US"]) == 1
    assert "index: expected one with listed series" in capsys.readouterr().err


def test_implied_gives_the_price_back_or_says_why_not(capsys) -> None:
    words = ["--forward", "2.5", "--strike", "2.6", "--years", "0.5", "--rate", "0.04"]
    found = told(capsys, "implied", "put", "0.31", *words)
    assert found["outcome"] == "found"
    assert found["value"] == pytest.approx(0.31, rel=1e-12)
    assert found["deviation"] == pytest.approx(found["volatility"] * 0.5**0.5)
    for price, reason in (("2.7", "volatility gives so much"), ("0.01", "below intrinsic value")):
        assert main(["pricing", "implied", "put", price, *words]) == 1
        said = capsys.readouterr().out
        assert reason in said
        assert not any(one.startswith(("volatility ", "deviation ")) for one in said.splitlines())
    still = [*words[:5], "0", "--json"]
    assert main(["pricing", "implied", "put", "0.31", *still]) == 1
    assert json.loads(capsys.readouterr().out)["outcome"] == "no_time"
    assert main(["pricing", "implied", "put", "0.31", *words[:5], "-1"]) == 1
    assert "years: expected a number from 0" in capsys.readouterr().err
