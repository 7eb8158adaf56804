"""OpenAPI 3.1, written from the commands and refusals of the schema."""

from __future__ import annotations

from typing import Any

from lasalle import wire

SIGNED: list[dict[str, list[str]]] = [{"key": [], "timestamp": [], "signature": []}]
PUBLIC = {
    "/v1/series": "Listed series with marks, states and open interest.",
    "/v1/series/{symbol}/book": "Book by level, with the sequence number deltas go on from.",
    "/v1/series/{symbol}/trades": "Last trades.",
    "/v1/fixings": "Fixings of the index.",
    "/v1/status": "Version, last numbers, what is real and what is simulated.",
    "/v1/time": "Nanoseconds UTC.",
    "/v1/errors": "Every refusal: code, name, rule, field, text.",
    "/v1/limits": "Bounds and rates.",
}
OWN = {
    ("get", "/v1/accounts/{account}"): "Balances and positions.",
    ("get", "/v1/accounts/{account}/orders"): "Live and ended orders, paged by `after`.",
    ("get", "/v1/accounts/{account}/orders/{order}"): "An order by number or client reference.",
    ("patch", "/v1/accounts/{account}/orders/{order}"): "Replaces price and lots.",
    ("delete", "/v1/accounts/{account}/orders/{order}"): "Cancels.",
    ("get", "/v1/accounts/{account}/statement"): "Postings of the ledger, paged by `after`.",
    ("get", "/v1/events"): "Private events after a number.",
    ("post", "/v1/orders"): "Places an order by symbol and ticks.",
}


def described(version: str) -> dict[str, Any]:
    """The document."""
    paths: dict[str, dict[str, Any]] = {p: {"get": _route(p, t)} for p, t in PUBLIC.items()}
    for (method, path), text in OWN.items():
        paths.setdefault(path, {})[method] = _route(path, text, signed=True)
    schemas: dict[str, Any] = {"Error": _error()}
    for kind in wire.MESSAGES.values():
        if kind.KIND >= 1000:
            continue
        schemas[kind.__name__] = _object(kind)
        route = _route("", kind.__doc__ or "", signed=True)
        route["requestBody"] = _json({"$ref": f"#/components/schemas/{kind.__name__}"})
        paths[f"/v1/commands/{kind.NAME}"] = {"post": route}
    keys = {
        name: {"type": "apiKey", "in": "header", "name": f"X-LaSalle-{name.capitalize()}"}
        for name in ("key", "timestamp", "signature")
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "LaSalle", "version": version},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": keys},
    }


def _route(path: str, text: str, *, signed: bool = False) -> dict[str, Any]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    route: dict[str, Any] = {
        "summary": text,
        "responses": {
            "200": {"description": "Done."},
            "default": {
                "description": "Refused or not understood.",
                **_json({"$ref": "#/components/schemas/Error"}),
            },
        },
    }
    if names:
        route["parameters"] = [
            {
                "name": n,
                "in": "path",
                "required": True,
                "schema": {"type": "integer" if n == "account" else "string"},
            }
            for n in names
        ]
    return {**route, "security": SIGNED} if signed else route


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _object(kind: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "description": kind.__doc__,
        "additionalProperties": False,
        "properties": {n: _field(kind.__annotations__[n]) for n in kind.__struct_fields__},
    }


def _field(annotation: str) -> dict[str, Any]:
    if annotation.startswith("tuple["):
        return {"type": "array", "items": _object(getattr(wire, annotation[6:].split(",")[0]))}
    if annotation == "int":
        return {"type": ["integer", "string"], "pattern": "^-?[0-9]+$"}
    if annotation == "bool":
        return {"type": "boolean"}
    if annotation == "str":
        return {"type": "string", "maxLength": 32}
    if annotation == "bytes":
        return {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
    return {"enum": [w.lower() for w in getattr(wire, annotation).__members__]}


def _error() -> dict[str, Any]:
    names = sorted(r.name.lower() for r in wire.REFUSALS)
    fields = {
        "code": {"type": "integer", "description": "0 when the gateway, not the core, refused."},
        "name": {"type": "string", "examples": names},
        "field": {"type": "string"},
        "rule": {"type": "string"},
        "expected": {"type": ["integer", "null"]},
        "found": {"type": ["integer", "null"]},
        "text": {"type": "string"},
    }
    body = {"type": "object", "properties": fields, "required": list(fields)}
    return {"type": "object", "properties": {"error": body}, "required": ["error"]}
