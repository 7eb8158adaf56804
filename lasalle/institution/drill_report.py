"""What a drill came to: the trace to read, the sums to check, the picture to look at."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lasalle.institution.drill import Drill
from lasalle.institution.drill_told import DayTold, DefaultTold, usd, words
from lasalle.plain.postings import postings
from lasalle.wire import LedgerClass, LossLayer

COLOURS = {
    LossLayer.MARGIN: "#33475b",
    LossLayer.OWN_FUND: "#4f7ca8",
    LossLayer.FIRST_LOSS: "#c8553d",
    LossLayer.ABSENT_FUND: "#e0a458",
    LossLayer.BIDDING_FUND: "#f3d9a0",
    LossLayer.SECOND_TRANCHE: "#8c2f1b",
    LossLayer.ASSESSMENT: "#7a9e7e",
    LossLayer.GAINS: "#9b8bb4",
    LossLayer.CLIENT_GAINS: "#c9bfda",
    LossLayer.LIQUIDITY: "#1d1d1d",
}
CAUSES = {
    "transfer_posted": "paid in",
    "payment_posted": "settled",
    "traded": "fees",
    "fund_contributed": "into the fund",
    "fund_returned": "out of the fund",
    "loss_allocated": "losses borne",
    "tranche_funded": "paid in",
}


@dataclass(frozen=True, slots=True)
class Balance:
    """A ledger account over the drill, micro-dollars: what it opened with, what moved it, what the
    events come to and what the core has."""

    ledger_class: LedgerClass
    account: int
    name: str
    opening: int
    moved: dict[str, int]
    closing: int
    core: int

    @property
    def reconciles(self) -> bool:
        """Events and core agree to the micro-dollar, and the moves explain the difference."""
        return self.closing == self.core == self.opening + sum(self.moved.values())


@dataclass(frozen=True, slots=True)
class DrillReport:
    """A drill that is over."""

    title: str
    seed: int
    commands: int
    notice: str
    days: tuple[DayTold, ...]
    defaults: tuple[DefaultTold, ...]
    balances: tuple[Balance, ...]
    ledger_sum: int
    state_hash: str

    @property
    def sound(self) -> bool:
        """Every account reconciles, the ledger sums to zero, and each loss is its layers' sum."""
        losses = all(sum(d.layers.values()) == d.loss for d in self.defaults)
        return losses and not self.ledger_sum and all(b.reconciles for b in self.balances)


def report(drill: Drill) -> DrillReport:
    """The report of a drill that has run."""
    house = drill.house
    state = house.state()
    found = {key: value for key, value in house.book.balances.items() if value}
    core = {(c, a): v for (c, a, asset), v in state.balances.items() if asset == 1}
    moved = _moved(drill)
    keys = sorted({*found, *(k for k, v in core.items() if v), *moved, *drill.opening})
    balances = tuple(
        Balance(
            class_,
            account,
            drill.names.get(account, f"account {account}") if account else "the house",
            drill.opening.get((class_, account), 0),
            moved.get((class_, account), {}),
            found.get((class_, account), 0),
            core.get((class_, account), 0),
        )
        for class_, account in keys
    )
    return DrillReport(
        drill.story.title,
        drill.story.seed,
        house.commands,
        house.notice,
        tuple(drill.days),
        tuple(drill.defaults.values()),
        balances,
        sum(v for (_, _, asset), v in state.balances.items() if asset == 1),
        house.sequencer.core.state_hash().hex(),
    )


def _moved(drill: Drill) -> dict[tuple[LedgerClass, int], dict[str, int]]:
    """What moved each ledger account, by cause, from the events of the drill."""
    found: dict[tuple[LedgerClass, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    shortfall = -drill.opening.get((LedgerClass.DEFAULT_SHORTFALL, 0), 0)
    for _, event in drill.house.told[drill.opening_events :]:
        for debit, credit, asset, amount in postings(event, shortfall):
            if asset != 1:
                continue
            cause = CAUSES.get(event.NAME, event.NAME)
            found[debit][cause] -= amount
            found[credit][cause] += amount
            for side, sign in ((debit, 1), (credit, -1)):
                if side[0] == LedgerClass.DEFAULT_SHORTFALL:
                    shortfall += sign * amount
    return {key: dict(causes) for key, causes in found.items()}


# -- text ----------------------------------------------------------------------------------------


def text(told: DrillReport) -> str:
    """The trace and the tables, for a reader."""
    lines = [told.title, "=" * len(told.title), ""]
    lines += [f"seed {told.seed}, {told.commands} commands. {told.notice}", ""]
    for day in told.days:
        still = ", the market stands still" if day.halted else ""
        lines.append(f"day {day.day:>2}  {day.date}  price {usd(day.price)}{still}")
        lines += [f"        {line}" for line in day.lines]
    lines += ["", *_layers(told), "", *_balances(told), ""]
    lines.append(f"ledger sum {usd(told.ledger_sum)}, state {told.state_hash}")
    lines.append("SOUND: every account reconciles" if told.sound else "UNSOUND")
    return "\n".join(lines) + "\n"


def _layers(told: DrillReport) -> list[str]:
    heads = ["layer", *(d.name for d in told.defaults)]
    rows = [[words(layer), *(usd(d.layers[layer]) for d in told.defaults)] for layer in LossLayer]
    rows[0] = ["its margin", *(usd(_margin(d)) for d in told.defaults)]
    rows.append(["loss", *(usd(d.loss + d.margin_paid) for d in told.defaults)])
    rows.append(["borne by nobody", *(usd(d.left) for d in told.defaults)])
    rows.append(["lots closed out", *(str(d.hedged) for d in told.defaults)])
    rows.append(["lots sold", *(str(d.sold) for d in told.defaults)])
    rows.append(["paid to winners", *(usd(d.paid_to_winners) for d in told.defaults)])
    rows.append(["lots torn up", *(str(d.torn) for d in told.defaults)])
    rows.append(["clients ported", *(str(len(d.ported)) for d in told.defaults)])
    rows.append(["days open", *(f"{d.declared} to {d.closed or '...'}" for d in told.defaults)])
    return _table(heads, rows)


def _margin(told: DefaultTold) -> int:
    """What its cash paid: in settlement on the days it could not pay whole, and as a layer."""
    return told.margin_paid + told.layers[LossLayer.MARGIN]


def _balances(told: DrillReport) -> list[str]:
    causes = list(dict.fromkeys(CAUSES.values()))
    heads = ["ledger account", "whose", "opening", *causes, "closing", "core"]
    rows = [
        [
            b.ledger_class.name.lower(),
            b.name,
            usd(b.opening),
            *(usd(b.moved.get(cause, 0)) for cause in causes),
            usd(b.closing),
            "agrees" if b.reconciles else usd(b.core),
        ]
        for b in told.balances
        if any(b.moved.values()) or b.closing
    ]
    return _table(heads, rows)


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    first = 2 if heads[0] == "ledger account" else 1
    return [
        "  ".join(
            cell.ljust(w) if i < first else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [heads, *rows]
    ]


def as_json(told: DrillReport) -> str:
    """The report for a program: money in micro-dollars."""
    content: dict[str, Any] = {
        "title": told.title,
        "seed": told.seed,
        "commands": told.commands,
        "sound": told.sound,
        "state_hash": told.state_hash,
        "ledger_sum": told.ledger_sum,
        "days": [
            {
                "day": d.day,
                "date": d.date,
                "price": d.price,
                "halted": d.halted,
                "ready": d.ready,
                "lines": d.lines,
            }
            for d in told.days
        ],
        "defaults": [
            {
                "member": d.name,
                "declared": d.declared,
                "closed": d.closed,
                "margin_paid": d.margin_paid,
                "loss": d.loss,
                "left": d.left,
                "layers": {layer.name.lower(): v for layer, v in d.layers.items()},
                "lots": {"closed_out": d.hedged, "sold": d.sold, "torn_up": d.torn},
                "paid_to_winners": d.paid_to_winners,
                "absent": d.absent,
                "ported": d.ported,
            }
            for d in told.defaults
        ],
        "balances": [
            {
                "class": b.ledger_class.name.lower(),
                "account": b.account,
                "name": b.name,
                "opening": b.opening,
                "moved": b.moved,
                "closing": b.closing,
                "reconciles": b.reconciles,
            }
            for b in told.balances
        ],
    }
    return json.dumps(content, indent=1) + "\n"


# -- picture -------------------------------------------------------------------------------------


def chart(told: DrillReport) -> bytes:
    """PNG: the price with the days of each default, what stood ready, who bore each loss."""
    figure = Figure(figsize=(12, 8.2))
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2, 2, height_ratios=(1, 1.15), hspace=0.38, wspace=0.2)
    _price(figure.add_subplot(grid[0, 0]), told)
    _ready(figure.add_subplot(grid[0, 1]), told)
    _bars(figure.add_subplot(grid[1, :]), told)
    title = f"{told.title} (a drill; seed {told.seed})"
    figure.suptitle(title, x=0.12, y=0.94, ha="left", fontsize=13)
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=130, bbox_inches="tight")
    return page.getvalue()


def _shade(axes: Axes, told: DrillReport) -> None:
    last = told.days[-1].day
    for d in told.defaults:
        axes.axvspan(d.declared - 0.5, (d.closed or last) + 0.5, color="#c8553d", alpha=0.15)


def _price(axes: Axes, told: DrillReport) -> None:
    _shade(axes, told)
    axes.plot([d.day for d in told.days], [d.price / 1e6 for d in told.days], color="#1f2d3a")
    for d in told.defaults:
        price = told.days[d.declared - 1].price / 1e6
        axes.annotate(d.name, (d.declared, price), xytext=(4, 6), textcoords="offset points")
    axes.set_title("price, USD per GPU-hour; shaded: a default is open", loc="left", fontsize=10)
    axes.set_xlabel("day")


def _ready(axes: Axes, told: DrillReport) -> None:
    _shade(axes, told)
    days = [d.day for d in told.days]
    for name, colour in (
        ("fund", "#e0a458"),
        ("first_loss", "#c8553d"),
        ("second_tranche", "#8c2f1b"),
        ("liquidity", "#4f7ca8"),
    ):
        amounts = [d.ready[name] / 1e9 for d in told.days]
        axes.step(days, amounts, where="post", color=colour, label=name.replace("_", " "))
    axes.legend(frameon=False, fontsize=9)
    # A fund of thousands beside a liquidity of millions: each is to be seen.
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(bottom=0)
    axes.set_title("what stands ready, thousand USD, before each day", loc="left", fontsize=10)
    axes.set_xlabel("day")


def _bars(axes: Axes, told: DrillReport) -> None:
    names = [d.name for d in told.defaults]
    base = [0.0] * len(names)
    for layer in LossLayer:
        margin = layer == LossLayer.MARGIN
        parts = [(_margin(d) if margin else d.layers[layer]) / 1e9 for d in told.defaults]
        axes.barh(names, parts, left=base, color=COLOURS[layer], label=words(layer), height=0.55)
        base = [a + b for a, b in zip(base, parts, strict=True)]
    for place, d in enumerate(told.defaults):
        note = f" {usd(d.loss + d.margin_paid)}" + (f"; {d.torn} lots torn up" if d.torn else "")
        axes.text(base[place], place, note, va="center", fontsize=9)
    axes.set_xlim(0, 1.32 * max(base, default=1.0) or 1.0)
    axes.invert_yaxis()
    axes.set_title("who bore each loss, thousand USD", loc="left", fontsize=10)
    axes.legend(
        frameon=False, fontsize=8.5, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.1)
    )


def written(told: DrillReport) -> dict[str, bytes]:
    """File name to content of the whole report."""
    return {
        "drill.txt": text(told).encode(),
        "drill.json": as_json(told).encode(),
        "drill.png": chart(told),
    }
