"""The memo that designates a hedge, dated at its inception: what IFRS 9 6.4.1(b) and ASC
815-20-25-3 ask to be written down before the first gain or loss. Of a plan it is a draft, which
designates nothing; once lots are held it is of those, dated at their last fill. It judges no
standard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lasalle.contracts.sheet import Section
from lasalle.hedging.books.designation import PROBABLE, WHOLE, Designation, HedgingLeg
from lasalle.hedging.books.inception import Bought


@dataclass(frozen=True, slots=True)
class Memo:
    """The memo in sections."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    footer: str


@dataclass(frozen=True, slots=True)
class Held:
    """Who designates: entity, house, account, the second it was written (UTC, as text), and the
    digest of the plan it stands on; `lots` bought of each leg, none for a draft, the second of the
    last fill among them, and whether it was written on a later day than that.
    """

    entity: str
    house: str
    account: int
    written: str
    sha256: str
    lots: Mapping[str, tuple[Bought, ...]] = field(default_factory=dict)
    filled: str = ""
    late: bool = False

    @property
    def draft(self) -> bool:
        """Whether nothing is held that it could designate."""
        return not self.lots


def memo(of: Designation, by: Held) -> Memo:
    """The memo of a designation."""
    dated = by.written if by.late else by.filled
    return Memo(
        title=f"{'Draft of a hedge' if by.draft else 'Hedge'} designation: {of.need}",
        subtitle="Cash-flow hedge of forecast compute cost, "
        + (
            f"planned {by.written} UTC; it designates nothing before lots are held"
            if by.draft
            else f"designated {dated} UTC"
        ),
        sections=(
            _relationship(of, by),
            _item(of),
            Section("Hedging instruments", tuple(_instrument(leg, by) for leg in of.legs)),
            _ratio(of, by),
            _effectiveness(of, by),
            _ineffectiveness(of),
            _measurement(),
            Section("Hours taken by delivery: own use", tuple(_own(of, by)) or (
                ("None", "The plan takes no hours by delivery."),
            )),
            _signatures(),
        ),
        footer=f"Plan {by.sha256}",
    )  # fmt: skip


def _dated(of: Designation, by: Held) -> str:
    """When the hedge begins: never before its lots are held, nor before the memo of another day."""
    known = f"on a plan of what was known on {of.day}"
    if by.draft:
        return (
            f"planned {by.written} UTC, {known}. A DRAFT, which designates nothing: lasalle hedge"
            " execute and track, with --memo, issue the memo of the lots held, dated at their fill"
        )
    if by.late:
        return (
            f"{by.written} UTC, when it was written, {known}: LATER THAN THE DAY OF THE LAST FILL,"
            f" {by.filled} UTC. No designation reaches back: what the instruments gained or lost"
            " until then is profit or loss (lasalle hedge journal --since), and what they are worth"
            " now is a source of ineffectiveness"
        )
    return (
        f"{by.filled} UTC, the last fill it designates; written {by.written} UTC, {known}. Lots"
        " filled on an earlier day are designated from there by the memo of that day, or from here"
        " where there is none"
    )


def _relationship(of: Designation, by: Held) -> Section:
    account = f"account {by.account} of house {by.house[:16]}"
    where = account if not by.draft else f"nothing yet; planned for {account}"
    if not by.house:
        where = "nothing: THE PLAN STANDS ON A MODEL, not on a house"
    return Section(
        "The hedging relationship",
        (
            ("Entity", by.entity or "to be filled in by whoever signs"),
            ("Dated", _dated(of, by)),
            ("Kind", "Cash-flow hedge (IFRS 9 6.5.2(b); ASC 815-20-25-13(b))"),
            (
                "Risk management objective",
                f"To keep the cost of {of.grade} hours in {of.location} from rising with the market"
                " before they are bought, within the budget of the need. The strategy is the plan"
                " whose digest stands below; it is rebalanced when date or size become clearer",
            ),
            ("Held in", where),
        ),
    )


def _item(of: Designation) -> Section:
    months = ", ".join(f"{one.month} {one.share:.0%}" for one in of.months)
    return Section(
        "Hedged item",
        (
            (
                "Forecast purchases",
                f"The first {of.designated_hours:,.0f} accelerator-hours of {of.grade} in"
                f" {of.location} bought for a run of {of.run_days} days that starts between"
                f" {of.first_start} and {of.last_start}",
            ),
            (
                "Highly probable",
                f"{of.probable_hours:,.0f} hours are needed in {PROBABLE:.0%} of the scenarios of"
                f" the plan or more, {of.expected_hours:,.0f} on average (IFRS 9 6.3.3; ASC"
                " 815-20-25-15(b)). Beyond them nothing is designated",
            ),
            (
                "Time",
                f"Share of the scenarios that use hours, by month: {months}. No single month need"
                " be probable: the window is what is forecast, and its width is a source of"
                " ineffectiveness. A start beyond the window, or two months after it under ASC"
                " 815-30-40-4, ends the hedge",
            ),
            (
                "Risk component",
                f"Changes of the index of {of.grade} in {of.location}, the part of the price of the"
                " own bill that follows it (IFRS 9 6.3.7(a), B6.3.8: separately identifiable and"
                " reliably measurable). Under ASC 815-20-25-15(i) a component must be named in the"
                " contract; where it is not, the whole price is designated, and the regression"
                " below is on the whole price",
            ),
        ),
    )


def _instrument(leg: HedgingLeg, by: Held) -> tuple[str, str]:
    strike = f", strike {leg.strike:.2f} USD an hour" if leg.strike else ""
    part = (
        "intrinsic value designated; time value is a cost of hedging (IFRS 9 6.5.15) or an excluded"
        " component (ASC 815-20-25-82)"
        if leg.kind == "call"
        else "designated whole; what it cost above the mark is ineffectiveness"
    )
    bought = ", ".join(f"{one.lots:,.0f} filled on {one.day} at {one.price:.4f} USD an hour"
                       for one in by.lots.get(leg.symbol, ()))  # fmt: skip
    held = "to be held" if by.draft else f"held: {bought}" if bought else "held"
    share = f"{leg.designated / WHOLE:.2%} of it; " if leg.designated else "not designated; "
    return (
        leg.symbol,
        f"{leg.kind}, {leg.lots:+,} lots of {sum(leg.hours):,.0f} hours over"
        f" {leg.months[0]}{' to ' + leg.months[-1] if len(leg.months) > 1 else ''}{strike}; {held};"
        f" {share}{part}; cleared, variation paid daily in cash",
    )


def _ratio(of: Designation, by: Held) -> Section:
    beyond = [
        f"{one.month} ({one.carried:,.0f} carried, {one.expected:,.0f} expected)"
        for one in of.months
        if one.carried > one.expected
    ]
    return Section(
        "Hedge ratio",
        (
            (
                "Ratio",
                f"One hour of the index for {1 / of.ratio:.4f} hours of the own bill, which moves"
                f" by {of.ratio:.4f} of what the index does: the ratio that is"
                f" {'to be' if by.draft else 'in fact'} held (IFRS 9 6.4.1(c)(iii))",
            ),
            (
                "Hours",
                f"The instruments carry {of.carried_hours:,.0f} hours of the own bill, of which"
                f" {of.designated_hours:,.0f} are designated"
                + (
                    ""
                    if of.designated_hours >= of.carried_hours * 0.9999
                    else "; THE REST IS NOT, and moves profit or loss as it moves"
                ),
            ),
            (
                "By month",
                "Where the start may fall in any month, the legs of one carry more than is expected"
                f" there: {', '.join(beyond)}. The relationship is to the window; whoever approves"
                " it says whether that is narrow enough"
                if beyond
                else "No month carries more than is expected there",
            ),
        ),
    )


def _effectiveness(of: Designation, by: Held) -> Section:
    rows: list[tuple[str, str]] = [
        (
            "Economic relationship",
            "Both the instruments and the hours follow the same index, so that what the one gains"
            " the other costs more (IFRS 9 6.4.1(c)(i))",
        ),
        (
            "Credit risk",
            "Does not dominate: the clearing house stands between, variation is paid every day and"
            " margin is held (IFRS 9 6.4.1(c)(ii))",
        ),
    ]
    if of.slope is not None and of.r_squared is not None:
        verdict = "highly effective" if of.highly_effective else "NOT HIGHLY EFFECTIVE"
        rows.append(
            (
                "Prospective test",
                f"Regression over {of.observations:,} modelled scenarios of what futures and swaps"
                f" bring on what their hours cost more: slope {of.slope:.3f} (error"
                f" {of.slope_error or 0:.3f}), R2 {of.r_squared:.3f}: {verdict} by the practice"
                " under ASC 815 (slope -0.80 to -1.25, R2 0.80 or more); IFRS 9 has no bright line."
                + ("" if by.draft else " Made before inception, of every lot the plan asks for"),
            )
        )
        rows += _offset(of)
    else:
        rows.append(
            (
                "Prospective test",
                "No future or swap is held, so that there is no regression; for calls the terms of"
                " the intrinsic value match those of the hours they cap",
            )
        )
    rows.append(
        (
            "Later tests",
            "At each reporting date and whenever the need changes: the same regression on what was"
            " seen since, and the dollar offset since inception, 80 to 125 %, which lasalle hedge"
            " track tells from the marks of the house",
        )
    )
    return Section("Effectiveness", tuple(rows))


def _offset(of: Designation) -> Iterable[tuple[str, str]]:
    sums = [f"{one:.1%} {word}" for one, word in
            ((of.offset_dearer, "where hours become dearer"), (of.offset_cheaper, "cheaper"))
            if one is not None]  # fmt: skip
    if sums and of.offset_within is not None:
        yield (
            "Dollar offset",
            f"What the instruments bring over what the hours cost more, {', '.join(sums)}, summed"
            f" over the scenarios; 80 to 125 % in {of.offset_within:.0%} of them one by one",
        )


SOURCES = (
    ("date", "Date", "the run may use other months than the instruments settle on"),
    ("size", "Size", "fewer hours may be needed than are designated"),
    ("bill", "Own bill", "the own bill strays from what it follows of the index"),
    ("days", "Average", "instruments settle on the mean of a month, hours are paid day by day"),
    ("grade", "Grade", "another grade may serve, whose price strays from that of the index"),
    ("place", "Place", "the grade may be taken elsewhere, at a price that strays from the index"),
    ("availability", "Shortage", "there may be no hours to buy; the hedge then gains on none"),
    ("supplier", "Suppliers", "hours agreed may not be delivered"),
)


def _ineffectiveness(of: Designation) -> Section:
    """Sources of ineffectiveness, each with what it leaves at risk in the plan."""
    rows = []
    for cause, name, words in SOURCES:
        amount = of.causes.get(cause)
        left = "none" if amount is None else f"{amount / 1e6:,.2f} million USD of CVaR"
        if cause == "availability" and amount is None and of.unserved > 0:
            left = (
                f"{of.unserved:.1%} of the need finds no hours, and waiting costs nothing in this"
                " need (late.dollars_a_day 0), so that none of the CVaR is due to it"
            )
        rows.append((name, f"{words}; {left} in the plan"))
    rows.append(("Fees", "fees of trading and clearing are no part of the relationship"))
    return Section("Sources of ineffectiveness", tuple(rows))


def _measurement() -> Section:
    return Section(
        "Measurement and reclassification",
        (
            (
                "Effective part",
                "The lower of the cumulative gain or loss of the instruments and that of the hours,"
                " in absolute amounts, goes to the cash-flow hedge reserve; the rest to profit or"
                " loss (IFRS 9 6.5.11(a) to (c)). The hours are measured by a hypothetical"
                " derivative with the terms of the designated hours",
            ),
            (
                "Reclassified",
                "Out of the reserve into the cost of compute in the period in which the hedged"
                " hours are used (IFRS 9 6.5.11(d)(ii); ASC 815-30-35-38)",
            ),
            (
                "Ended",
                "When hours are no longer highly probable the hedge of them ends; what is in the"
                " reserve stays until they are used, and goes to profit or loss at once when they"
                " are no longer expected (IFRS 9 6.5.12; ASC 815-30-40-4 and 40-5)",
            ),
            ("Journal", "lasalle hedge journal writes the entries from the account's statements"),
        ),
    )


def _own(of: Designation, by: Held) -> Iterable[tuple[str, str]]:
    for one in of.own_use:
        ifrs = "own use" if one.own_use else "NOT own use on its face"
        asc = "normal purchase" if one.normal_purchase else "NO normal purchase on its face"
        yield (
            one.name,
            f"{one.accelerators:,} accelerators, {', '.join(one.months)}: {ifrs} (IFRS 9 2.4),"
            f" {asc} (ASC 815-10-15-22 and 15-37). {one.reason}"
            + ("" if by.draft else ". As planned: no house knows whether they were agreed"),
        )


def _signatures() -> Section:
    return Section(
        "Signed",
        (
            ("Prepared by", "................................   Date ................"),
            ("Approved by", "................................   Date ................"),
        ),
    )
