"""The fields of the quantitative disclosure, chapter by chapter, from closes and spans.

Nothing is named here that would show an account or a member: what a figure is of fewer than the
standard allows is left out with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lasalle.clearing.collateral import load_classes
from lasalle.clearing.disclosed_deliveries import Delivered, Tried, deliveries
from lasalle.clearing.disclosure import (
    BackTest,
    Close,
    Figure,
    Sheet,
    Span,
    held_in,
    initial,
    product_of,
    stressed,
)
from lasalle.clearing.sizing import Exposure, cover, liquidity_need
from lasalle.clearing.terms import load_margin_terms
from lasalle.plain import margin
from lasalle.plain.collateral import counted
from lasalle.plain.state import USD, State
from lasalle.wire import AccountKind, Bound, LedgerClass

HOUSE, CLIENT = AccountKind.HOUSE, AccountKind.CLIENT
FEWEST_MEMBERS = 10
"""Members below which a share of the largest five would show a single one."""
NO_TAILS = "no margin table with tail columns is in force"
ON_COLUMNS = "stress and historical columns of the margin table in force, sizing.cover"


@dataclass(slots=True)
class Year:
    """What is disclosed: the close of a day, and the year up to it. `spans` end at a close each."""

    close: Close
    spans: Sequence[Span]
    tested: BackTest
    made_up: bool
    covers: Sequence[Mapping[str, Any]] = ()
    """Runs of Cover-1 and Cover-2 that the house keeps of the year, by day."""
    delivered: Sequence[Delivered] = ()
    """What happened to deliveries in the year, span by span."""
    tried: Sequence[Tried] = ()
    """Trials of suppliers that are dishonest, and of one that is not."""


def disclosed(year: Year) -> list[Figure]:
    """Every row, in the order of the fields."""
    sheet = Sheet(year.close.day, year.made_up)
    for chapter in (_prefunded, _stress, _haircuts, _required, _held, _tested, _variation):
        chapter(sheet, year)
    for chapter in (_liquidity, _investment, _participants, _concentration):
        chapter(sheet, year)
    deliveries(sheet, year.close.state, year.delivered, year.tried)
    return sheet.figures


def prefunded(state: State) -> int:
    """The house's tranches and the default fund, micro-dollars."""
    return sum(
        balance
        for (class_, _, asset), balance in state.balances.items()
        if asset == USD
        and class_ in (LedgerClass.FIRST_LOSS, LedgerClass.SECOND_TRANCHE, LedgerClass.DEFAULT_FUND)
    )


def _fund(state: State) -> dict[int, int]:
    return {
        account: balance
        for (class_, account, asset), balance in state.balances.items()
        if class_ == LedgerClass.DEFAULT_FUND and asset == USD
    }


def _prefunded(sheet: Sheet, year: Year) -> None:
    state = year.close.state
    fund = _fund(state)
    first = state.balance(LedgerClass.FIRST_LOSS)
    sheet.real("4.1.1", "own capital before the fund", first, "ledger first_loss, CLR-024")
    sheet.absent("4.1.2", "own capital alongside the fund", "no layer of the waterfall is such")
    second = state.balance(LedgerClass.SECOND_TRANCHE)
    sheet.real("4.1.3", "own capital after the fund", second, "ledger second_tranche, CLR-024")
    sheet.absent("4.1.4", "contributions required", "the log holds what is paid, not what is asked")
    sheet.real("4.1.5", "contributions paid in", sum(fund.values()), "ledger default_fund, CLR-020")
    failed = set(state.defaults)
    sound = sum(v for a, v in fund.items() if state.accounts[a].member not in failed)
    sheet.real("4.1.9", "assessments in one default at most", sound, "once the stake, CLR-026")
    sheet.real("4.1.total", "prefunded resources", prefunded(state), "disclosed.prefunded")


def _stress(sheet: Sheet, year: Year) -> None:
    sheet.term("4.4.1", "members whose default is covered", 2, "EMIR Art. 43, sizing", "members")
    days = load_margin_terms().horizon_days
    sheet.term("4.4.2", "days to close out", days, "margin.toml horizon_days", "days")
    if year.covers and year.covers[-1]["day"] == year.close.day:
        _covered(sheet, year)
        return
    of, names = stressed(year.close.state)
    ready = prefunded(year.close.state)
    for fields, members, name in ((3, 1, "largest member"), (7, 2, "two largest members")):
        if not names:
            sheet.absent(f"4.4.{fields}", f"stress loss of the {name}", NO_TAILS)
            continue
        worst = cover(of, names, members).total
        at = f"stress loss beyond margin of the {name}, at the close"
        sheet.modelled(f"4.4.{fields}", at, worst, ON_COLUMNS)
        short = max(0, worst - ready)
        sheet.modelled(f"4.4.{fields + 2}", f"of it beyond 4.1.total, {name}", short, ON_COLUMNS)


def _covered(sheet: Sheet, year: Year) -> None:
    """What the house's own daily runs over its stress set came to: at the close, and at most."""
    last = year.covers[-1]
    source = f"cover run, {last['set']}"
    for field, run, name in (
        (3, "cover1", "largest member"), (7, "cover2", "two largest members"),
    ):  # fmt: skip
        at = f"stress loss beyond margin of the {name}, at the close"
        sheet.modelled(f"4.4.{field}", at, last[run]["beyond_margin"], source)
        most = max(one[run]["beyond_margin"] for one in year.covers)
        at = f"stress loss beyond margin of the {name}, at most in the year"
        sheet.modelled(f"4.4.{field + 1}", at, most, source)
        short = f"of it beyond 4.1.total, {name}"
        sheet.modelled(f"4.4.{field + 2}", short, last[run]["short"], source)
    if "wrong_way" in last:
        at = "suppliers failing in a spike with the largest other member, beyond margin"
        spike = last["wrong_way"]
        sheet.modelled("4.4.wrong_way", at, spike["beyond_margin"], f"{source}, CLR-095")
        short = "of it beyond 4.1.total, suppliers failing"
        sheet.modelled("4.4.wrong_way", short, spike["short"], f"{source}, CLR-095")
    days = sum(bool(one["breach"]) for one in year.covers)
    sheet.modelled("4.4.10", "runs of the year in which Cover-2 was breached", days, source, "runs")
    count = len(year.covers)
    sheet.modelled("4.4.runs", "runs of the year that are kept", count, source, "runs")


def _haircuts(sheet: Sheet, year: Year) -> None:
    for one in load_classes().values():
        source = "collateral.toml, CLR-040"
        sheet.term("5.1.1", f"haircut of {one.name}", one.haircut, source, "ten-thousandths")
    for asset, terms in sorted(year.close.state.collateral.items()):
        name = f"haircut in force of asset {asset}, {year.close.state.assets[asset]}"
        sheet.real("5.1.1", name, terms.haircut, "collateral record, CLR-040", "ten-thousandths")
    share = int(Bound.LETTER_SHARE)
    sheet.term("5.1.1", "letters cover at most", share, "CLR-043", "ten-thousandths")
    sheet.absent("5.2.1", "haircuts of the fund", "the fund is cash in dollars alone, CLR-020")
    why = "haircuts are a table of the risk desk, no quantile of a history"
    for number, name in (
        ("5.3.1", "confidence"), ("5.3.2", "holding period"), ("5.3.3", "look-back"),
    ):  # fmt: skip
        sheet.absent(number, f"haircut {name}", why)
    sheet.absent("5.3.4", "days a haircut was passed", "prices of assets are not yet compared")


def _by_side(state: State, of: Callable[[int], int]) -> dict[AccountKind, int]:
    found = {HOUSE: 0, CLIENT: 0}
    for account in state.accounts.values():
        found[account.account_kind] += of(account.account)
    return found


def _required(sheet: Sheet, year: Year) -> None:
    state = year.close.state
    asked = {a: initial(state, one) for a, one in state.accounts.items()}
    for kind, total in _by_side(state, asked.__getitem__).items():
        gross = "net within each account" if kind == HOUSE else "gross over accounts"
        name = f"initial margin required, {kind.name.lower()}, {gross}"
        sheet.modelled("6.1.1", name, total, "CLR-001, CLR-003")
    total = sum(asked.values())
    sheet.modelled("6.1.1", "initial margin required, total", total, "CLR-001, CLR-003")
    held = {n for one in state.accounts.values() for n, p in one.positions.items() if p.lots}
    alone = 0
    for product in sorted({product_of(state.series[n]) for n in held}):
        part = sum(initial(state, one, product) for one in state.accounts.values())
        alone += part
        name = f"initial margin of {product} alone"
        sheet.modelled("6.1.product", name, part, "CLR-001 over the product's positions")
    name = "offsets between products of an account"
    sheet.modelled("6.1.product", name, total - alone, "6.1.1 total less each alone")


def _held(sheet: Sheet, year: Year) -> None:
    state = year.close.state
    cash = held_in(state)
    for kind, total in _by_side(state, cash.__getitem__).items():
        sheet.real("6.2.cash", f"cash held, {kind.name.lower()}", total, "ledger cash, USD")
    worth = {}
    for number, one in state.accounts.items():
        judged = margin.judge(state, one)
        worth[number] = counted(state, one).cover(judged.required)
    for kind, total in _by_side(state, worth.__getitem__).items():
        name = f"collateral held after haircut, {kind.name.lower()}"
        sheet.real("6.2.collateral", name, total, "CLR-041 to CLR-043")
    _foreign(sheet, state)
    both = sum(cash.values()) + sum(worth.values())
    sheet.real("6.2.15", "margin held, total", both, "cash and collateral after haircut")


def _foreign(sheet: Sheet, state: State) -> None:
    """Cash in other currencies, each in its own units with the rate it counts at (CLR-094)."""
    for asset, terms in sorted(state.collateral.items()):
        held = sum(state.balance(LedgerClass.CASH, a, asset) for a in state.accounts)
        if terms.letter or not held:
            continue
        name = state.assets[asset]
        told = f"{name} held, in its own units"
        sheet.real("6.2.units", told, held, "ledger cash", f"millionths of a unit of {name}")
        told = f"micro-dollars a unit of {name} counts before its haircut"
        sheet.real("6.2.rate", told, terms.price, f"price of {terms.day} on the log, CLR-041")


def _tested(sheet: Sheet, year: Year) -> None:
    sheet.term("6.4.4", "confidence of margin", 9_900, "CLR-001", "ten-thousandths")
    looked = load_margin_terms().windows
    sheet.term("6.4.5", "historical moves looked back on", looked, "margin.toml windows", "moves")
    over, count = year.tested.over, year.tested.observed
    if not count:
        why = "no two closes of the year with a position between them"
        for number in ("6.5.1", "6.5.2", "6.5.3", "6.5.4", "6.5.5"):
            sheet.absent(number, "margin back-test", why)
        return
    source = "disclosure.BackTest: initial margin at a close, loss to the next"
    sheet.modelled("6.5.1", "times a loss passed margin", len(over), source, "times")
    sheet.modelled("6.5.2", "accounts times closes observed", count, source, "times")
    share = 1_000_000 * (count - len(over)) // count
    sheet.modelled("6.5.3", "coverage achieved", share, source, "millionths, rounded down")
    sheet.modelled("6.5.4", "largest uncovered loss", max(over, default=0), source)
    mean = -(-sum(over) // len(over)) if over else 0
    sheet.modelled("6.5.5", "mean uncovered loss, rounded up", mean, source)


def _variation(sheet: Sheet, year: Year) -> None:
    days = [sum(-v for v in span.paid.values() if v < 0) for span in year.spans]
    if not days:
        for number in ("6.6.1", "6.7.1", "6.8.1"):
            sheet.absent(number, "variation and calls", "no day of the year was settled")
        return
    mean = sum(days) // len(days)
    source = "payment_posted of settle_variation and settle_prices"
    sheet.real("6.6.1", "variation paid to the house a day, mean, rounded down", mean, source)
    sheet.real("6.7.1", "variation paid to the house on one day at most", max(days), source)
    called = max(span.called for span in year.spans)
    sheet.real("6.8.1", "margin called between two closes at most", called, "margin_called")


def _liquidity(sheet: Sheet, year: Year) -> None:
    state = year.close.state
    sheet.term("7.1.1", "members whose failing liquidity covers", 2, "sizing", "members")
    liquid = state.balance(LedgerClass.HOUSE_LIQUIDITY)
    sheet.real("7.1.total", "house liquidity", liquid, "ledger house_liquidity, LED-006")
    sheet.real("7.1.total", "tranches and fund, cash", prefunded(state), "disclosed.prefunded")
    why = "the ledger does not say at what kind of bank the cash is"
    sheet.absent("7.1.2", "cash at a central bank", why)
    sheet.absent("7.1.5", "cash at commercial banks", why)
    sheet.absent("7.1.6", "committed lines", "the house has none on its log")
    of, names = stressed(state)
    for number, members in (("7.3.1", 1), ("7.3.2", 2)):
        name = f"payment a stress makes due when so many fail: {members}"
        if not names:
            sheet.absent(number, name, NO_TAILS)
            continue
        most = max(due_in(of, n, members) for n in range(len(names)))
        sheet.modelled(number, name, most, "sizing.liquidity_need in one hour, margin not used")
    if not year.spans:
        sheet.absent("7.3.3", "largest payment of a member", "no day of the year was settled")
        return
    largest = max(_largest(state, span) for span in year.spans)
    sheet.real("7.3.3", "largest payment of one member in a settlement", largest, "payment_posted")


def due_in(of: Sequence[Exposure], scenario: int, failing: int) -> int:
    """What the members that lose most would have to pay in a scenario, all of it in one hour."""
    due: dict[int, int] = {}
    for one in of:
        due[one.member] = due.get(one.member, 0) + max(0, one.losses[scenario])
    need = liquidity_need({member: {0: lost} for member, lost in due.items()}, failing)
    return need[-1][1] if need else 0


def _largest(state: State, span: Span) -> int:
    by_member: dict[int, int] = {}
    for account, amount in span.paid.items():
        member = state.accounts[account].member
        by_member[member] = by_member.get(member, 0) - min(0, amount)
    return max(by_member.values(), default=0)


def _investment(sheet: Sheet, year: Year) -> None:
    state = year.close.state
    received = sum(held_in(state).values()) + sum(_fund(state).values())
    sheet.real("16.1.1", "cash received from members", received, "ledger cash and default_fund")
    at_bank = -state.balance(LedgerClass.BANK)
    sheet.real("16.2.1", "cash at banks, the house's own with it", at_bank, "ledger bank, USD")
    sheet.absent("16.2.2", "cash invested", "the ledger has no class for investments")


def _participants(sheet: Sheet, year: Year) -> None:
    state = year.close.state
    clearing = {a.member for a in state.accounts.values() if a.account_kind == CLIENT}
    members = set(state.members)
    source = "member and account records"
    sheet.real("18.1.1", "members that clear for clients", len(clearing), source, "members")
    direct = len(members - clearing)
    sheet.real("18.1.2", "members that clear for themselves alone", direct, source, "members")
    out = sum(one.suspended for one in state.members.values())
    sheet.real("18.1.3", "members suspended", out, "member records", "members")


def _concentration(sheet: Sheet, year: Year) -> None:
    state = year.close.state
    lots, asked = dict.fromkeys(state.members, 0), dict.fromkeys(state.members, 0)
    for account in state.accounts.values():
        lots[account.member] += sum(abs(p.lots) for p in account.positions.values())
        asked[account.member] += initial(state, account)
    paid = dict.fromkeys(state.members, 0)
    for account_number, amount in _fund(state).items():
        paid[state.accounts[account_number].member] += amount
    for number, name, of in (
        ("18.2.1", "open positions", lots),
        ("18.3.1", "initial margin", asked),
        ("18.4.1", "default fund", paid),
    ):
        whole = sum(of.values())
        if len(of) < FEWEST_MEMBERS:
            why = f"fewer than {FEWEST_MEMBERS} members: a share would show one"
            sheet.absent(number, f"share of five members in {name}", why)
        elif not whole:
            sheet.absent(number, f"share of five members in {name}", "there is none")
        else:
            five = sum(sorted(of.values(), reverse=True)[:5])
            share, unit = 1_000_000 * five // whole, "millionths, rounded down"
            title = f"share of the largest five members in {name}"
            put = sheet.modelled if of is asked else sheet.real
            put(number, title, share, "positions, CLR-003, ledger", unit)
