"""Trials of suppliers without an endpoint: rows and audits drawn from a seed, judged by the very
functions that judge real ones. SIMULATED: only the judgement is real. Times are drawn around those
of the small real endpoint; gaps so that their mean and the share that is not zero are those measured
there (0.0035 nats and 0.033 between two builds of the honest engine; 0.205 and 0.225 at the mildest
weights that were cheaper).
"""  # noqa: E501

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from hashlib import sha256

from lasalle.delivery.auditing import MICRO, audited
from lasalle.delivery.charges import Charge, Seen, charges
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.meter_book import MeterBook, Sighting
from lasalle.delivery.readings import WorkReading
from lasalle.delivery.rows import Mark
from lasalle.delivery.terms import Side
from lasalle.institution.metering.suppliers import Conduct, altered

REQUESTS, AUDITED = 64, 192
"""Requests of an interval, which are the ones planned, and tokens audited in it."""
US, MS = 1_000_000, 1_000_000
START = 1_790_000_000 * US
PPM = 1_000_000
HONEST_GAPS, CHEAPER_GAPS = (0.033, 0.107), (0.225, 0.913)
"""Share of tokens with a gap, and its mean in nats."""
SPEC = made_specification(
    input_counts="uncached_only", planned=REQUESTS, slo_ppm=900_000, ttft_ns=1_200 * MS,
)  # fmt: skip
TERMS = metered_terms(SPEC, START)
LATE, LEFT_EARLY, FAILS = 0.03, 0.02, 0.01
"""Of an honest supplier's requests: late, left by the client with other counts at either meter,
failed."""


@dataclass(frozen=True)
class Tally:
    """Trials of one conduct: how often it was charged with anything, and with what it does."""

    conduct: Conduct
    due: Charge | None
    trials: int
    charged: int
    caught: int

    @property
    def wrong_ppm(self) -> int:
        """False alarms of an honest supplier, misses of another, in millionths."""
        wrong = self.charged if self.due is None else self.trials - self.caught
        return wrong * PPM // self.trials


def conducts() -> list[tuple[Conduct, Charge | None]]:
    """What is tried, each by its strengths, mildest first."""
    found: list[tuple[Conduct, Charge | None]] = [(Conduct(), None)]
    found.append((Conduct("cheaper quantisation", coarse_bits=3), Charge.MODEL))
    for ppm in (5_000, 20_000, 120_000):
        name = f"padded tokens, {ppm / PPM:.1%}"
        found.append((Conduct(name, pad_ppm=ppm), Charge.TOKENS))
    for tokens in (1, 40):
        name = f"hidden prompt billed, {tokens} tokens"
        found.append((Conduct(name, hidden_prompt=tokens), Charge.PROMPT))
    found.append((Conduct("cached prompts billed", bills_cached=True), Charge.CACHED))
    for ppm in (100_000, 200_000, 300_000):
        name = f"slow tail, {ppm / PPM:.0%} of requests"
        found.append((Conduct(name, slow_ppm=ppm, slow_s=2.0), Charge.SLOW))
    for ppm in (150_000, 300_000):
        name = f"rate limited, {ppm / PPM:.0%} of requests"
        found.append((Conduct(name, refuse_ppm=ppm), Charge.REFUSED))
    for after in (60, 32):
        name = f"reclaimed after {after} of {REQUESTS}"
        found.append((Conduct(name, reclaim_after=after), Charge.RECLAIMED))
    for ppm in (400_000, 700_000):
        name = f"replayed answers, {ppm / PPM:.0%}"
        found.append((Conduct(name, replay_ppm=ppm), Charge.REPLAYED))
    for ppm in (10_000, 100_000):
        name = f"lying usage counts, {ppm / PPM:.0%}"
        found.append((Conduct(name, usage_ppm=ppm), Charge.USAGE))
    return found


def tallied(conduct: Conduct, due: Charge | None, trials: int, seed: int = 0) -> Tally:
    """So many trials of one conduct."""
    charged = caught = 0
    for number in range(trials):
        found = charges(drawn(conduct, random.Random(f"{seed} {conduct.name} {number}")), SPEC)
        charged += bool(found)
        caught += due in found
    return Tally(conduct, due, trials, charged, caught)


def drawn(conduct: Conduct, chance: random.Random) -> Seen:
    """The evidence of one interval."""
    buyer, supplier = (MeterBook(TERMS, n, made_key(s.value), SPEC) for n, s in _SIDES)
    claimed = counted = answers = 0
    change = altered(conduct)
    for number in range(REQUESTS):
        sighting = _sighting(conduct, chance, number)
        buyer.take(sighting)
        left = chance.random() < LEFT_EARLY and sighting.ids
        # The client left: what was under way reached the one meter and not yet the other.
        more = list(sighting.ids) + [7] * chance.randrange(1, 3) if left else sighting.ids
        supplier.take(replace(sighting, ids=more))
        supplier.rows[-1] = change(supplier.work_rows[-1])
        if sighting.ids:
            honest = sighting.prompt + len(sighting.ids)
            counted, answers = counted + honest, answers + 1
            claimed += (honest + 1) * (PPM + conduct.usage_ppm) // PPM
    rows = buyer.work_rows
    share, mean = CHEAPER_GAPS if conduct.coarse_bits else HONEST_GAPS
    gaps = [
        round(chance.expovariate(1 / mean) * MICRO) if chance.random() < share else 0
        for _ in range(AUDITED)
    ]
    return Seen(_read(buyer), _read(supplier), rows, audited(gaps), claimed, counted, answers)


_SIDES = ((1, Side.BUYER), (2, Side.SUPPLIER))


def _read(book: MeterBook) -> WorkReading:
    reading = book.close(START + 3_600 * US, f"{book.meter:032x}").statement
    assert isinstance(reading, WorkReading)
    return reading


def _sighting(conduct: Conduct, chance: random.Random, number: int) -> Sighting:
    at = START * 1_000 + number * 50_000 * MS
    wait = int(math.exp(chance.gauss(math.log(430), 0.3)) * MS)
    if chance.random() < LATE:
        wait += 1_500 * MS
    if chance.randrange(PPM) < conduct.slow_ppm:
        wait += int(conduct.slow_s * 1_000) * MS
    prompt, count = 20 + chance.randrange(200), 4 + chance.randrange(60)
    gone = 0 < conduct.reclaim_after <= number
    if gone or chance.random() < FAILS or chance.randrange(PPM) < conduct.refuse_ppm:
        status = 503 if gone else 429
        return Sighting(f"{number:032x}", f"{number:064x}", at, at, 0, at + MS, status,
                        marks=Mark.ERROR)  # fmt: skip
    replayed = number > 0 and chance.randrange(PPM) < conduct.replay_ppm
    word = "the first answer" if replayed else f"answer {number}"
    count = 20 if replayed else count
    text = (word + " ") * (1 + count // 4)
    ids = [number if not replayed else 0] * count
    cached = prompt // 2 // 16 * 16 if number % 3 else 0
    return Sighting(
        f"{number:032x}", sha256(b"%d" % number).hexdigest(), at, at, at + wait,
        at + wait + count * 40 * MS, 200, text, ids, prompt, cached, "stop",
    )  # fmt: skip


def table(trials: int, seed: int = 0) -> list[Tally]:
    """Every conduct."""
    return [tallied(conduct, due, trials, seed) for conduct, due in conducts()]


def told(tallies: list[Tally]) -> list[str]:
    """The table in words, a line each."""
    head = f"{'supplier':34} {'charged with':24} {'trials':>6}"
    lines = [f"{head} {'false alarms':>12} {'misses':>7}"]
    for one in tallies:
        alarms = str(one.charged) if one.due is None else "-"
        misses = "-" if one.due is None else str(one.trials - one.caught)
        due = one.due.value if one.due else "nothing"
        lines.append(f"{one.conduct.name:34} {due:24} {one.trials:>6} {alarms:>12} {misses:>7}")
    return lines
