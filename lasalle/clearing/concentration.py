"""How much of all cover the house lets stand in one asset, or with one issuer (CLR-096).

The law bounds what one account counts of an asset; this bounds what all of them do together. What
is beyond a limit is not taken in, and where prices carry it there the desk asks for lower caps.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from lasalle.clearing.collateral import DOLLAR, CollateralError
from lasalle.plain.collateral import value_of
from lasalle.plain.state import USD, State

Issuers = Mapping[int, str]
"""Who issued an asset, by its number; one that is not named stands alone."""


@dataclass(frozen=True, slots=True)
class ConcentrationTerms:
    """Shares of all cover in ten-thousandths: of one asset or issuer, and of one issuer of letters
    of credit; up to `floor`, micro-dollars, there is no limit."""

    share: int
    letter_share: int
    floor: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """What all accounts count of an asset, or of the assets of an issuer, and the limit of it,
    micro-dollars; `caps` are the account caps by asset that come to the limit, none within it."""

    name: str
    assets: tuple[int, ...]
    counted: int
    limit: int
    caps: tuple[tuple[int, int], ...] = ()

    @property
    def over(self) -> int:
        """What is counted beyond the limit."""
        return max(0, self.counted - self.limit)

    def said(self) -> str:
        """In words, US dollars."""
        counted, limit = self.counted / DOLLAR, self.limit / DOLLAR
        return f"{self.name}: {counted:,.2f} USD counted, limit {limit:,.2f} USD (CLR-096)"


def load_concentration_terms() -> ConcentrationTerms:
    """Terms shipped with the house."""
    path = resources.files("lasalle.clearing") / "table" / "concentration.toml"
    return read_concentration_terms(path.read_text(encoding="utf-8"))


def read_concentration_terms(text: str) -> ConcentrationTerms:
    """Terms of a TOML text. Raises CollateralError."""
    row = {k: v for k, v in tomllib.loads(text).items() if type(v) is int and v >= 0}
    if set(row) != {"share", "letter_share", "floor"}:
        raise CollateralError(f"expected whole share, letter_share and floor, found {sorted(row)}")
    if max(row["share"], row["letter_share"]) > 10_000:
        raise CollateralError("share, letter_share: expected up to 10000 ten-thousandths")
    return ConcentrationTerms(row["share"], row["letter_share"], row["floor"] * DOLLAR)


def concentrations(
    state: State,
    issuers: Issuers,
    terms: ConcentrationTerms,
    coming: Mapping[tuple[int, int], int] | None = None,
) -> tuple[Concentration, ...]:
    """What is counted of each asset or issuer beside its limit, a share of the free dollars and the
    collateral of all accounts; `coming` are units about to be deposited by (account, asset)."""
    more = coming or {}
    values: dict[int, list[int]] = {asset: [] for asset in state.collateral}
    cash = 0
    for account in state.accounts.values():
        free = state.free_of_holds(account) + more.get((account.account, USD), 0)
        cash += max(0, free)
        for asset, law in state.collateral.items():
            units = state.free_of_holds(account, asset) + more.get((account.account, asset), 0)
            values[asset].append(value_of(law, units))
    total = cash + sum(map(sum, values.values()))
    groups: dict[str, list[int]] = {}
    for asset in sorted(values):
        groups.setdefault(issuers.get(asset, f"asset {asset}, {state.assets[asset]}"), []).append(
            asset
        )
    found = []
    for name, assets in sorted(groups.items(), key=lambda item: item[1]):
        counted = sum(sum(values[asset]) for asset in assets)
        letters = any(state.collateral[asset].letter for asset in assets)
        share = terms.letter_share if letters else terms.share
        limit = max(terms.floor, total * share // 10_000)
        caps = [
            (asset, lowered(values[asset], limit * sum(values[asset]) // counted))
            for asset in assets
            if counted > limit and any(values[asset])
        ]
        found.append(Concentration(name, tuple(assets), counted, limit, tuple(caps)))
    return tuple(found)


def lowered(values: list[int], limit: int) -> int:
    """The highest cap at which these values, each up to it, come to the limit at most."""
    low, high = 0, max((0, *values))
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(value, middle) for value in values) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


class Intake:
    """What a run of deposits comes to, one after the other: each that would count beyond a limit
    stays out."""

    def __init__(self, state: State, issuers: Issuers, terms: ConcentrationTerms) -> None:
        self._state, self._issuers, self._terms = state, issuers, terms
        self._coming: dict[tuple[int, int], int] = {}

    def beyond(self, account: int, asset: int, units: int, reference: str) -> Concentration | None:
        """The limit that a deposit would pass, counting more than before; None where it is taken,
        as one is that the ledger already has under its reference."""
        held = self._state.accounts.get(account)
        if held is None or reference in held.references:
            return None
        place = account, asset
        coming = {**self._coming, place: self._coming.get(place, 0) + units}
        found = self._of(asset, coming)
        if found is not None and found.over:
            before = self._of(asset, self._coming)
            if before is not None and found.counted > before.counted:
                return found
        self._coming = coming
        return None

    def _of(self, asset: int, coming: Mapping[tuple[int, int], int]) -> Concentration | None:
        rows = concentrations(self._state, self._issuers, self._terms, coming)
        return next((row for row in rows if asset in row.assets), None)


def concentration_data(row: Concentration) -> dict[str, Any]:
    """A row as it is kept and told, micro-dollars."""
    caps = [{"asset": asset, "cap": cap} for asset, cap in row.caps]
    return {
        "name": row.name, "assets": list(row.assets), "counted": row.counted, "limit": row.limit,
        "over": row.over, "caps": caps,
    }  # fmt: skip
