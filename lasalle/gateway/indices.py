"""Published indices over REST and on the stream: methods, records, and bundles."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Protocol

from lasalle.client.days import WRITTEN, read_day
from lasalle.gateway import shapes
from lasalle.gateway.endpoints import Asked, Endpoint, Raw
from lasalle.gateway.faults import BadCommand, Denied
from lasalle.gateway.pages import PAGED, page
from lasalle.indices.published import Method, method_of, published_methods
from lasalle.indices.record import Record, Row
from lasalle.views.model import dollars

ROW = re.compile(r"[1-9][0-9]{0,9}")
"""A correction by its row in the record, behind its date and a point."""


NOT_KEPT = "index_not_kept"


class Indices(Protocol):
    """Records and bundles by index."""

    def indices(self) -> list[str]: ...

    def keeps(self, index: str) -> bool: ...

    def record(self, index: str) -> Record: ...

    def bundle(self, index: str, day: str) -> bytes | None: ...


class Holder(Protocol):
    """What has indices, or none."""

    indices: Indices | None


def endpoints(held: Holder) -> list[Endpoint]:
    """The declarations."""

    def listed(_: Asked) -> Any:
        rows = [_told(held, method) for method in published_methods().values()]
        newest = {(m.index, m.version) for m in map(method_of, {row["index"] for row in rows})}
        shown = [r for r in rows if r["last"] or (r["index"], r["version"]) in newest]
        return {"indices": shown}

    def methods(asked: Asked) -> Any:
        found = _methods(asked.path["index"])
        return {
            "methods": [
                {**_told(held, method), "table": method.text.decode("utf-8")} for method in found
            ]
        }

    def fixings(asked: Asked) -> Any:
        index = _kept(held, asked.path["index"])
        rows = held.indices.record(index).rows if held.indices else []
        numbered = list(reversed(list(enumerate(rows, 1))))
        found, following = page("index-fixings", numbered, lambda r: -r[0], asked.query)
        return {"fixings": [fixing_row(number, row) for number, row in found], "next": following}

    def bundle(asked: Asked) -> Raw:
        day = _named(asked.path["day"])
        index = _kept(held, asked.path["index"])
        content = held.indices.bundle(index, day) if held.indices else None
        if content is None:
            raise _unpublished(day)
        name = f'attachment; filename="{index}-{day}.json"'
        return Raw(content, "application/json", headers={"Content-Disposition": name})

    async def apart(run: Any, asked: Asked) -> Any:
        return await asyncio.to_thread(run, asked)

    return [
        Endpoint(
            "GET", "/v1/indices", lambda asked: apart(listed, asked),
            "Every published index, its method and its last fixing.", shapes.IndexList, cost=5,
        ),
        Endpoint(
            "GET", "/v1/indices/{index}", lambda asked: apart(methods, asked),
            "Every method an index has had, with its table.", shapes.IndexMethods, cost=5,
            faults=("file_unknown",),
        ),
        Endpoint(
            "GET", "/v1/indices/{index}/fixings", lambda asked: apart(fixings, asked),
            "Rows of the record of an index, newest first: provisional, final and corrections.",
            shapes.page_of("IndexFixings", "fixings", shapes.IndexFixing), cost=5, query=PAGED,
            faults=("file_unknown", NOT_KEPT),
        ),
        Endpoint(
            "GET", "/v1/indices/{index}/bundles/{day}", lambda asked: apart(bundle, asked),
            "All that the fixing of a date (YYYY-MM-DD) was made of, or a correction of it "
            "(YYYY-MM-DD.N, N its number in the record): from it alone anyone makes it again.",
            dict, cost=10, faults=("file_unknown", NOT_KEPT),
        ),
    ]  # fmt: skip


def fixing_row(number: int, row: Row) -> dict[str, Any]:
    """A row of a record for everyone."""
    f, cost = row.fixing, row.exposure
    return {
        "number": number,
        "index": f["index"],
        "day": f["day"],
        "stage": row.stage.value,
        "status": f["status"],
        "price": dollars(f["price"]) if f["price"] else None,
        "price_micro_dollars": f["price"],
        "rung": f["rung"],
        "marks": list(f["marks"]),
        "reason": f["reason"],
        "evidence_day": f["evidence_day"],
        "offers": f["offers"],
        "sources": f["sources"],
        "simulated": f["simulated"],
        "method": f["method_version"],
        "method_sha256": f["method_sha256"],
        "inputs_root": f["inputs_root"],
        "state_before": f["state_before"],
        "state_after": f["state_after"],
        "published": row.published,
        "late_seconds": row.late,
        "silent": list(row.silent),
        "old_price": dollars(row.old_price) if row.old_price else None,
        "why": row.why,
        "cost_of_moving": {
            name.removesuffix("_micro_dollars"): cost[name]
            for name in sorted(cost)
            if name.endswith("_micro_dollars")
        },
        "lots": cost.get("lots", 0),
    }


def increment(index: str, number: int, row: Row) -> dict[str, Any]:
    """A row as the stream tells it, on channel `indices`."""
    return {"channel": "indices", "symbol": index, **fixing_row(number, row)}


def _methods(index: str) -> list[Method]:
    found = [method for (name, _), method in published_methods().items() if name == index]
    if not found:
        raise Denied("no such index is published", name="file_unknown", found=index[:30])
    return found


def _kept(held: Holder, index: str) -> str:
    """An index this house keeps. Raises Denied for one it does not, by its own word (IDX-020)."""
    name = _methods(index)[0].index
    if held.indices is None or not held.indices.keeps(name):
        raise Denied(name=NOT_KEPT, field="index", found=name)
    return name


def _unpublished(day: str) -> Denied:
    text = "no such fixing is published"
    return Denied(text, name="file_unknown", field="day", found=day[:30])


def _named(text: str) -> str:
    """A date, or the correction of one, as bundles are named. Raises BadCommand."""
    day, point, row = text.partition(".")
    found = read_day(day)
    if found is None or (point and not ROW.fullmatch(row)):
        raise BadCommand("day", f"{WRITTEN}, or that and .N for row N of the record", text)
    return found.isoformat() + point + row


def _told(held: Holder, method: Method) -> dict[str, Any]:
    last = None
    if held.indices:
        record = held.indices.record(method.index)
        rows = [r for r in record.current() if r.fixing["method_version"] == method.version]
        last = fixing_row(record.rows.index(rows[-1]) + 1, rows[-1]) if rows else None
    return {
        "index": method.index,
        "number": method.number,
        "version": method.version,
        "title": method.title,
        "method_sha256": method.sha256,
        "kept": bool(held.indices and held.indices.keeps(method.index)),
        "last": last,
    }
