"""Seeds of the days to live through: `--days` of them, and every one that once showed a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

SEEDS = Path(__file__).with_name("seeds.txt")


def kept_seeds() -> list[int]:
    """Seeds of seeds.txt."""
    lines = (line.split("#")[0].split() for line in SEEDS.read_text().splitlines())
    return [int(words[0]) for words in lines if words]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "day_seed" in metafunc.fixturenames:
        days = range(int(metafunc.config.getoption("--days")))
        metafunc.parametrize("day_seed", [*days, *(s for s in kept_seeds() if s not in days)])
