"""`lasalle index`: indices listed, fixed, shown, recomputed, copied out, drawn and told of."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle.client import Asking, Client
from lasalle.indices import ChainMethod, MeanMethod, method_of, published_methods
from lasalle.indices.adoption import Adoption
from lasalle.indices.bundle import Recomputed, recompute
from lasalle.indices.chain import Step
from lasalle.indices.coefficients import estimates
from lasalle.indices.gcp_history import gcp_history
from lasalle.indices.history import replay
from lasalle.indices.index_chart import page, picture
from lasalle.indices.record import Row, Stage
from lasalle.indices.record_file import fixing_json
from lasalle.indices.report import table, told
from lasalle.indices.truth import said, truth_of
from lasalle.institution import family_command
from lasalle.institution import recompute as sealed
from lasalle.institution.evidence import MARKET_FILE
from lasalle.institution.index_bundle import RECORD_FOLDERS, found_bundle, looked_in, store_of
from lasalle.institution.index_desk import (
    EVER,
    IndexDesk,
    chosen,
    dates_told,
    evidence_of,
    fix_mean,
    standing,
)
from lasalle.institution.index_origin import state_before
from lasalle.institution.index_store import IndexStore
from lasalle.institution.settings import PRICES
from lasalle.institution.sources import known_sources
from lasalle.institution.sources.files import file_sources
from lasalle.institution.telling import counted

SAID_EVERY_SECONDS = 2.0
CORRECTIONS_TOLD = (
    "corrections: rows of the record that corrected a final fixing. A replay makes none, for it "
    "reads all evidence as it stands now; 0 where no evidence of a final date changed afterwards"
)


def run(args: argparse.Namespace) -> int:
    """0 when what was asked is so, 1 when something made again differs."""
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": _list,
        "show": _show,
        "fix": _fix,
        "recompute": _recompute,
        "bundle": _bundle,
        "plot": _plot,
        "report": _report,
        "coefficients": _coefficients,
        "sources": family_command.sources,
        "family": family_command.family,
    }
    return verbs[args.what](args)


def _list(args: argparse.Namespace) -> int:
    store = store_of(args.dir)
    if not store.folder.is_dir():
        hint = "lasalle index fix makes them, --dir names another folder"
        print(f"no fixings in {looked_in(args.dir)}: {hint}", file=sys.stderr)
    heads = f"{'index':<20}{'v':>2}  {'last date':<12}{'USD':>12}  {'stage':<12}{'evidence':<11}"
    print(f"{heads}what it is")
    for (index, version), method in sorted(published_methods().items()):
        rows = [r for r in store.record(index).current()
                if r.fixing["method_version"] == version]  # fmt: skip
        if not rows and method is not method_of(index):
            continue  # an earlier version, which nothing here was fixed under
        day, price, stage, truth = _last(rows)
        last = f"{day:<12}{price:>12}  {stage:<12}{truth:<11}"
        print(f"{index:<20}{version:>2}  {last}{method.title}")
    for adopted in store.adoptions():
        print(adoption_told(adopted))
    return 0


def adopt(args: argparse.Namespace, client: Client) -> int:
    """An officer's word that an index goes on under a later version, said to a served house."""
    body = {"index": args.index, "version": args.version, "first": str(args.first), "why": args.why}
    word = Asking("POST", "/v1/adoptions", dict[str, Any], json.dumps(body).encode())
    row = client.ask(word)
    known = {name: row[name] for name in Adoption.__slots__ if name in row}
    known |= {"first": args.first, "hands": tuple(row["hands"])}
    print(adoption_told(Adoption(**known)))
    return 0


def adoption_told(one: Adoption) -> str:
    """A notice in a sentence."""
    hands = " and ".join(f"actor {hand}" for hand in one.hands)
    stands = "agreed" if one.agreed else "not yet in force: a second officer has to say the same"
    return (
        f"{one.index}: version {one.version} instead of {one.before} from {one.first} on, said by "
        f"{hands}, {stands}; table {one.method_sha256[:16]}; {one.why}"
    )


def _last(rows: list[Row]) -> tuple[str, str, str, str]:
    if not rows:
        return "-", "-", "-", "-"
    fixing = rows[-1].fixing
    return fixing["day"], _dollars(fixing["price"]), rows[-1].stage.value, _truth(fixing)


def _truth(fixing: dict[str, Any]) -> str:
    """Whether what a fixing rests on is real or simulated; a date without one rests on nothing."""
    return truth_of(fixing["simulated"]) if fixing["price"] else "-"


def _dollars(price: int) -> str:
    return f"{price // 10**6}.{price % 10**6:06d}" if price else "no fix"


def _show(args: argparse.Namespace) -> int:
    chosen([args.index])
    store = store_of(args.dir, args.index)
    record = store.record(args.index)
    rows = [r for r in record.rows if args.day is None or r.fixing["day"] == str(args.day)]
    if not rows:
        when = f"day: expected a date fixed in {store.folder}, found {args.day}"
        none = f"index: expected fixings in {looked_in(args.dir)}, found none: "
        none += f"lasalle index fix {args.index}, or --dir and the folder of a house"
        raise ValueError(when if record.rows else none)
    if not args.json and (word := said(record.current())):
        print(word)
    for row in rows[-14:]:
        if args.json:
            print(fixing_json(row).decode("ascii"))
            continue
        f = row.fixing
        marks = ", ".join([f["rung"], *f["marks"], *([f["reason"]] if f["reason"] else [])])
        print(
            f"{f['day']}  {_dollars(f['price']):>12}  {_truth(f):<10}{f['status']:<9}"
            f"{row.stage.value:<12}{marks}  {f['offers']} offers of {f['sources']} sources"
        )
        if row.stage is Stage.CORRECTION:
            number = record.rows.index(row) + 1
            print(f"    row {number}, instead of {_dollars(row.old_price)}: {row.why}")
        if args.day is not None:
            _show_more(store, row)
    return 0


def _show_more(store: IndexStore, row: Row) -> None:
    """Digests, what moving it costs, and the evidence."""
    f, cost = row.fixing, row.exposure
    print(f"    method v{f['method_version']} {f['method_sha256']}\n    inputs {f['inputs_root']}")
    for move in (1, 5):
        for way in ("up", "down"):
            paid = cost.get(f"{way}_{move}_micro_dollars")
            if cost:
                said = f"${paid / 1e6:,.0f}" if paid is not None else "not in one date"
                gain = cost[f"gain_{move}_micro_dollars"] / 1e6
                print(f"    {move} % {way}: {said}, for ${gain:,.0f} on {cost['lots']} lots")
    bundle = store.bundle(f["index"], f["day"])
    for line in json.loads(bundle)["rows"] if bundle else ():
        # A made-up row bears the name of the source it stands in for: no keeper said it.
        print(f"    {'simulated: ' * line.endswith('|simulated')}{line}")


def _fix(args: argparse.Namespace) -> int:
    if args.lots < 0:
        raise ValueError(f"--lots: expected a whole number from 0, found {args.lots}")
    if bool(args.correct) is not bool(args.why):
        raise ValueError("--correct, --why: expected both or neither")
    prices, store = args.prices or PRICES, IndexStore(args.dir)
    methods = [standing(store, latest) for latest in chosen(args.indices)]
    chains = [m for m in methods if isinstance(m, ChainMethod)]
    now = time.time_ns()
    if args.live:
        sources = known_sources(prices, args.dir / "cache", os.environ)
    else:
        sources = {source.name: source for source in file_sources(prices)}
    print(f"reading the evidence of {counted(len(sources), 'source')}", file=sys.stderr, flush=True)
    book, missing = evidence_of(sources, chains, 0, min(now, EVER))
    for sentence in missing:
        print(sentence)
    desk, empty = IndexDesk(store, book, now, args.lots), 0
    for number, method in enumerate(methods, 1):
        print(f"fixing {method.index}, {number} of {len(methods)}", file=sys.stderr, flush=True)
        with store.alone():
            rows = _rows(args, store, desk, method, now)
        empty += not store.record(method.index).rows
        print(f"{method.index}: {dates_told(rows)}", flush=True)
    # Whoever runs it by a timer hears that an index has no row for want of its sources.
    return 1 if missing and empty else 0


def _rows(
    args: argparse.Namespace,
    store: IndexStore,
    desk: IndexDesk,
    method: ChainMethod | MeanMethod,
    now: int,
) -> list[Row]:
    """What one index gains by the verb `fix`."""
    if isinstance(method, MeanMethod):
        if args.correct:
            raise ValueError(f"{method.index} v1 is never revised; expected another index")
        observations = gcp_history((args.prices or PRICES) / "gpu_prices" / MARKET_FILE)
        return fix_mean(store, method, observations, now, args.to)
    if args.correct:
        before = state_before(store, method, args.correct)
        return desk.correct(method, args.correct, args.why, before)
    return desk.fix(method, args.to, going=_told_of(method.index))


def _told_of(index: str) -> Callable[[], bool]:
    """Asked before each date of an index: yes, and on stderr from time to time how many there were,
    so that a long one is not silent and stdout stays what programs read."""
    dates, last = 0, time.monotonic()

    def going() -> bool:
        nonlocal dates, last
        if time.monotonic() - last >= SAID_EVERY_SECONDS:
            last = time.monotonic()
            print(f"fixing {index}: {dates} dates", file=sys.stderr, flush=True)
        dates += 1
        return True

    return going


def _recompute(args: argparse.Namespace) -> int:
    (method,) = chosen([args.index])
    mean = isinstance(method, MeanMethod) or args.inputs
    if args.bundle is None and (args.against is not None or mean):
        if args.against is None:
            sealed.mean_of(args.index, args.inputs.read_bytes() if args.inputs else b"")
        if args.day is None and args.against is None:
            raise ValueError("day: expected a date, or --against HOUSE, found neither")
        return sealed.run(args)
    published = _published(args) if args.published else None
    if args.bundle is not None:
        bundle, origin = args.bundle.read_bytes(), ""
    else:
        if args.day is None:
            raise ValueError("day: expected a date, or --against HOUSE, found neither")
        folders = [args.dir] if args.dir else RECORD_FOLDERS
        given = found_bundle(args.index, args.day.isoformat(), args.at, folders)
        bundle, origin = given.bundle, given.origin
        published = published or given.published
    return _compared(args, recompute(bundle, published), origin)


def _compared(args: argparse.Namespace, found: Recomputed, origin: str) -> int:
    """Tells what a bundle gave, fault by fault, and what it was held against."""
    named = (found.told.get("index"), found.told.get("day"))
    wanted = (args.index, str(args.day) if args.day else named[1])
    faults = list(found.faults)
    if named != wanted:
        faults.append(f"bundle: expected one of {wanted[0]} {wanted[1]}, found {named}")
    if faults and origin:
        print(f"bundle: {origin}")
    for fault in faults:
        print(fault)
    if faults:
        print(f"{named[0]} {named[1]}: {counted(len(faults), 'fault')}")
        return 1
    made = found.made
    if origin:
        print(f"bundle: {origin}")
        print(f"method {made['method_sha256']}\ninputs {made['inputs_root']}")
    print(f"{named[0]} {named[1]}: {_dollars(made['price'])} {made['status']}, every bit agrees")
    return 0


def _published(args: argparse.Namespace) -> dict[str, Any]:
    """The fixing told elsewhere: one by itself, or of several that of the date, the latest row."""
    told = _one_after_another(args.published.read_text(encoding="utf-8"))
    rows: Any = told.get("fixings", [told]) if isinstance(told, dict) else told
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or not rows:
        raise ValueError("--published: expected the fields of a fixing, or a list of such")
    if len(rows) == 1:
        return dict(rows[0])
    if args.day is None:
        raise ValueError(f"day: expected which of {len(rows)} published fixings, found none")
    wanted = args.index, str(args.day)
    found: list[dict[str, Any]] = [r for r in rows if (r.get("index"), r.get("day")) == wanted]
    if not found:
        days = sorted({str(row.get("day")) for row in rows})
        expected = f"one of {' '.join(wanted)}"
        raise ValueError(f"--published: expected {expected}, found {days[0]} to {days[-1]}")
    return sorted(found, key=lambda row: int(row.get("number", 0)))[-1]


def _one_after_another(text: str) -> Any:
    """A JSON value; several that follow each other, as `show --json` prints them, as a list."""
    found: list[Any] = []
    at, text = 0, text.strip()
    while at < len(text):
        value, end = json.JSONDecoder().raw_decode(text, at)
        found.append(value)
        at = end + len(text[end:]) - len(text[end:].lstrip())
    return found[0] if len(found) == 1 else found


def _bundle(args: argparse.Namespace) -> int:
    day = args.day.isoformat()
    name, wanted = day, "a date that was fixed"
    if args.row is not None:
        name, wanted = f"{day}.{args.row}", f"a correction in row {args.row}"
    store = store_of(args.dir, args.index)
    bundle = store.bundle(args.index, name)
    if bundle is None:
        where = store.folder if store.record(args.index).rows else looked_in(args.dir)
        raise ValueError(f"{args.index} {day}: expected {wanted} in {where}, found none")
    args.out.write_bytes(bundle)
    print(f"{args.out}: {len(bundle)} bytes")
    return 0


def _plot(args: argparse.Namespace) -> int:
    if not (args.png or args.html):
        raise ValueError("--png, --html: expected a file to draw into, found none")
    (method,) = chosen([args.index])
    record = store_of(args.dir, args.index).record(args.index)
    if not record.rows:
        raise ValueError(
            f"{args.index}: expected a record in {looked_in(args.dir)}, found none: "
            f"lasalle index fix {args.index}, or --dir and the folder of a house"
        )
    for path, draw in ((args.png, picture), (args.html, page)):
        if path:
            path.write_bytes(draw(method.title, record))
            print(path)
    return 0


def _report(args: argparse.Namespace) -> int:
    print(table_of(args.prices or PRICES, args.indices, store_of(args.dir)), end="")
    print(CORRECTIONS_TOLD, file=sys.stderr)
    return 0


def table_of(prices: Path, names: list[str], store: IndexStore | None = None) -> str:
    """The figures of a replay of the files under a folder; an index without any is left out.

    store: records whose corrections are counted.
    """
    methods = [m for m in chosen(names) if isinstance(m, ChainMethod)]
    sources = {source.name: source for source in file_sources(prices)}
    book, missing = evidence_of(sources, methods, 0, EVER)
    if len(book.table) == 0:
        raise ValueError("; ".join(missing) or f"{prices}: expected evidence, found none")
    rows = []
    for method in methods:
        steps: list[Step] = list(replay(method, book))
        if any(s.fixing.price for s in steps):
            rows.append(told(method.index, steps, _corrections(store, method.index)))
    return table(rows)


def _corrections(store: IndexStore | None, index: str) -> int:
    rows = store.record(index).rows if store else []
    return sum(row.stage is Stage.CORRECTION for row in rows)


def _coefficients(args: argparse.Namespace) -> int:
    (method,) = chosen([args.index])
    if not isinstance(method, ChainMethod):
        raise ValueError(f"index: expected one with coefficients, found {args.index}")
    sources = {source.name: source for source in file_sources(args.prices or PRICES)}
    book, missing = evidence_of(sources, [method], 0, EVER)
    for sentence in missing:
        print(sentence)
    print(f"{'kind':<10}{'value':<14}{'published':>12}{'estimate':>12}{'dates':>8}")
    for one in estimates(method, book):
        found = f"{one.ppm}" if one.dates else "-"
        print(f"{one.kind:<10}{one.value:<14}{one.published:>12}{found:>12}{one.dates:>8}")
    return 0
