"""Bills in FOCUS columns: every row accounted for, amounts exact, no currency converted."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from lasalle.hedging.bills import Bill, BillError, Used, basis_of, following, naming
from lasalle.hedging.bills.telling import basis_picture, basis_words, days_csv, told, value
from lasalle.hedging.plan.need import NeedError, read_need
from lasalle.institution import bills_desk
from lasalle.institution.bills_desk import read_bills, with_bills
from tests.institution.hedge_needs import NEED

AWS = {
    "BilledCost": "55.04",
    "BillingCurrency": "USD",
    "ChargeCategory": "Usage",
    "ChargeClass": "NULL",
    "ChargeDescription": "$55.04 per On Demand Linux p5.48xlarge Instance Hour",
    "ChargePeriodStart": "2025-06-01T00:00:00Z",
    "ChargePeriodEnd": "2025-06-01T01:00:00Z",
    "CommitmentDiscountStatus": "NULL",
    "ConsumedQuantity": "1",
    "ConsumedUnit": "Hours",
    "EffectiveCost": "40.5",
    "PricingQuantity": "1",
    "PricingUnit": "Hours",
    "ProviderName": "AWS",
    "RegionId": "us-east-1",
}
GCP = {**AWS, "ProviderName": "Google Cloud", "RegionId": "us-west1", "ConsumedUnit": "seconds"}
AZURE = {
    **AWS,
    "ProviderName": "Microsoft",
    "RegionId": "East US",
    "ChargeDescription": "ND96isr H100 v5",
}


def written(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """A bill of these rows, plain or compressed as its name says."""
    rows = list(rows)
    with gzip.open(path, "wt") if path.suffix == ".gz" else path.open("w") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(tmp_path: Path, *rows: Mapping[str, str], cost: str = "EffectiveCost") -> Bill:
    found = read_bills([written(tmp_path / "bill.csv", rows)], cost)
    accounted = found.rows_used + found.others + sum(one.rows for one in found.left_out)
    assert accounted == found.rows == len(rows)
    return found


def test_a_row_of_each_cloud_is_hours_of_its_grade(tmp_path: Path) -> None:
    """A whole node of AWS and Azure, a card of Google Cloud billed by the second with its cores."""
    card = {
        **GCP,
        "ChargeDescription": "Nvidia H100 80GB GPU running in Oregon",
        "ConsumedQuantity": "7200",
        "EffectiveCost": "6",
    }
    cores = {
        **GCP,
        "ChargeDescription": "A3 Instance Core running in Oregon",
        "ConsumedQuantity": "90000",
        "EffectiveCost": "1.25",
    }
    bill = read(tmp_path, AWS, AZURE, card, cores)
    assert bill.used == (
        Used(date(2025, 6, 1), "H100-SXM", "US-EAST", 16_000_000, 81_000_000),
        Used(date(2025, 6, 1), "H100-SXM", "US-WEST", 2_000_000, 7_250_000),
    )
    assert [one.price for one in bill.used] == [5_062_500, 3_625_000]
    billed = read(tmp_path, AWS, cost="BilledCost")
    assert billed.used[0].price == 6_880_000


@pytest.mark.parametrize(
    ("words", "grade", "count"),
    [
        ("USE2-BoxUsage:p5.48xlarge", "H100-SXM", 8),
        ("p5en.48xlarge", "H200-SXM", 8),
        ("$98 per p6-b200.48xlarge hour", "B200-SXM", 8),
        ("p4de.24xlarge", "A100-80-SXM", 8),
        ("p4d.24xlarge", "", 0),
        ("g5.4xlarge", "", 0),
    ],
)
def test_machines_are_known_by_whole_words(words: str, grade: str, count: int) -> None:
    found = naming().named("aws", words)
    assert found is not None
    assert (found.grade, found.count) == (grade, count)
    assert naming().named("aws", f"x{words}") is None or words[0] != "p"


def test_what_is_not_understood_is_named_with_its_cost(tmp_path: Path) -> None:
    """Each reason once, none guessed; what is understood and no hour stands apart."""
    rows = [
        {**AWS, "ChargeDescription": "p9.96xlarge with 8 NVIDIA"},
        {**AWS, "ProviderName": "Hall of Ours"},
        {**AWS, "RegionId": "me-south-1"},
        {**AWS, "ConsumedUnit": "GB", "PricingUnit": "GB"},
        {**AWS, "ConsumedQuantity": "x", "PricingQuantity": "NULL"},
        {**AWS, "EffectiveCost": "1,5"},
        {**AWS, "ChargePeriodEnd": "2025-06-01T00:00:00Z"},
        {**AWS, "ChargeCategory": "Rent"},
        {**AWS, "ChargeDescription": "p4d.24xlarge"},
        {**AWS, "ChargeCategory": "Credit", "EffectiveCost": "-3"},
        {**AWS, "CommitmentDiscountStatus": "Unused", "ConsumedQuantity": "NULL"},
        {**AWS, "ChargeDescription": "$0.01 per GB"},
        AWS,
    ]
    bill = read(tmp_path, *rows)
    assert bill.not_understood == 8
    whys = {one.why: (one.words, one.rows, one.cost) for one in bill.left_out}
    assert whys["provider is in no table"] == ("Hall of Ours", 1, 40_500_000)
    assert whys["region has no delivery point"] == ("aws me-south-1", 1, 40_500_000)
    assert whys["credit, no hours of its own"] == ("H100-SXM", 1, -3_000_000)
    assert whys["commitment paid and not used"][1] == 1
    assert whys["bears no grade"][0] == "p4d.24xlarge: A100 of 40 GB"
    assert sum(one.rows for one in bill.left_out) == 11
    assert (bill.others, bill.others_cost, bill.rows_used) == (1, 40_500_000, 1)
    text = told(bill, None, "none")
    assert "p9.96xlarge with 8 NVIDIA" in text
    assert "8 may be accelerators and are not understood" in text


def test_another_currency_is_refused_with_its_row(tmp_path: Path) -> None:
    """Wherever it stands, of whatever service; nothing is converted."""
    other = {**AWS, "ChargeDescription": "storage", "BillingCurrency": "EUR"}
    with pytest.raises(BillError, match=r"row 3: BillingCurrency: expected USD, found EUR"):
        read(tmp_path, AWS, other)
    with pytest.raises(BillError, match="expected USD, found none"):
        read(tmp_path, {**AWS, "BillingCurrency": "NULL"})


def test_sums_are_exact_and_rounded_once(tmp_path: Path) -> None:
    """A thousand rows of a third of a micro-dollar, in either notation of FOCUS."""
    rows = [{**AWS, "EffectiveCost": "3.3333E-7" if n % 2 else "0.00000033333"} for n in range(999)]
    assert read(tmp_path, *rows).used[0].cost == 333
    assert read(tmp_path, {**AWS, "EffectiveCost": "0.0000005"}).used[0].cost == 0
    assert read(tmp_path, {**AWS, "EffectiveCost": "0.0000015"}).used[0].cost == 2


def test_a_month_in_one_row_is_spread_and_nothing_is_lost(tmp_path: Path) -> None:
    month = {
        **AWS,
        "ChargePeriodStart": "2025-06-30 12:00:00",
        "ChargePeriodEnd": "2025-07-03 06:00:00",
        "ConsumedQuantity": "66",
        "EffectiveCost": "100.0000001",
    }
    bill = read(tmp_path, month)
    assert [one.day for one in bill.used] == [date(2025, 6, 30) + timedelta(n) for n in range(4)]
    assert sum(one.hours for one in bill.used) == 66 * 8 * 10**6
    assert abs(sum(one.cost for one in bill.used) - 100_000_000) <= 2, "each day rounded once"
    assert bill.used[0].hours == 12 * 8 * 10**6
    assert bill.used[3].hours == 6 * 8 * 10**6


def test_a_correction_changes_its_day(tmp_path: Path) -> None:
    """With hours or without."""
    back = {**AWS, "ChargeClass": "Correction", "EffectiveCost": "-8"}
    alone = {**back, "ConsumedQuantity": "NULL", "PricingQuantity": "NULL"}
    bill = read(tmp_path, AWS, {**back, "ConsumedQuantity": "-0.5"}, alone)
    assert (bill.used[0].hours, bill.used[0].cost) == (4_000_000, 24_500_000)
    assert read(tmp_path, alone).used[0].price is None


def test_forms_of_a_bill_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compressed, in Parquet with times and decimals of its own, and in blocks that cut rows."""
    rows = [
        {
            **AWS,
            "ChargeDescription": f'p5.48xlarge, "{n}"\nof two lines',
            "EffectiveCost": f"{n}.25",
        }
        for n in range(200)
    ]
    plain = read(tmp_path, *rows)
    assert plain.rows_used == 200
    assert read_bills([written(tmp_path / "bill.csv.gz", rows)], "EffectiveCost") == plain
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    kinds: dict[str, list[object]] = {
        **{n: [None if c == "NULL" else c for c in column] for n, column in columns.items()},
        "EffectiveCost": [Decimal(c) for c in columns["EffectiveCost"]],
        "ConsumedQuantity": [float(c) for c in columns["ConsumedQuantity"]],
        "ChargePeriodStart": [datetime(2025, 6, 1, tzinfo=UTC)] * 200,
        "ChargePeriodEnd": [datetime(2025, 6, 1, 1, tzinfo=UTC)] * 200,
    }
    pa.parquet.write_table(pa.table(kinds), tmp_path / "bill.parquet")
    assert read_bills([tmp_path / "bill.parquet"], "EffectiveCost") == plain
    monkeypatch.setattr(bills_desk, "BLOCK_BYTES", 2_000)
    assert read_bills([tmp_path / "bill.csv"], "EffectiveCost") == plain


def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a bill of many blocks at most a few are held at once."""
    monkeypatch.setattr(bills_desk, "BLOCK_BYTES", 1 << 13)
    one = read(tmp_path, AWS)
    long = (tmp_path / "bill.csv").read_text().splitlines(keepends=True)
    (tmp_path / "long.csv").write_text(long[0] + long[1] * 8_000)
    held = pa.total_allocated_bytes()
    most = 0
    took = bills_desk.BillReader.take

    def take(reader: bills_desk.BillReader, file: str, batch: pa.RecordBatch, at: int) -> None:
        nonlocal most
        most = max(most, pa.total_allocated_bytes() - held)
        took(reader, file, batch, at)

    monkeypatch.setattr(bills_desk.BillReader, "take", take)
    found = read_bills([tmp_path / "long.csv"], "EffectiveCost")
    assert found.used[0].cost == 8_000 * one.used[0].cost
    assert (tmp_path / "long.csv").stat().st_size > 1_200_000
    assert 0 < most < 1_000_000


def test_files_that_are_no_bill_are_refused(tmp_path: Path) -> None:
    bare = {name: text for name, text in AWS.items() if name != "RegionId"}
    with pytest.raises(BillError, match="expected the FOCUS column RegionId, found none"):
        read(tmp_path, bare)
    with pytest.raises(BillError, match="expected each file once"):
        read_bills([tmp_path / "bill.csv"] * 2, "EffectiveCost")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "bent.csv").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "cards.csv.gz").write_text("no gzip")
    for name, why in (
        ("empty.csv", "expected a head of FOCUS columns and rows, found an empty file"),
        ("bent.csv", "expected CSV, text in UTF-8, found bytes that are none"),
        ("cards.csv.gz", "expected FOCUS rows, found"),
        ("june.csv", "expected a file of bills in FOCUS columns, found none"),
        (".", "expected a file of bills in FOCUS columns, found a folder"),
    ):
        with pytest.raises(BillError, match=f"{tmp_path / name}: {why}"):
            read_bills([tmp_path / name], "EffectiveCost")
    text = written(tmp_path / "bill.csv", [AWS, AWS]).read_text()
    (tmp_path / "bill.csv").write_text(text + "1,2,3\n")
    bent = read_bills([tmp_path / "bill.csv"], "EffectiveCost")
    assert (bent.rows, bent.rows_used, bent.not_understood) == (3, 2, 1)
    assert bent.left_out[0].first == f"{tmp_path / 'bill.csv'}, row 4"


def test_what_is_left_out_is_told_with_its_row_and_no_service_is_silent(tmp_path: Path) -> None:
    """A cost and a quantity that are no numbers, by column and row; a provider in no table who
    bills by time may be accelerators; every other service is told by its words.
    """
    rows = [
        AWS,
        {**AWS, "EffectiveCost": "forty"},
        {**AWS, "ConsumedQuantity": "one", "PricingQuantity": "NULL"},
        {**AWS, "ProviderName": "CoreHall", "ChargeDescription": "SuperPod unit"},
        {**AWS, "ProviderName": "CoreHall", "ChargeDescription": "Disk", "ConsumedUnit": "GB",
         "PricingUnit": "GB"},
        {**AWS, "ChargeDescription": "x9.metal hour"},
        {**AWS, "ChargeDescription": "x9.metal hour", "EffectiveCost": "900"},
        {**AWS, "ChargeDescription": "p9.48xlarge hour"},
    ]  # fmt: skip
    bill = read(tmp_path, *rows)
    at = {one.why: (one.words, one.first) for one in bill.left_out}
    file = tmp_path / "bill.csv"
    assert at["cost is no number"] == ("EffectiveCost 'forty'", f"{file}, row 3")
    assert at["quantity is no number"] == ("ConsumedQuantity 'one'", f"{file}, row 4")
    assert at["provider is in no table"] == ("CoreHall", f"{file}, row 5")
    assert at["may be an accelerator, and no name in the tables"][1] == f"{file}, row 9"
    services = [(one.words, one.rows, one.cost) for one in bill.services]
    assert services == [("x9.metal hour", 2, 940_500_000), ("Disk", 1, 40_500_000)]
    assert (bill.others, bill.others_cost) == (3, 981_000_000)
    text = told(bill, None, "none")
    assert "x9.metal hour" in text
    assert f"EffectiveCost 'forty'; first in {file}, row 3" in text
    assert value(bill, None, "none")["other_services"][0]["rows"] == 2
    text = NEED.replace('"US"', '"EU"') + '[bill]\nfiles = ["bill.csv"]\n'
    need = read_need(text, "need.toml")
    with pytest.raises(BillError, match=r"hours of H100 in EU, found none in 8 rows: .*x9"):
        with_bills(need, tmp_path / "need.toml", {}, "H100-EU")


def test_own_machines_come_before_the_tables(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[machine.aws]\n"p4d.24xlarge" = ["A100-80-SXM", 8]\n')
    rows = [{**AWS, "ChargeDescription": "p4d.24xlarge"}]
    path = written(tmp_path / "bill.csv", rows)
    assert read_bills([path], "EffectiveCost", own).used[0].grade == "A100-80-SXM"
    own.write_text('[machine.aws]\n"p4d" = ["A100", 0]\n')
    with pytest.raises(ValueError, match=r'machine\.aws\."p4d": expected'):
        read_bills([path], "EffectiveCost", own)


def used_of(prices: Mapping[date, float]) -> list[Used]:
    """8 hours a day at these prices."""
    return [
        Used(day, "H100-SXM", "US-EAST", 8_000_000, round(8e6 * price))
        for day, price in prices.items()
    ]


def test_the_basis_finds_what_made_the_bill() -> None:
    """A bill that is 1.2 times the index, strayed by a month's noise of 4 %."""
    rng = np.random.default_rng(3)
    days = [date(2024, 1, 1) + timedelta(n) for n in range(720)]
    index = {day: 2.5e6 * np.exp(0.3 * np.sin(n / 40)) for n, day in enumerate(days)}
    noise = {m: np.exp(0.04 * rng.standard_normal()) for m in {(d.year, d.month) for d in days}}
    own = {d: 1.2 * index[d] / 1e6 * noise[d.year, d.month] for d in days}
    found = basis_of(used_of(own), {day: round(price) for day, price in index.items()})
    assert found.ratio == pytest.approx(1.2, abs=0.03)
    assert found.deviation == pytest.approx(np.std(np.log(list(noise.values())), ddof=1), rel=0.02)
    assert found.deviation_months == 24
    assert found.levels is not None
    assert found.levels.slope == pytest.approx(1.2, abs=0.1)
    assert found.levels.r_squared > 0.9
    assert found.hours == 720 * 8
    assert found.tracking == pytest.approx(0.04 * 1.2 * 2.5, rel=0.4)
    assert basis_picture(found, "H100-US: made up").startswith(b"\x89PNG")


def test_a_bill_at_a_list_price_is_told_so() -> None:
    """It does not move with the index, and the words say what that means."""
    days = [date(2024, 1, 1) + timedelta(n) for n in range(200)]
    index = {day: round(2e6 + 3e5 * np.sin(n / 17)) for n, day in enumerate(days)}
    found = basis_of(used_of({day: 4.0 + 0.001 * (n % 7) for n, day in enumerate(days)}), index)
    assert any("HARDLY MOVES" in line for line in basis_words(found, "index"))
    follows = basis_of(used_of({d: 1.3 * index[d] / 1e6 + (n % 2) / 1e3 for n, d in
                                enumerate(days)}), index)  # fmt: skip
    assert not any("HARDLY MOVES" in line for line in basis_words(follows, "index"))
    with pytest.raises(ValueError, match="expected 5 days or more"):
        basis_of(used_of(dict.fromkeys(days[:4], 2.0)), index)


def test_a_slope_that_may_be_chance_counts_for_nothing() -> None:
    """Of twelve bills of noise one at most is said to follow, of twelve that follow three at most
    are not 1; those between have their slope on average; what strays is told around that.
    """
    days = [date(2024, 1, 1) + timedelta(n) for n in range(400)]
    flats, halves, wholes = [], [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        walk = np.exp(np.cumsum(0.03 * rng.standard_normal(400)))
        index = {day: round(2.5e6 * price) for day, price in zip(days, walk, strict=True)}
        noise = np.exp(0.02 * rng.standard_normal(400))
        found = []
        for share in (0.0, 0.5, 1.0):
            own = 3.0 * (1.0 + share * (walk - 1.0)) * noise
            found.append(basis_of(used_of(dict(zip(days, own, strict=True))), index))
        flat, half, whole = (following(one, "H100-US") for one in found)
        assert not flat.close
        assert whole.close
        halves.append(half.share * found[1].ratio)
        assert flat.deviation < 0.2 * found[0].deviation, "the index moves, the bill does not"
        flats.append(flat.share)
        wholes.append(whole.share)
    assert sum(share > 0.05 for share in flats) <= 1
    assert np.mean(halves) == pytest.approx(0.6, abs=0.1)
    assert sum(share != 1.0 for share in wholes) <= 3


def test_a_need_takes_its_basis_from_its_bills(tmp_path: Path) -> None:
    """By the files it names, in place of what was guessed; both are refused."""
    days = [date(2024, 1, 1) + timedelta(n) for n in range(120)]
    index = {day: 2_000_000 + 5_000 * n for n, day in enumerate(days)}
    rows = [
        {
            **AWS,
            "EffectiveCost": str(8 * 1.5 * index[d] / 1e6),
            "ChargePeriodStart": f"{d}T00:00:00Z",
            "ChargePeriodEnd": f"{d}T01:00:00Z",
        }
        for d in days
    ]
    written(tmp_path / "bill.csv", rows)
    need = read_need(NEED + '[bill]\nfiles = ["bill.csv"]\n', "need.toml")
    found, shown, said = with_bills(need, tmp_path / "need.toml", index, "H100-US")
    assert found.bill.ratio == pytest.approx(1.5)
    assert found.bill.deviation < 1e-6
    assert found.bill.follows == 1.0
    assert shown.close
    assert "own bill: 1.500 of H100-US" in said
    with pytest.raises(NeedError, match="bill: expected files, or ratio and deviation, found both"):
        read_need(NEED + '[bill]\nfiles = ["bill.csv"]\nratio = 1.1\n', "need.toml")
    bill = read_bills([tmp_path / "bill.csv"], "EffectiveCost")
    head, *lines = days_csv(bill).decode().splitlines()
    assert head.startswith("day,grade,location,accelerator_hours")
    assert lines[0] == "2024-01-01,H100-SXM,US-EAST,8.000000,24.000000,3.000000"
    assert value(bill, None, "none")["days"][0]["micro_dollars_an_hour"] == 3_000_000
