"""Price lists of clouds: GCP history, the daily panel of AWS."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute
from numpy.typing import NDArray

from lasalle.indices.evidence import PriceType, Unit
from lasalle.indices.sources.admission import Marks, Reading, admit, combine, micro_dollars, rows_of
from lasalle.indices.sources.columns import asked_columns, noon, translated
from lasalle.indices.sources.grading import locations_of, machines_of

SPOT, ON_DEMAND, ONE_YEAR, THREE_YEARS = 0, 1, 365, 1095
"""Days committed."""
TENOR_WORDS = {SPOT: "spot", ON_DEMAND: "on-demand", ONE_YEAR: "1y", THREE_YEARS: "3y"}

GCP_TENORS = {
    SPOT: "spot_usd_per_gpu_hour",
    ON_DEMAND: "on_demand_usd_per_gpu_hour",
    ONE_YEAR: "commit_1y_usd_per_gpu_hour",
    THREE_YEARS: "commit_3y_usd_per_gpu_hour",
}
GCP_COLUMNS = ("date", "region", "machine_type", "flags", *GCP_TENORS.values())
AWS_PANEL_COLUMNS = (
    "date",
    "instance_type",
    "region",
    "zone",
    "on_demand_usd_per_gpu_hour",
    "spot_usd_per_gpu_hour",
)


def gcp_history_evidence(
    table: arrow.Table, since: int, until: int, *, source: str, reference: str
) -> Reading:
    """Evidence of the GCP price history: spot, on demand, one and three years, all of them LIST.

    A date without an hour stands at 12:00 UTC. Rows with a mark in `flags` are refused as marked;
    a missing price is a price the list does not name, not a shortage.
    """
    rows = _graded(asked_columns(table, GCP_COLUMNS, source), "gcp", "machine_type")
    readings = []
    for tenor, column in GCP_TENORS.items():
        told = rows.filter(compute.is_valid(rows[column]))
        grades, points = _places(told, "gcp", "machine_type")
        evidence = rows_of(
            {
                "source": source,
                "time": noon(told["date"]),
                "unit": int(Unit.GPU_HOUR),
                "grade": grades,
                "location": points,
                "tenor_days": tenor,
                "size": 0,
                "price_type": int(PriceType.LIST),
                "price": micro_dollars(told[column]),
                "offer": _joined("gcp", told["region"], told["machine_type"], TENOR_WORDS[tenor]),
                "reference": _row_references(reference, told),
            }
        )
        marks = {
            "no delivery point": np.asarray(points) == "",
            "marked": np.asarray(compute.not_equal(told["flags"], "")),
        }
        readings.append(admit(evidence, since, until, marks=marks))
    return combine(readings)


def aws_panel_evidence(
    table: arrow.Table, since: int, until: int, *, source: str, reference: str
) -> Reading:
    """Evidence of the daily AWS panel: one spot offer a zone, one on-demand price a region.

    A spot price is EXECUTABLE for one instance: the panel writes none on a day the zone has no
    offer, and that null is a SHORTAGE of the grade in the zone, never the price of the day before.
    On-demand prices are LIST. Dates stand at 12:00 UTC.
    """
    rows = _graded(asked_columns(table, AWS_PANEL_COLUMNS, source), "aws", "instance_type")
    grades, points = _places(rows, "aws", "instance_type")
    nothing = np.asarray(compute.is_null(rows["spot_usd_per_gpu_hour"]))
    prices = micro_dollars(rows["spot_usd_per_gpu_hour"])
    machines = machines_of("aws")
    counts = np.array([machines[kind][1] for kind in rows["instance_type"].to_pylist()], np.int64)
    common: dict[str, Any] = {
        "source": source,
        "time": noon(rows["date"]),
        "unit": int(Unit.GPU_HOUR),
        "grade": grades,
        "location": points,
        "reference": _row_references(reference, rows),
    }
    spot = rows_of(
        common
        | {
            "tenor_days": SPOT,
            "size": np.where(nothing, 0, counts),
            "price_type": np.where(nothing, PriceType.SHORTAGE, PriceType.EXECUTABLE),
            "price": prices,
            "offer": _joined("aws", rows["zone"], rows["instance_type"], "spot"),
        }
    )
    on_demand = rows_of(
        common
        | {
            "tenor_days": ON_DEMAND,
            "size": 0,
            "price_type": int(PriceType.LIST),
            "price": micro_dollars(rows["on_demand_usd_per_gpu_hour"]),
            "offer": _joined("aws", rows["region"], rows["instance_type"], "on-demand"),
        }
    )
    told = np.asarray(compute.is_valid(rows["on_demand_usd_per_gpu_hour"]))
    first = _first_of_each(on_demand)  # the panel repeats a region's price beside each of its zones
    nowhere: dict[str, Marks] = {"no delivery point": np.asarray(points) == ""}
    return combine(
        [
            admit(spot, since, until, marks=nowhere),
            admit(
                on_demand.filter(arrow.array(told & first)),
                since,
                until,
                marks={"no delivery point": nowhere["no delivery point"][told & first]},
            ),
        ]
    )


def _graded(rows: arrow.Table, cloud: str, machine: str) -> arrow.Table:
    """Rows of graded machines, with the number each has in what was read."""
    numbered = rows.append_column("row", arrow.array(range(len(rows)), arrow.int64()))
    return numbered.filter(
        compute.is_in(rows[machine], arrow.array(list(machines_of(cloud)), arrow.string()))
    )


def _places(
    rows: arrow.Table, cloud: str, machine: str
) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    grades = {kind: grade for kind, (grade, _) in machines_of(cloud).items()}
    return translated(rows[machine], grades), translated(rows["region"], locations_of(cloud))


def _joined(*parts: Any) -> arrow.Array:
    columns = [
        part.combine_chunks().cast(arrow.string()) if isinstance(part, arrow.ChunkedArray) else part
        for part in parts
    ]
    return compute.binary_join_element_wise(*columns, "/")


def _row_references(reference: str, rows: arrow.Table) -> arrow.Array:
    numbers = rows["row"].combine_chunks().cast(arrow.string())
    return compute.binary_join_element_wise(f"{reference}#", numbers, "")


def _first_of_each(rows: arrow.Table) -> Marks:
    """The first row of each offer, time and price."""
    offers = compute.dictionary_encode(rows["offer"].combine_chunks()).indices.to_numpy()
    keys = np.stack(
        [offers.astype(np.int64), rows["time"].to_numpy(), rows["price"].to_numpy()], axis=1
    )
    first = np.unique(keys, axis=0, return_index=True)[1]
    marks = np.zeros(len(rows), dtype=bool)
    marks[first] = True
    return marks
