"""Which accelerators the words of a charge are, from tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lasalle.indices.sources.grading import location_of, machines_of

CLOUDS = ("aws", "gcp", "azure")


@dataclass(frozen=True, slots=True)
class Named:
    """What a charge is of: grade and accelerators of the machine, 0 where only its cost counts.
    Without a grade `why` says why not.
    """

    grade: str
    count: int
    name: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """Tables of names, made ready: `hint` finds every charge worth looking at."""

    providers: Mapping[str, str]
    units: Mapping[str, int]
    rows: Mapping[str, tuple[tuple[re.Pattern[str], Named], ...]]
    hint: str

    @property
    def known_providers(self) -> str:
        """Pattern of the providers in the tables."""
        return "^(?:" + "|".join(re.escape(begins) for begins in self.providers) + ")"

    def cloud(self, provider: str) -> str:
        """The cloud a provider's name begins with; empty for none."""
        said = provider.lower()
        for begins, cloud in self.providers.items():
            if said.startswith(begins):
                return cloud
        return ""

    def seconds(self, unit: str) -> int:
        """Seconds of a unit of time; 0 for what is none."""
        return self.units.get(unit.strip().lower(), 0)

    def named(self, cloud: str, text: str) -> Named | None:
        """What the words of a charge are of; None where nothing is found in them."""
        for pattern, found in self.rows[cloud]:
            if pattern.search(text):
                return found
        return None

    def location(self, cloud: str, region: str) -> str | None:
        """Delivery point of a region, written with or without blanks and capitals."""
        return location_of(cloud, region.strip().lower().replace(" ", ""))


def _word(name: str) -> re.Pattern[str]:
    """A machine's name as a whole word; Azure's meters leave `Standard_` away and write blanks."""
    bare = re.sub(r"^Standard_", "", name).replace("_", "[_ ]")
    return re.compile(rf"(?<![\w.-]){'(?:Standard[_ ])?'}(?:{bare})(?![\w-])", re.I)


@cache
def naming(own: str = "") -> Naming:
    """The tables of the house; `own` is TOML of one's own machines, which come first:
    `[machine.aws]` with `"p5.48xlarge" = ["H100-SXM", 8]`. Raises ValueError.
    """
    text = (resources.files("lasalle.hedging") / "table" / "bills.toml").read_text("utf-8")
    table = tomllib.loads(text)
    mine = _own(own)
    rows: dict[str, tuple[tuple[re.Pattern[str], Named], ...]] = {}
    for cloud in CLOUDS:
        whole = {re.escape(name): row for name, row in machines_of(cloud).items()}
        machines = {re.escape(name): row for name, row in mine.get(cloud, {}).items()} | whole
        found = [(_word(name), Named(*row, _plain(name))) for name, row in machines.items()]
        found += [
            (re.compile(one["words"], re.I), Named(one["grade"], int(one["counts"]), one["words"]))
            for one in table["part"]
            if one["cloud"] == cloud
        ]
        found += [
            (_word(name), Named("", 0, _plain(name), why))
            for name, why in table["ungraded"].get(cloud, {}).items()
        ]
        rows[cloud] = tuple(found)
    hint = "|".join([table["hint"]["words"], *(p.pattern for r in rows.values() for p, _ in r)])
    providers = {name.lower(): cloud for name, cloud in table["provider"].items()}
    return Naming(providers, table["unit"], rows, _for_re2(hint))


def _plain(pattern: str) -> str:
    return re.sub(r"\\(.)", r"\1", pattern)


def _for_re2(pattern: str) -> str:
    """The same without what looks around: it finds a little more, which is then looked at."""
    return re.sub(r"\(\?<?!\[[^\]]*\]\)", "", pattern)


def _own(text: str) -> dict[str, dict[str, tuple[str, int]]]:
    """Machines of one's own by cloud. Raises ValueError."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"machines: expected TOML, found {error}") from error
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for cloud, rows in raw.get("machine", {}).items():
        if cloud not in CLOUDS or not isinstance(rows, dict):
            raise ValueError(f"machine.{cloud}: expected one of {', '.join(CLOUDS)}")
        for name, row in rows.items():
            match row:
                case [str(grade), int(count)] if grade and 1 <= count <= 1024:
                    found.setdefault(cloud, {})[name] = grade, count
                case _:
                    raise ValueError(
                        f'machine.{cloud}."{name}": expected ["GRADE", accelerators], found {row}'
                    )
    if set(raw) - {"machine"}:
        raise ValueError(f"expected [machine.CLOUD] alone, found {', '.join(raw)}")
    return found
