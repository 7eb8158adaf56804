"""How publishers are asked: at a limited rate, again after passing faults, from copies on disk."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from lasalle.indices.sources import SourceError, Unreachable
from lasalle.institution.sources.publishers import VastMarketplace
from tests.indices.answering import NOW, WINDOW, Clock, body, fetcher


def test_passing_faults_are_waited_out() -> None:
    clock, statuses = Clock(), [503, 429, 200]

    def answer(request: httpx.Request) -> httpx.Response:
        status = statuses.pop(0)
        return httpx.Response(status, headers={"Retry-After": "7"} if status == 429 else {})

    assert fetcher(answer, clock=clock).get("x", "https://a.example/") == b""
    assert clock.slept == [1.0, 7.0]


def test_a_publisher_that_never_answers_is_unreachable_and_not_short() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no such host", request=request)

    clock = Clock()
    source = VastMarketplace(fetcher(answer, clock=clock), lambda: NOW)
    with pytest.raises(Unreachable, match=r"vast: no answer from console\.vast\.ai in 4 tries"):
        source.read(*WINDOW)
    assert clock.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("status", [301, 401, 403, 404])
def test_a_refusal_is_not_repeated(status: int) -> None:
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(status)
        return httpx.Response(status, headers={"Location": "https://b.example/"})

    with pytest.raises(Unreachable, match=f"answered {status}"):
        fetcher(answer).get("x", "https://a.example/")
    assert len(asked) == 1


def test_requests_to_one_host_keep_their_distance() -> None:
    clock = Clock()
    web = fetcher(body(b""), clock=clock)
    for address in ("https://a.example/1", "https://a.example/2", "https://b.example/"):
        web.get("x", address)
    assert clock.slept == [pytest.approx(1.0)]


def test_a_copy_is_used_while_fresh_and_revalidated_after(tmp_path: Path) -> None:
    clock, conditions = Clock(), list[str | None]()

    def answer(request: httpx.Request) -> httpx.Response:
        conditions.append(request.headers.get("If-None-Match"))
        if request.headers.get("If-None-Match") == '"v1"':
            return httpx.Response(304)
        return httpx.Response(200, content=b"told", headers={"ETag": '"v1"'})

    web = fetcher(answer, tmp_path, clock)
    headers = {"Authorization": "Bearer secret"}
    for _ in range(2):
        assert web.get("x", "https://a.example/", headers, fresh_seconds=60) == b"told"
    assert conditions == [None]
    clock.seconds += 61
    assert web.get("x", "https://a.example/", headers, fresh_seconds=60) == b"told"
    assert web.get("x", "https://a.example/", headers, fresh_seconds=60) == b"told"
    assert conditions == [None, '"v1"']
    assert all(b"secret" not in path.read_bytes() for path in tmp_path.iterdir())
    (kept,) = tmp_path.glob("*.body")
    kept.write_bytes(b"bent")
    assert web.get("x", "https://a.example/", headers, fresh_seconds=60) == b"told"
    assert conditions == [None, '"v1"', None], "a bent copy is asked for anew"


def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lasalle.institution.sources.fetching.MOST_BYTES", 10)
    with pytest.raises(SourceError, match="at most 10 bytes"):
        fetcher(body(b"x" * 11)).get("x", "https://a.example/")
