"""`lasalle delivery custody`: the terms of a reserve, orders and offers sent once, tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from lasalle.client import Client
from lasalle.client.custody import CustodyAction, CustodyOffer, CustodyReport, CustodyTest
from lasalle.delivery.custody import read_reserve, statement_of
from lasalle.delivery.keys import SigningKey
from lasalle.institution.custody_store import work_of
from lasalle.institution.hedge_command import agreed
from lasalle.institution.index_store import lay_down
from lasalle.institution.named_file import digest_of, secret_of, text_of
from lasalle.institution.obligations_desk import when

TERMS_FILE = "reserve.toml"
EXAMPLE_UNITS = ("hall-1", "hall-2", "hall-3", "hall-4")
DAY_NS = 86_400 * 10**9
MOST_ATTEMPTS = 99
"""Names of one order at the same missing lots."""


def run(args: Any, client: Client | None = None) -> int:
    """Carries out a verb; 1 where something waits or failed. Raises ValueError."""
    if client is None:
        return {"example": _example, "check": _check}[args.custody](args)
    verbs: dict[str, Callable[[Any, Client], int]] = {
        "file": _file, "plan": _plan, "execute": _execute, "release": _release, "test": _test,
        "answer": _answer, "report": _report,
    }  # fmt: skip
    return verbs[args.custody](args, client)


def _example(args: Any) -> int:
    folder: Path = args.dir
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"{folder}: expected a folder that is empty or not there")
    if not 1 <= args.account < 2**32:
        raise ValueError(f"--account: expected its number, found {args.account}")
    text = (resources.files("lasalle.delivery") / "table" / TERMS_FILE).read_text("utf-8")
    rows = []
    folder.mkdir(parents=True, exist_ok=True)
    for unit in EXAMPLE_UNITS:
        secret = os.urandom(32)
        path = folder / f"{unit}.key"
        path.touch(0o600)
        path.write_text(f"{secret.hex()}\n")
        rows.append(f'{{ unit = "{unit}", key = "{SigningKey(secret).public.hex()}" }}')
    listed = ",\n  ".join(rows)
    text = text.replace("account = 0\n", f"account = {args.account}\n")
    if args.account == 1:
        text = text.replace("{ account = 1,", "{ account = 2,")
    text = text.replace("units = []", f"units = [\n  {listed},\n]")
    read_reserve(text)
    lay_down(folder / TERMS_FILE, text.encode())
    print(f"{folder / TERMS_FILE}: terms to begin from, and {len(rows)} keys of standing units;")
    print(f"  lasalle delivery custody file {folder / TERMS_FILE}")
    return 0


def _check(args: Any) -> int:
    text = text_of(args.terms)
    terms = read_reserve(text)
    print(f"{args.terms}: sound; account {terms.account}, {terms.rungs} rungs of"
          f" {terms.rung_lots} {terms.product}, {len(terms.units)} standing units,"
          f" digest {sha256(text.encode()).hexdigest()}")  # fmt: skip
    return 0


def _file(args: Any, client: Client) -> int:
    text = text_of(args.terms)
    found = client.custody_terms(read_reserve(text).account, text)
    print(f"account {found.account}: in force as line {found.number} of the record, digest"
          f" {found.digest}")  # fmt: skip
    return 0


# -- the ladder ----------------------------------------------------------------------------------


def _plan(args: Any, client: Client) -> int:
    found = client.custody(args.account)
    if args.json:
        print(msgspec.json.encode({"actions": found.actions, "releases": found.releases}).decode())
        return 0
    print(*_asked_lines(found), sep="\n")
    return 0


def _asked_lines(found: CustodyReport) -> list[str]:
    state = "released" if found.released else "not released"
    of = f"account {found.account}, {found.product}:"
    if found.fixing:
        mean = f"mean before {_usd(found.mean)}" if found.mean else "too few before it for a mean"
        rows = [f"{of} last fixing {_usd(found.fixing)}, {mean}; {state}"]
    else:
        rows = [f"{of} there is no fixing to go by; {state}"]
    rows += [f"  {_action(one)}" for one in found.actions]
    if not found.rungs:
        rows.append("  no block of the product is listed and trades: nothing can be bought or sold")
    elif not found.actions:
        rows.append("  today asks nothing of the ladder")
    for one in found.releases:
        rows += [f"  {_offer(offer)}" for offer in one.offers]
    if found.test_due:
        rows.append(f"  a test of readiness is due: lasalle delivery custody test {found.account}")
    return rows


def _action(one: CustodyAction) -> str:
    at = f" at {_usd(one.price)} or better" if one.price else ""
    return f"{one.deed:8} {one.lots:6,} {one.symbol}{at}: {one.why}"


def _offer(one: CustodyOffer) -> str:
    return f"offer    {one.lots:6,} of delivery {one.delivery} to account {one.to_account}"


def _usd(micro: int) -> str:
    return f"{micro / 1e6:.6f}".rstrip("0").rstrip(".") + " USD"


def _best(micro: int) -> str:
    """The best price of a side of a book; a side without orders has none."""
    return _usd(micro) if micro else "none"


def _execute(args: Any, client: Client) -> int:
    found = client.custody(args.account)
    orders = [one for one in found.actions if one.price]
    for one in found.actions:
        print(f"  {_action(one)}")
    if not orders:
        print("Nothing is to be sent.")
        return 0
    if not args.yes and not agreed(f"Send these {len(orders)} orders for {args.account}? "):
        print("Nothing was sent.")
        return 1
    left = sum(_sent(client, args.account, found, one) for one in orders)
    return 1 if left else 0


def _sent(client: Client, account: int, first: CustodyReport, planned: CustodyAction) -> int:
    """Sends what lacks of an order, under a name that another who tries at once, or again after a
    lost answer, uses too; lots that nobody took."""
    ticks = {s.symbol: s.tick_micro_dollars for s in client.series()}
    lots, attempt = planned.lots, 0
    while attempt < MOST_ATTEMPTS:
        answer = client.place(
            account, planned.symbol, "buy" if planned.deed == "buy" else "sell", lots,
            price_ticks=planned.price // ticks[planned.symbol], time_in_force="ioc",
            client_order_id=_order_name(first, planned, lots, attempt),
            reference_time=first.time // DAY_NS * DAY_NS,
        )  # fmt: skip
        if not answer.replayed:
            filled = sum(int(e["lots"]) for e in answer.events if e["name"] == "traded")
            print(f"  {planned.symbol}: {filled:,} of {lots:,} filled")
            return lots - filled
        lacks = _lacks(client.custody(account), planned)
        if not lacks:
            print(f"  {planned.symbol}: nothing lacks; nothing was sent")
            return 0
        lots, attempt = lacks, attempt + 1 if lacks == lots else 0
    return lots


def _order_name(found: CustodyReport, one: CustodyAction, lots: int, attempt: int) -> str:
    """32 characters at most: of the terms, the day, the rung and what lacks of it."""
    day = found.time // DAY_NS
    of = sha256(f"{found.digest} {day} {one.deed} {one.symbol}".encode()).hexdigest()[:12]
    return f"rsv-{of}-{lots}-{attempt}"


def _lacks(found: CustodyReport, planned: CustodyAction) -> int:
    key = (planned.deed, planned.symbol)
    same = [one for one in found.actions if (one.deed, one.symbol) == key]
    return same[0].lots if same and same[0].price else 0


def _release(args: Any, client: Client) -> int:
    found = client.custody(args.account)
    offers = [offer for one in found.releases for offer in one.offers]
    for one in found.releases:
        print(*_release_lines(one), sep="\n")
    if not offers:
        print("Nothing is to be offered.")
        return 0
    for offer in offers:
        print(f"  {_offer(offer)}")
    if not args.yes and not agreed(f"Make these {len(offers)} offers for {args.account}? "):
        print("Nothing was offered.")
        return 1
    for offer in offers:
        answer = client.command("offer_delivery", account=args.account, amount=0,
                                **msgspec.structs.asdict(offer))  # fmt: skip
        number = next(e["offer"] for e in answer.events if e["name"] == "delivery_offered")
        print(f"  offer {number}: {offer.lots:,} of delivery {offer.delivery} to account"
              f" {offer.to_account}")  # fmt: skip
    return 0


def _release_lines(one: Any) -> list[str]:
    until = f"nominations are due {when(one.nominations_due)}"
    if not one.released:
        return [f"{one.symbol}: {one.lots:,} lots stay with the reserve, not released; {until}"]
    rows = [f"{one.symbol}: {one.lots:,} lots released; {until}"]
    return rows + [
        f"  account {s.account}: share {s.share:,}, taken {s.taken:,}, on offer {s.offered:,}"
        for s in one.shares
    ]


# -- readiness -----------------------------------------------------------------------------------


def _test(args: Any, client: Client) -> int:
    found = client.custody_test(args.account)
    print(msgspec.json.encode(found).decode() if args.json else "\n".join(_test_lines(found)))
    return 0


def _test_lines(test: CustodyTest) -> list[str]:
    answered = sum(1 for unit in test.units if unit.answered)
    rows = [f"test {test.test} of {test.day}: {test.state}, {answered} of {len(test.units)} units"
            f" answered, until {when(test.until)}; seed: the journal's chain up to command"
            f" {test.command}, {test.seed}"]  # fmt: skip
    for unit in test.units:
        said = f"answered {when(unit.answered)}" if unit.answered else f"asked {unit.challenge}"
        rows.append(f"  {unit.unit}: {said}")
    return rows


def _answer(args: Any, client: Client) -> int:
    """Every drawn unit whose key is here and that has not answered."""
    tests = [test for test in client.custody(args.account).tests if test.state == "open"]
    evidence = digest_of(args.evidence)[0].hex() if args.evidence else ""
    for test in tests:
        for unit in test.units:
            path = args.keys / f"{unit.unit}.key"
            if unit.answered or not path.exists():
                continue
            key, work = SigningKey(secret_of(path)), work_of(unit.challenge)
            signature = key.sign(statement_of(unit.challenge, work, evidence)).hex()
            test = client.custody_answer(
                args.account, test.test, unit.unit, work, evidence, signature
            )
        print(*_test_lines(test), sep="\n")
    if not tests:
        print("no test is open")
    return 0


def _report(args: Any, client: Client) -> int:
    found = client.custody(args.account)
    if args.json:
        print(msgspec.json.encode(found).decode())
        return 0
    print(*_asked_lines(found), sep="\n")
    for rung in found.rungs:
        print(f"  {rung.symbol}: {rung.held:,} held, trading ends in {rung.days_left} days, bid"
              f" {_best(rung.bid)}, ask {_best(rung.ask)}")  # fmt: skip
    for one in found.releases:
        print(*_release_lines(one), sep="\n")
    for test in found.tests:
        print(*_test_lines(test), sep="\n")
    print(f"terms {found.digest}; last line of the record {found.record}")
    return 0
