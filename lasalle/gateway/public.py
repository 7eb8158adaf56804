"""Public paths: instruments, books, trades, fixings, files, and what the house says of itself."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import msgspec

from lasalle import __version__, wire
from lasalle.client.registry import FAULTS
from lasalle.client.shapes import Account, Book, Fixing, NoFix, Series, SettlementPrice, Trade
from lasalle.gateway import (
    adoptions,
    asyncapi,
    commitments,
    cover,
    curves,
    deliveries,
    derived,
    fx,
    indices,
    margin,
    openapi,
    shapes,
    stream,
)
from lasalle.gateway.endpoints import Asked, Endpoint, Query, Raw
from lasalle.gateway.faults import BEHIND, REFUSAL_STATUS, REFUSED_STATUS, Denied
from lasalle.gateway.health import Health
from lasalle.gateway.orders import series_named
from lasalle.gateway.pages import PAGED, page
from lasalle.gateway.server import MOST_BODY_BYTES, MOST_CONNECTIONS, MOST_HEADER_BYTES
from lasalle.gateway.shared import Shared
from lasalle.views.market import fixing_row, no_fix_row, trade_row
from lasalle.views.model import dollars

HTML = "text/html; charset=utf-8"
KINDS = tuple(k.name.lower() for k in wire.SeriesKind)


class Public:
    """What needs no key."""

    def __init__(self, shared: Shared, health: Health) -> None:
        self._g, self._health = shared, health
        self._described, self._costs = b"", list[dict[str, Any]]()

    def describe(self, endpoints: list[Endpoint]) -> None:
        """Takes every endpoint of the house, to tell what there is and what it costs."""
        self._described = msgspec.json.encode(openapi.described(__version__, endpoints))
        self._costs = [
            {"method": e.method, "path": e.path, "bucket": e.bucket, "cost": e.cost}
            for e in endpoints
            if e.bucket
        ]

    def endpoints(self) -> list[Endpoint]:
        """The declarations, in the order they are read."""
        kind = Query("kind", "Only series of this kind.", words=KINDS)
        depth = Query("depth", "Levels a side.", "integer", least=1, most=10_000)
        unknown = ("series_unknown",)
        return [
            Endpoint("GET", "/v1/time", self.time, "The house's clock.", shapes.Time),
            Endpoint("GET", "/v1/status", self.status, "The house now.", shapes.Status),
            Endpoint("GET", "/v1/limits", self.limits, "Bounds, rates, costs.", shapes.Limits),
            Endpoint("GET", "/v1/errors", self.errors, "Every reason to say no.", shapes.Errors),
            Endpoint(
                "GET", "/v1/series", self.series, "Instruments: tick, lot, expiry, settlement.",
                shapes.page_of("Instruments", "series", Series), cost=5, query=(*PAGED, kind),
            ),
            Endpoint(
                "GET", "/v1/series/{symbol}", self.instrument, "One instrument.", Series,
                faults=unknown,
            ),
            Endpoint(
                "GET", "/v1/series/{symbol}/book", self.book,
                "A book by level, with the number increments go on from.", Book, cost=2,
                query=(depth,), faults=unknown,
            ),
            Endpoint(
                "GET", "/v1/series/{symbol}/trades", self.trades, "Trades, newest first.",
                shapes.page_of("Trades", "trades", Trade), cost=5, query=PAGED, faults=unknown,
            ),
            Endpoint(
                "GET", "/v1/series/{symbol}/settlement-prices", self.settlements,
                "Settlement prices by day, oldest first.",
                shapes.page_of("SettlementPrices", "prices", SettlementPrice), cost=5,
                query=PAGED, faults=(*unknown, BEHIND),
            ),
            Endpoint(
                "GET", "/v1/fixings", self.fixings, "Fixings of the indices, newest first.",
                shapes.page_of("Fixings", "fixings", Fixing), cost=5, query=PAGED,
            ),
            Endpoint(
                "GET", "/v1/no-fixes", self.no_fixes,
                "Days that were told to have no fixing of an index, newest first.",
                shapes.page_of("NoFixes", "no_fixes", NoFix), cost=5, query=PAGED,
            ),
            *curves.endpoints(self._g),
            *indices.endpoints(self._g),
            *adoptions.endpoints(self._g),
            *derived.endpoints(self._g),
            *margin.endpoints(self._g),
            *cover.endpoints(self._g),
            *fx.endpoints(self._g),
            *deliveries.endpoints(self._g),
            *commitments.endpoints(self._g),
            *self._files(),
            *self._machines(),
        ]  # fmt: skip

    def _files(self) -> list[Endpoint]:
        found = [
            Endpoint(
                "GET", "/v1/files", self.files, "Files by day.",
                shapes.page_of("Files", "files", shapes.File), cost=5, query=PAGED,
                faults=(BEHIND,),
            ),
            Endpoint(
                "GET", "/v1/files/{name}", self.file, "A file.", cost=10,
                faults=("file_unknown", BEHIND), media="text/csv",
            ),
            Endpoint("GET", "/openapi.json", self.openapi, "This description.", dict, cost=10),
            Endpoint("GET", "/asyncapi.json", self.asyncapi, "The stream.", dict, cost=10),
            Endpoint("GET", "/stream.html", self.stream_page, "The stream.", media="text/html"),
        ]  # fmt: skip
        if self._g.demo:
            found.append(
                Endpoint(
                    "GET",
                    "/v1/demo/accounts",
                    self.demo_accounts,
                    "Accounts of the demonstration, which hides nothing.",
                    shapes.page_of("DemoAccounts", "accounts", Account),
                    cost=5,
                    query=PAGED,
                )
            )
        return found

    def _machines(self) -> list[Endpoint]:
        """What a machine of the operator asks."""
        ready = ("not_ready",)
        return [
            Endpoint("GET", "/healthz", self.alive, "The process runs.", shapes.Alive, "open"),
            Endpoint(
                "GET", "/startupz", self.started, "Opened.", shapes.Alive, "open", faults=ready
            ),
            Endpoint("GET", "/readyz", self.ready, "Serves.", shapes.Ready, "open", faults=ready),
            Endpoint(
                "GET", "/metrics", self.metrics, "Measures.", None, "open", media="text/plain"
            ),
        ]

    def time(self, asked: Asked) -> Any:
        return {"time": time.time_ns()}

    def status(self, asked: Asked) -> Any:
        g = self._g
        core = g.waiting.sequencer.core
        return {
            "version": __version__,
            "schema_version": wire.SCHEMA_VERSION,
            "number": core.last_number,
            "event": g.market.last_event,
            "venue_time": core.last_time,
            "marks_time": g.market.marks_time,
            "halted": g.market.halted,
            "ready": not any(self._health.questions().values()),
            "demo": g.demo,
            "real": list(g.about.get("real", ())),
            "simulated": list(g.about.get("simulated", ())),
            "schedule": str(g.about.get("schedule", "")),
            "maker": str(g.about.get("maker", "")),
            "house": g.house,
        }

    def limits(self, asked: Asked) -> Any:
        g = self._g
        return {
            "bounds": {n.lower(): v for n, v in vars(wire.Bound).items() if n.isupper()},
            "body_bytes": MOST_BODY_BYTES,
            "header_bytes": MOST_HEADER_BYTES,
            "connections": MOST_CONNECTIONS,
            "stream_messages_conflated": stream.CONFLATE_BEHIND,
            "stream_bytes_conflated": stream.CONFLATE_BEHIND_BYTES,
            "stream_messages_behind": stream.MOST_BEHIND,
            "stream_bytes_behind": stream.MOST_BEHIND_BYTES,
            "stream_commands_unanswered": stream.MOST_UNANSWERED,
            "rates": {
                kind: {"per_second": r.per_second, "burst": r.burst}
                for kind, r in g.buckets.rates.items()
            },
            "costs": self._costs,
        }

    def errors(self, asked: Asked) -> Any:
        refusals = [
            {
                "code": int(r),
                "name": r.name.lower(),
                "status": REFUSAL_STATUS.get(r.name.lower(), REFUSED_STATUS),
                "rule": rule,
                "field": field,
                "text": text,
            }
            for r, (rule, field, text) in wire.REFUSALS.items()
        ]
        faults = [
            {
                "code": f.code,
                "name": name,
                "status": f.status,
                "rule": f.rule,
                "field": "",
                "text": f.text,
            }
            for name, f in FAULTS.items()
        ]
        return {"errors": refusals + faults}

    def series(self, asked: Asked) -> Any:
        kind = asked.query.get("kind")
        views = [
            v
            for v in list(self._g.market.series.values())
            if kind is None or v.terms.series_kind.name.lower() == kind
        ]
        rows, following = page("series", views, lambda v: v.terms.series, asked.query)
        return {"series": [self._g.reading.instrument(v) for v in rows], "next": following}

    def instrument(self, asked: Asked) -> Any:
        view = series_named(self._g.market, asked.path["symbol"])
        return self._g.reading.instrument(view)

    def book(self, asked: Asked) -> Any:
        book = series_named(self._g.market, asked.path["symbol"]).book()
        depth = asked.query.get("depth")
        if depth is not None:
            book |= {"bids": book["bids"][:depth], "asks": book["asks"][:depth]}
        return book

    def trades(self, asked: Asked) -> Any:
        view = series_named(self._g.market, asked.path["symbol"])
        rows = list(reversed(view.trades))
        found, following = page("trades", rows, lambda t: -t[0].number, asked.query)
        return {"trades": [trade_row(view, h, e) for h, e in found], "next": following}

    async def settlements(self, asked: Asked) -> Any:
        view = series_named(self._g.market, asked.path["symbol"])
        history = self._g.accounts.history
        rows = await asyncio.to_thread(history.settlement_prices, view.terms.series)
        found, following = page("settlements", rows, lambda r: int(r[0]), asked.query)
        prices = [{"day": day, "price": dollars(p), "price_micro_dollars": p} for day, p in found]
        return {"prices": prices, "next": following}

    def fixings(self, asked: Asked) -> Any:
        # A day has one fixing of an index, so day and index together order them; an index may have
        # been published back to days before the newest of another.
        def key(fixing: wire.FixingPublished) -> int:
            return -(fixing.day * 100_000 + fixing.index)

        rows = sorted(self._g.market.fixings, key=key)
        found, following = page("fixings", rows, key, asked.query)
        late = self._g.market.fixed_late
        return {"fixings": [fixing_row(f, late=late(f)) for f in found], "next": following}

    def no_fixes(self, asked: Asked) -> Any:
        market = self._g.market

        def key(told: wire.NoFixDeclared) -> int:
            return -(told.day * 100_000 + told.index)

        rows = sorted(market.no_fixes.values(), key=key)
        found, following = page("no-fixes", rows, key, asked.query)
        rows_ = [no_fix_row(n, late=(n.index, n.day) in market.late_days) for n in found]
        return {"no_fixes": rows_, "next": following}

    async def files(self, asked: Asked) -> Any:
        rows, following = page(
            "files", await self._g.files.listed(), lambda f: int(f["number"]), asked.query
        )
        return {"files": rows, "next": following}

    async def file(self, asked: Asked) -> Any:
        return await asyncio.to_thread(self._g.files.read, asked.path["name"])

    def demo_accounts(self, asked: Asked) -> Any:
        rows, following = page("demo", sorted(self._g.accounts.accounts), lambda n: n, asked.query)
        return {"accounts": [self._g.reading.account(n) for n in rows], "next": following}

    def openapi(self, asked: Asked) -> Any:
        return Raw(self._described, "application/json")

    def asyncapi(self, asked: Asked) -> Any:
        return asyncapi.described(__version__)

    def stream_page(self, asked: Asked) -> Any:
        return Raw(asyncapi.page(__version__).encode(), HTML)

    def alive(self, asked: Asked) -> Any:
        return {"ok": True}

    def started(self, asked: Asked) -> Any:
        if not self._g.started:
            raise Denied("the house is still opening", name="not_ready")
        return {"ok": True}

    def ready(self, asked: Asked) -> Any:
        wrong = {n: text for n, text in self._health.questions().items() if text}
        if wrong:
            text = "; ".join(f"{n}: {t}" for n, t in wrong.items())
            raise Denied(text, name="not_ready", field=",".join(wrong))
        history = self._g.accounts.history
        return {
            "ready": True,
            "questions": sorted(self._health.questions()),
            "history_event": history.mark.event,
            "history_expected": history.expected,
            "history_fault": history.fault,
            "faults": self._g.faults.told(),
        }

    def metrics(self, asked: Asked) -> Any:
        return Raw(self._g.measured(), "text/plain; version=0.0.4; charset=utf-8")
