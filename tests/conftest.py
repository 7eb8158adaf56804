"""Options every floor of the tests shares: how many days to simulate and how often to kill the
house."""

from __future__ import annotations

import pytest


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
