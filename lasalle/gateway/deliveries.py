"""The log of each delivery as static files for everyone, and the cosignatures of its parties in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Protocol

import msgspec

from lasalle.client.shapes import Shape
from lasalle.delivery.faults import EvidenceRefused
from lasalle.delivery.notes import read_line
from lasalle.delivery.tiles import MOST_ENTRY_BYTES, is_name
from lasalle.gateway import shapes
from lasalle.gateway.endpoints import MOST_ID, Asked, Endpoint, Raw, bounded, read_body
from lasalle.gateway.faults import BadCommand, Denied
from lasalle.gateway.pages import PAGED, page

PATH = "/v1/deliveries"
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
"""A tile never holds anything else under its name; a checkpoint is asked for anew."""
ANEW = {"Cache-Control": "no-cache"}
MOST_ENTRIES = 32
"""Entries of one request."""
LONGEST = 4
"""Parts of the longest name of a tile behind its level: a million million entries, and a width."""


class Deliveries(Protocol):
    """Logs of deliveries by the number of the contract, and what their sides nominated."""

    def listed(self) -> list[dict[str, Any]]: ...

    def sizes(self, contract: int) -> list[int] | None: ...

    def read(self, contract: int, name: str) -> bytes | None: ...

    def cosign(self, actor: int, contract: int, size: int, name: str, line: str) -> bytes: ...

    def enter(self, actor: int, contract: int, entries: Sequence[bytes]) -> list[int]: ...

    def keep_nomination(self, delivery: int, party: str, content: bytes) -> bool: ...

    def nomination(self, delivery: int, party: str, digest: str) -> bytes | None: ...

    def drop_nomination(self, delivery: int, party: str, digest: str) -> None: ...

    def drop_other_nominations(self, delivery: int, party: str, digest: str) -> None: ...


class NotAParty(PermissionError):
    """An actor that may not speak under a name of the terms."""


class Holder(Protocol):
    """What has deliveries, or none."""

    deliveries: Deliveries | None


class DeliveryRow(Shape, frozen=True):
    """A delivery that is metered: its log's name, entries under its newest checkpoint, and the
    digest of the terms it is metered by."""

    contract: int
    product: str
    origin: str
    size: int
    terms: str


class CheckpointRow(Shape, frozen=True):
    """A checkpoint of a log, by the entries under it."""

    size: int


class NewCosignature(msgspec.Struct, forbid_unknown_fields=True):
    """A line of a party's cosignature over the checkpoint of a size."""

    size: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1, description="entries of the checkpoint")]
    line: Annotated[
        str, msgspec.Meta(max_length=400, description="a line of a signed note, without its end")
    ]


class NewEntries(msgspec.Struct, forbid_unknown_fields=True):
    """Statements of a meter as it signed them, in order."""

    entries: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=MOST_ENTRY_BYTES)]],
        msgspec.Meta(min_length=1, max_length=MOST_ENTRIES, description="signed, a string each"),
    ]


class Entered(Shape, frozen=True):
    """Numbers of the entries in the log; one that is sent again has the number it had."""

    numbers: list[int]


class Cosigned(Shape, frozen=True):
    """The checkpoint with the cosignatures it has."""

    checkpoint: str


def endpoints(held: Holder) -> list[Endpoint]:
    """The declarations."""
    one, unknown = PATH + "/{contract}", ("file_unknown",)
    tiles = [
        Endpoint(
            "GET", one + "/tile/{level}/" + "/".join(f"{{part{n}}}" for n in range(1, parts + 1)),
            _Files(held).tile,
            "Hashes of a level, or entries, in the layout of C2SP tlog-tiles.",
            cost=2, faults=unknown, media=BYTES,
        )
        for parts in range(1, LONGEST + 1)
    ]  # fmt: skip
    files = _Files(held)
    return [
        Endpoint(
            "GET", PATH, files.listed, "Deliveries that are metered, by contract.",
            shapes.page_of("Deliveries", "deliveries", DeliveryRow), cost=5, query=PAGED,
        ),
        Endpoint(
            "GET", one + "/checkpoint", files.newest,
            "The newest checkpoint: a signed note with the cosignatures it has.", faults=unknown,
            media="text/plain",
        ),
        Endpoint(
            "GET", one + "/checkpoints", files.sizes, "Checkpoints by size, newest first.",
            shapes.page_of("Checkpoints", "checkpoints", CheckpointRow), cost=5, query=PAGED,
            faults=unknown,
        ),
        Endpoint(
            "GET", one + "/checkpoints/{size}", files.checkpoint,
            "A checkpoint of a size, with the cosignatures it has.", faults=unknown,
            media="text/plain",
        ),
        *tiles,
        Endpoint(
            "POST", one + "/cosignatures", files.cosign,
            "A party of the delivery puts its name to a checkpoint.", Cosigned, "trade", 10,
            NewCosignature, faults=("file_unknown", "role_missing"),
        ),
        Endpoint(
            "POST", one + "/entries", files.enter,
            "A party's readings and what it says of them, entered into the log.", Entered,
            "trade", 10, NewEntries, faults=("file_unknown", "role_missing"),
        ),
    ]  # fmt: skip


class _Files:
    """What is asked of the logs; disks are read beside the event loop."""

    def __init__(self, held: Holder) -> None:
        self._held = held

    async def listed(self, asked: Asked) -> Any:
        kept = self._held.deliveries
        rows = await asyncio.to_thread(kept.listed) if kept else []
        found, following = page("deliveries", rows, lambda row: int(row["contract"]), asked.query)
        return {"deliveries": found, "next": following}

    async def sizes(self, asked: Asked) -> Any:
        contract, found = self._contract(asked), None
        if self._held.deliveries:
            found = await asyncio.to_thread(self._held.deliveries.sizes, contract)
        if found is None:
            raise unknown_log(contract)
        newest = sorted(found, reverse=True)
        rows, following = page("checkpoints", newest, lambda size: -size, asked.query)
        return {"checkpoints": [{"size": size} for size in rows], "next": following}

    async def newest(self, asked: Asked) -> Any:
        return await self._file(asked, "checkpoint", TEXT, ANEW)

    async def checkpoint(self, asked: Asked) -> Any:
        size = bounded("size", asked.path["size"], 2**53 - 1)
        return await self._file(asked, f"checkpoints/{size:020d}", TEXT, ANEW)

    async def tile(self, asked: Asked) -> Any:
        parts = [asked.path[name] for name in sorted(asked.path) if name.startswith("part")]
        name = "/".join(["tile", asked.path["level"], *parts])
        if not is_name(name):
            raise Denied("no such tile: another name", name="file_unknown", found=name[:60])
        return await self._file(asked, name, BYTES, FOR_GOOD)

    async def cosign(self, asked: Asked) -> Any:
        contract, body = self._contract(asked), read_body(NewCosignature, asked.body)
        if self._held.deliveries is None or self._held.deliveries.sizes(contract) is None:
            raise unknown_log(contract)
        actor, told = asked.signer.actor, self._held.deliveries.cosign
        try:
            line = read_line(body.line)
            content = await asyncio.to_thread(
                told, actor, contract, body.size, line.name, body.line
            )  # fmt: skip
        except NotAParty as error:
            raise Denied(str(error), name="role_missing") from None
        except EvidenceRefused as error:
            breach = error.breach
            raise BadCommand(breach.field, breach.expected or breach.where, breach.found) from None
        return {"checkpoint": content.decode("utf-8")}

    async def enter(self, asked: Asked) -> Any:
        contract, body = self._contract(asked), read_body(NewEntries, asked.body)
        if self._held.deliveries is None or self._held.deliveries.sizes(contract) is None:
            raise unknown_log(contract)
        contents = [entry.encode("utf-8", "surrogatepass") for entry in body.entries]
        told, actor = self._held.deliveries.enter, asked.signer.actor
        try:
            return {"numbers": await asyncio.to_thread(told, actor, contract, contents)}
        except NotAParty as error:
            raise Denied(str(error), name="role_missing") from None
        except EvidenceRefused as error:
            breach = error.breach
            raise BadCommand(breach.field, breach.expected or breach.where, breach.found) from None

    async def _file(
        self, asked: Asked, name: str, media: str, headers: dict[str, str]
    ) -> Raw:  # fmt: skip
        contract, content = self._contract(asked), None
        if self._held.deliveries:
            content = await asyncio.to_thread(self._held.deliveries.read, contract, name)
        if content is None:
            raise Denied("the log has no such file", name="file_unknown", found=name[:60])
        return Raw(content, media, headers=dict(headers))

    def _contract(self, asked: Asked) -> int:
        return bounded("contract", asked.path["contract"], MOST_ID)


def unknown_log(contract: int) -> Denied:
    """The refusal of a contract that has no log."""
    text = "no delivery of this contract is metered"
    return Denied(text, name="file_unknown", field="contract", found=contract)
