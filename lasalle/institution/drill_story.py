"""The story of a fire drill, read from its table and checked: members, moves, who stops paying."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from lasalle.wire import Bound

DOLLAR = 1_000_000
MOST_TIMES, MOST_HOURS = 60_000, 100
"""Times the money of a story at most, and the hours of a lot."""
MONEY_KINDS = ("deposit", "withdraw", "contribute", "first_loss", "second_tranche")


class StoryError(ValueError):
    """A story is not as it should be; says where, what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class Cast:
    """A member of the drill, or a client (`of` names its member); micro-dollars, signed lots."""

    key: str
    name: str
    cash: int
    lots: int
    contribution: int = 0
    of: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """Who stops paying from a day on, and how its book is sold; micro-dollars per lot."""

    member: str
    from_day: int
    slices: int
    asked: tuple[str, ...]
    bids: tuple[str, ...]
    least: int
    most: int
    reserve: int
    port_to: str = ""
    hedge_with: str = ""
    hedge_lots: int = 0


@dataclass(frozen=True, slots=True)
class MoneyMove:
    """Money that moves on a day; `member` is empty for the house's own."""

    day: int
    kind: str
    amount: int
    member: str = ""


@dataclass(frozen=True, slots=True)
class Trade:
    """Lots that one sells to another on a day at its price."""

    day: int
    seller: str
    buyer: str
    lots: int


@dataclass(frozen=True, slots=True)
class Story:
    """A whole drill; prices micro-dollars per GPU-hour, money micro-dollars."""

    title: str
    days: int
    seed: int
    series: str
    hours: int
    price: int
    margin: int
    first_loss: int
    second_tranche: int
    liquidity: int
    noise: int
    cast: tuple[Cast, ...]
    moves: dict[int, int] = field(default_factory=dict)
    defaults: tuple[Planned, ...] = ()
    money: tuple[MoneyMove, ...] = ()
    trades: tuple[Trade, ...] = ()
    lots_times: int = 1
    """How many times the lots of its table it is told with."""

    def member(self, key: str) -> Cast:
        """A member or client by its key."""
        return next(one for one in self.cast if one.key == key)


def scaled(story: Story, times: int) -> Story:
    """The story with so many times its money: hours of a lot grow up to a hundredfold, lots do the
    rest, so that each loss and each layer stand to each other as they were. Raises StoryError."""
    if not 1 <= times <= MOST_TIMES:
        raise StoryError(f"--scale: expected 1 to {MOST_TIMES}, found {times}")
    hours = max(n for n in range(1, MOST_HOURS + 1) if times % n == 0)
    lots = times // hours
    most = max(abs(one.lots) for one in story.cast) * lots
    if story.hours * hours > Bound.HOURS or most > Bound.ORDER_LOTS:
        told = f"{story.hours * hours} hours and {most} lots"
        raise StoryError(f"--scale: {times} gives {told}, more than a house lists or takes at once")
    per_lot = {"least": hours, "most": hours, "reserve": hours, "hedge_lots": lots}
    money = ("first_loss", "second_tranche", "liquidity")
    return replace(
        story,
        title=f"{story.title}, with {times:,} times the money" if times > 1 else story.title,
        hours=story.hours * hours,
        margin=story.margin * hours,
        cast=tuple(_times(c, cash=times, contribution=times, lots=lots) for c in story.cast),
        defaults=tuple(_times(d, **per_lot) for d in story.defaults),
        money=tuple(_times(m, amount=times) for m in story.money),
        trades=tuple(_times(t, lots=lots) for t in story.trades),
        lots_times=lots,
        **{name: getattr(story, name) * times for name in money},
    )


def _times(row: Any, **by: int) -> Any:
    return replace(row, **{name: getattr(row, name) * n for name, n in by.items()})


def stories() -> list[str]:
    """Names of the stories shipped with the house."""
    folder = resources.files("lasalle.institution") / "table" / "drills"
    return sorted(path.name.removesuffix(".toml") for path in folder.iterdir())


def load_story(name: str) -> Story:
    """A story shipped with the house by its name, or one's own by the path of its file."""
    if name in stories():
        folder = resources.files("lasalle.institution") / "table" / "drills"
        return read_story((folder / f"{name}.toml").read_text(encoding="utf-8"))
    path = Path(name)
    if not path.is_file():
        raise StoryError(f"scenario: expected {', '.join(stories())} or a file, found {name}")
    return read_story(path.read_text(encoding="utf-8"))


def _money(told: dict[str, Any], name: str) -> int:
    """USD as micro-dollars, exact."""
    found = told.get(name, 0)
    amount = Decimal(str(found)) * DOLLAR
    if amount != int(amount):
        raise StoryError(f"{name}: expected USD with at most six decimals, found {found}")
    return int(amount)


def read_story(text: str) -> Story:
    """A story of a TOML text. Raises StoryError."""
    told = tomllib.loads(text)
    try:
        cast = tuple(
            Cast(
                m["key"],
                m["name"],
                _money(m, "cash"),
                int(m["lots"]),
                _money(m, "contribution"),
                m.get("of", ""),
            )
            for m in told["member"]
        )
        story = Story(
            title=told["title"],
            days=int(told["days"]),
            seed=int(told["seed"]),
            series=told["series"],
            hours=int(told["hours"]),
            cast=cast,
            moves={int(m["day"]): _money(m, "by") for m in told.get("move", [])},
            defaults=tuple(_planned(d) for d in told.get("default", [])),
            money=tuple(
                MoneyMove(int(m["day"]), m["kind"], _money(m, "amount"), m.get("member", ""))
                for m in told.get("money", [])
            ),
            trades=tuple(
                Trade(int(t["day"]), t["seller"], t["buyer"], int(t["lots"]))
                for t in told.get("trade", [])
            ),
            **{
                name: _money(told, name)
                for name in (
                    *("price", "margin", "first_loss"),
                    *("second_tranche", "liquidity", "noise"),
                )
            },
        )
    except KeyError as error:
        raise StoryError(f"story: expected {error.args[0]}, found nothing") from error
    _check(story)
    return story


def _planned(told: dict[str, Any]) -> Planned:
    return Planned(
        member=told["member"],
        from_day=int(told["from"]),
        slices=int(told["slices"]),
        asked=tuple(told["asked"]),
        bids=tuple(told["bids"]),
        least=_money(told, "least"),
        most=_money(told, "most"),
        reserve=_money(told, "reserve"),
        port_to=told.get("port_to", ""),
        hedge_with=told.get("hedge_with", ""),
        hedge_lots=int(told.get("hedge_lots", 0)),
    )


def _check(story: Story) -> None:
    keys = [one.key for one in story.cast]
    named = {n for d in story.defaults for n in (d.member, *d.asked, *d.bids)}
    named |= {n for d in story.defaults for n in (d.port_to, d.hedge_with) if n}
    named |= {n for t in story.trades for n in (t.seller, t.buyer)}
    named |= {m.member for m in story.money if m.member} | {c.of for c in story.cast if c.of}
    if len(set(keys)) != len(keys) or not named <= set(keys):
        raise StoryError(f"member: expected each key once and {sorted(named)}, found {keys}")
    total = sum(one.lots for one in story.cast)
    if total:
        raise StoryError(f"lots: expected a sum of 0, found {total}")
    kinds = {m.kind for m in story.money}
    if not kinds <= set(MONEY_KINDS):
        raise StoryError(f"kind: expected {', '.join(MONEY_KINDS)}, found {sorted(kinds)}")
    if not 1 <= story.days <= 366 or story.price <= 0 or story.margin <= 0:
        raise StoryError("days, price, margin: expected 1 to 366 days and amounts above 0")
    for planned in story.defaults:
        if not 1 <= planned.slices <= 100 or planned.least > planned.most:
            raise StoryError(f"default {planned.member}: expected 1 to 100 slices, least <= most")
