"""The demonstration's maker: a program outside the house that quotes by signed requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec

from lasalle.client import Account, Asking, AsyncClient, Fault, Key, asking_command
from lasalle.institution.demo import MAKER, maker_quotes
from lasalle.institution.estimates import Estimate
from lasalle.making import Quote, quote_commands

QUOTE_SECONDS = 3.0
QUOTED_STATES = ("open", "pre_open", "pre_close")


class Maker:
    """Quotes both sides of every series of the family; sends again only what changed."""

    def __init__(
        self,
        key: Path,
        address: str,
        believed: Callable[[], Estimate | None],
        say: Callable[[str], None],
    ) -> None:
        """believed: the model's estimate now; say: called with a sentence whenever it changes."""
        self._client = AsyncClient(address, Key.read(key))
        self._believed, self._say = believed, say
        self._standing: dict[str, Quote] = {}
        self._live = 0
        self._said = ""

    async def run(self) -> None:
        """Quotes until it is cancelled; a house that is starting or stopping is asked again."""
        try:
            while True:
                try:
                    await self.quote()
                except httpx.HTTPError as error:
                    self._tell(f"The maker does not reach the house: {error!r}.")
                except Fault as error:
                    self._standing = {}
                    self._tell(f"The maker cannot quote: {error.name} ({error.rule}): {error}.")
                await asyncio.sleep(QUOTE_SECONDS)
        finally:
            await self._client.close()

    async def quote(self) -> None:
        """One round. Raises Fault when the house refuses."""
        made = self._believed()
        if made is None:
            self._tell("The maker waits for the day's estimate.")
            return
        rows = await self._client.ask(
            Asking("GET", "/v1/series?limit=500", list[dict[str, Any]], within="series")
        )
        series = {r["symbol"]: r["series"] for r in rows if r["state"] in QUOTED_STATES}
        account = await self._client.ask(Asking("GET", f"/v1/accounts/{MAKER}", Account))
        if account.live_orders != self._live:
            self._standing = {}  # filled, withdrawn, or from before this process: quoted anew
        inventory = {p.symbol: p.lots for p in account.positions}
        found = maker_quotes(made, inventory, set(series))
        changed = [q for q in found if self._standing.get(q.symbol) != q]
        for command in quote_commands(MAKER, changed, series):
            fields = {
                "account": command.account,
                "self_trade": "cancel_newest",
                "quotes": [msgspec.to_builtins(leg) for leg in command.quotes],
            }
            await self._client.ask(asking_command("mass_quote", **fields))
        if changed:
            self._standing |= {q.symbol: q for q in changed}
            account = await self._client.ask(Asking("GET", f"/v1/accounts/{MAKER}", Account))
            self._live = account.live_orders
        both = sum(q.bid_lots > 0 and q.ask_lots > 0 for q in found)
        worthless = sum(q.bid_price == 0 for q in found)
        if not found:
            self._tell("The maker waits: no series takes orders now.")
            return
        less = f"; {worthless} are worth less than a tick and have no bid" if worthless else ""
        self._tell(f"The maker quotes {both} of {len(rows)} series on both sides{less}.")

    def _tell(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self._say(sentence)
