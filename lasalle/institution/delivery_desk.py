"""`lasalle delivery`: a delivery metered, made up, proved, verified, and cosigned by a party."""

from __future__ import annotations

import json
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import msgspec

from lasalle.client import Asking, Client
from lasalle.client.clients import trusted
from lasalle.delivery.bundle import Published, bundle
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.faults import Breach, EvidenceRefused
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.made import MadeUp
from lasalle.delivery.notes import read_note
from lasalle.delivery.terms import Product, Side, Specification, Terms, checked
from lasalle.delivery.tiles import Read
from lasalle.delivery.tree import consistency_proof
from lasalle.delivery.verifying import Verdict, verify
from lasalle.institution import obligations_desk
from lasalle.institution.delivery_store import DELIVERIES_PATH, FOLDER, DeliveryStore
from lasalle.institution.index_store import lay_down
from lasalle.institution.named_file import MOST_FILE_BYTES, content_of, secret_of, text_of
from lasalle.venue.shelf import FolderShelf, read_file

SECONDS = 30.0
MOST_INTERVALS = 100_000
MOST_TRIALS = 100_000
A_REQUEST = 16


def run(args: Any, client: Client | None = None) -> int:
    """Carries out a verb. Raises ValueError."""
    if args.what == "custody":
        return int(import_module("lasalle.institution.custody_desk").run(args, client))
    if client is not None:
        asked = {"cosign": _cosign, "send": _send}.get(args.what, obligations_desk.run)
        return asked(args, client)
    verbs = {
        "make-up": _make_up, "prove": _prove, "verify": _verify, "meter": _meter,
        "honesty": _honesty, "begin-log": _begin_log, "capacity": _of_capacity,
        "template": _of_capacity, "attest": _of_capacity,
    }  # fmt: skip
    return verbs[args.what](args)


def _make_up(args: Any) -> int:
    if args.dir.exists() and any(args.dir.iterdir()):
        raise ValueError(f"{args.dir}: expected a folder that is empty or not there")
    if not 1 <= args.intervals <= MOST_INTERVALS:
        raise ValueError(f"--intervals: expected 1 to {MOST_INTERVALS}, found {args.intervals}")
    shelf = FolderShelf(args.dir)
    made = MadeUp(shelf, Product(args.product), args.intervals)
    made.run()
    for (meter, number), rows in made.rows.items():
        path = rows_path(args.dir / "rows", meter, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(row + b"\n" for row in rows))
    shelf.close()
    print(f"{args.dir}: a delivery that is made up: {args.intervals} minutes of {args.product},")
    print(f"  {made.log.log.size} entries, terms {made.terms.sha256}")
    return 0


def rows_path(folder: Path, meter: int, number: int) -> Path:
    """Where the rows of a reading lie, a line each."""
    return folder / str(meter) / f"{number:08d}.rows"


def _prove(args: Any) -> int:
    if args.log.startswith(("http://", "https://")):
        read, sizes = _over_http(args.log.rstrip("/"))
    else:
        read, sizes = folder_reader(Path(args.log))
    try:
        log = Published(read, sizes)
        without = Side(args.without) if args.without else None
        lines = b"".join(bundle(log, _rows_of(args.rows) if args.rows else None, without))
    except EvidenceRefused as error:
        raise ValueError(f"{args.log}: {error}") from error
    lay_down(args.out, lines)
    size = log.cosigned(without)[-1].checkpoint.size
    whose = f"all but the {without}" if without else "both parties"
    print(f"{args.out}: {size} entries under a checkpoint {whose} cosigned")
    print(f"  terms {log.terms.sha256}")
    word = f" --without {without}" if without else ""
    print(f"  verify it: lasalle delivery verify {args.out}{word}")
    return 0


def folder_reader(folder: Path) -> tuple[Read, list[int]]:
    """Files of a log in a folder, and the sizes of its checkpoints; nothing is written."""
    kept = folder / "checkpoints"
    sizes = [int(p.name) for p in kept.iterdir() if p.name.isdigit()] if kept.is_dir() else []
    return lambda name: read_file(folder, name), sizes


def _over_http(address: str) -> tuple[Read, list[int]]:
    """Files of a log that a house publishes under an address."""
    client = httpx.Client(timeout=SECONDS, verify=trusted(address))

    def read(name: str) -> bytes | None:
        answer = client.get(f"{address}/{name}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        answer.raise_for_status()
        return answer.content

    sizes: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        told = client.get(f"{address}/checkpoints", params={"cursor": cursor} if cursor else None)
        told.raise_for_status()
        sizes += [int(row["size"]) for row in told.json()["checkpoints"]]
        cursor = told.json()["next"]
    return read, sizes


def _rows_of(folder: Path) -> Any:
    def rows(meter: int, number: int) -> list[bytes] | None:
        path = rows_path(folder, meter, number)
        if not path.exists():
            return None
        return content_of(path, MOST_FILE_BYTES).split(b"\n")[:-1]

    return rows


def _verify(args: Any) -> int:
    known = []
    for path in args.checkpoint:
        try:
            known.append(read_note(content_of(path), str(path)))
        except EvidenceRefused as error:
            raise ValueError(str(error)) from error
    content = content_of(args.bundle, MOST_FILE_BYTES)
    verdict = verify(
        content, terms_sha256=args.terms, known=known, part=args.part,
        without=Side(args.without) if args.without else None,
    )  # fmt: skip
    if args.json:
        print(json.dumps(verdict_row(verdict)))
    else:
        _tell(verdict, args)
    return 0 if verdict.sound else 1


def verdict_row(verdict: Verdict) -> dict[str, Any]:
    """A verdict for programs."""
    return {
        "sound": verdict.sound,
        "whole": verdict.whole,
        "terms": verdict.terms.sha256 if verdict.terms else None,
        "entries": verdict.entries,
        "readings": verdict.readings,
        "rows": verdict.rows,
        "checkpoints": verdict.checkpoints,
        "dated_to_s": verdict.dated_to_s,
        "totals": [msgspec.structs.asdict(one) for one in verdict.totals],
        "faults": [_breach_row(b) for b in verdict.breaches],
        "set_aside": [{"entry": s.entry, **_breach_row(s.breach)} for s in verdict.set_aside],
    }


def _breach_row(breach: Breach) -> dict[str, Any]:
    return {"fault": breach.fault.value, "rule": breach.rule, "where": breach.where,
            "field": breach.field, "expected": breach.expected, "found": breach.found}  # fmt: skip


def _tell(verdict: Verdict, args: Any) -> None:
    if verdict.terms is not None:
        print(f"contract {verdict.terms.contract}, {verdict.terms.product.value}, log "
              f"{verdict.terms.origin}")  # fmt: skip
        named = "as the contract names them" if args.terms else "hold them against the contract"
        print(f"terms {verdict.terms.sha256} ({named})")
    print(f"{verdict.entries} entries, {verdict.readings} readings, {verdict.rows} rows shown, "
          f"{verdict.checkpoints} checkpoints")  # fmt: skip
    if verdict.terms is not None:
        print(f"dated: {verdict.dated}")
    for one in verdict.totals:
        sums = ", ".join(f"{name} {value}" for name, value in one.sums.items() if value)
        print(f"meter {one.meter} ({one.side}): {one.readings} readings, {one.rows} rows, "
              f"{one.errors} errors, {sums or 'nothing read'}")  # fmt: skip
    if verdict.sound:
        print("SOUND: every look held" + ("" if verdict.whole else "; the delivery is under way"))
    for breach in verdict.breaches:
        print(f"FAULT {breach}")
    for said in verdict.set_aside:
        print(f"SET ASIDE {said.breach}")


def _send(args: Any, client: Client) -> int:
    """Signed readings of a meter's folder, in order, a few at a time."""
    folder = args.dir / "entries"
    names = sorted(p.name for p in folder.iterdir() if p.name.isdigit()) if folder.is_dir() else []
    waiting = [name for name in names if int(name) > args.after]
    path = f"{DELIVERIES_PATH}/{args.contract}/entries"
    for first in range(0, len(waiting), A_REQUEST):
        entries = [text_of(folder / name) for name in waiting[first : first + A_REQUEST]]
        body = json.dumps({"entries": entries}).encode()
        client.ask(Asking("POST", path, dict, body=body, repeatable=True))
    last = int(names[-1]) if names else 0
    print(f"{len(waiting)} readings entered into the log of {args.contract}, the last {last}")
    return 0


def _of_capacity(args: Any) -> int:
    return int(import_module("lasalle.institution.capacity_desk").run(args))


def _begin_log(args: Any) -> int:
    """The log of a delivery under the key of a house, on the machine of the house."""
    if not args.house.is_dir():
        raise ValueError(f"{args.house}: expected the folder of a house, found none")
    store = DeliveryStore(args.house)
    try:
        terms, specification = _agreed(args, store.key().public.hex())
        parties = dict(_party(word) for word in args.party)
        names = {one.name for one in terms.cosigners}
        if set(parties) != names:
            raise ValueError(f"--party: expected {sorted(names)}, found {sorted(parties)}")
        store.begin(terms, parties, specification)
        store.publish(terms.contract)
    except (EvidenceRefused, msgspec.ValidationError) as error:
        raise ValueError(f"{args.terms}: {error}") from error
    except BlockingIOError:
        raise ValueError(f"{args.terms}: the house has this log open already") from None
    finally:
        store.close()
    print(f"{args.house / FOLDER / str(terms.contract)}: the log of delivery {terms.contract}")
    print(f"  terms {terms.sha256}")
    return 0


def _agreed(args: Any, log_key: str) -> tuple[Terms, Specification | None]:
    """Terms and method from their files. Raises ValueError, EvidenceRefused, ValidationError."""
    said = json.loads(text_of(args.terms))
    if not isinstance(said, dict):
        raise ValueError(f"{args.terms}: expected the terms as an object, found another")
    specification = None
    if args.method is not None:
        method = json.loads(text_of(args.method))
        specification = msgspec.convert(method, Specification)
        said["method"] = specification.sha256
    return checked(msgspec.convert({**said, "log_key": log_key}, Terms)), specification


def _party(word: str) -> tuple[str, int]:
    """A party's name and the actor that speaks under it."""
    name, _, actor = word.rpartition("=")
    if not name or not actor.isdigit():
        raise ValueError(f"--party: expected NAME=ACTOR, found {word}")
    return name, int(actor)


def _honesty(args: Any) -> int:
    if not 1 <= args.trials <= MOST_TRIALS:
        raise ValueError(f"--trials: expected 1 to {MOST_TRIALS}, found {args.trials}")
    simulated = import_module("lasalle.institution.metering.simulated")
    print("SIMULATED: rows and audits are drawn from a seed, judged as real ones are")
    for line in simulated.told(simulated.table(args.trials, args.seed)):
        print(line)
    return 0


def _meter(args: Any) -> int:
    metering = import_module("lasalle.institution.metering.running")
    read = (
        _over_http(args.log.rstrip("/"))[0]
        if args.log.startswith(("http://", "https://"))
        else folder_reader(Path(args.log))[0]
    )
    try:
        secret = secret_of(args.secret)
        setting = metering.Setting(
            args.dir, args.meter, secret, args.upstream, args.port, args.model, args.cut_short
        )
        return int(metering.run(setting, *metering.what_is_metered(read)))
    except EvidenceRefused as error:
        raise ValueError(f"{args.log}: {error}") from error
    except BlockingIOError:
        raise ValueError(f"{args.dir}: another meter writes there") from None


def _cosign(args: Any, client: Client) -> int:
    """Looks that the log grew from what this party cosigned last; then signs, and tells the
    house."""
    address = f"{args.at}{DELIVERIES_PATH}/{args.contract}"
    secret = secret_of(args.secret)
    seen = Seen.read(content_of(args.seen)) if args.seen.exists() else Seen()
    read, _ = _over_http(address)
    try:
        log = Published(read, [])
        if args.terms not in ("", log.terms.sha256):
            found = log.terms.sha256
            raise ValueError(f"--terms: expected {args.terms}, found {found} in the log (DEL-009)")
        size = log.newest.checkpoint.size
        proof = consistency_proof(min(seen.size, size), size, log.tiles.node)
        party = Cosigning(log.terms, args.name, SigningKey(secret))
        after, line = party.cosigned(seen, log.newest, proof, int(time.time()))
    except EvidenceRefused as error:
        raise ValueError(str(error)) from error
    lay_down(args.seen, after.content)
    # The first that was kept stands, and is what is sent again.
    own = (line.name, line.key_id)
    line = next((one for one in log.newest.lines if (one.name, one.key_id) == own), line)
    body = json.dumps({"size": size, "line": line.text.removesuffix("\n")}).encode()
    path = f"{DELIVERIES_PATH}/{args.contract}/cosignatures"
    client.ask(Asking("POST", path, dict, body=body, repeatable=True))
    print(f"checkpoint {size} of {log.terms.origin}: cosigned as {args.name}")
    return 0
