"""Options every floor of the tests shares: how many days to simulate and how often to kill the
house."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

from lasalle.venue.core import compiled_house
from tests.cores import CORES, NOT_BUILT
from tests.rules import gaps, in_force

# A commit passes or fails whenever it is tested: drawn examples follow from the test's own text.
# `make soak` draws them anew.
settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("anew")
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lasalle")
    group.addoption("--days", type=int, default=50, help="seeded days to simulate (default 50)")
    group.addoption("--kills", type=int, default=10, help="kill -9 moments under load (default 10)")
    group.addoption("--accept", action="store_true", help="rewrite the traces of tests/traces")


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


# -- which rules a run has shown ---------------------------------------------------------------

SHOWN: set[str] = set()
CITED: set[str] = set()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Writes the codes of a test on its report, which a worker hands to the run's own process."""
    told = yield
    codes = {mark.args[0] for mark in item.iter_markers("rule")}
    scenario = getattr(getattr(item, "callspec", None), "params", {}).get("scenario")
    codes |= set(getattr(scenario, "rules", ()))
    told.get_result().user_properties += [("rule", code) for code in sorted(codes)]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    codes = {value for name, value in report.user_properties if name == "rule"}
    CITED.update(codes)
    if report.when == "call" and report.passed:
        SHOWN.update(codes)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A full run that leaves a rule unshown fails; a partial run claims nothing."""
    config = session.config
    chosen = config.option.keyword or config.option.markexpr or config.args_source.name == "ARGS"
    if hasattr(config, "workerinput") or chosen or session.exitstatus or not SHOWN:
        return
    found = gaps(in_force(), SHOWN, CITED)
    if found:
        print("\n" + "\n".join(found))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
