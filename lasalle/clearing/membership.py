"""Joining: an application, its legal entity identifier, its documents by hash, and what its
jurisdiction may trade. Identities stay in the house's register; the log has a digest.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib import resources
from typing import Any

from lasalle.wire import ProductClass

CLASSES = {
    "cash": ProductClass.FUTURE,
    "option": ProductClass.OPTION,
    "swap": ProductClass.SWAP,
    "physical": ProductClass.PHYSICAL,
}
"""Products as an application names them, and the classes the core knows (INS-014)."""
PRODUCTS = tuple(CLASSES)
LEI = re.compile(r"[A-Z0-9]{18}\d{2}")
FIELDS = {"name", "short", "lei", "jurisdiction", "products", "contact", "documents"}
NEEDED = ("constitution", "accounts", "authority")
"""Documents every application brings, by what they are."""


class ApplicationError(ValueError):
    """An application is not as it has to be, or is refused; says field, expected, found, rule."""


@dataclass(frozen=True)
class Application:
    """A firm that wants to clear. `documents`: SHA-256 of each, by what it is."""

    name: str
    short: str
    lei: str
    jurisdiction: str
    products: tuple[str, ...]
    contact: str
    documents: Mapping[str, str]

    def canonical(self) -> bytes:
        """ASCII JSON with its keys in order: what the digest is of."""
        said = {**asdict(self), "products": list(self.products)}
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")

    @property
    def digest(self) -> bytes:
        """SHA-256 of the application with the hashes of its documents."""
        return sha256(self.canonical()).digest()


@dataclass(frozen=True)
class Screening:
    """What the checks of a firm came to, and who made them under which reference."""

    kyc: str
    sanctions: str
    by: str
    reference: str

    @property
    def passed(self) -> bool:
        """Nothing stands against the firm."""
        return self.kyc == "pass" and self.sanctions == "clear"


def check_lei(text: str) -> str:
    """A legal entity identifier (ISO 17442): 20 characters whose check digits hold (modulo 97 is
    1)."""
    digits = "".join(str(int(c, 36)) for c in text) if LEI.fullmatch(text) else "0"
    if int(digits) % 97 != 1:
        raise ApplicationError(f"lei: expected 20 characters with check digits, found {text!r}")
    return text


def read_application(text: str, files: Mapping[str, bytes]) -> Application:
    """An application in TOML; `files` has the content of each document it names, by its path."""
    try:
        row = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ApplicationError(f"application: expected TOML, found {error}") from error
    if set(row) != FIELDS:
        raise ApplicationError(f"application: expected {sorted(FIELDS)}, found {sorted(row)}")
    for name in ("name", "short", "lei", "jurisdiction", "contact"):
        if not isinstance(row[name], str) or not row[name].isprintable() or not row[name].strip():
            raise ApplicationError(f"{name}: expected a line of text, found {row[name]!r}")
    if not re.fullmatch(r"[!-~]([ -~]{0,30}[!-~])?", row["short"]):
        raise ApplicationError(f"short: expected up to 32 ASCII characters, found {row['short']!r}")
    if not re.fullmatch("[A-Z]{2}", row["jurisdiction"]):
        raise ApplicationError(f"jurisdiction: expected two letters, found {row['jurisdiction']!r}")
    products = row["products"]
    if not isinstance(products, list) or not products or not {*products} <= {*PRODUCTS}:
        raise ApplicationError(f"products: expected some of {PRODUCTS}, found {products!r}")
    documents = row["documents"]
    if not isinstance(documents, dict) or not {*NEEDED} <= {*documents}:
        raise ApplicationError(f"documents: expected {', '.join(NEEDED)}, found {documents!r}")
    hashes = {}
    for what, path in sorted(documents.items()):
        content = files.get(path)
        if not content:
            raise ApplicationError(f"documents: {what}: expected a file, found nothing at {path}")
        hashes[what] = sha256(content).hexdigest()
    return Application(
        name=row["name"],
        short=row["short"],
        lei=check_lei(row["lei"]),
        jurisdiction=row["jurisdiction"],
        products=tuple(p for p in PRODUCTS if p in products),
        contact=row["contact"],
        documents=hashes,
    )


def load_rules() -> dict[str, dict[str, Any]]:
    """The rows of eligibility in force."""
    path = resources.files("lasalle.clearing") / "table" / "eligibility.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def product_set(products: Iterable[str]) -> int:
    """Bits of the product classes that are named."""
    found = 0
    for name in products:
        if name not in CLASSES:
            raise ApplicationError(f"products: expected some of {PRODUCTS}, found {name!r}")
        found |= CLASSES[name]
    return found


def product_names(withheld: int) -> str:
    """The products left when these classes are withheld, in words."""
    return ", ".join(n for n, c in CLASSES.items() if not withheld & c) or "only to reduce"


def check_eligible(one: Application, rules: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuses an application for a product its jurisdiction may not have (CLR-049)."""
    for name, row in rules.items():
        wanted = [p for p in one.products if p in row["products"]]
        if wanted and one.jurisdiction in row["refused"]:
            raise ApplicationError(
                f"products: {', '.join(wanted)} from {one.jurisdiction}: refused by {name}, "
                f"{row['rule']} (CLR-049)"
            )


def read_screening(text: str) -> Screening:
    """The answer of a screening hook: JSON with kyc, sanctions, by and reference."""
    try:
        said = json.loads(text)
        found = Screening(**said)
    except (json.JSONDecodeError, TypeError) as error:
        wanted = "kyc, sanctions, by and reference"
        raise ApplicationError(f"hook: expected {wanted}: {error}") from None
    for name, words in (("kyc", ("pass", "fail", "refer")), ("sanctions", ("clear", "hit"))):
        if getattr(found, name) not in words:
            raise ApplicationError(
                f"hook: {name}: expected one of {', '.join(words)}, found {getattr(found, name)!r}"
            )
    for name in ("by", "reference"):
        value = getattr(found, name)
        if not isinstance(value, str) or not value.strip():
            raise ApplicationError(f"hook: {name}: expected text, found {value!r}")
    return found
