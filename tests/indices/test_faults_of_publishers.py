"""Connectors against a server on loopback that misbehaves as publishers do: refusals that say when
to ask again, halves of answers, pages in the place of data, other units, other currencies, nothing.

Real sockets and HTTP; only the host is another, for no publisher is asked here.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from lasalle.indices.evidence import PriceType
from lasalle.indices.sources import NEVER_RUN_LIVE, SourceError, Unreachable
from lasalle.institution.sources import Fetcher, web_client
from lasalle.institution.sources.fetching import LONGEST_PAUSE_SECONDS, TRIES
from lasalle.institution.sources.publishers import (
    AwsSpotHistory,
    AzureRetail,
    PrimeMarketplace,
    SkyPilotCatalogue,
    VastMarketplace,
    _Asked,
)
from lasalle.institution.sources.signing import AwsKey
from tests.indices import recorded
from tests.indices.answering import NOW, WINDOW, Clock

HTML = b"<!doctype html><html><body>Sign in to continue</body></html>"


@dataclass
class Said:
    """One answer; `cut` sends so many bytes of a body and hangs up."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None


class Publisher:
    """A server on a free port of loopback that gives its answers in turn, then the last again."""

    def __init__(self) -> None:
        self.answers: list[Said] = [Said()]
        self.asked = 0
        # The names are those http.server calls.
        words = {"do_GET": self._answer, "log_message": lambda *_: None}
        answering = type("Answering", (BaseHTTPRequestHandler,), words)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), answering)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def _answer(self) -> Callable[[Any], None]:
        def answer(to: Any) -> None:
            said = self.answers[min(self.asked, len(self.answers) - 1)]
            self.asked += 1
            to.send_response(said.status)
            for name, word in said.headers:
                to.send_header(name, word)
            to.send_header("Content-Length", str(len(said.body)))
            to.end_headers()
            to.wfile.write(said.body[: said.cut])
            if said.cut is not None:
                to.close_connection = True

        return answer

    def says(self, *answers: Said) -> None:
        self.answers, self.asked = list(answers), 0


class Loopback(httpx.HTTPTransport):
    """Asks the server on loopback whatever host was meant."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return super().handle_request(request)


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    found = Publisher()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web(publisher: Publisher, clock: Clock) -> Fetcher:
    port = publisher.server.server_address[1]
    client = web_client(Loopback(port))
    return Fetcher(client, None, 0.0, clock=clock, sleep=clock.sleep)


@dataclass(frozen=True)
class Case:
    """A connector, an answer it takes, and that answer with another word for its price."""

    make: Callable[[Fetcher], _Asked]
    good: bytes
    price: bytes
    empty: bytes
    dollars: float
    """Per GPU-hour."""


def _json(content: Any) -> bytes:
    return json.dumps(content).encode()


AZURE = _json({"Items": [recorded.AZURE_ITEM]})
VAST = _json({"offers": [recorded.VAST_OFFERS[0] | {"dph_total": 1.5}]})
PRIME_ITEM = next(item for item in recorded.PRIME_ITEMS if item["stockStatus"] != "Unavailable")
PRIME_PRICES = PRIME_ITEM["prices"] | {"onDemand": 24.5}
PRIME = _json({"items": [PRIME_ITEM | {"gpuCount": 8, "prices": PRIME_PRICES}], "totalCount": 1})
LINES = recorded.SKYPILOT_AWS.splitlines(keepends=True)
CSV = LINES[0] + next(line for line in LINES if b"55.00768" in line)
CASES = {
    "skypilot": Case(lambda web: SkyPilotCatalogue(web, lambda: NOW), CSV, b"55.00768",
                     CSV.splitlines()[0] + b"\n", 55.00768 / 8),
    "azure": Case(lambda web: AzureRetail(web, lambda: NOW), AZURE, b"98.32",
                  _json({"Items": []}), 98.32 / 8),
    "vast": Case(lambda web: VastMarketplace(web, lambda: NOW), VAST, b"1.5",
                 _json({"offers": []}), 1.5),
    "prime": Case(lambda web: PrimeMarketplace(web, lambda: NOW, "secret"), PRIME, b"24.5",
                  _json({"items": [], "totalCount": 0}), 24.5 / 8),
    "aws-spot": Case(
        lambda web: AwsSpotHistory(web, lambda: NOW, "us-east-1", AwsKey("A", "b")),
        recorded.AWS_SPOT, b"36.434000", b"", 36.434 / 8,
    ),
}  # fmt: skip
EACH = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
LISTING = {name: case for name, case in CASES.items() if case.empty}
LISTS = pytest.mark.parametrize("case", LISTING.values(), ids=LISTING)


def prices(case: Case, web: Fetcher) -> set[int]:
    """Micro-dollars of executable and listed rows."""
    rows = case.make(web).read(*WINDOW).to_pylist()
    return {row["price"] for row in rows if row["price_type"] != PriceType.SHORTAGE}


@EACH
def test_a_good_answer_is_evidence_that_says_it_was_never_run_live(publisher, web, case) -> None:
    publisher.says(Said(body=case.good))
    source = case.make(web)
    rows = source.read(*WINDOW).to_pylist()
    assert round(case.dollars * 1e6) in {row["price"] for row in rows}
    assert source.live == NEVER_RUN_LIVE
    assert all(f", {NEVER_RUN_LIVE}" in row["reference"] for row in rows)


@EACH
def test_told_to_wait_it_waits_as_told_and_no_longer_than_once_each(
    publisher, web, clock, case
) -> None:
    """Seconds and moments; a wait beyond what one asking waits is not sat out."""
    moment = formatdate(clock.seconds + 11, usegmt=True)
    publisher.says(
        Said(429, headers=(("Retry-After", "9"),)),
        Said(429, headers=(("Retry-After", moment),)),
        Said(body=case.good),
    )
    assert round(case.dollars * 1e6) in prices(case, web)
    assert clock.slept[0] == 9.0
    assert 1.0 <= clock.slept[1] <= 11.0
    publisher.says(Said(429, headers=(("Retry-After", "86400"),)))
    clock.slept.clear()
    with pytest.raises(Unreachable, match="asks to wait 86400 s"):
        case.make(web).read(*WINDOW)
    assert (publisher.asked, clock.slept) == (1, [])


@EACH
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failing_server_is_asked_so_often_and_then_named(
    publisher, web, clock, case, status: int
) -> None:
    publisher.says(Said(status, b"<h1>oops</h1>"), Said(body=case.good))
    assert round(case.dollars * 1e6) in prices(case, web)
    publisher.says(Said(status))
    clock.slept.clear()
    source = case.make(web)
    with pytest.raises(Unreachable, match=rf"in {TRIES} tries \(status {status}\)") as caught:
        source.read(*WINDOW)
    assert str(caught.value).startswith(source.name)
    assert publisher.asked == TRIES, "and not once more"
    assert sum(clock.slept) <= TRIES * LONGEST_PAUSE_SECONDS


@EACH
def test_half_a_body_is_asked_for_again_and_never_read(publisher, web, case) -> None:
    half = len(case.good) // 2
    publisher.says(Said(body=case.good, cut=half), Said(body=case.good))
    assert round(case.dollars * 1e6) in prices(case, web)
    publisher.says(Said(body=case.good, cut=half))
    with pytest.raises(Unreachable, match="tries"):
        case.make(web).read(*WINDOW)
    publisher.says(Said(body=b"not gzip", headers=(("Content-Encoding", "gzip"),)))
    with pytest.raises(Unreachable, match="tries"):
        case.make(web).read(*WINDOW)
    packed = gzip.compress(case.good)
    publisher.says(Said(body=packed, headers=(("Content-Encoding", "gzip"),)))
    assert round(case.dollars * 1e6) in prices(case, web)


@EACH
def test_an_answer_that_ends_early_in_good_order_is_refused(publisher, web, case) -> None:
    """Its length is right and its end is missing, anywhere."""
    for cut in range(1, len(case.good) - 1, max(1, len(case.good) // 40)):
        publisher.says(Said(body=case.good[:cut]))
        with pytest.raises(SourceError):
            case.make(web).read(*WINDOW)


@EACH
@pytest.mark.parametrize("page", [HTML, b"", b"  \n", b"null", b"[]", b"{}", b"\xff\xfe\x00"])
def test_a_page_for_people_is_no_answer(publisher, web, case, page: bytes) -> None:
    publisher.says(Said(body=page))
    source = case.make(web)
    with pytest.raises(SourceError) as caught:
        source.read(*WINDOW)
    assert str(caught.value).startswith(source.name)
    if page is HTML:
        assert "doctype" in str(caught.value) or "mismatched tag" in str(caught.value) or "XML" in (
            caught.value.expected
        )


@EACH
def test_a_price_that_is_text_is_the_number_or_refused(publisher, web, case) -> None:
    quoted = b'"' + case.price + b'"'
    publisher.says(Said(body=case.good.replace(b" " + case.price, b" " + quoted)))
    assert round(case.dollars * 1e6) in prices(case, web)
    for word in (b'"much"', b'"1,50"', b"true"):
        publisher.says(Said(body=case.good.replace(case.price, word)))
        with pytest.raises(SourceError):
            case.make(web).read(*WINDOW)
    for word in (b"0", b"-2", b"1e300"):
        publisher.says(Said(body=case.good.replace(case.price, word)))
        reading = case.make(web).reading(*WINDOW)
        assert round(case.dollars * 1e6) not in reading.evidence["price"].to_pylist()
        assert min(reading.evidence["price"].to_pylist(), default=0) >= 0


@EACH
def test_a_price_in_cents_is_refused_as_cents(publisher, web, case) -> None:
    cents = str(round(float(case.price) * 100, 6)).encode()
    publisher.says(Said(body=case.good.replace(case.price, cents)))
    reading = case.make(web).reading(*WINDOW)
    assert reading.refusals().get("cents", 0) >= 1
    assert round(case.dollars * 1e8) not in reading.evidence["price"].to_pylist()


@pytest.mark.parametrize("name", ["azure", "prime"])
@pytest.mark.parametrize("currency", ["EUR", "usd ", "", "JPY"])
def test_another_currency_is_refused_by_its_name(publisher, web, name: str, currency: str) -> None:
    """The others have no field for one: SkyPilot, Vast and EC2 publish USD alone."""
    case = CASES[name]
    publisher.says(Said(body=case.good.replace(b'"USD"', json.dumps(currency).encode())))
    with pytest.raises(SourceError, match="expected USD") as caught:
        case.make(web).read(*WINDOW)
    assert "urrency" in caught.value.field
    for other in set(CASES) - {"azure", "prime"}:
        assert b"urrency" not in CASES[other].good


@LISTS
def test_nothing_at_all_is_no_shortage(publisher, web, case) -> None:
    """A filter that changed, or a list that was moved, answers so."""
    publisher.says(Said(body=case.empty))
    with pytest.raises(SourceError, match="none at all"):
        case.make(web).read(*WINDOW)


def test_a_history_without_a_change_has_no_rows(publisher, web) -> None:
    """EC2 tells changes: none in a window is none, and no shortage either."""
    head, tail = recorded.AWS_SPOT.split(b"<spotPriceHistorySet>")[0], b"<spotPriceHistorySet/>"
    close = b"</DescribeSpotPriceHistoryResponse>"
    publisher.says(Said(body=head + tail + close))
    assert len(CASES["aws-spot"].make(web).read(*WINDOW)) == 0


@EACH
def test_a_body_beyond_the_bound_is_cut(publisher, web, case, monkeypatch) -> None:
    monkeypatch.setattr("lasalle.institution.sources.fetching.MOST_BYTES", 10_000)
    publisher.says(Said(body=case.good + b" " * 20_000))
    with pytest.raises(SourceError, match="at most 10000 bytes"):
        case.make(web).read(*WINDOW)
    packed = gzip.compress(b" " * 5_000_000)
    publisher.says(Said(body=packed, headers=(("Content-Encoding", "gzip"),)))
    with pytest.raises(SourceError, match="at most 10000 bytes"):
        case.make(web).read(*WINDOW)
