"""`lasalle index`: evidence is fixed, shown, drawn, copied out, made again; records only grow."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest

from lasalle.indices import ChainMethod, method_of
from lasalle.indices.bundle import recompute
from lasalle.indices.record import RecordError, Stage
from lasalle.indices.record_file import (
    EXPOSURE,
    RECORD_SCHEMA,
    fixing_json,
    read_record,
    write_record,
)
from lasalle.institution import index_store
from lasalle.institution.command_line import main
from lasalle.institution.index_desk import IndexDesk, evidence_of
from lasalle.institution.index_store import IndexStore
from lasalle.institution.sources.files import file_sources

DATA = Path(__file__).parents[3] / "shared/data"
FIRST = date(2025, 1, 6)
REGIONS = ("us-central1", "us-east4", "us-east5", "us-west1")


Bend = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def history(
    folder: Path, days: int = 20, extra: dict[int, float] | None = None, bend: Bend | None = None
) -> Path:
    """A history in the form of the GCP file, four regions on every date."""
    rows = [
        {
            "date": FIRST + timedelta(days=n),
            "cloud": "gcp",
            "region": region,
            "machine_type": "a3-highgpu-8g",
            "on_demand_usd_per_gpu_hour": 9.0,
            "spot_usd_per_gpu_hour": (extra or {}).get(n, 0.0) or 2.5 + at / 10 + (n >= 10) * 0.1,
            "commit_1y_usd_per_gpu_hour": 6.0,
            "commit_3y_usd_per_gpu_hour": 4.0,
            "flags": "",
        }
        for n in range(days)
        for at, region in enumerate(REGIONS)
    ]
    rows = bend(rows) if bend else rows
    table = arrow.Table.from_pylist(rows).set_column(
        0, "date", arrow.array([r["date"] for r in rows]).cast(arrow.timestamp("us"))
    )
    (folder / "gpu_prices").mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, folder / "gpu_prices/gcp_gpu_prices_2022_2026.parquet")
    return folder


SPOT = "spot_usd_per_gpu_hour"


def priced(days: range, factor: float, regions: int = 1) -> Bend:
    """Some regions' prices on some days, times a factor."""

    def bend(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        faulty = {FIRST + timedelta(days=n) for n in days}
        chosen = REGIONS[:regions]
        return [
            row | {SPOT: row[SPOT] * factor}
            if row["date"] in faulty and row["region"] in chosen
            else row
            for row in rows
        ]

    return bend


BENDS: dict[str, Bend] = {
    "a flash quote": priced(range(14, 15), 100.0),
    "a flash quote within belief": priced(range(14, 15), 1.6),
    "three days of cents": priced(range(13, 16), 100.0, regions=2),
    "not a number": priced(range(13, 16), math.nan),
    "infinite": priced(range(13, 16), math.inf),
    "below nothing": priced(range(13, 16), -1.0),
    "told twice": lambda rows: rows + rows,
    "told twenty times in another order": lambda rows: rows[::-1] * 20,
    "gainsaid": lambda rows: rows + priced(range(14, 15), 1.3)(rows)[14 * 4 : 15 * 4],
    "dated an hour late": lambda rows: [
        row | {"date": datetime.combine(row["date"], time(1), UTC).replace(tzinfo=None)}
        for row in rows
    ],
}


@pytest.mark.rule("IDX-009")
@pytest.mark.parametrize("name", BENDS)
def test_a_bent_file_moves_no_fixing(name: str, tmp_path, places, capsys) -> None:
    """Through the file, the source that reads it and the verb, into the record."""
    assert ask("fix", "H100-US", *places) == 0
    sound = IndexStore(tmp_path / "indices").record("H100-US").rows
    history(tmp_path / "bent", bend=BENDS[name])
    files = [tmp_path / f"{folder}/gpu_prices/gcp_gpu_prices_2022_2026.parquet"
             for folder in ("prices", "bent")]  # fmt: skip
    assert parquet.read_table(files[0]) != parquet.read_table(files[1])
    bent = ["--prices", str(tmp_path / "bent"), "--dir", str(tmp_path / "other")]
    assert ask("fix", "H100-US", *bent) == 0
    rows = IndexStore(tmp_path / "other").record("H100-US").rows
    assert [r.fixing["day"] for r in rows] == [r.fixing["day"] for r in sound]
    for one, other in zip(sound, rows, strict=True):
        moved = abs(other.fixing["price"] / one.fixing["price"] - 1)
        assert moved <= 0.0025, (other.fixing, one.fixing)


@pytest.fixture
def places(tmp_path):
    return ["--prices", str(history(tmp_path / "prices")), "--dir", str(tmp_path / "indices")]


def ask(*words: str) -> int:
    return main(["index", *words])


@pytest.mark.rule("IDX-015")
def test_dates_are_fixed_shown_copied_out_and_made_again(tmp_path, places, capsys) -> None:
    kept = places[2:]
    assert ask("fix", "H100-US", "H100-GCP-US-CENTRAL1", *places, "--lots", "1000") == 0
    told = capsys.readouterr().out
    assert "H100-US: 20 dates from 2025-01-06 to 2025-01-25: 20 with a price" in told
    assert "H100-GCP-US-CENTRAL1: 20 dates" in told
    assert ask("list", *kept) == 0
    listed = capsys.readouterr().out
    assert "H100-US              4  2025-01-25" in listed
    assert "H100-US              1" not in listed, "a version nothing is fixed under"
    assert ask("show", "H100-US", "2025-01-20", *kept) == 0
    shown = capsys.readouterr().out
    assert "fixed    final       list  4 offers of 1 sources" in shown
    assert "1 % up: $" in shown
    assert "gcp/us-west1/a3-highgpu-8g/spot" in shown
    for index in ("H100-US", "H100-GCP-US-CENTRAL1"):
        path = tmp_path / f"{index}.json"
        assert ask("bundle", index, "2025-01-20", *kept, "--out", str(path)) == 0
        assert ask("recompute", index, "2025-01-20", "--bundle", str(path)) == 0
        assert "every bit agrees" in capsys.readouterr().out
    path = tmp_path / "H100-US.json"
    content = json.loads(path.read_text())
    content["rows"][2] = content["rows"][2] + "x"
    path.write_text(json.dumps(content))
    assert ask("recompute", "H100-US", "2025-01-20", "--bundle", str(path)) == 1
    assert "row 3 was bent" in capsys.readouterr().out
    other = tmp_path / "H100-GCP-US-CENTRAL1.json"
    assert ask("recompute", "H100-US", "2025-01-19", "--bundle", str(other)) == 1
    assert "expected one of H100-US 2025-01-19" in capsys.readouterr().out


def test_a_record_goes_on_and_is_never_written_over(tmp_path, places, capsys) -> None:
    kept = places[2:]
    assert ask("fix", "H100-US", *places, "--to", "2025-01-12") == 0
    assert "7 dates" in capsys.readouterr().out
    before = IndexStore(tmp_path / "indices").record("H100-US").rows
    assert ask("fix", "H100-US", *places) == 0
    assert "13 dates from 2025-01-13" in capsys.readouterr().out
    assert ask("fix", "H100-US", *places) == 0
    assert "nothing has come due" in capsys.readouterr().out
    store = IndexStore(tmp_path / "indices")
    rows = store.record("H100-US").rows
    assert rows[:7] == before
    first = store.bundle("H100-US", "2025-01-06")
    store.keep("H100-US", [], {"2025-01-06": b"another"}, None)
    assert store.bundle("H100-US", "2025-01-06") == first != b"another"
    at_once = IndexStore(tmp_path / "at-once")
    assert ask("fix", "H100-US", *places[:2], "--dir", str(tmp_path / "at-once")) == 0
    assert [r.fixing for r in at_once.record("H100-US").rows] == [r.fixing for r in rows]
    assert [n for _, n, _ in store.events({"H100-US": 18})] == [19, 20]
    capsys.readouterr()
    assert ask("show", "H100-US", *kept, "--json") == 0
    assert json.loads(capsys.readouterr().out.split("\n}")[0] + "}")["stage"] == "final"
    # What one verb publishes another compares a bundle with.
    day, published, bundle = "2025-01-20", tmp_path / "published.json", tmp_path / "bundle.json"
    assert ask("show", "H100-US", day, *kept, "--json") == 0
    published.write_text(capsys.readouterr().out)
    assert ask("bundle", "H100-US", day, *kept, "--out", str(bundle)) == 0
    against = ["--bundle", str(bundle), "--published", str(published)]
    assert ask("recompute", "H100-US", day, *against) == 0
    assert "every bit agrees" in capsys.readouterr().out
    # Of several the one of the date counts: a list, a page of the gateway, `show` of many dates.
    row = json.loads(published.read_text())
    other = row | {"day": "2025-01-19", "inputs_root": "0"}
    for several in ([other, row], {"fixings": [row | {"number": 7}, other | {"number": 8}]}):
        published.write_text(json.dumps(several))
        assert ask("recompute", "H100-US", day, *against) == 0
    published.write_text(f"{json.dumps(other)}\n{json.dumps(row)}\n")
    assert ask("recompute", "H100-US", day, *against) == 0
    capsys.readouterr()
    assert ask("recompute", "H100-US", *against) == 1
    assert "expected which of 2 published fixings" in capsys.readouterr().err
    published.write_text(json.dumps([other, other]))
    assert ask("recompute", "H100-US", day, *against) == 1
    assert "expected one of H100-US 2025-01-20" in capsys.readouterr().err
    published.write_text(json.dumps(row).replace('"inputs_root": "', '"inputs_root": "0'))
    assert ask("recompute", "H100-US", day, *against) == 1
    assert "inputs_root is published as '0" in capsys.readouterr().out
    published.write_text("[]")
    assert ask("recompute", "H100-US", day, *against) == 1


@pytest.mark.parametrize("stopped", ["fixings.parquet", "state.txt"])
def test_no_date_is_lost_where_a_fixing_is_cut_short(
    stopped: str, tmp_path, places, monkeypatch
) -> None:
    write, reached = index_store._write, []

    def short(path: Path, content: bytes) -> None:
        if path.name == stopped:
            reached.append(path)
            raise OSError(28, "no space left on device")
        write(path, content)

    assert ask("fix", "H100-US", *places, "--to", "2025-01-12") == 0
    with monkeypatch.context() as patched:
        patched.setattr(index_store, "_write", short)
        assert ask("fix", "H100-US", *places, "--to", "2025-01-20") == 1
    assert len(reached) == 1
    assert ask("fix", "H100-US", *places) == 0
    rows = IndexStore(tmp_path / "indices").record("H100-US").rows
    days = [r.fixing["day"] for r in rows]
    assert days == [(FIRST + timedelta(days=n)).isoformat() for n in range(20)]
    assert {r.stage for r in rows} == {Stage.FINAL}
    assert all(b.fixing["state_before"] == a.fixing["state_after"] for a, b in pairwise(rows))


@pytest.mark.rule("IDX-014")
def test_a_final_is_corrected_by_a_row_and_the_chain_goes_on_from_it(
    tmp_path, places, capsys
) -> None:
    kept = places[2:]
    assert ask("fix", "H100-US", *places) == 0
    store = IndexStore(tmp_path / "indices")
    finals = {r.fixing["day"]: r.fixing["price"] for r in store.record("H100-US").rows}
    history(tmp_path / "prices", extra={19: 2.8})
    words = ["--correct", "2025-01-24", "--why", "a region spoke late"]
    assert ask("fix", "H100-US", *places, *words) == 0
    assert "1 dates from 2025-01-25" in capsys.readouterr().out
    record = IndexStore(tmp_path / "indices").record("H100-US")
    (row,) = record.corrections()
    assert (row.stage, row.why) == (Stage.CORRECTION, "a region spoke late")
    assert row.old_price == finals["2025-01-25"] != row.fixing["price"]
    settled = record.settles("2025-01-25")
    assert settled is not None
    assert settled.fixing["price"] == finals["2025-01-25"]
    state = IndexStore(tmp_path / "indices").state("H100-US")
    assert state is not None
    assert state.root == row.fixing["state_after"]
    # Both rows are made again, each from a bundle of its own.
    number, copied = record.rows.index(row) + 1, tmp_path / "bundle.json"
    for more, expected in ((["--row", str(number)], row), ([], settled)):
        words = ["bundle", "H100-US", "2025-01-25", *more, "--out", str(copied)]
        assert ask(*words, *kept) == 0
        told = tmp_path / "told.json"
        told.write_bytes(fixing_json(expected))
        again = ["recompute", "H100-US", "2025-01-25", "--bundle", str(copied)]
        assert ask(*again, "--published", str(told)) == 0
    assert ask("bundle", "H100-US", "2025-01-25", "--row", "0", "--out", "x", *kept) == 1
    assert "a correction in row 0" in capsys.readouterr().err
    assert ask("show", "H100-US", *kept) == 0
    assert "a region spoke late" in capsys.readouterr().out
    # A second one from a later date would begin from a state that knows nothing of the first.
    words = ["--correct", "2025-01-25", "--why", "another"]
    assert ask("fix", "H100-US", *places, *words) == 1
    assert "expected 2025-01-24, from which it was corrected before" in capsys.readouterr().err
    assert IndexStore(tmp_path / "indices").state("H100-US") == state
    history(tmp_path / "prices", days=30, extra={19: 2.8})
    assert ask("fix", "H100-US", *places) == 0
    history(tmp_path / "prices", days=30, extra={19: 2.8, 28: 2.9})
    words[1] = "2025-02-03"
    assert ask("fix", "H100-US", *places, *words) == 0
    days = [r.fixing["day"] for r in IndexStore(tmp_path / "indices").record(
        "H100-US").corrections()]  # fmt: skip
    assert days[0] == "2025-01-25"
    assert min(days[1:]) == "2025-02-03"
    span = IndexStore(tmp_path / "indices").corrected("H100-US")
    assert span == ("2025-01-24", "2025-02-04")


def test_drawings_need_nothing_else(tmp_path, places, capsys) -> None:
    kept = places[2:]
    png, html = tmp_path / "spot.png", tmp_path / "spot.html"
    assert ask("fix", "H100-US", *places) == 0
    out, err = capsys.readouterr()
    assert ("fixing H100-US, 1 of 1\n" in err, "fixing" in out) == (True, False)
    assert ask("plot", "H100-US", *kept, "--png", str(png), "--html", str(html)) == 0
    assert png.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    text = html.read_text()
    assert "http" not in text
    assert text.count('"2025-01-') == 20


def test_a_record_file_reads_back_and_costs_stand_in_it(tmp_path, places, capsys) -> None:
    assert ask("fix", "H100-US", *places, "--lots", "1000") == 0
    content = (tmp_path / "indices/H100-US/fixings.parquet").read_bytes()
    record = read_record(content)
    assert write_record(record.rows) == write_record(read_record(write_record(record.rows)).rows)
    assert parquet.read_table(arrow.BufferReader(content)).schema.equals(RECORD_SCHEMA)
    row = record.rows[-1]
    assert set(row.exposure) <= set(EXPOSURE)
    assert row.exposure["gain_1_micro_dollars"] > row.exposure["up_1_micro_dollars"] > 0
    sink = arrow.BufferOutputStream()
    many = arrow.array([0] * 300_000)
    parquet.write_table(parquet.read_table(arrow.BufferReader(content)).take(many), sink)
    with pytest.raises(RecordError, match="rows: expected at most"):
        read_record(bytes(sink.getvalue()))
    for bent in (b"", b"PAR1", content[:-9]):
        with pytest.raises(RecordError):
            read_record(bent)


def test_an_index_without_a_row_for_want_of_evidence_is_no_success(tmp_path, capsys) -> None:
    places = ["--prices", str(tmp_path / "nowhere"), "--dir", str(tmp_path / "kept")]
    assert ask("fix", "H100-US", *places) == 1
    assert "H100-US: nothing has come due" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fix", "H900"], "index: expected one of"),
        (["fix", "H100-US", "--correct", "2025-01-20"], "expected both or neither"),
        (["fix", "H100-GCP-US-CENTRAL1", "--correct", "2025-01-20", "--why", "x"], "never revised"),
        (["fix", "H100-US", "--lots", "-1"], "--lots: expected"),
        (["plot", "H100-US"], "--png, --html"),
        (["plot", "H100-US", "--png", "x.png"], "expected a record"),
        (["show", "H900"], "index: expected one of"),
        (["show", "H100-US"], "found none: lasalle index fix H100-US"),
        (["bundle", "H100-US", "2025-01-20", "--out", "x"], "a date that was fixed"),
        (["recompute", "H100-US", "2025-01-20"], "--bundle: expected the bundle"),
    ],
)
def test_what_cannot_be_is_said(words: list[str], said: str, places, capsys) -> None:
    nobody = [*places[2:], "--at", "http://127.0.0.1:9"]
    extra = places if words[0] == "fix" else places[2:] if words[0] != "recompute" else nobody
    assert ask(*words, *extra) == 1
    assert said in capsys.readouterr().err


@pytest.mark.rule("IDX-014")
def test_a_fresh_date_is_provisional_first(tmp_path, places) -> None:
    method = method_of("H100-US", 2)
    assert isinstance(method, ChainMethod)
    sources = {s.name: s for s in file_sources(tmp_path / "prices")}
    book, missing = evidence_of(sources, [method], 0, 2**62)
    assert any("aws-panel" in sentence for sentence in missing)
    store = IndexStore(tmp_path / "own")
    last = int((FIRST + timedelta(days=20) - date(1970, 1, 1)).days)
    half_past = last * 86_400 * 10**9 + method.provisional
    rows = IndexDesk(store, book, half_past, 0).fix(method)
    assert [r.stage for r in rows] == [Stage.FINAL] * 19 + [Stage.PROVISIONAL]
    assert IndexDesk(store, book, half_past, 0).fix(method) == []
    later = IndexDesk(store, book, half_past + 86_400 * 10**9, 0).fix(method)
    assert [r.stage for r in later] == [Stage.FINAL]
    assert later[0].fixing["day"] == rows[-1].fixing["day"]
    bundle = store.bundle("H100-US", later[0].fixing["day"])
    assert bundle is not None
    assert recompute(bundle).made == later[0].fixing


def test_coefficients_are_estimated_beside_the_published(places, capsys) -> None:
    assert ask("coefficients", "H100-US", *places[:2]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    (west,) = [row for row in rows if row[:2] == ["location", "US-WEST"]]
    # us-west1 stands at 2.80 beside a median of 2.60 in the east, and at 2.90 beside 2.70.
    assert west[2:] == ["1000000", str(round((2.8 / 2.6 + 2.9 / 2.7) / 2 * 1e6)), "20"]
    assert ask("coefficients", "H100-GCP-US-CENTRAL1", *places[:2]) == 1


def test_the_real_histories_are_replayed_beside_the_median(capsys) -> None:
    if not DATA.exists():
        pytest.skip("the price histories are not beside this checkout")
    words = ["report", "H100-US", "H100-ON-DEMAND", "B200-ON-DEMAND", "--prices", str(DATA)]
    assert ask(*words) == 0
    lines, told = capsys.readouterr()
    assert "corrections: rows of the record that corrected a final fixing" in told
    heads, *rows = ([c.strip() for c in line.strip("|").split("|")] for line in lines.splitlines())
    found = {row[0]: row for row in rows[1:]}
    assert {row[heads.index("corrections")] for row in rows[1:]} == {"0"}
    assert set(found) == {"H100-US", "H100-ON-DEMAND", "B200-ON-DEMAND"}
    for index in ("H100-ON-DEMAND", "B200-ON-DEMAND"):
        volatility, median = found[index][9], found[index][13]
        assert float(volatility.rstrip("%")) * 3 < float(median.rstrip("%"))
        share = int(found[index][heads.index("composition in the median")].split("%")[0])
        assert share > 50, "most of the raw median's movement is offers entering and leaving"
    assert found["H100-US"][11] == "2025-03-13"
