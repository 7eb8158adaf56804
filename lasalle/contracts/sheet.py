"""A standard in words: the sections of its term sheet and of its rule chapter, printed by no one in
particular.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lasalle.contracts.listing import listed_symbols, month_strip
from lasalle.contracts.periods import Unit
from lasalle.contracts.standard import Standard
from lasalle.contracts.symbols import Form

EXAMPLE_DAY, EXAMPLE_FORWARD = date(2026, 3, 17), 2_500_000
"""Day and forward, micro-dollars per unit, of the symbols a sheet shows as examples."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its rows, each a term and what it says."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The term sheet of one contract: terms of trade first, of failure and conformity after."""

    title: str
    subtitle: str
    front: tuple[Section, ...]
    back: tuple[Section, ...]
    footer: str


CAPACITY = (
    (", or one million tokens of the class", ""),
    (", or one million tokens an hour,", ""),
    ("; tokens have none, being delivered over the internet", ""),
    (", or fewer tokens within latency and quality,", ""),
    (" for capacity, tokens and times of each request for work", ""),
    ("grade or class", "grade"),
)
WORK = (
    ("One accelerator of the grade for one hour (GPU-hour), or one million", "One million"),
    ("One accelerator, or one million tokens an hour,", "One million tokens an hour"),
    ("The price holds for the area of the index; tokens have none, being", "Tokens have no place,"),
    ("Tokens have no place, delivered", "Tokens have no place, being delivered"),
    ("fewer accelerators, or fewer tokens", "fewer tokens"),
    ("accelerators that answer a challenge times the seconds of the slot for capacity, ", ""),
    (" of each request for work", " of each request"),
    ("grade or class", "class"),
)
"""Words of terms that hold for capacity and work alike, as a sheet of the one says them."""


def of_one(text: str, capacity: bool) -> str:
    """A sentence of a term as it holds for capacity, or for work, alone."""
    for both, one in CAPACITY if capacity else WORK:
        text = text.replace(both, one)
    return text


def term_sheet(standard: Standard, index: Section | None = None, *, whole: bool = False) -> Sheet:
    """Everything a standard states, in the order a counsel reads; `index` is what the published
    method of its index says, where the index desk gave it. Terms that hold for capacity and work
    are told for the one it is of, unless `whole`.
    """
    found = _whole(standard, index)
    if whole:
        return found
    capacity = standard.terms["slice"]["kind"] == "grade"

    def alone(sections: tuple[Section, ...]) -> tuple[Section, ...]:
        return tuple(
            Section(s.heading, tuple((label, of_one(text, capacity)) for label, text in s.rows))
            for s in sections
        )

    return replace(found, front=alone(found.front), back=alone(found.back))


def _whole(standard: Standard, index: Section | None) -> Sheet:
    terms = standard.terms
    settled = Section("Settlement", tuple(_settlement(standard)))
    return Sheet(
        title=terms["product"]["title"],
        subtitle=f"{terms['slice']['title']}; {terms['location']['title']}",
        front=(
            Section("The contract", tuple(_contract(standard))),
            Section("What is traded", tuple(_traded(terms))),
            Section("Price, trading and listing", tuple(_price(standard))),
            *((settled, index) if index else (settled,)),
        ),
        back=(
            priced(standard),
            Section("Failure and remedy", tuple(_failure(terms["clauses"]))),
            Section("Place and hours", tuple(_place(terms))),
            Section("Sources", tuple(_sources(terms))),
        ),
        footer=f"{standard.name}, SHA-256 {standard.sha256.hex()}",
    )


def usd(micro_dollars: int) -> str:
    """An amount in USD with three places, or as many as it needs."""
    whole, rest = divmod(micro_dollars, 1_000_000)
    text = f"{whole:,}.{rest:06d}".rstrip("0")
    return text.ljust(text.index(".") + 4, "0")


def percent(ten_thousandths: int) -> str:
    """A share in percent without superfluous zeros."""
    return f"{ten_thousandths / 100:g} %"


def example_symbols(standard: Standard, count: int = 3) -> tuple[str, ...]:
    """Symbols of series a standard lists: the first, the middle and the last of a day."""
    forward = dict.fromkeys(month_strip(EXAMPLE_DAY, 60), EXAMPLE_FORWARD)
    listed = [str(symbol) for symbol in listed_symbols(standard, EXAMPLE_DAY, forward)]
    places = [n * (len(listed) - 1) // max(1, count - 1) for n in range(count)]
    return tuple(dict.fromkeys(listed[place] for place in places))


def _contract(standard: Standard) -> Iterator[tuple[str, str]]:
    product = standard.terms["product"]
    family = "capacity" if standard.unit == "GPU-hour" else "work"
    listed = standard.symbol_form is Form.FIRM or not standard.delivers
    stands = "its index is published" if listed else "a model prices it"
    codes = ", ".join(f"{code} ({kind})" for kind, code in sorted(product["cfi"].items()))
    yield "Standard", f"{product['id']}, version {product['version']}"
    yield "Unit family", f"A slice of {family}, by {product['derivation'].replace('_', ' ')}"
    seen = f"on {EXAMPLE_DAY} at a forward of {usd(EXAMPLE_FORWARD)} USD"
    yield "Examples", f"Series {seen} are {', '.join(example_symbols(standard))}"
    yield "ISO 10962", codes
    yield "Listed", f"When {stands}"
    yield "Reasons", str(product["reason"])


def _traded(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    product = terms["product"]
    yield "Unit", product["unit"]["says"]
    yield "Grade", f"{terms['slice']['id']}: {terms['slice']['title']}. {product['grade']['says']}"
    yield "Location", f"{terms['location']['id']}. {product['location']['says']}"
    promised = product["block"]["availability"]
    available = f"; availability {percent(promised)}" if promised else ""
    yield "Time block", f"{product['block']['says']}{available}"
    yield "Lot", product["lot"]["says"]
    if basket := product.get("basket"):
        grades = ", ".join(basket["deliverable"])
        yield "Basket", f"{grades}; factors {basket['conversion']}. {basket['says']}"


def _price(standard: Standard) -> Iterator[tuple[str, str]]:
    product = standard.terms["product"]
    price, listing = product["price"], product["listing"]
    least, most = usd(price["least_micro_dollars"]), usd(price["most_micro_dollars"])
    par = f"; par {usd(price['par_micro_dollars'])}" if price["par_micro_dollars"] else ""
    quotation = price["quotation"].replace("per unit", f"per {standard.unit}")
    yield "Price", quotation
    tick = usd(price["tick_micro_dollars"])
    yield "Currency, tick", f"{price['currency']}, {tick}{par}; from {least} to {most}"
    yield "Last trading", product["trading"]["says"]
    yield "Listed blocks", "; ".join(_strips(standard))
    if "strikes" in listing:
        shares = ", ".join(percent(share) for share in listing["strikes"])
        yield "Strikes", f"{shares} of the forward, in steps of {_step(listing)}"
    if "bounds" in listing:
        pairs = ", ".join(
            f"{percent(b['floor'])} to {percent(b['cap'])}" for b in listing["bounds"]
        )
        yield "Floor and cap", f"{pairs} of the forward, in steps of {_step(listing)}"
    if standard.accelerators:
        sizes = " or ".join(f"{size:,}" for size in standard.accelerators)
        runs = f"; runs of {' or '.join(map(str, standard.days))} days" if standard.days else ""
        yield "Sizes", f"{sizes} accelerators on one fabric{runs}"
    yield "Roll", listing["roll"]
    yield "Business days", standard.terms["calendar"]["says"]


def _step(listing: Mapping[str, Any]) -> str:
    return f"{usd(listing['strike_step_micro_dollars'])} USD"


def _strips(standard: Standard) -> Iterator[str]:
    for strip in standard.strips:
        if strip.unit is Unit.MONTHS:
            yield f"{strip.count} of {strip.months} months within {strip.within_months} months"
        else:
            kind = "peak " if strip.peak else ""
            some = f"{strip.first} {strip.unit}{'s' if strip.first > 1 else ''}"
            start = f", beginning {some} ahead" if strip.first else ""
            yield f"{strip.count} {kind}{strip.unit}s{start}"


def _settlement(standard: Standard) -> Iterator[tuple[str, str]]:
    product, clauses = standard.terms["product"], standard.terms["clauses"]
    yield (
        "Settlement",
        f"{product['settlement']['method'].capitalize()}. {product['settlement']['says']}",
    )
    against = standard.terms["contract"].get("against_index")
    less = f" less {against}" if against else ""
    cover = ", by which cover is priced" if standard.delivers else ""
    yield "Index", f"{standard.index}{less}{cover}"
    yield "Meter", clauses["meter"]["says"]
    yield "Tolerance", clauses["tolerance"]["says"]


def _failure(clauses: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for n, condition in enumerate(clauses["failure"], 1):
        yield f"Condition {n}", f"{condition['when']}: {_lower(condition['then'])}"
    yield "Remedy", clauses["remedy"]["says"]
    force = clauses["force_majeure"]
    test = "; ".join(
        f"({letter}) {_lower(part)}" for letter, part in zip("abc", force["test"], strict=False)
    )
    excluded = "; ".join(force["excluded"])
    said = force["says"]
    if test:
        said = f"An event excuses when {test}. {said}. Never: {excluded}"
    yield "Force majeure", said


def priced(standard: Standard) -> Section:
    """What is delivered has to conform; what is settled in cash is named, and nothing of it is
    tested: what a grade or a class asks beside binds deliveries.
    """
    terms = standard.terms["slice"]
    if standard.delivers:
        return Section("Conformity", tuple(conformity(terms)))
    if terms["kind"] == "grade":
        return Section("What is priced", tuple(conformity(terms))[:1])
    return Section("The class, where it is delivered", tuple(conformity(terms)))


def conformity(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a grade or a class demands."""
    if terms["kind"] == "grade":
        yield from _grade(terms)
    else:
        yield from _class(terms)


def _grade(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    card, link = terms["accelerator"], terms["interconnect"]
    cluster, test = terms["cluster"], terms["acceptance"]
    memory = f"{card['memory_gigabytes']} GB {card['memory_type']}"
    bandwidth = f"{card['memory_gigabytes_per_second']:,} GB/s"
    yield "Accelerator", f"{card['model']} {card['form_factor']}, {memory} at {bandwidth}"
    node = f"{link['node_gigabytes_per_second']:,} GB/s per accelerator within a node"
    between = f"{link['fabric_gigabits_per_second']} Gbit/s between nodes"
    yield "Interconnect", f"{link['class']}: {node}, {between}. {link['fabric']}"
    yield "Cluster", f"At least {cluster['least_accelerators']} on one fabric. {cluster['host']}"
    burn_in = f"Burn-in {test['burn_in_hours']} hours"
    yield "Acceptance", f"{test['suite']}. {burn_in}. {test['differential']}"
    measures = [
        f"{m['name']} {m['reference']:,} {m['unit']} ({m['origin']})" for m in test["measure"]
    ]
    yield "References", "; ".join(measures)


def _class(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    quality, latency, window = terms["quality"], terms["latency"], terms["window"]
    score = f"at least {percent(quality['least_accuracy'])} of the reference"
    length = f"outputs at least {percent(quality['output_length'])} of its length"
    yield "Quality", f"{quality['benchmark']}; {score}, {length}"
    first, further = latency["first_token_milliseconds"], latency["output_token_milliseconds"]
    promised = f"{first:,} ms to the first token and {further} ms for each further one"
    share = f"{percent(latency['percentile'])} of requests"
    yield "Latency", f"{promised}, {share}. {latency['says']}" if first else "None promised"
    context = terms["context"]
    yield "Context", f"{context['input_tokens']:,} tokens in, {context['output_tokens']:,} out"
    yield "Window", f"{window['says']}; {percent(window['availability'])} of requests answered"
    yield "Count", str(terms["count"])


def _place(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    location = terms["location"]
    yield (
        location["id"],
        f"{location['area']}. Delivery point: {_lower(location['delivery_point'])}",
    )
    if "against" in terms:
        yield "Against", f"{terms['against']['id']}: {terms['against']['title']}"
    blocks = {block["id"]: block["hours"] for block in terms["blocks"].values()}
    yield "Blocks", "; ".join(f"{name}: {_lower(hours)}" for name, hours in sorted(blocks.items()))


def _sources(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for part in ("product", "slice", "clauses"):
        for source in terms[part]["source"]:
            seen.setdefault(source["from"], source["term"])
    for number, (origin, term) in enumerate(seen.items(), 1):
        yield f"[{number}]", f"{term[:1].upper()}{term[1:]}: {origin}"


def _lower(text: str) -> str:
    """A sentence continued: its first letter small, unless it begins with a name."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
