"""Checkpoints of a log: notes in the form C2SP calls signed-note, with the cosignatures of
tlog-cosignature, which say when a party saw the log grow to that size and no other way."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from lasalle.delivery.faults import Fault, refused
from lasalle.delivery.keys import SIGNATURE_BYTES, SigningKey, signed_by
from lasalle.delivery.terms import Cosigner, Terms

SIGNS = 0x01
"""Ed25519 over the text, by the log."""
COSIGNS = 0x04
"""Ed25519 over a time and the text, by one who saw every checkpoint before it."""
MOST_LINES = 32
MOST_NOTE_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Size and root of a log, as its text says."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> bytes:
        """What is signed."""
        root = base64.b64encode(self.root).decode("ascii")
        return f"{self.origin}\n{self.size}\n{root}\n".encode("ascii")


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature of a note: who, under which key, what."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The line, with its end."""
        told = base64.b64encode(self.key_id + self.signature).decode("ascii")
        return f"\u2014 {self.name} {told}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint and its signatures."""

    checkpoint: Checkpoint
    lines: tuple[SignatureLine, ...]

    @property
    def content(self) -> bytes:
        """The note as it is kept and served."""
        return self.checkpoint.text + b"\n" + "".join(x.text for x in self.lines).encode("utf-8")

    def with_line(self, line: SignatureLine) -> Note:
        """The same with one more signature, in place of an older one of the same key."""
        kept = [x for x in self.lines if (x.name, x.key_id) != (line.name, line.key_id)]
        return Note(self.checkpoint, (*kept, line))


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """Four bytes that say which key and algorithm a line is of."""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def verifier_key(name: str, algorithm: int, public: bytes) -> str:
    """A key as other programs of C2SP take it."""
    told = base64.b64encode(bytes([algorithm]) + public).decode("ascii")
    return f"{name}+{key_id(name, algorithm, public).hex()}+{told}"


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> Note:
    """A checkpoint signed by its log, under the name of its origin."""
    name = checkpoint.origin
    line = SignatureLine(name, key_id(name, SIGNS, key.public), key.sign(checkpoint.text))
    return Note(checkpoint, (line,))


def cosign(checkpoint: Checkpoint, name: str, key: SigningKey, seconds: int) -> SignatureLine:
    """A cosignature at an instant, seconds since 1970. Who makes one has seen that the log grew to
    this from the last one it cosigned: `cosigner.Cosigner` looks."""
    signature = key.sign(cosigned_text(checkpoint, seconds))
    stamp = seconds.to_bytes(8, "big")
    return SignatureLine(name, key_id(name, COSIGNS, key.public), stamp + signature)


def cosigned_text(checkpoint: Checkpoint, seconds: int) -> bytes:
    """What a cosigner signs."""
    return f"cosignature/v1\ntime {seconds}\n".encode("ascii") + checkpoint.text


def read_note(content: bytes, where: str = "checkpoint") -> Note:
    """A note from its bytes; signatures are not looked at. Raises EvidenceRefused."""
    if len(content) > MOST_NOTE_BYTES:
        raise refused(Fault.CHECKPOINT, where, "bytes", f"up to {MOST_NOTE_BYTES}", len(content))
    try:
        text, _, signatures = content.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError as error:
        raise refused(Fault.CHECKPOINT, where, "bytes", "UTF-8", error) from None
    words = text.split("\n")
    if len(words) != 3 or not all(words):
        raise refused(Fault.CHECKPOINT, where, "text", "origin, size and root", text)
    origin, size, root = words
    if not (size.isascii() and size.isdigit() and len(size) <= 19) or str(int(size)) != size:
        raise refused(Fault.CHECKPOINT, where, "size", "a whole number", size)
    if not origin.isascii() or set(origin) & set(" +"):
        raise refused(Fault.CHECKPOINT, where, "origin", "ASCII without space or plus", origin)
    checkpoint = Checkpoint(origin, int(size), _decoded(root, where, "root"))
    if len(checkpoint.root) != 32:
        raise refused(Fault.CHECKPOINT, where, "root", "32 bytes", len(checkpoint.root))
    lines = signatures.split("\n")
    if not signatures.endswith("\n") or len(lines) > MOST_LINES:
        raise refused(Fault.CHECKPOINT, where, "signatures", "lines", signatures)
    found = Note(checkpoint, tuple(read_line(line, where) for line in lines[:-1]))
    if found.content != content:
        raise refused(Fault.CHECKPOINT, where, "bytes", "the one form of a note", content)
    return found


def read_line(line: str, where: str = "cosignature") -> SignatureLine:
    """A line of a signature, without its end. Raises EvidenceRefused."""
    words = line.split(" ")
    if len(words) != 3 or words[0] != "\u2014" or not words[1] or "+" in words[1]:
        raise refused(Fault.CHECKPOINT, where, "signature", "\u2014 NAME BASE64", line)
    told = _decoded(words[2], where, "signature")
    if len(told) <= 4:
        raise refused(Fault.CHECKPOINT, where, "signature", "a key and a signature", line)
    return SignatureLine(words[1], told[:4], told[4:])


def _decoded(text: str, where: str, field: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if base64.b64encode(found).decode("ascii") != text:
        raise refused(Fault.CHECKPOINT, where, field, "base64 in its one form", text)
    return found


def check_log_signature(note: Note, terms: Terms, where: str) -> None:
    """Raises EvidenceRefused where a note is not signed by the log of the terms."""
    checkpoint = note.checkpoint
    if checkpoint.origin != terms.origin:
        raise refused(Fault.CHECKPOINT, where, "origin", terms.origin, checkpoint.origin)
    public = bytes.fromhex(terms.log_key)
    named = (terms.origin, key_id(terms.origin, SIGNS, public))
    lines = [x for x in note.lines if (x.name, x.key_id) == named]
    sound = [signed_by(public, checkpoint.text, x.signature) for x in lines]
    if not sound or not all(sound):
        found = "another over it" if sound else "none"
        raise refused(Fault.CHECKPOINT, where, "signature", f"of {terms.origin}", found)


def cosigned_at(note: Note, cosigner: Cosigner, where: str) -> int:
    """When a party cosigned a note, seconds since 1970. Raises EvidenceRefused: as not cosigned
    where there is no line of it, as of a bent checkpoint where the line is not sound."""
    public = bytes.fromhex(cosigner.public)
    named = (cosigner.name, key_id(cosigner.name, COSIGNS, public))
    lines = [x for x in note.lines if (x.name, x.key_id) == named]
    if not lines:
        raise refused(Fault.NOT_COSIGNED, where, "cosignature", f"of {cosigner.name}", "none")
    (line, *more) = lines
    seconds = int.from_bytes(line.signature[:8], "big")
    told = cosigned_text(note.checkpoint, seconds)
    sound = len(line.signature) == 8 + SIGNATURE_BYTES and seconds < 2**63
    if more or not sound or not signed_by(public, told, line.signature[8:]):
        raise refused(
            Fault.CHECKPOINT, where, "cosignature", f"of {cosigner.name}", "another over it"
        )  # fmt: skip
    return seconds
