"""The implied volatility of an index by month and strike, from the quotes in the books."""

from __future__ import annotations

from typing import Any, Protocol

from lasalle.client.shapes import Shape
from lasalle.gateway.endpoints import Asked, Endpoint
from lasalle.gateway.faults import Denied

COST = 100


class Surfaces(Protocol):
    """Makes a surface beside the event loop. Raises ValueError with why there is none."""

    async def __call__(self, index: str) -> dict[str, Any]: ...


class Holder(Protocol):
    """What makes surfaces, or nothing."""

    surfaces: Surfaces | None


class SviSlice(Shape, frozen=True):
    """Parameters of a month's total variance in log strike over forward (raw SVI)."""

    a: float
    b: float
    rho: float
    m: float
    s: float


class QuoteRead(Shape, frozen=True):
    """An option's quote as deviations of the log average to its month's end; None where a price
    implies none.
    """

    strike: float
    bid: float | None
    middle: float | None
    ask: float | None


class SurfaceSmile(Shape, frozen=True):
    """A month: `source` says whether its quotes or the model made it; `least_g` is at least 0 where
    no butterfly can be bought for nothing, `mass` the probability its density sums to.
    """

    month: str
    source: str
    forward: float
    deviation_at_money: float | None
    volatility_at_money: float | None
    svi: SviSlice
    quotes: list[QuoteRead]
    left_out: list[str]
    worst_miss: float | None
    least_g: float | None
    mass: float | None


class VolatilitySurface(Shape, frozen=True):
    """A surface: SSVI rho and eta where the months are joined, smiles by month, and what is faulty
    in it, which is nothing where it can be traded on.
    """

    index: str
    day: str
    rho: float
    eta: float
    smiles: list[SurfaceSmile]
    faults: list[str]


def endpoints(shared: Holder) -> list[Endpoint]:
    """The declaration."""

    async def surface(asked: Asked) -> Any:
        index = asked.path["index"]
        if shared.surfaces is None:
            raise Denied("this house makes no surfaces", name="file_unknown")
        try:
            return await shared.surfaces(index)
        except ValueError as error:
            raise Denied(
                f"no surface: {error}", name="file_unknown", field="index", found=index[:64]
            ) from None

    return [
        Endpoint(
            "GET", "/v1/surface/{index}", surface,
            "Implied volatility of the options of an index, by month and strike.",
            VolatilitySurface, cost=COST, faults=("file_unknown",),
        )
    ]  # fmt: skip
