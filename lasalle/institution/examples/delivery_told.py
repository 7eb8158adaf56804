"""What `lasalle run-example delivery` tells: what of it is real, the trace, proof, invoice and
ledger, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lasalle.delivery.invoice import usd
from lasalle.delivery.verifying import Verdict
from lasalle.institution.examples.delivery_endpoint import Shape
from lasalle.institution.examples.delivery_metering import Judged
from lasalle.institution.examples.told import VENUE, Labels
from lasalle.institution.metering.model_server import ALIAS

NAME, LOTS = "delivery", 48
_LIVED = (
    VENUE,
    "the log, its signatures and proofs, the judgement of each hour, the dispute bisected to"
    " the rows and counted again, the purchase of cover in the book",
)
_MEMBERS = "members, their money, the price at which tokens fix and at which cover is offered"
_TERMS = "the law and the published terms of a firm forward on work, as they stand"
MADE_UP = Labels(
    real=_LIVED,
    modelled=(),
    simulated=(
        "readings: three meters with keys anybody can make, of requests nobody sent; a word stands"
        " for a token and 48 requests for 48 million tokens",
        _MEMBERS,
    ),
    assumed=(_TERMS,),
    not_there=("a model behind an endpoint: nobody answers the requests",),
)


def labels_of(shape: Shape, told: str) -> Labels:
    """What is real and what is scaled where an endpoint answers."""
    return Labels(
        real=(
            f"llama.cpp servers with the weights {ALIAS} and, in one hour, with weights of two bits"
            " in their place; every token, request and answer over HTTP, every count, latency,"
            " audit and signature",
            *_LIVED,
        ),
        modelled=(),
        simulated=(
            _MEMBERS,
            f"the words of the requests; {told}",
            "the will to cheat: the supplier is told in which hour, meters and referee are not",
        ),
        assumed=(
            "scaled: of an hour the seconds its requests take are lived, the rest is skipped on the"
            f" meters' clocks; {shape.requests} requests and an audit stand for {LOTS} million"
            f" tokens, the longest of {shape.input} and {shape.output} tokens",
            _TERMS,
        ),
        not_there=("an accelerator: one thread of a processor answers",),
    )


@dataclass
class Trace:
    """What happened, in order."""

    rows: list[tuple[int, str, str]] = field(default_factory=list)

    def on(self, time: int, who: str, what: str) -> None:
        """One more step."""
        self.rows.append((time, who, what))


@dataclass
class Told:
    """The example as it went."""

    trace: Trace
    labels: Labels
    judged: Judged
    found: str
    verdict: Verdict
    invoice: Any
    ledger: dict[str, dict[str, int]]
    """Micro-dollars by account and reason; the sum of all is zero."""
    remedy: dict[str, Any]
    state_hash: str

    def value(self) -> dict[str, Any]:
        """For programs."""
        return {
            "example": NAME,
            "labels": {name: list(said) for name, said in self.labels.rows()},
            "trace": [{"time": t, "who": who, "what": what} for t, who, what in self.trace.rows],
            "cheated_hour": {
                "hour": self.judged.hour,
                "buyer_tokens": self.judged.compared.buyer.output,
                "supplier_tokens": self.judged.compared.supplier.output,
                "units": self.judged.units,
                "charged": list(self.judged.charged),
                "determined": self.found,
            },
            "remedy": self.remedy,
            "proof": {
                "sound": self.verdict.sound, "whole": self.verdict.whole,
                "entries": self.verdict.entries, "readings": self.verdict.readings,
                "rows": self.verdict.rows,
            },
            "invoice": self.invoice.told(),
            "ledger_micro_dollars": self.ledger,
            "state_hash": self.state_hash,
        }  # fmt: skip

    def text(self) -> str:
        """For a person."""
        rows = [f"{NAME}: tokens sold forward, delivered, metered, disputed and made good", ""]
        for name, said in self.labels.rows():
            rows += [f"  {name:<10}{said[0]}", *(f"  {'':<10}{more}" for more in said[1:])]
        rows += ["", "Trace, UTC"]
        for time, who, what in self.trace.rows:
            rows.append(
                f"  {datetime.fromtimestamp(time / 1e9, UTC):%d %b %H:%M}  {who:<13} {what}"
            )
        v = self.verdict
        rows += ["", f"Proof, verified offline from the bundle's bytes: "
                 f"{'SOUND' if v.sound else 'NOT SOUND'}, {v.entries} entries, {v.readings} "
                 f"readings, {v.rows} rows shown"]  # fmt: skip
        rows += ["", self.invoice.text().rstrip(), "", "Ledger, USD"]
        reasons = sorted({reason for moved in self.ledger.values() for reason in moved})
        names = list(self.ledger)
        rows.append(f"  {'':<26}" + "".join(f"{name:>18}" for name in names))
        for reason in reasons:
            cells = (usd(self.ledger[name].get(reason, 0)) for name in names)
            rows.append(f"  {reason:<26}" + "".join(f"{cell:>18}" for cell in cells))
        totals = (usd(sum(self.ledger[name].values())) for name in names)
        rows.append(f"  {'in all':<26}" + "".join(f"{total:>18}" for total in totals))
        total = sum(sum(moved.values()) for moved in self.ledger.values())
        rows += [f"  sum of all: {usd(total)}", f"State hash: {self.state_hash}"]
        return "\n".join(rows)
