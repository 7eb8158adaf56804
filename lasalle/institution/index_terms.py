"""What a term sheet says of an index: read from the table of its method and nowhere else, so that a
sheet promises what the index keeps.
"""

from __future__ import annotations

from functools import cache

from lasalle.contracts import Standard, load_catalogue
from lasalle.contracts.sheet import Section
from lasalle.indices import ChainMethod, MeanMethod, method_of
from lasalle.indices.evidence import PriceType, Unit
from lasalle.indices.fixed_point import MILLION, amount_of, log_of
from lasalle.indices.manipulation import MOVES_PPM
from lasalle.indices.published import HULL_VERSION, PUBLISHER_VERSION, Least
from lasalle.indices.sources.source import NEVER_RUN_LIVE
from lasalle.institution.settings import PRICES
from lasalle.institution.sources import known_sources

TENORS = {0: "spot", 1: "on demand", 365: "one year", 1_095: "three years"}
SIZES = {Unit.GPU_HOUR: "accelerators", Unit.MILLION_TOKENS: "million tokens"}


def index_section(standard: Standard) -> Section | None:
    """The index a standard settles on in cash; None where it is delivered, and where a later
    version of the product stands beside it: what such a series settles on is on its log.
    """
    newest = load_catalogue().latest(standard.product).terms["version"]
    if standard.delivers or standard.version != newest:
        return None
    rows = list(index_rows(standard.index))
    against = standard.terms["contract"].get("against_index")
    if against:
        rows.append(("Taken away", dict(index_rows(against))["Evidence"]))
    return Section("The index", tuple(rows))


def index_rows(index: str) -> tuple[tuple[str, str], ...]:
    """Terms of an index under the latest version of its method, each a label and what it says."""
    method = method_of(index)
    return _of_one_list(method) if isinstance(method, MeanMethod) else _of_a_chain(method)


def _of_one_list(method: MeanMethod) -> tuple[tuple[str, str], ...]:
    return (
        (
            "Evidence",
            f"{method.index}, version {method.version}: {method.source}, and nothing else",
        ),
        ("Fallback", "The last fixing, marked as carried, for as long as nothing is observed"),
        ("Final", "When it is published, 30 minutes after the date; never corrected"),
        ("Moving it", "No cost is published: one provider sets the price"),
    )


def _of_a_chain(method: ChainMethod) -> tuple[tuple[str, str], ...]:
    grades, places, tenors = (
        ", ".join(_named(key) for key in method.coefficients[kind] if key != "")
        for kind in ("grade", "location", "tenor")
    )
    at = f" in {places}" if places else ""
    tiers = "; then ".join(_tier(method, tier, least) for tier, least in method.tiers.items())
    sources = ", ".join(sorted(method.sources))
    unseen = ", ".join(never_run(method))
    return (
        (
            "Evidence",
            f"{method.index}, version {method.version}: {grades}{at}, {tenors}, from {sources}"
            + (f". Never run live: {unseen}" if unseen else ""),
        ),
        (
            "Hierarchy",
            f"{tiers[0].upper()}{tiers[1:]}. Offers are matched with themselves: what enters or "
            "leaves moves nothing",
        ),
        ("Weights", _weights(method)),
        ("Level", _level(method)),
        ("Fallback", _fallback(method)),
        ("Shortage", _shortage(method)),
        (
            "Final",
            f"Provisional {method.provisional // 60_000_000_000} minutes after the date, final "
            f"{method.challenge_hours} hours later; a correction is a row of its own",
        ),
        (
            "Moving it",
            "What it would cost to move a fixing by "
            f"{' and '.join(f'{move // 10_000} %' for move in MOVES_PPM)} stands beside each",
        ),
    )


@cache
def _live() -> dict[str, str]:
    """Whether each source was ever run live, by name."""
    return {name: source.live for name, source in known_sources(PRICES, None, {}).items()}


def never_run(method: ChainMethod) -> list[str]:
    """Sources of a method whose connectors have met recorded answers alone; AWS's regions as one.
    """
    found = sorted(name for name in method.sources if _live().get(name) == NEVER_RUN_LIVE)
    return list(dict.fromkeys("aws-spot" if n.startswith("aws-spot-") else n for n in found))


def _named(key: str | int) -> str:
    return TENORS.get(key, f"{key} days") if isinstance(key, int) else key


def _tier(method: ChainMethod, tier: PriceType, least: Least) -> str:
    sized = f", {least.size:,} {SIZES[method.unit]} together" if least.size else ""
    sources = f"{least.sources} source{'s' if least.sources > 1 else ''}"
    return f"{tier.name.lower()} prices of {least.offers} offers of {sources} at least{sized}"


def _level(method: ChainMethod) -> str:
    corridor, step = (_percent(log) for log in (method.corridor, method.step))
    said = f"Further than {corridor} from the prices long standing it is led back"
    if method.version >= HULL_VERSION and method.hull is not None:
        said += f", and so when it lies {_percent(method.hull)} outside all of them"
    said = f"{said}, by {step} a date at most, and marked as anchored"
    if method.version >= PUBLISHER_VERSION:
        said += "; one outside all of its prices says so"
    return said


def _percent(log: int) -> str:
    """A ratio above one, in per cent."""
    ppm = amount_of(log + log_of(MILLION)) - MILLION
    return f"{ppm / 10_000:g} %"


def _fallback(method: ChainMethod) -> str:
    stale = (
        f"; list prices of the last {method.stale_days} days, marked as stale"
        if method.stale_days > method.wider_days
        else ""
    )
    return (
        f"Offers of the last {method.wider_days} days stand beside those of the date, marked as "
        f"carried where the date has none{stale}; after more than {method.match_days} silent days "
        "the chain begins anew, marked; else there is no fixing, with its reason"
    )


def _weights(method: ChainMethod) -> str:
    source, offer = (f"{cap / 10_000:g} %" for cap in (method.source_cap, method.offer_cap))
    if not method.publishers:
        return f"No source above {source}, no offer above {offer} of its source, where enough do"
    return (
        f"No publisher above {method.publisher_cap / 10_000:g} %, no source above {source} of its "
        f"publisher, no offer above {offer} of its source, where enough stand beside it; one "
        "publisher alone is all of the fixing"
    )


def _shortage(method: ChainMethod) -> str:
    if not method.cover_tenors:
        return "A date on which offers were asked for and none was to be had has no fixing"
    tenors = ", ".join(_named(tenor) for tenor in sorted(method.cover_tenors))
    return f"The price of cover ({tenors}), never below the last fixing, marked as a shortage"
