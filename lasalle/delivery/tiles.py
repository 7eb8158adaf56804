"""A log as static files, in the layout C2SP calls tlog-tiles: hashes in tiles of 256, entries in
bundles of 256, each under a name that never changes what it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lasalle.delivery.faults import EvidenceRefused, Fault, refused
from lasalle.delivery.tree import HASH_BYTES, node_hash

WIDTH = 256
HEIGHT = 8
MOST_ENTRY_BYTES = 2**16 - 1
"""An entry's length stands before it in two bytes."""
CHECKPOINT = "checkpoint"
_NAME = re.compile(
    r"tile/(?:(?P<level>[0-9]|[1-5][0-9]|6[0-3])|entries)/"
    r"(?P<place>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
Read = Callable[[str], bytes | None]
"""The content of a file by its name; None where there is none."""


def tile_name(level: int, place: int, width: int = WIDTH) -> str:
    """The name of a tile of hashes."""
    return f"tile/{level}/{_place(place)}{_part(width)}"


def entries_name(place: int, width: int = WIDTH) -> str:
    """The name of a bundle of entries."""
    return f"tile/entries/{_place(place)}{_part(width)}"


def _place(place: int) -> str:
    words = [f"{place % 1000:03d}"]
    while place >= 1000:
        place //= 1000
        words.append(f"x{place % 1000:03d}")
    return "/".join(reversed(words))


def _part(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"


def is_name(name: str) -> bool:
    """Whether a name is one a log may be asked for: one spelling a file, and none beside."""
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    if found["width"] is not None and int(found["width"]) >= WIDTH:
        return False
    number = int(found["place"].replace("x", "").replace("/", ""))
    return _place(number) == found["place"]


def widths(size: int) -> Iterator[tuple[int, int, int]]:
    """Level, place and width of the last tile of every level of a tree, where it is not whole."""
    level = 0
    while size:
        if size % WIDTH:
            yield level, size // WIDTH, size % WIDTH
        size //= WIDTH
        level += 1


def pack(entries: Sequence[bytes]) -> bytes:
    """A bundle of entries: each after its length, two bytes, big-endian."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unpack(bundle: bytes, where: str) -> list[bytes]:
    """The entries of a bundle. Raises EvidenceRefused."""
    found, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        entry = bundle[at + 2 : at + 2 + length]
        if len(entry) != length or at + 2 > len(bundle):
            raise refused(Fault.MALFORMED, where, "bundle", f"{length} bytes", len(entry))
        found.append(entry)
        at += 2 + length
    return found


class TileReader:
    """Nodes and entries of a log of a known size, from its files wherever they lie."""

    def __init__(self, read: Read, size: int) -> None:
        self._read, self.size = read, size
        self._kept: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, place: int) -> bytes:
        """The hash of a whole node. Raises EvidenceRefused where its tile is missing or short."""
        tile_level, depth = divmod(level, HEIGHT)
        first = place << depth
        tile = self._tile(tile_level, first // WIDTH)
        begin, count = first % WIDTH, 1 << depth
        hashes = [
            tile[n * HASH_BYTES : (n + 1) * HASH_BYTES] for n in range(begin, begin + count)
        ]  # fmt: skip
        if len(hashes[-1]) != HASH_BYTES:
            name = tile_name(tile_level, first // WIDTH)
            raise refused(Fault.TREE, name, "width", f"more than {begin + count}", len(tile))
        while len(hashes) > 1:
            hashes = [node_hash(a, b) for a, b in zip(hashes[::2], hashes[1::2], strict=True)]
        return hashes[0]

    def entries(self) -> Iterator[bytes]:
        """Every entry, in order."""
        for place in range(-(-self.size // WIDTH)):
            yield from self.bundle(place)

    def bundle(self, place: int) -> list[bytes]:
        """Entries of one bundle."""
        width = min(WIDTH, self.size - place * WIDTH)
        content = self._found(entries_name(place, width), entries_name(place))
        found = unpack(content, entries_name(place, width))
        if len(found) < width:
            name = entries_name(place, width)
            raise refused(Fault.DROPPED, name, "entries", width, len(found))
        return found[:width]

    def _tile(self, level: int, place: int) -> bytes:
        kept = self._kept.get((level, place))
        if kept is None:
            width = min(WIDTH, (self.size >> (HEIGHT * level)) - place * WIDTH)
            kept = self._found(tile_name(level, place, width), tile_name(level, place))
            if len(self._kept) >= 64:
                self._kept.pop(next(iter(self._kept)))
            self._kept[level, place] = kept
        return kept

    def _found(self, name: str, whole: str) -> bytes:
        """A tile that was part when a tree was signed may since have become whole."""
        for one in dict.fromkeys((name, whole)):
            content = self._read(one)
            if content is not None:
                return content
        raise _missing(name)


def _missing(name: str) -> EvidenceRefused:
    return refused(Fault.DROPPED, name, "file", "there", "none")
