"""The published description against the served house: made-up requests, right and wrong ones, get
only what is described."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.checks import load_all_checks
from schemathesis.generation import GenerationMode

from lasalle.gateway.limits import Buckets, Rate
from tests.gateway.conftest import Served, serving

EXAMPLES_A_DAY = 0.04
"""Requests made up for each path, method and mode, by simulated days asked for: two in a test run,
forty in a soak; the seed is fixed."""
SEED = 20_260_101
WIDE = Rate(10**9, 10**9)
LEFT_OUT = {
    # What is well-formed may still be refused by the law, with 422 and its sentence.
    "positive_data_acceptance",
    # It repeats a request without its key; test_rest does so with each part of the signature.
    "ignored_auth",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    wide = Buckets(dict.fromkeys(("public", "read", "write", "failure"), WIDE))
    with serving(tmp_path_factory.mktemp("described") / "house", buckets=wide) as found:
        yield found


def sent(served: Served, session: requests.Session, case: Any) -> requests.Response:
    """The answer to a case, signed as it really goes out."""
    kwargs = case.as_transport_kwargs(base_url=served.address)
    for name in ("verify", "allow_redirects"):
        kwargs.pop(name, None)
    prepared = session.prepare_request(requests.Request(**kwargs))
    if "X-LaSalle-Key" in prepared.headers:
        # A case that left the key out is to be refused for it.
        body = prepared.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        signed = served.keys[1].headers(str(prepared.method), prepared.path_url, body)
        prepared.headers.update(signed)
    return session.send(prepared, timeout=30)


@pytest.mark.slow
@pytest.mark.rule("GTW-001")
def test_made_up_requests_get_what_is_described(served: Served, days: int):
    description = requests.get(served.address + "/openapi.json", timeout=10).json()
    schema = schemathesis.openapi.from_dict(description)
    load_all_checks()
    named = schemathesis.checks.CHECKS.get_all()
    checks = [c for c in named if c.__name__ not in LEFT_OUT]
    statuses: Counter[int] = Counter()
    failures: dict[str, str] = {}
    with requests.Session() as session:
        for result in schema.get_all_operations():
            operation = result.ok()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

                @hypothesis.seed(SEED)
                @hypothesis.settings(
                    max_examples=max(1, round(EXAMPLES_A_DAY * days)),
                    database=None,
                    deadline=None,
                    phases=[hypothesis.Phase.generate],
                    suppress_health_check=list(hypothesis.HealthCheck),
                    verbosity=hypothesis.Verbosity.quiet,
                )
                @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
                def ask(case: Any) -> None:
                    response = sent(served, session, case)
                    statuses[response.status_code] += 1
                    case.validate_response(response, checks=checks)

                try:
                    ask()
                except hypothesis.errors.Unsatisfiable:
                    continue
                except BaseException as error:
                    failures[f"{operation.label} {mode.value}"] = str(error)[:1500]
    assert failures == {}, "\n\n".join(f"{n}\n{t}" for n, t in failures.items())
    assert statuses.total() > 400
    assert statuses[200] > 25
    assert statuses[400] > 50
    assert statuses[422] > 10
    assert not [s for s in statuses if s >= 500]
    assert served.gateway.broken == ""
