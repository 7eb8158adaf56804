"""The compiled core; absent where no Rust toolchain was found at installation."""

def version() -> str: ...

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
