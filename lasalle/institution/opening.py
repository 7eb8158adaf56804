"""Opening a production house: empty but for its operators, who bring public keys of their own."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lasalle import wire
from lasalle.gateway.keys import SCOPES, key_name
from lasalle.institution.day import refused
from lasalle.institution.house import open_house
from lasalle.institution.settings import FILE, Settings, write_settings
from lasalle.venue.sequencer import Asked

PUBLIC_BYTES = 32
MEMBER_ROLES = wire.Role.TRADER | wire.Role.RISK | wire.Role.SETTLEMENT


def member_commands(
    member: int, actor: int, name: str
) -> tuple[wire.RegisterMember, wire.RegisterActor, wire.OpenAccount]:
    """A member with one actor and one house account, which bears the member's number."""
    return (
        wire.RegisterMember(member=member, name=name),
        wire.RegisterActor(registered=actor, member=member, roles=int(MEMBER_ROLES)),
        wire.OpenAccount(
            account=member,
            member=member,
            account_kind=wire.AccountKind.HOUSE,
            owner=member,
            position_limit=200_000,
            order_lots_limit=20_000,
            order_value_limit=10**15,
        ),
    )


def make_key(path: Path) -> str:
    """Writes a key of one's own to a file nobody else reads; gives its public half in hexadecimal.

    Raises FileExistsError rather than overwrite a key.
    """
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    content = {
        "key": key_name(public),
        "secret": private.private_bytes_raw().hex(),
        "public": public.hex(),
    }
    write_secret(path, content)
    return public.hex()


def write_secret(path: Path, content: Mapping[str, Any]) -> None:
    """Writes a key to a new file nobody else reads. Raises FileExistsError."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileExistsError(
            f"{path}: expected a new file, found one; a key is never overwritten"
        ) from None
    with os.fdopen(handle, "w") as file:
        file.write(json.dumps(content) + "\n")


def read_public(text: str) -> bytes:
    """The public half of an Ed25519 key, from hexadecimal."""
    if re.fullmatch(rf"[0-9a-fA-F]{{{2 * PUBLIC_BYTES}}}", text) is None:
        raise ValueError(
            f"public half: expected {2 * PUBLIC_BYTES} hexadecimal digits, as lasalle keygen "
            f"prints them, found {text!r}"
        )
    return bytes.fromhex(text)


def read_operators(words: list[str]) -> dict[int, bytes]:
    """Operators as NUMBER:PUBLIC, the public half of an Ed25519 key in hexadecimal."""
    found: dict[int, bytes] = {}
    for word in words:
        number, _, public = word.partition(":")
        try:
            key = bytes.fromhex(public)
        except ValueError:
            key = b""
        if not (number.isascii() and number.isdigit() and int(number) and len(key) == PUBLIC_BYTES):
            raise ValueError(f"operator: expected NUMBER:64 hexadecimal digits, found {word!r}")
        if int(number) in found or key in found.values():
            raise ValueError(f"operator {number}: expected different numbers and different keys")
        found[int(number)] = key
    return found


def open_production(folder: Path, name: str, operators: Mapping[int, bytes]) -> list[str]:
    """Makes an empty house in a folder, and opens it for its operators when they are named; gives
    the names of their keys. No member, no price, and no secret is made.
    """
    if 0 < len(operators) < 2:
        raise ValueError("operators: expected none or at least 2, found 1 (INS-001)")
    house = open_house(folder)
    try:
        if house.journal.last:
            raise ValueError(f"{folder}: expected an empty folder, found a house")
        if not (folder / FILE).exists():
            write_settings(folder, Settings())
        if not operators:
            return []
        numbers = tuple(wire.ActorNumber(n) for n in operators)
        newest = wire.SCHEMA_VERSION
        genesis = Asked(0, wire.Genesis(name=name, operators=numbers, behaviour=newest))
        problem = refused([genesis], [house.ask(0, genesis.command)])
        if problem:
            raise ValueError(problem)
        return [house.keys.admit(n, public, SCOPES) for n, public in operators.items()]
    finally:
        house.close()
