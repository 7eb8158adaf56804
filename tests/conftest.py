"""Options every floor of the tests shares: how many days to simulate and how often to kill the
house."""

from __future__ import annotations

from typing import Any

import pytest

from lasalle.venue.core import compiled_house
from tests.cores import CORES, NOT_BUILT


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lasalle")
    group.addoption("--days", type=int, default=50, help="seeded days to simulate (default 50)")
    group.addoption("--kills", type=int, default=10, help="kill -9 moments under load (default 10)")


@pytest.fixture(scope="session")
def days(request: pytest.FixtureRequest) -> int:
    """Seeded days a simulation test has to live through."""
    return int(request.config.getoption("--days"))


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """Random moments at which a crash test kills the house under load."""
    return int(request.config.getoption("--kills"))


@pytest.fixture(params=sorted(CORES))
def core(request: pytest.FixtureRequest) -> Any:
    """A house to be made: the plain one, and the compiled one where it is built."""
    if request.param == "compiled" and compiled_house() is None:
        pytest.skip(NOT_BUILT)
    return CORES[request.param]
