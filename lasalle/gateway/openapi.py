"""OpenAPI 3.1, written from the declarations of the endpoints and the messages of the schema."""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus
from typing import Any

import msgspec

from lasalle import wire
from lasalle.client.registry import FAULTS
from lasalle.client.shapes import Error
from lasalle.gateway.endpoints import DAY, Endpoint, Query
from lasalle.gateway.faults import REFUSAL_STATUS, REFUSED_STATUS

DAY_SCHEMA = {
    "type": "string",
    "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})$",
    "examples": ["2026-03-12"],
}
BUNDLE_SCHEMA = {
    "type": "string",
    "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})([.][1-9][0-9]{0,9})?$",
    "examples": ["2026-03-12", "2026-03-12.31"],
}
SIGNED: list[dict[str, list[str]]] = [{"key": [], "timestamp": [], "signature": []}]
TEMPLATE = "#/components/schemas/{name}"
ALWAYS = ("malformed", "internal", "headers_too_large")
OF_KEYS = ("key_refused", "scope_missing")
OF_BODIES = ("body_too_large", "media_type_unsupported", "request_timeout")
OF_COMMANDS = (
    "role_missing",
    "journal_full",
    "venue_busy",
    "venue_stopped",
    "session_unknown",
    "account_unknown",
    "reference_reused",
)
DESCRIPTION = """\
Requests that need a key are signed with Ed25519 over the time in milliseconds, the method, the path
with its query, and the SHA-256 of the body in hexadecimal, joined by line feeds; the signature goes
in hexadecimal. A time may be five seconds off, and a signature is heard once.

Whole numbers are JSON integers of 64 bits; times are nanoseconds UTC, prices whole ticks beside an
exact decimal text in USD per unit. Lists come page by page: `next` is the `cursor` of the next
one. A day in a path or a query is written YYYY-MM-DD, and the eight digits of a field `day` are
read as well; what is no date is `malformed`, a date with nothing published `file_unknown`. Every
answer that is not the one asked for has the form of `Error`."""


def described(version: str, endpoints: list[Endpoint]) -> dict[str, Any]:
    """The document."""
    types = _types(endpoints)
    _, schemas = msgspec.json.schema_components(types, ref_template=TEMPLATE)
    for kind in wire.MESSAGES.values():
        if kind.KIND < 1000:
            schemas[kind.__name__] = _object(kind)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    keys = {
        name: {"type": "apiKey", "in": "header", "name": f"X-LaSalle-{name.capitalize()}"}
        for name in ("key", "timestamp", "signature")
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "LaSalle",
            "version": version,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": keys},
    }


def _types(endpoints: list[Endpoint]) -> list[Any]:
    found: list[Any] = [Error]
    for endpoint in endpoints:
        for kind in (endpoint.answer, endpoint.body):
            if kind not in (None, dict) and not hasattr(kind, "KIND") and kind not in found:
                found.append(kind)
    return found


def statuses(endpoint: Endpoint) -> dict[int, list[str]]:
    """Every status an endpoint answers with beside 200, and its names."""
    names = [*ALWAYS, *endpoint.faults]
    if endpoint.bucket:
        names.append("too_many_requests")
    if endpoint.scope not in ("", "open"):
        names += OF_KEYS
    if endpoint.method not in ("GET", "HEAD"):
        names += OF_BODIES
    if endpoint.bucket == "write":
        names += OF_COMMANDS
    found: dict[int, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        terms = FAULTS.get(name)
        status = terms.status if terms else REFUSAL_STATUS.get(name, REFUSED_STATUS)
        found[status].append(name)
    if endpoint.bucket == "write":
        found[REFUSED_STATUS].append("any other refusal of the core")
    return dict(sorted(found.items()))


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if endpoint.answer is dict:
        schema = {"type": "object"}
    elif endpoint.answer is not None:
        schema = _reference(endpoint.answer)
    media = {"application/json" if endpoint.answer is not None else endpoint.media: schema}
    if endpoint.path == "/v1/files/{name}":
        media["text/plain"] = schema
    responses = {
        "200": {
            "description": "Done.",
            "headers": _limit_headers() if endpoint.bucket else {},
            "content": {m: {"schema": s} for m, s in media.items()},
        }
    }
    for status, names in statuses(endpoint).items():
        headers = {"Retry-After": _header("Seconds until asking again makes sense.")}
        responses[str(status)] = {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(names)}.",
            "headers": headers if status == 429 else {},
            **_json(_reference(Error)),
        }
    made: dict[str, Any] = {
        "summary": endpoint.doc,
        "operationId": _identity(endpoint),
        "tags": [_tag(endpoint)],
        "responses": responses,
        "x-cost": endpoint.cost if endpoint.bucket else 0,
        "x-bucket": endpoint.bucket,
    }
    parameters = [_path_parameter(n, endpoint.path) for n in endpoint.names]
    parameters += [_query_parameter(q) for q in endpoint.query]
    if parameters:
        made["parameters"] = parameters
    if endpoint.body is not None:
        made["requestBody"] = {"required": True, **_json(_reference(endpoint.body))}
    if endpoint.scope not in ("", "open"):
        made |= {"security": SIGNED, "x-scope": endpoint.scope}
    return made


def _identity(endpoint: Endpoint) -> str:
    words = endpoint.path.replace("{", "").replace("}", "").replace(".", "/").split("/")
    return "_".join([endpoint.method.lower(), *(w.replace("-", "_") for w in words if w)])


def _tag(endpoint: Endpoint) -> str:
    if endpoint.scope == "open":
        return "machines"
    if endpoint.scope == "":
        return "public"
    return "commands" if endpoint.path.startswith("/v1/commands/") else "private"


def _reference(kind: Any) -> dict[str, Any]:
    return {"$ref": TEMPLATE.format(name=kind.__name__)}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _header(text: str) -> dict[str, Any]:
    return {"description": text, "schema": {"type": "integer"}}


def _limit_headers() -> dict[str, Any]:
    return {
        "X-RateLimit-Limit": _header("Tokens the bucket holds when it is full."),
        "X-RateLimit-Remaining": _header("Tokens left."),
    }


def _path_parameter(name: str, path: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "minLength": 1}
    if name == DAY:
        schema = BUNDLE_SCHEMA if "/bundles/" in path else DAY_SCHEMA
    elif name == "account":
        schema = {"type": "integer", "minimum": 0, "maximum": 2**32 - 1}
    elif name == "client_order_id":
        schema |= {"maxLength": 32, "pattern": "^[ -~]{1,32}$"}
    elif name == "order":
        schema = {"type": "integer", "minimum": 0, "maximum": 2**64 - 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameter(query: Query) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": query.kind}
    if query.kind == DAY:
        schema = DAY_SCHEMA
    elif query.kind == "integer":
        schema |= {"minimum": query.least, "maximum": query.most}
    elif query.words:
        schema["enum"] = list(query.words)
    return {"name": query.name, "in": "query", "description": query.doc, "schema": schema}


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
        return {
            "type": ["integer", "string"],
            "pattern": "^-?[0-9]{1,20}$",
            "minimum": -(2**63),
            "maximum": 2**64 - 1,
        }
    if annotation == "bool":
        return {"type": "boolean"}
    if annotation == "str":
        return {"type": "string", "maxLength": 32, "pattern": "^[ -~]*$"}
    if annotation == "bytes":
        return {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
    return {"enum": [w.lower() for w in getattr(wire, annotation).__members__]}
