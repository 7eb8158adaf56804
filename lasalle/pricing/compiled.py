"""The compiled parts of pricing: each has a twin in Python that says the same plainly."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any


@cache
def built(name: str) -> Any:
    """A compiled part by name, or None where it was not built."""
    try:
        return getattr(importlib.import_module("lasalle._core"), name, None)
    except ImportError:
        return None
