"""The compiled core; absent where no Rust toolchain was found at installation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

def version() -> str: ...
def black_measures(given: tuple[Any, Any, Any, Any], found: Any, whole: bool) -> bool:
    """Values, or with `whole` the seven measures row after row, into `found`: of options given as
    rows of 64-bit floats, 1 for a call and -1 for a put, forward, strike, deviation. False where a
    number is out of bounds.
    """

def implied_deviations(given: tuple[Any, Any, Any, Any], found: Any, outcomes: Any) -> bool:
    """Deviations and a byte of outcome each, of options given as sign, undiscounted price, forward
    and strike. False where a number is out of bounds.
    """

class Engine:
    """Journal, sequencer and frame door of one house; `lasalle.venue.engine` drives it."""

    def __init__(
        self,
        folder: Path,
        core: Any,
        end: Any,
        table: Any,
        people: tuple[dict[int, int], dict[int, int]],
    ) -> None: ...
    def submit(self, asked: list[tuple[int, int, int, bytes, bool]]) -> int: ...
    def drain(self) -> list[tuple[Any, ...]]: ...
    def wait(self, seconds: float) -> None: ...
    def fileno(self) -> int: ...
    def place(self) -> tuple[int, int, int, bytes, bytes, str]: ...
    def snapshot(self) -> tuple[int, bytes, bytes, bytes]: ...
    def tap(self, every_batch: bool) -> None: ...
    def set_clock(self, nanoseconds: int) -> None: ...
    def listen(
        self,
        host: str,
        port: int,
        heartbeat_ms: int,
        most_frame: int,
        most_in_flight: int,
        most_connections: int,
    ) -> int: ...
    def admit(self, connection: int, actor: int, scopes: int, session: int) -> None: ...
    def reject(self, connection: int, code: int, text: str) -> None: ...
    def lose_session(self, session: int) -> None: ...
    def shut(self) -> None: ...
    def stop(self) -> None: ...

class Journal:
    """The journal in Rust: the same bytes, tears and alarms as `lasalle.venue.Journal`."""

    def __init__(
        self, folder: Path, segment_bytes: int, headroom_bytes: int, spare_bytes: int
    ) -> None: ...
    @property
    def last(self) -> int: ...
    @property
    def chain(self) -> bytes: ...
    @property
    def notices(self) -> list[str]: ...
    def append(
        self, frames: bytes, first: int, last: int, events: bytes, *, urgent: bool = False
    ) -> None: ...
    def close(self) -> None: ...

def check_segments(
    folder: Path,
) -> tuple[str, int, int, bytes, int, list[tuple[str, int]]] | None:
    """Where a journal ends, when every batch of it is sound and continues the one before."""

def replay_segments(
    folder: Path, house: House, span: tuple[int, bytes, int, int], hear: Any
) -> bytes:
    """Has the house take what a journal holds; digest of the last events."""

def replay_whole(
    folder: Path,
    house: House,
    known: tuple[int, bytes, int, list[tuple[int, bytes]]],
    hear: Callable[[bytes], None] | None,
) -> tuple[tuple[str, int, int, bytes, int, list[tuple[str, int]]], bytes] | None:
    """Has a house take what a journal holds behind it, in one pass over all its bytes, the chain
    verified on the way: where it ends, and the digest of the last events. None where anything is
    not as it should be; then some batches may have been heard.

    known: last number taken, digest of the events before it, last event heard, numbers at which a
    batch must end, each with its chain."""

class House:
    """The house in Rust: the same frames give the same event bytes and the same state as
    `lasalle.plain.House`.

    A broken invariant raises RuntimeError and stops the house for good: it answers nothing more.
    """

    def __init__(self) -> None: ...
    @property
    def last_number(self) -> int:
        """Last command number taken, span included."""
    @property
    def last_time(self) -> int:
        """Venue time, nanoseconds UTC."""
    @property
    def last_event(self) -> int:
        """Number of the last event told."""
    def take(self, frames: bytes) -> bytes:
        """Carries out a run of command frames and gives the event frames.

        Raises FrameError before anything is taken when the bytes are not command frames that
        continue the log.
        """
    def snapshot(self) -> bytes:
        """The state as record frames in canonical order."""
    def state_hash(self) -> bytes:
        """SHA-256 of the snapshot."""
    @classmethod
    def restore(cls, records: bytes) -> House:
        """A house in the state the record frames tell; raises FrameError when they tell none."""

class PublicKey:
    """The public half of an Ed25519 key (RFC 8032)."""

    def __init__(self, raw: bytes) -> None:
        """Raises ValueError for bytes that are no key, or one of small order."""
    def verify(self, signature: bytes, text: bytes) -> bool:
        """Whether the key made this signature of the text."""

class PortfolioTable:
    """A margin table laid out for portfolios, judged as order entry judges (CLR-001)."""

    def __init__(
        self,
        scenarios: list[tuple[int, int]],
        rows: list[tuple[int, int]],
        charges: list[tuple[int, int, int, int]],
        losses: bytes,
    ) -> None:
        """Labels as (kind, scan row); scan rows as (row, weight); by series the liquidity charge,
        lots free of the concentration charge, that charge and the option value of a long lot;
        losses in 64 bits little-endian, row after row. Raises ValueError."""
    def requirements(self, counts: bytes, series: bytes, lots: bytes) -> bytes:
        """Micro-dollars of each account, 64 bits. `counts`: in how many series each has lots;
        `series`, `lots`: which and how many; 32 bits each, all little-endian. Raises ValueError.
        """
