"""The steps of a delivery as verbs of `lasalle delivery`: each is one command of the schema, its
words are the fields of that command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.institution.named_file import digest_of

MICRO = 1_000_000
NOTHING = bytes(32).hex()
"""The digest of what is not named."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a verb: the field it fills, how it is read, what to say of it; one with a default
    is an option."""

    field: str
    kind: str
    help: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A verb, the command it asks, its words in order, and an example after its name."""

    name: str
    command: Any
    help: str
    words: tuple[Word, ...]
    example: str

    @property
    def example_line(self) -> str:
        """The example as it is typed."""
        return f"lasalle delivery {self.name} {self.example}"


def _w(field: str, kind: str, text: str, default: str | None = None) -> Word:
    return Word(field, kind, text, default)


ACCOUNT = _w("account", "int", "your account")
DELIVERY = _w("delivery", "int", "number of the delivery")
LOTS = _w("lots", "int", "accelerators")
EVIDENCE = _w("evidence", "file", "file whose SHA-256 is named", "")
QUALITY = _w("quality", "int", "quality measured; 0 as it was accepted or metered", "0")
FEE = _w("fee", "usd", "dollars the loser pays the other side", "0")
SIDES = {"nobody": 0, "seller": 1, "buyer": 2}
AMOUNT = _w("amount", "usd", "dollars")
STEPS = (
    Step("exercise", wire.ExerciseRight, "take lots of a right on capacity",
         (ACCOUNT, _w("series", "symbol", "symbol of the right"), LOTS,
          _w("starts", "int", "begin, nanoseconds UTC; 0 when the series begins", "0")),
         "2 H100-2026-12-K300.000 5"),
    Step("nominate", wire.NominateDelivery, "name what your side brings",
         (ACCOUNT, DELIVERY, _w("nomination", "file", "cluster, or keys and image")),
         "2 4711 cluster.json"),
    Step("tender", wire.TenderDelivery, "offer the capacity for inspection",
         (ACCOUNT, DELIVERY,
          _w("quality", "int", "ten-thousandths of the price its grade is worth", "10000"),
          _w("starts", "int", "begin handed over early, nanoseconds UTC; 0 as agreed", "0"),
          EVIDENCE), "2 4711 --quality 9800 --evidence acceptance.json"),
    Step("accept", wire.AcceptTender, "accept what was tendered; silence does so too",
         (ACCOUNT, DELIVERY), "3 4711"),
    Step("reject", wire.RejectTender, "reject a tender by the test it failed",
         (ACCOUNT, DELIVERY, EVIDENCE), "3 4711 --evidence acceptance.json"),
    Step("dispute", wire.DisputeMetered, "dispute hours that were metered",
         (ACCOUNT, _w("metered", "int", "number of the metered hours"), EVIDENCE),
         "3 4755 --evidence readings.bundle"),
    Step("offer", wire.OfferDelivery, "offer your side, whole or in part, to an account",
         (ACCOUNT, DELIVERY, _w("to_account", "int", "who may take it"), LOTS,
          _w("first_hour", "int", "first hour; 0 is the first of the block"),
          _w("hours", "int", "hours"), _w("amount", "usd", "dollars the taker pays")),
         "3 4711 5 10 24 24 1250.50"),
    Step("take", wire.AcceptDelivery, "take a side that was offered to you",
         (ACCOUNT, _w("offer", "int", "number of the offer")), "5 4790"),
    Step("withdraw", wire.WithdrawDelivery, "end an offer you made or were made",
         (ACCOUNT, _w("offer", "int", "number of the offer")), "3 4790"),
    Step("pledge", wire.PledgeDelivery, "pledge the buyer's side; 0 lets go",
         (ACCOUNT, DELIVERY, _w("to_account", "int", "pledgee, or 0")), "3 4711 6"),
    Step("bond", wire.PostBond, "post cash as a performance bond", (ACCOUNT, AMOUNT), "2 50000"),
    Step("return-bond", wire.ReturnBond, "take back what a bond holds too much",
         (ACCOUNT, AMOUNT), "2 10000"),
    Step("guarantee", wire.GiveGuarantee, "guarantee what another account owes if it fails",
         (ACCOUNT, _w("to_account", "int", "account it is given for"), AMOUNT,
          _w("until", "int", "comes back then, nanoseconds UTC"),
          _w("basis", "file", "the guarantee as it was signed")),
         "5 2 250000 1798761600000000000 guarantee.pdf"),
    Step("return-guarantee", wire.ReturnGuarantee, "take a guarantee back before its time",
         (ACCOUNT, _w("guarantee", "int", "number of the guarantee")), "5 4806"),
    Step("repay", wire.RepayDelivery, "pay back what the delivery fund paid for you",
         (ACCOUNT, AMOUNT), "2 1000"),
    Step("book", wire.MeterDelivery, "book the next hours of a delivery; clearing",
         (DELIVERY, _w("hours", "int", "hours"), _w("units", "int", "accelerator-hours delivered"),
          _w("excused", "int", "accelerator-hours missing and excused", "0"), QUALITY, EVIDENCE),
         "4711 1 10 --evidence hour.bundle"),
    Step("determine", wire.DetermineMetered, "end a dispute; two actors of the house",
         (_w("metered", "int", "number of the metered hours"),
          _w("units", "int", "accelerator-hours delivered"),
          _w("loser", "int", "account that lost"),
          _w("excused", "int", "accelerator-hours missing and excused", "0"), QUALITY,
          _w("fee", "usd", "dollars the loser pays the other side", "0"), EVIDENCE),
         "4755 9 2 --fee 25 --evidence determination.json"),
    Step("remedy", wire.RemedyDelivery, "make missing units good; two actors of the house",
         (DELIVERY, _w("units", "int", "accelerator-hours made good"),
          _w("cover_price", "usd", "price of their replacement; 0 in cash at the index", "0"),
          EVIDENCE), "4711 12 --cover-price 3.25 --evidence trades.json"),
    Step("terminate", wire.TerminateDelivery, "end a delivery early; two actors of the house",
         (DELIVERY, _w("party", "side", "at fault: seller, buyer or nobody"), EVIDENCE),
         "4711 seller --evidence outage.json"),
    Step("contest", wire.ContestRejection, "contest the rejection of your tender",
         (ACCOUNT, DELIVERY, EVIDENCE), "2 4711 --evidence acceptance.json"),
    Step("settle-tender", wire.DetermineTender, "determine a contested rejection; two actors",
         (DELIVERY, _w("accepted", "flag", "yes where the tender is accepted, else no"), FEE,
          EVIDENCE), "4711 yes --fee 25 --evidence determination.json"),
    Step("correct", wire.CorrectMetered, "correct hours that are final; two actors",
         (_w("metered", "int", "number of the metered hours"),
          _w("units", "int", "accelerator-hours delivered"), EVIDENCE),
         "4755 10 --evidence edited.bundle"),
    Step("credit", wire.SetDeliveryCredit, "say what hardware and capacity count; two actors",
         (_w("account", "int", "account"), _w("amount", "usd", "dollars; 0 ends it"),
          _w("share", "int", "ten-thousandths of the seller's margin at most"),
          _w("until", "int", "nanoseconds UTC; 0 with an amount of 0"),
          _w("basis", "file", "what it rests on", "")), "2 50000 3000 1798761600000000000"),
    Step("exchange", wire.OfferExchange, "offer futures for physical to an account",
         (ACCOUNT, _w("to_account", "int", "who may take it"),
          _w("series", "symbol", "symbol of the position"),
          _w("lots", "int", "signed: who gives a long position takes delivery"),
          _w("price", "usd", "price at which it moves"),
          _w("physical", "symbol", "series on whose terms is delivered"),
          _w("accelerators", "int", "accelerators delivered"),
          _w("first_hour", "int", "first hour; 0 is the first of the block"),
          _w("hours", "int", "hours"), _w("delivery_price", "usd", "contract price")),
         "3 2 TSTD-2026-07 10 0.41 TSTD.F-2026-07-18 48 0 24 0.42"),
    Step("take-exchange", wire.AcceptExchange, "take an exchange that was offered to you",
         (ACCOUNT, _w("offer", "int", "number of the offer")), "2 4801"),
    Step("withdraw-exchange", wire.WithdrawExchange, "end an offer of an exchange",
         (ACCOUNT, _w("offer", "int", "number of the offer")), "3 4801"),
    Step("fund", wire.FundDelivery, "add money of the house to the delivery fund; two actors",
         (AMOUNT,), "1000000"),
)  # fmt: skip


def add(what: Any, verb: Callable[..., Any], asks: Callable[[Any], None]) -> None:
    """Adds a verb for each step."""
    for step in STEPS:
        words = verb(what, step.name, step.help, step.example_line)
        for word in step.words:
            kind = {"int": int, "file": Path}.get(word.kind, str)
            if word.default is None:
                words.add_argument(word.field, type=kind, help=word.help)
            else:
                option = "--" + word.field.replace("_", "-")
                words.add_argument(
                    option, dest=word.field, type=kind, default=word.default, help=word.help
                )
        asks(words)


def fields_of(step: Step, args: Any, series: Callable[[str], int]) -> dict[str, Any]:
    """Fields of the command a step asks. series: the number of a symbol. Raises ValueError."""
    return {word.field: _read(word, getattr(args, word.field), series) for word in step.words}


def _read(word: Word, said: Any, series: Callable[[str], int]) -> Any:
    if word.kind == "symbol":
        return series(said)
    if word.kind == "side":
        if said not in SIDES:
            raise ValueError(f"{word.field}: expected one of {', '.join(SIDES)}, found {said}")
        return said
    if word.kind == "flag":
        if said not in ("yes", "no"):
            raise ValueError(f"{word.field}: expected yes or no, found {said}")
        return said == "yes"
    if word.kind == "usd":
        return micro(word.field, said)
    if word.kind == "file":
        return NOTHING if said in ("", Path()) else _digest(word.field, said)
    return int(said)


def _digest(field: str, path: Path) -> str:
    digest, size = digest_of(path)
    if not size:
        raise ValueError(f"{field}: expected a file that says something, found nothing at {path}")
    return digest.hex()


def micro(field: str, text: str) -> int:
    """Dollars as whole micro-dollars. Raises ValueError."""
    try:
        amount = Decimal(text) * MICRO
    except InvalidOperation:
        raise ValueError(f"{field}: expected dollars, found {text}") from None
    if amount != amount.to_integral_value():
        raise ValueError(f"{field}: expected whole micro-dollars, found {text}")
    return int(amount)
