"""A real endpoint: a llama.cpp server with real weights, metered by both sides, its traffic in the
shape of real traces. Counts, signatures and charges are asserted, never milliseconds."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from lasalle.delivery.answers import Message
from lasalle.delivery.charges import Charge
from lasalle.delivery.counting import Counter
from lasalle.delivery.judging import Revealed, determine
from lasalle.delivery.made_metering import made_specification
from lasalle.delivery.terms import Side, Specification
from lasalle.institution.metering.coarsening import coarsened
from lasalle.institution.metering.gguf import ModelFile, counter_of, read_model_file
from lasalle.institution.metering.model_server import (
    MODEL_SHA256,
    ModelServer,
    missing,
    model_path,
)
from lasalle.institution.metering.suppliers import DISHONEST, HONEST, Conduct
from lasalle.institution.metering.traffic import Arrival, azure, bodies, bounded, mooncake
from lasalle.institution.metering.trials import Endpoint, Trial, tried

TRACES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "traces"
pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "it is here")
BY_NAME = {one.name: one for one in DISHONEST}
STRINGS = (
    "Say hi", "  two  spaces\n\n\tand a tab", "1234567 x 89", "don't we'll I'd", "äöü € 日本語 🙂",
    "<|im_start|>user\nhi<|im_end|>\n", "a" * 70, "\u200b\x00 odd", "def f(x):\n    return x**2",
)  # fmt: skip


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def model() -> ModelFile:
    path = model_path()
    assert path is not None
    return read_model_file(path)


@pytest.fixture(scope="module")
def counter(model: ModelFile) -> Counter:
    return counter_of(model)


@pytest.fixture(scope="module")
def served(model: ModelFile) -> Iterator[ModelServer]:
    server = ModelServer(model.path, free_port())
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def engine_of(server: ModelServer) -> tuple[str, int]:
    return "127.0.0.1", int(server.address.rsplit(":", 1)[1])


def arrivals(count: int) -> list[Arrival]:
    """The shape of both traces, where they are here; else requests of a like shape."""
    if not TRACES.is_dir():
        return [Arrival(n * 0.2, 8 + n % 9, 5 + n % 4, n % 2 == 1) for n in range(count)]
    half = count // 2
    found = [
        *azure(TRACES / "azure_llm_2023_conv.csv", half),
        *mooncake(TRACES / "mooncake_conversation.csv.gz", count - half),
    ]
    return bounded(sorted(found, key=lambda one: one.at_s), 1.0, 16, 8)


def a_trial(
    folder: Path, conduct: Conduct, served: ModelServer, counter: Counter, spec: Specification,
    *, engine: ModelServer | None = None, audits: int = 0, requests: int = 4,
) -> Trial:  # fmt: skip
    endpoint = Endpoint(engine_of(engine or served), served.address)
    return asyncio.run(
        tried(folder, conduct, endpoint, counter, arrivals(requests), spec, audits=audits,
              tokens=24, seed=3)
    )  # fmt: skip


@pytest.fixture(scope="module")
def spec(model: ModelFile) -> Specification:
    return made_specification(
        model=model.sha256, tokenizer=model.tokenizer_sha256, planned=400,
        chat_template=model.template_sha256,
    )  # fmt: skip


@pytest.mark.rule("DEL-041")
def test_the_meter_counts_as_the_model_does(
    model: ModelFile, counter: Counter, served: ModelServer
) -> None:
    """Token by token, and the template word by word: with nothing but the model's file."""
    assert model.sha256 == MODEL_SHA256
    with httpx.Client(base_url=served.address, timeout=60.0) as client:
        for one in STRINGS:
            asked = {"content": one, "add_special": False, "parse_special": True}
            told: Sequence[int] = client.post("/tokenize", json=asked).json()["tokens"]
            assert list(counter.encode(one)) == list(told), one
        said = [{"role": "user", "content": "Say hi"}]
        told_text = client.post("/apply-template", json={"messages": said}).json()["prompt"]
    assert counter.template([Message("user", "Say hi")]) == told_text
    assert len(counter.encode(told_text)) == 32


@pytest.mark.rule("DEL-040")
def test_an_honest_supplier_is_believed(
    tmp_path: Path, counter: Counter, served: ModelServer, spec: Specification
) -> None:
    found = a_trial(tmp_path, HONEST, served, counter, spec)
    assert found.charges == frozenset()
    seen = found.seen
    assert (seen.buyer.rows, seen.buyer.errors) == (4, 0)
    for name in ("sum_prompt", "sum_completion", "sum_bytes", "rows"):
        assert getattr(seen.buyer, name) == getattr(seen.supplier, name)
    # The engine counts the end of an answer, and now and then a word reads as fewer tokens.
    assert seen.counted <= seen.claimed <= seen.counted * 1.02 + seen.answers


@pytest.mark.slow
def test_an_honest_supplier_passes_its_audits(
    tmp_path: Path, counter: Counter, served: ModelServer, spec: Specification, kills: int
) -> None:
    if kills < 50:
        pytest.skip("`make soak` audits the honest as well")
    found = a_trial(tmp_path, HONEST, served, counter, spec, audits=6)
    assert found.seen.audits.tokens > 64
    assert found.charges == frozenset()


@pytest.mark.rule("DEL-056")
def test_coarser_weights_are_found(
    tmp_path: Path, model: ModelFile, counter: Counter, served: ModelServer, spec: Specification
) -> None:
    cheap = tmp_path / "cheap.gguf"
    assert coarsened(model, cheap, BY_NAME["cheaper quantisation"].coarse_bits) > 100_000_000
    server = ModelServer(cheap, free_port())
    try:
        server.wait()
        found = a_trial(
            tmp_path, BY_NAME["cheaper quantisation"], served, counter, spec,
            engine=server, audits=2, requests=2,
        )  # fmt: skip
    finally:
        server.stop()
        cheap.unlink()
    assert Charge.MODEL in found.charges


@pytest.mark.rule("DEL-050")
@pytest.mark.rule("DEL-051")
def test_padded_tokens_are_counted_again_and_lost(
    tmp_path: Path, counter: Counter, served: ModelServer, spec: Specification
) -> None:
    found = a_trial(tmp_path, BY_NAME["padded tokens"], served, counter, spec)
    assert found.charges == {Charge.TOKENS}
    # The referee needs no words where none are shown: the delivery point stands.
    asked = list(bodies(arrivals(4), 3))
    assert len(asked) == len(found.seen.rows)
    nothing: dict[str, Revealed] = {}
    ruled = determine(
        (found.seen.buyer, found.seen.supplier), (found.seen.rows, found.supplier_rows), nothing,
        counter, spec, spec.sha256,
    )  # fmt: skip
    assert ruled.loser is Side.SUPPLIER
    assert ruled.quantity.output == found.seen.buyer.sum_completion
