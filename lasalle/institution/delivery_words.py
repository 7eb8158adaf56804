"""The words of `lasalle delivery`: what each verb expects, and an example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle.institution import custody_words, delivery_verbs

Verb = Callable[..., Any]


def add(verbs: Any, verb: Verb, asks: Callable[[Any], None]) -> None:
    """What a delivery and its evidence can be asked; `asks` adds the words of who asks a house."""
    delivery = verb(
        verbs,
        "delivery",
        "take a delivery from its nomination to its payment; prove and verify it",
        "lasalle delivery make-up made-up-delivery",
    )
    what = delivery.add_subparsers(dest="what", required=True, metavar="WHAT")
    made = verb(
        what,
        "make-up",
        "make a delivery up in a folder, to try proving and verifying on",
        "lasalle delivery make-up made-up-capacity --product capacity --intervals 60",
    )
    made.add_argument("dir", type=Path, help="a folder that is empty or not there")
    made.add_argument("--product", choices=("work", "capacity"), default="work")
    made.add_argument("--intervals", type=int, default=6, help="minutes (default: %(default)s)")
    prove = verb(
        what,
        "prove",
        "write the bundle of a delivery from its log: all that proves it, in one file",
        "lasalle delivery prove made-up-delivery --out made-up.bundle",
        "lasalle delivery prove made-up-delivery --rows made-up-delivery/rows --out rows.bundle",
    )
    prove.add_argument("log", help="folder of the log, or the address under which it is published")
    prove.add_argument("--rows", type=Path, help="folder of the rows: METER/READING.rows")
    prove.add_argument("--out", type=Path, required=True, help="the file to write")
    verify = verb(
        what,
        "verify",
        "verify a bundle from its bytes alone, and name every fault in it",
        "lasalle delivery verify made-up.bundle",
        "lasalle delivery verify made-up.bundle --checkpoint made-up-delivery/checkpoint --json",
    )
    verify.add_argument("bundle", type=Path, help="a file as lasalle delivery prove writes it")
    verify.add_argument("--terms", default="", help="digest of the terms, as the contract names it")
    verify.add_argument(
        "--checkpoint", type=Path, action="append", default=[], help="one you kept: it dates too"
    )
    verify.add_argument("--json", action="store_true", help="for programs")
    _add_leniency(prove, verify)
    _add_meter(what, verb)
    _add_capacity(what, verb)
    _add_send(what, verb, asks)
    cosign = verb(
        what,
        "cosign",
        "put a party's name to the newest checkpoint of a served delivery, once it is proved",
        "lasalle delivery cosign 41 --name buyer.example --secret watch.key --seen seen.txt",
    )
    cosign.add_argument("contract", type=int, help="number of the delivery in the house")
    cosign.add_argument("--name", required=True, help="the party's name in checkpoints")
    cosign.add_argument("--secret", type=Path, required=True, help="file of its key: 64 hex digits")
    cosign.add_argument("--seen", type=Path, required=True, help="keeps what it cosigned last")
    cosign.add_argument("--terms", default="", help="digest of the terms, as the contract names it")
    asks(cosign)
    _add_readings(what, verb, asks)
    custody_words.add(what, verb, asks)
    delivery_verbs.add(what, verb, asks)


def _add_readings(what: Any, verb: Verb, asks: Callable[[Any], None]) -> None:
    for name, says, more in (
        ("list", "list deliveries of an account: where each stands, what it waits for", ()),
        ("money", "show what deliveries of an account need set aside, and what lacks", ()),
        ("show", "show a delivery with every step of it", ("delivery",)),
        ("invoice", "print the invoice of a delivery so far", ("delivery",)),
        ("nominations", "show what both sides of a delivery nominated", ("delivery",)),
    ):
        example = f"lasalle delivery {name} 2" + " 4711" * len(more)
        words = verb(what, name, says, example)
        words.add_argument("account", type=int, help="your account")
        for one in more:
            words.add_argument(one, type=int, help="number of the delivery")
        if name == "list":
            words.add_argument(
                "--ended", action="store_true", help="those that ended, newest first"
            )
        words.add_argument("--json", action="store_true", help="for programs")
        asks(words)


def _add_leniency(prove: Any, verify: Any) -> None:
    verify.add_argument("--part", action="store_true", help="the delivery may be under way")
    for verb in (prove, verify):
        verb.add_argument("--without", choices=("buyer", "supplier"), default="",
                          help="the side whose cosignatures are not asked for")  # fmt: skip


def _add_meter(what: Any, verb: Verb) -> None:
    meter = verb(
        what,
        "meter",
        "meter an endpoint: pass its requests on and keep signed readings of them",
        "lasalle delivery meter kept --log deliveries/41 --meter 1 --secret buyer.key "
        "--upstream http://127.0.0.1:8000",
    )
    meter.add_argument("dir", type=Path, help="the meter's folder; it goes on where it stood")
    meter.add_argument("--log", required=True, help="folder or address of the delivery's log")
    meter.add_argument("--meter", type=int, required=True, help="its number in the terms")
    meter.add_argument("--secret", type=Path, required=True, help="its key: 64 hexadecimal digits")
    meter.add_argument("--upstream", required=True, help="the endpoint, or the next meter")
    meter.add_argument("--port", type=int, default=0, help="where it listens (default: a free one)")
    meter.add_argument("--model", type=Path, help="the model file (GGUF) whose tokenizer counts")
    meter.add_argument(
        "--cut-short", action="store_true", help="sign what the interval has so far when it stops"
    )
    begun = verb(
        what,
        "begin-log",
        "begin the log of a delivery in the folder of a house, from terms its parties agreed on",
        "lasalle delivery begin-log var/house terms.json --method method.json "
        "--party buyer.example=12 --party supplier.example=11",
    )
    begun.add_argument("house", type=Path, help="folder of the house, on its own machine")
    begun.add_argument("terms", type=Path, help="JSON: the terms of metering without log_key")
    begun.add_argument("--method", type=Path, help="JSON: how work is measured")
    begun.add_argument(
        "--party", action="append", default=[], required=True,
        help="a cosigner's name and the actor that speaks under it, NAME=ACTOR, one of each",
    )  # fmt: skip
    honesty = verb(
        what,
        "honesty",
        "try honest and dishonest suppliers in simulated hours, and count who is charged",
        "lasalle delivery honesty --trials 2",
    )
    honesty.add_argument("--trials", type=int, default=200, help="of each (default: %(default)s)")
    honesty.add_argument("--seed", type=int, default=0, help="of what is drawn")


def _add_capacity(what: Any, verb: Verb) -> None:
    capacity = verb(
        what,
        "capacity",
        "try capacity on this machine: handed over, graded, probed slot by slot, a node replaced",
        "lasalle delivery capacity try-capacity --slots 4 --fail 1",
    )
    capacity.add_argument("dir", type=Path, help="an empty folder for the referee's meter")
    capacity.add_argument("--nodes", type=int, default=2, help="(default: %(default)s)")
    capacity.add_argument("--accelerators", type=int, default=4, help="of a node (%(default)s)")
    capacity.add_argument("--slots", type=int, default=6, help="of a second (%(default)s)")
    capacity.add_argument("--fail", type=int, default=-1, help="slot a node fails in (-1: none)")
    capacity.add_argument("--grade", default="H100-SXM", help="(default: %(default)s)")
    capacity.add_argument(
        "--rated-us", type=int, default=0, help="what the standard takes (0: what a node here does)"
    )
    capacity.add_argument(
        "--price", dest="price_micro", type=_price, default=2_000_000, help="USD an hour (2)"
    )
    template = verb(
        what,
        "template",
        "print the calls of a provisioning driver: slurm, kueue, skypilot or dstack",
        "lasalle delivery template slurm --nodes 8 --hours 24",
    )
    template.add_argument("driver", help="slurm, kueue, skypilot or dstack")
    template.add_argument("--contract", type=int, default=1, help="(default: %(default)s)")
    template.add_argument("--nodes", type=int, default=8, help="(default: %(default)s)")
    template.add_argument("--accelerators", type=int, default=8, help="of a node (%(default)s)")
    template.add_argument("--grade", default="h100", help="as the machines call it (%(default)s)")
    template.add_argument("--start", type=int, default=0, help="seconds since 1970 (0: next hour)")
    template.add_argument("--hours", type=int, default=24, help="(default: %(default)s)")
    attest = verb(
        what,
        "attest",
        "verify an attester's token: key, nonce, hour, and the accelerators that were nominated",
        "lasalle delivery attest token.jwt --keys attester.jwks --nonce 5f3a --accelerators a,b",
    )
    attest.add_argument("token", type=Path, help="file of the token, a signed JWT (RFC 9711)")
    attest.add_argument("--keys", type=Path, required=True, help="its attester's key set, JSON")
    attest.add_argument("--nonce", required=True, help="the one that was given to the node")
    attest.add_argument("--accelerators", required=True, help="those nominated, a comma between")
    attest.add_argument("--now", type=int, default=0, help="seconds since 1970 (0: now)")


def _price(text: str) -> int:
    return delivery_verbs.micro("--price", text)


def _add_send(what: Any, verb: Verb, asks: Callable[[Any], None]) -> None:
    send = verb(
        what,
        "send",
        "enter a meter's signed readings into the log of a house; what is sent again counts once",
        "lasalle delivery send kept --contract 41",
    )
    send.add_argument("dir", type=Path, help="the meter's folder")
    send.add_argument("--contract", type=int, required=True, help="the delivery")
    send.add_argument("--after", type=int, default=0, help="readings the house has already")
    asks(send)
