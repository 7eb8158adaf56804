"""How a person is told a count, and what is wrong with a file."""

from __future__ import annotations


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
