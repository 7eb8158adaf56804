"""The stream described: an AsyncAPI 3 document and a page, both made of one table of messages."""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

from lasalle.gateway.stream import (
    CONFLATE_BEHIND,
    CONFLATE_BEHIND_BYTES,
    MOST_BEHIND,
    MOST_BEHIND_BYTES,
    MOST_UNANSWERED,
    PATH,
)


class Spoken(NamedTuple):
    """A message of the stream: its name, what it says, its fields with their meaning."""

    name: str
    doc: str
    fields: dict[str, str]


TOLD = (
    Spoken(
        "snapshot",
        "Whole books, first of all and whenever increments would not do. A first one, or one of "
        "every book, has the last trades too.",
        {"books": "as GET /v1/series/{symbol}/book", "trades": "newest first", "seq": "event"},
    ),
    Spoken(
        "book",
        "An increment. It continues the book whose seq is prev_seq; after a gap say resync. A "
        "level with no lots is gone.",
        {
            "symbol": "series",
            "prev_seq": "event before",
            "seq": "event",
            "levels": "side, price_ticks, price, lots now",
            "state": "only when it changed",
        },
    ),
    Spoken(
        "trades",
        "A trade; never left out.",
        {
            "symbol": "series",
            "trade": "event",
            "time": "ns UTC",
            "aggressor": "buy, sell or none",
            "price_ticks": "ticks",
            "price": "decimal",
            "lots": "lots",
        },
    ),
    Spoken("fixings", "A fixing of an index.", {"index": "index", "day": "YYYYMMDD"}),
    Spoken(
        "no_fixes",
        "A day that has no fixing of an index.",
        {"index": "index", "day": "YYYYMMDD", "reason": "of no_fix_reason"},
    ),
    Spoken(
        "indices",
        "A row added to the record of a published index, as GET /v1/indices/{index}/fixings.",
        {
            "symbol": "index",
            "number": "in its record, from 1",
            "day": "YYYY-MM-DD",
            "stage": "provisional, final or correction",
            "status": "fixed, shortage or no-fix",
            "price": "decimal or null",
        },
    ),
    Spoken(
        "derived",
        "A derived index of a date was published, as GET /v1/derived.",
        {
            "symbol": "index",
            "day": "YYYYMMDD",
            "stage": "provisional or final",
            "value": "whole, or null",
            "unit": "of the value",
            "reason": "why there is none",
            "input_sha256": "of its lines",
        },
    ),
    Spoken(
        "curves",
        "The forward curve of an index was published, as GET /v1/curves/{index}.",
        {
            "symbol": "index",
            "day": "YYYYMMDD",
            "method": "version",
            "published": "ns UTC",
            "input_sha256": "of its inputs",
            "curve_sha256": "of its months and how each input is held",
            "months": "month, forward, low, high, place",
        },
    ),
    Spoken("status", "The market was halted or resumed.", {"halted": "true or false"}),
    Spoken(
        "heartbeat",
        "Every five seconds; silence means a broken wire.",
        {"seq": "last event", "time": "ns UTC"},
    ),
    Spoken(
        "login",
        "You are logged on.",
        {"session": "number orders may name", "cancel_on_disconnect": "scope"},
    ),
    Spoken("logout", "The session ended; what names it is cancelled.", {"session": "number"}),
    Spoken(
        "private_snapshot",
        "Accounts and live orders of yours; private events go on from seq.",
        {"seq": "event", "accounts": "list", "orders": "list"},
    ),
    Spoken(
        "private",
        "An event of yours; never left out.",
        {"prev_seq": "private event before", "seq": "event", "name": "event of the schema"},
    ),
    Spoken(
        "requirement_snapshot",
        "What your accounts were asked last; changes go on from seq.",
        {"seq": "row", "accounts": "account and what it is asked"},
    ),
    Spoken(
        "requirement",
        "What an account of yours is asked has changed, as GET /v1/accounts/{account}/requirement; "
        "never left out. Under load one row names the causes of many commands.",
        {
            "prev_seq": "row before of yours",
            "seq": "row",
            "account": "account",
            "number": "the last command that could have changed it",
            "causes": "events by name, first and last command, count",
            "before": "what was asked, or null",
            "after": "what is asked",
        },
    ),
    Spoken(
        "answer",
        "To an order, quotes or command, once durable: its events, or status and error.",
        {
            "id": "yours",
            "replayed": "true or false",
            "events": "list",
            "warnings": "list",
            "status": "as HTTP",
            "error": "as HTTP",
        },
    ),
    Spoken("subscribed", "The channels you hear.", {"channels": "list"}),
    Spoken("pong", "To ping.", {"time": "ns UTC"}),
    Spoken("error", "Something you said was not carried out.", {"op": "op", "error": "as HTTP"}),
)
SAID = (
    Spoken(
        "subscribe",
        "Hear only these: book, trades, fixings, no_fixes, indices, status, or one of them for a "
        "series as book.SYMBOL, for an index as indices.INDEX. A reader that names none hears "
        "everything; ?channels=trades,book.SYMBOL names them from the start.",
        {"channels": "list"},
    ),
    Spoken("unsubscribe", "Hear these no more.", {"channels": "list"}),
    Spoken("resync", "A fresh snapshot, of one book or of all.", {"symbol": "series, or absent"}),
    Spoken(
        "login",
        f"Signed like GET {PATH} with no body. cancel_on_disconnect: session (orders that name the "
        "session, as every order of this stream then does), account (every order of the accounts), "
        "none.",
        {
            "key": "key",
            "timestamp": "ms",
            "signature": "hexadecimal",
            "cancel_on_disconnect": "session, account or none",
            "accounts": "for the scope account; absent: all of yours",
        },
    ),
    Spoken("logout", "Ends the session as a lost connection does.", {}),
    Spoken(
        "private",
        "Private events after a number, or a snapshot and what follows.",
        {"after": "event, or null"},
    ),
    Spoken(
        "requirement",
        "Changes of what your accounts are asked after a row, or a snapshot and what follows.",
        {"after": "row, or null"},
    ),
    Spoken("order", "Fields as POST /v1/orders.", {"id": "yours", "fields": "object"}),
    Spoken("quotes", "Fields as POST /v1/quotes.", {"id": "yours", "fields": "object"}),
    Spoken(
        "command",
        "Fields as POST /v1/commands/{name}.",
        {"id": "yours", "name": "command", "fields": "object"},
    ),
    Spoken("ping", "Answered by pong.", {}),
)
CLOSES = {
    4008: f"The reader was {MOST_BEHIND} messages or {MOST_BEHIND_BYTES} bytes behind: it starts "
    "from a snapshot.",
    4003: "The address connects too often, or named an unknown channel.",
    4004: "No stream answers at this path.",
}
PROMISES = (
    f"Behind by {CONFLATE_BEHIND} messages or {CONFLATE_BEHIND_BYTES} bytes, a reader gets a fresh "
    "book instead of old increments.",
    "Public messages that follow each other within a millisecond go out together.",
    "Trades and private events are never left out; a reader that cannot take them is closed.",
    f"At most {MOST_UNANSWERED} commands of a stream are unanswered at once.",
    "Commands reach the sequencer in the order they were sent.",
)


def described(version: str) -> dict[str, Any]:
    """The AsyncAPI 3 document."""
    messages = {
        f"{way}_{m.name}": {
            "name": m.name,
            "summary": m.doc,
            "payload": {
                "type": "object",
                "required": [key],
                "properties": {
                    key: {"const": m.name},
                    **{n: {"description": t} for n, t in m.fields.items()},
                },
            },
        }
        for way, key, table in (("told", "channel", TOLD), ("said", "op", SAID))
        for m in table
    }
    told, said = (
        [{"$ref": f"#/channels/stream/messages/{n}"} for n in messages if n.startswith(way)]
        for way in ("told_", "said_")
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "LaSalle stream",
            "version": version,
            "description": " ".join(PROMISES),
        },
        "channels": {
            "stream": {
                "address": PATH,
                "messages": {n: {"$ref": f"#/components/messages/{n}"} for n in messages},
            }
        },
        "operations": {
            "hear": {
                "action": "send",
                "channel": {"$ref": "#/channels/stream"},
                "messages": told,
            },
            "say": {
                "action": "receive",
                "channel": {"$ref": "#/channels/stream"},
                "messages": said,
            },
        },
        "components": {"messages": messages},
        "x-close-codes": {str(code): text for code, text in CLOSES.items()},
    }


def page(version: str) -> str:
    """The same as a page to read."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>LaSalle: the stream</title>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        "<link rel=stylesheet href=/web/page.css><body class=reading>"
        f"<h1>The stream</h1><p>Version {escape(version)}. A WebSocket at "
        f"<code>{PATH}</code>; JSON both ways. As a document: <a href=/asyncapi.json>AsyncAPI</a>; "
        "the requests: <a href=/openapi.json>OpenAPI</a>.</p><ul>",
        *(f"<li>{escape(p)}" for p in PROMISES),
        "</ul>",
    ]
    for title, key, table in (("What it tells", "channel", TOLD), ("What you say", "op", SAID)):
        parts.append(f"<h2>{title}</h2><table>")
        for m in table:
            fields = "; ".join(f"<code>{escape(n)}</code> {escape(t)}" for n, t in m.fields.items())
            parts.append(
                f"<tr><td><code>{key}: {escape(m.name)}</code><td>{escape(m.doc)}<td>{fields}"
            )
        parts.append("</table>")
    parts.append("<h2>Closing codes</h2><table>")
    parts += [f"<tr><td>{code}<td>{escape(text)}" for code, text in CLOSES.items()]
    return "".join(parts) + "</table></html>"
