"""`lasalle pricing` on real histories, and without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lasalle.contracts.conversion import load_conversion
from lasalle.institution import calibration_desk, calibration_histories
from lasalle.institution.command_line import main
from lasalle.institution.evidence import MARKET_FILE
from lasalle.institution.settings import PRICES
from lasalle.pricing.processes import fit_panel

here = pytest.mark.skipif(
    not (PRICES / "gpu_prices" / MARKET_FILE).exists(),
    reason="no price history in ../shared/data",
)


@here
def test_a_fit_tells_estimates_tests_and_what_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, picture = tmp_path / "fit.md", tmp_path / "fit.png"
    words = ["pricing", "fit", "--process", "schwartz-smith", "--until", "2025-12-31", "--json"]
    assert main([*words, "--out", str(page), "--png", str(picture)]) == 0
    told = json.loads(capsys.readouterr().out)
    (fitted,) = told["fits"]
    assert fitted["fitted_on"] <= "2025-12-31"
    assert {one["name"] for one in fitted["estimates"]} >= {"reversion", "long volatility"}
    assert len(told["profile"]["falls"]) == len(told["profile"]["values"])
    text = page.read_text()
    assert "not told: an end of what was tried" in text, "two years tell no mean reversion"
    assert "Not told by this history" in text
    assert picture.read_bytes()[:4] == b"\x89PNG"


@here
def test_real_jumps_are_told_apart_from_list_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pricing", "fit", "--process", "jumps", "--json"]) == 0
    (fitted,) = json.loads(capsys.readouterr().out)["fits"]
    found = {one["name"]: one for one in fitted["estimates"]}
    assert 5.0 < found["renewal"]["value"] < 30.0, "27 changes in 2.2 years"
    assert all(test["p_value"] > 0.01 for test in fitted["tests"])


@here
def test_availability_of_offers_depends_on_size_and_lasts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["pricing", "fit", "--process", "availability", "--json"]) == 0
    (fitted,) = json.loads(capsys.readouterr().out)["fits"]
    found = {one["name"]: one for one in fitted["estimates"]}
    for name, sign in (("closing size", 1.0), ("opening size", -1.0), ("closing wear", -1.0)):
        assert sign * found[name]["value"] > 2.0 * found[name]["error_blocks"], name


@here
def test_generations_say_that_lists_do_not_bend(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pricing", "fit", "--process", "generations", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    lists, regions = told["fits"]
    conversion = load_conversion()
    newest = conversion.last_round(["B200-SXM"])
    parts = conversion.of("B200-SXM", newest).parts_per_million
    assert f"{parts / 1e6:.6f} hours by the conversion of round {newest}" in told["beside"][-1]
    bend = {one["name"]: one for one in lists["estimates"]}["bend"]
    assert abs(bend["value"]) < 3.0 * bend["error_robust"], "offers on lists keep their price"
    assert regions["observations"] > 1_000


@here
def test_gas_futures_tell_reversion_where_a_price_alone_does_not() -> None:
    panel = calibration_histories.futures(None, "NG", every=40)
    fitted = fit_panel(panel, harmonics=2)
    reversion = fitted.estimate("reversion")
    assert 0.5 < reversion.value < 2.0
    assert reversion.robust_error < 0.3 * reversion.value
    drift = fitted.estimate("drift")
    assert drift.error > 0.02, "seventeen years do not tell the drift"


def test_scenarios_are_told_by_month_and_need_no_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(calibration_histories, "PRICES", tmp_path)
    for more in ([], ["--bootstrap"]):
        words = ["pricing", "scenarios", "--paths", "200", "--months", "3", "--json", *more]
        assert main(words) == 0
        first = json.loads(capsys.readouterr().out)
        assert first["modelled"] is True
        assert main(words) == 0
        assert json.loads(capsys.readouterr().out) == first
        (rows,) = first["prices"].values()
        assert len(rows) == len(calibration_desk.QUANTILES)
        assert all(low < middle < high for low, middle, high in zip(*rows, strict=True))


def test_wrong_words_are_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, told in (
        (["fit", "--series", "moon"], "expected gcp:GRADE:REGION"),
        (["fit", "--process", "jumps", "--series", "futures:NG"], "expected schwartz-smith"),
        (["fit", "--process", "availability", "--prices", str(tmp_path)], "expected gpu_prices/"),
        (["fit", "--process", "availability", "--series", "henry-hub"], "--series: expected none"),
        (["fit", "--process", "generations", "--series", "henry-hub"], "--series: expected none"),
        (["fit", "--process", "generations", "--until", "2025-01-01"], "--until: expected none"),
    ):
        assert main(["pricing", *words]) == 1
        assert told in capsys.readouterr().err
