"""The compiled parts of the venue: each has a twin in Python that says the same slowly."""

from __future__ import annotations

import importlib
import os
from typing import Any

CHOICE = "LASALLE_ENGINE"
"""Environment variable: `plain` keeps journal, replay and sequencer in Python."""


def built(name: str) -> Any:
    """A compiled part by name, or None where it was not built."""
    try:
        return getattr(importlib.import_module("lasalle._core"), name, None)
    except ImportError:
        return None


def wanted(name: str) -> Any:
    """The same; None also where the plain twin was asked for."""
    return None if os.environ.get(CHOICE, "") == "plain" else built(name)
