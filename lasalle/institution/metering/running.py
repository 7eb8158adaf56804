"""A meter as a process: `lasalle delivery meter`. It goes on where its folder stood, stops on SIGTERM
or SIGINT with a reading of what the interval has so far, and may be killed at any moment.
"""  # noqa: E501

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lasalle.delivery.bundle import Published
from lasalle.delivery.canonical import NONE
from lasalle.delivery.counting import Counter, byte_counter
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.meter_book import MeterBook
from lasalle.delivery.readings import read_entry
from lasalle.delivery.terms import Specification, Terms
from lasalle.delivery.tiles import Read
from lasalle.institution.metering.gguf import counter_of, read_model_file
from lasalle.institution.metering.keeper import MeterKeeper
from lasalle.institution.metering.proxy import MeterProxy

BYTES = "utf8_bytes"


@dataclass(frozen=True)
class Setting:
    """What a meter is started with."""

    folder: Path
    meter: int
    secret: bytes
    upstream: str
    port: int
    model: Path | None = None
    cut_short: bool = False
    """Whether it closes the interval under way when it stops."""


def what_is_metered(read: Read) -> tuple[Terms, Specification]:
    """Terms and method of a delivery, the first two entries of its log. Raises ValueError."""
    log = Published(read, [])
    contents = log.tiles.entries()
    next(contents)
    second = read_entry(next(contents, b"{}"), "entry 1").statement
    if not isinstance(second, Specification) or second.sha256 != log.terms.method:
        raise ValueError("entry 1: expected how the delivery is measured, found another (DEL-009)")
    return log.terms, second


def counter_for(specification: Specification, model: Path | None) -> Counter:
    """The counter a method asks for. Raises ValueError where the model is another."""
    if specification.quantity_basis == BYTES:
        return byte_counter()
    if model is None:
        raise ValueError(f"--model: expected the model file whose tokenizer counts "
                         f"{specification.quantity_basis} (DEL-041)")  # fmt: skip
    found = read_model_file(model)
    for name, expected, has in (
        ("model", specification.model, found.sha256),
        ("tokenizer", specification.tokenizer, found.tokenizer_sha256),
        ("chat_template", specification.chat_template, found.template_sha256),
    ):
        if expected not in (NONE, has):
            raise ValueError(f"--model: {name}: expected {expected}, found {has} (DEL-041)")
    return counter_of(found)


def opened(setting: Setting, terms: Terms, specification: Specification) -> MeterKeeper:
    """The meter's folder, going on where it stood. Raises ValueError, BlockingIOError."""
    book = MeterBook(terms, setting.meter, SigningKey(setting.secret), specification)
    return MeterKeeper(setting.folder, book)


async def serve(
    setting: Setting, keeper: MeterKeeper, counter: Counter, told: Callable[[MeterProxy], None]
) -> None:
    """Meters until it is told to stop or the delivery is over."""
    proxy = MeterProxy(keeper, counter, setting.upstream)
    await proxy.start(setting.port)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    told(proxy)
    await stop.wait()
    await proxy.stop()
    if setting.cut_short:
        keeper.cut_short()
    keeper.close()


def run(setting: Setting, terms: Terms, specification: Specification) -> int:
    """Runs a meter, and says where it listens."""
    keeper = opened(setting, terms, specification)
    counter = counter_for(specification, setting.model)
    book = keeper.book

    def told(proxy: MeterProxy) -> None:
        print(f"meter {book.meter} ({book.side.value}) of contract {terms.contract} listens on "
              f"{proxy.address} before {setting.upstream}", flush=True)  # fmt: skip
        print(f"  {book.sequence} readings and {len(book.rows)} requests since, "
              f"{keeper.cut_off} cut off by a crash", flush=True)  # fmt: skip

    asyncio.run(serve(setting, keeper, counter, told))
    print(f"{book.sequence} readings in {setting.folder}", flush=True)
    return 0
