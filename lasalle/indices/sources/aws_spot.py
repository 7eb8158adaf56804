"""AWS spot price history: what EC2's DescribeSpotPriceHistory is asked and answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from lasalle.indices.evidence import PriceType
from lasalle.indices.sources.answers import SPOT, evidence_row, whole_price
from lasalle.indices.sources.faults import SourceError
from lasalle.indices.sources.grading import grade_of_machine, location_of


@dataclass(frozen=True, slots=True)
class SpotTick:
    """A change of the spot price of an instance type in a zone: USD per instance and hour."""

    machine: str
    zone: str
    time: int
    dollars: float


def spot_query(machines: Iterable[str], since: int, until: int, token: str = "") -> dict[str, str]:
    """Parameters that ask for the Linux spot prices of machines in a window."""
    query = {
        "Action": "DescribeSpotPriceHistory",
        "Version": "2016-11-15",
        "StartTime": _iso(since),
        "EndTime": _iso(until),
        "ProductDescription.1": "Linux/UNIX",
    }
    for number, machine in enumerate(sorted(machines), 1):
        query[f"InstanceType.{number}"] = machine
    return query | ({"NextToken": token} if token else {})


def read_spot_answer(content: bytes, source: str) -> tuple[list[SpotTick], str]:
    """Ticks of an answer, and the token of the page that follows; empty on the last."""
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise SourceError(f"{source}: answer", "XML", str(error)) from error
    if not root.tag.endswith("DescribeSpotPriceHistoryResponse"):
        raise SourceError(f"{source}: answer", "DescribeSpotPriceHistoryResponse", root.tag)
    space = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
    ticks = []
    for item in root.iterfind(f"{space}spotPriceHistorySet/{space}item"):
        words = {name: item.findtext(space + name) for name in _FIELDS}
        if missing := [name for name, word in words.items() if not word]:
            raise SourceError(f"{source}: item", ", ".join(_FIELDS), f"no {missing[0]}")
        try:
            moment = datetime.fromisoformat(str(words["timestamp"]))
            dollars = float(str(words["spotPrice"]))
        except ValueError as error:
            raise SourceError(f"{source}: item", "a time and a price", str(error)) from error
        zone, machine = str(words["availabilityZone"]), str(words["instanceType"])
        seconds = int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
        ticks.append(SpotTick(machine, zone, seconds * 1_000_000_000, dollars))
    return ticks, root.findtext(f"{space}nextToken") or ""


_FIELDS = ("instanceType", "availabilityZone", "spotPrice", "timestamp")


def spot_rows(
    ticks: Iterable[SpotTick], region: str, since: int, source: str, reference: str
) -> list[dict[str, Any]]:
    """EXECUTABLE rows for one instance. AWS answers with the price in effect when the window opens
    under the time of its change, however old: such a row stands at the opening of the window.
    """
    place = location_of("aws", region)
    rows = []
    for tick in ticks:
        graded = grade_of_machine("aws", tick.machine)
        if graded is None or place is None:
            continue
        grade, count = graded
        rows.append(
            evidence_row(
                source,
                max(tick.time, since),
                grade,
                place,
                SPOT,
                whole_price(tick.dollars, count),
                price_type=PriceType.EXECUTABLE,
                size=count,
                offer=f"aws/{tick.zone}/{tick.machine}/spot",
                reference=f"{reference} {tick.time}",
            )
        )
    return rows


def _iso(moment: int) -> str:
    return datetime.fromtimestamp(moment // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
