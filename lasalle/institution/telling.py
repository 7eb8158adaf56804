"""How a person is told a count, what is wrong with a file, and what columns are."""

from __future__ import annotations

REQUIREMENT_TOLD = (
    "requirement: what positions may lose with the worst of the open orders filled, and charges; "
    "an account without positions has that of its orders alone (CLR-001). to be covered: 1.10 of "
    "it, what the orders would lose against the marks if filled, and their fees (CLR-003); before: "
    "the same before the change"
)
"""What the columns of `lasalle requirement` are."""


def counted(number: int, noun: str) -> str:
    """A number and what it counts: `1 fault`, `2 faults`, `no fault`."""
    return f"{number or 'no'} {noun}{'s' if number > 1 else ''}"


def fault_of(error: Exception) -> str:
    """What went wrong as it is told; of a file what was expected there and found."""
    if not isinstance(error, OSError) or error.filename is None:
        return str(error)
    found = {
        FileNotFoundError: "expected a file or folder, found none",
        IsADirectoryError: "expected a file, found a folder",
        NotADirectoryError: "expected a folder on the way there, found a file",
        PermissionError: "expected one that may be read and written here, found one that may not",
    }.get(type(error))
    return f"{error.filename}: {found}" if found else str(error)
