"""`lasalle delivery` against a served house: what deliveries there are, and each step of one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from lasalle import wire
from lasalle.client import Client
from lasalle.client.obligations import DeliverySide
from lasalle.gateway.commands import make_command
from lasalle.institution.delivery_verbs import STEPS, Step, fields_of
from lasalle.institution.named_file import text_of
from lasalle.venue.refusals import Figure

STEP = {step.name: step for step in STEPS}
HIDDEN = ("event", "time", "name")
MONEY = frozenset(
    ("advanced", "amount", "cost", "cover_price", "delivery_price", "fee", "from_cash", "price",
     "shortfall", "to_dues", "unpaid")
)  # fmt: skip
"""What a step tells in micro-dollars."""
TIMES = frozenset(("due", "starts", "until"))
"""What it tells in nanoseconds UTC, 0 for none."""
SPANS = frozenset(
    ("nomination_lead", "grace", "inspection", "dispute", "determination", "remedy_window",
     "correction")
)  # fmt: skip
"""What terms tell in nanoseconds."""
HOUR = 3_600_000_000_000


def run(args: Any, client: Client) -> int:
    """Carries out a verb. Raises ValueError and what the house refuses."""
    if args.what in STEP:
        return _ask(STEP[args.what], args, client)
    told = {"list": _list, "money": _money, "show": _show, "invoice": _invoice,
            "nominations": _nominations}  # fmt: skip
    return told[args.what](args, client)


def _ask(step: Step, args: Any, client: Client) -> int:
    """What needs two actors is proposed; anything else is done, and told."""
    if step.command is wire.NominateDelivery and args.nomination.suffix == ".toml":
        return _nominate(args, client)
    fields = fields_of(step, args, lambda symbol: _number(client, symbol))
    if step.command.FOUR_EYES:
        command = make_command(step.command.NAME, fields)
        answer = client.command("propose", command=command.KIND, payload=command.pack().hex())
        number = next(e["proposal"] for e in answer.events if e["name"] == "proposed")
        print(f"proposal {number}: {step.command.NAME} waits for another operator: "
              f"lasalle approve {number}")  # fmt: skip
        return 0
    for event in client.command(step.command.NAME, **fields).events:
        print(_said(event))
    return 0


def _nominate(args: Any, client: Client) -> int:
    """A document in the form of the house, shown to it: it holds what a seller brings against the
    contract standard, names the digest and keeps it for both sides (DEL-070, DEL-077)."""
    content = text_of(args.nomination)
    found = client.nominate(args.account, args.delivery, content)
    print(f"nominates {found.brings}" if found.brings else "a buyer's nomination, whatever it says")
    for event in found.events:
        print(_said(event))
    return 0


def _number(client: Client, symbol: str) -> int:
    found = [one.series for one in client.series() if one.symbol == symbol]
    if not found:
        raise ValueError(f"series: expected a listed symbol, found {symbol}")
    return found[0]


def _said(event: dict[str, Any]) -> str:
    told = ", ".join(_worded(name, value) for name, value in event.items() if name not in HIDDEN)
    return f"{when(event['time'])}  {event['name'].replace('_', ' ')}: {told}"


def _worded(name: str, value: Any) -> str:
    """A field of a step or of terms for a person: money in USD, times in UTC, spans in hours."""
    if name in MONEY:
        return f"{name} {Figure(value):usd}"
    if name in TIMES:
        return f"{name} {when(value) if value else 'none'}"
    if name in SPANS:
        return f"{name} {value / HOUR:g} hours"
    return f"{name} {value} USD" if name == "seller_margin" else f"{name} {value}"


def when(nanoseconds: int) -> str:
    """A time for a person, UTC."""
    return f"{datetime.fromtimestamp(nanoseconds / 1e9, UTC):%Y-%m-%d %H:%M:%S}"


def _list(args: Any, client: Client) -> int:
    found = client.deliveries(args.account, ended=args.ended)
    if args.json:
        print(msgspec.json.encode(found).decode())
        return 0
    for one in found:
        print(_line(one))
    if not found:
        which = "has ended" if args.ended else "is open"
        print(f"account {args.account} is on no side of a delivery that {which}")
    return 0


def _line(one: DeliverySide) -> str:
    due = f" by {when(one.due)}" if one.due else ""
    other = one.buyer if one.party == "seller" else one.seller
    said = (
        f"delivery {one.delivery}: {one.party} of {one.lots} x {one.symbol} at {one.price},"
        f" {one.hours} hours from {when(one.begins)}, with account {other}; {one.state},"
        f" waits for {one.waits_for}{due}; {one.metered_hours} hours metered, {one.final_hours}"
        f" final"
    )
    if one.missing:
        said += f", {one.missing} accelerator-hours missing"
    if one.paid:
        said += f"; its seller was paid {one.paid} USD"
    if one.remedies and float(one.remedies):
        to = "seller" if one.remedies.startswith("-") else "buyer"
        said += f", remedies paid its {to} {one.remedies.lstrip('-')} USD"
    for w in one.waiting:
        if w.disputed_by:
            said += f"\n  metered {w.metered}: {w.units} units, disputed by {w.disputed_by}"
    return said


def _money(args: Any, client: Client) -> int:
    found = client.delivery_money(args.account)
    if args.json:
        print(msgspec.json.encode(found).decode())
        return 0
    print(
        f"account {found.account}: its deliveries need {found.needs} USD set aside;"
        f" margin {found.margin}, bond {found.bond}, lacking {found.lacks};"
        f" kept for it as a seller {found.receivable}, owed to the delivery fund {found.owes_fund}"
    )
    if found.credit_until:
        print(
            f"  hardware and spare capacity count {found.credit_counts}, of {found.credit} and"
            f" {found.credit_share / 100:g} % of its margin as a seller at most, until"
            f" {when(found.credit_until)}"
        )
    for one in found.guarantees:
        print(
            f"  guarantee {one.guarantee}: account {one.account} for {one.to_account},"
            f" {one.amount} until {when(one.until)}"
        )
    for offer in found.offers:
        print(
            f"  offer {offer.offer}: account {offer.account} to {offer.to_account},"
            f" {offer.lots} of delivery {offer.delivery}, hours {offer.first_hour} to"
            f" {offer.first_hour + offer.hours - 1}, for {offer.amount}, until {when(offer.due)}"
        )
    return 0


def _show(args: Any, client: Client) -> int:
    found = client.delivery(args.account, args.delivery)
    if args.json:
        print(msgspec.json.encode(found).decode())
        return 0
    print(_line(found.now) if found.now else f"delivery {found.delivery} has ended")
    if found.terms:
        print(f"  terms: {', '.join(_worded(*term) for term in found.terms.items())}")
    for event in found.steps:
        print(f"  {_said(event)}")
    return 0


def _invoice(args: Any, client: Client) -> int:
    found = client.delivery_invoice(args.account, args.delivery)
    if args.json:
        print(msgspec.json.encode(found).decode())
        return 0
    print(found.text, end="")
    return 0


def _nominations(args: Any, client: Client) -> int:
    found = client.nominations(args.account, args.delivery)
    if args.json:
        print(msgspec.json.encode(found).decode())
        return 0
    for one in found:
        print(f"{when(one.time)}  {one.party}, account {one.account}: SHA-256 {one.digest}")
        print(one.document or "  the house was told the digest alone")
    if not found:
        print(f"nobody has nominated for delivery {args.delivery}")
    return 0
