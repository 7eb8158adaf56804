"""Faults of the doors. Written by tools/wire.py from schema/faults.toml; change it there."""

from __future__ import annotations

from typing import NamedTuple


class FaultTerms(NamedTuple):
    """Code above every refusal, status of HTTP, rule, and what the name means."""

    code: int
    status: int
    rule: str
    text: str


FAULTS: dict[str, FaultTerms] = {
    "malformed": FaultTerms(9001, 400, "GTW-001", "the request is not one the house understands; field, expected and found say where"),
    "key_refused": FaultTerms(9002, 401, "GTW-002", "the request is not signed by a key of the house, for itself, now"),
    "scope_missing": FaultTerms(9003, 403, "GTW-003", "the key is not for this kind of request, or not from this address"),
    "path_unknown": FaultTerms(9004, 404, "GTW-001", "nothing answers at this path"),
    "method_not_allowed": FaultTerms(9005, 405, "GTW-001", "the path answers to other methods, named in Allow"),
    "request_timeout": FaultTerms(9006, 408, "GTW-004", "the request did not arrive whole in time"),
    "body_too_large": FaultTerms(9007, 413, "GTW-004", "the body is larger than a door takes"),
    "media_type_unsupported": FaultTerms(9008, 415, "GTW-001", "a body is application/json, as it is"),
    "too_many_requests": FaultTerms(9009, 429, "GTW-005", "the bucket is empty; Retry-After says when it has enough again"),
    "headers_too_large": FaultTerms(9010, 431, "GTW-004", "the headers are larger than a door takes"),
    "internal": FaultTerms(9011, 500, "GTW-007", "the house failed; whether a command was carried out is told by its client order id"),
    "journal_full": FaultTerms(9012, 503, "GTW-007", "the disk has no room: nothing was done"),
    "venue_busy": FaultTerms(9013, 503, "GTW-007", "too many commands wait: nothing was done, ask again"),
    "venue_stopped": FaultTerms(9014, 503, "GTW-007", "the venue does not answer until it is opened again"),
    "not_ready": FaultTerms(9015, 503, "GTW-007", "the house cannot serve as it should"),
    "file_unknown": FaultTerms(9016, 404, "GTW-008", "no such file is published"),
    "index_not_kept": FaultTerms(9019, 404, "IDX-020", "this house does not keep the index, so it has neither a fixing nor a date without one here; found is its name"),
    "session_unknown": FaultTerms(9017, 400, "GTW-009", "no such session of yours is open"),
    "history_catching_up": FaultTerms(9018, 503, "GTW-007", "the history has yet to fold events the answer depends on: found is the last it has, expected the one it needs; ask again"),
    "nomination_wrong": FaultTerms(9020, 422, "DEL-070", "the contract standard does not take what is nominated; field, expected and found say where"),
}
