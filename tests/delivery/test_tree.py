"""The tree against vectors of others: transparency-dev/merkle, and roots, tiles and proofs that
golang.org/x/mod/sumdb/tlog and filippo.io/torchwood made of the same entries."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lasalle.delivery.faults import EvidenceRefused
from lasalle.delivery.growing import GrowingLog
from lasalle.delivery.tiles import entries_name, is_name, tile_name, unpack
from lasalle.delivery.tree import (
    Frontier,
    begins,
    consistency_proof,
    includes,
    inclusion_proof,
    leaf_hash,
)
from lasalle.indices.merkle import EMPTY, leaves_of, root_of
from tests.delivery.world import LOG, Memory

HERE = Path(__file__).parent
MERKLE = json.loads((HERE / "transparency_dev_vectors.json").read_text())
"""transparency-dev/merkle, testdata at 417fb0c3 (Apache-2.0), all of inclusion and consistency."""
TLOG = json.loads((HERE / "sumdb_tlog_vectors.json").read_text())
"""golang.org/x/mod 0.36.0 and filippo.io/torchwood 0.6.1 over "entry 0", "entry 1", ..."""


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


@pytest.mark.rule("DEL-006")
def test_inclusion_proofs_of_others_are_told_apart() -> None:
    told = [
        includes(
            decoded(v["leafHash"]), v["leafIdx"], v["treeSize"],
            [decoded(p) for p in v["proof"] or ()], decoded(v["root"]),
        )
        for v in MERKLE["inclusion"]
    ]  # fmt: skip
    assert told == [not v["wantErr"] for v in MERKLE["inclusion"]]
    assert (len(told), told.count(True)) == (98, 6)


@pytest.mark.rule("DEL-008")
def test_consistency_proofs_of_others_are_told_apart() -> None:
    vectors, others = MERKLE["consistency"], []
    for v in vectors:
        proof = [decoded(p) for p in v["proof"] or ()]
        roots = decoded(v["root1"]), decoded(v["root2"])
        if begins(v["size1"], v["size2"], *roots, proof) == v["wantErr"]:
            others.append(v["name"])
    assert others == []
    assert (len(vectors), sum(not v["wantErr"] for v in vectors)) == (98, 6)


@pytest.mark.rule("DEL-006")
@pytest.mark.parametrize("vector", TLOG, ids=lambda v: str(v["size"]))
def test_roots_tiles_and_proofs_are_those_of_another_program(vector: dict[str, Any]) -> None:
    size, shelf = vector["size"], Memory()
    log = GrowingLog(shelf, "house.example/delivery/41", LOG)
    step = 1 if size < 300 else 511
    for first in range(0, size, step):
        log.append([b"entry %d" % n for n in range(first, min(size, first + step))])
        if first % 5 == 0:
            log.publish()
    log.publish()
    assert log.note is not None
    assert log.note.checkpoint.root.hex() == vector["root"]
    reader = log.reader()
    for name, digest in vector["tiles"].items():
        assert sha256(shelf.files[name]).hexdigest() == digest
    for index, digest in vector["inclusion_sha256"].items():
        proof = inclusion_proof(int(index), size, reader.node)
        assert sha256(b"".join(proof)).hexdigest() == digest
        leaf = leaf_hash(b"entry %d" % int(index))
        assert includes(leaf, int(index), size, proof, log.note.checkpoint.root)
    for first_size, digest in vector["consistency_sha256"].items():
        proof = consistency_proof(int(first_size), size, reader.node)
        assert sha256(b"".join(proof)).hexdigest() == digest
    assert list(reader.entries()) == [b"entry %d" % n for n in range(size)]


def test_every_proof_of_small_trees_holds_and_no_other_does() -> None:
    leaves = leaves_of(b"%d" % n for n in range(40))
    reached = 0
    for size in range(1, 40):
        root = root_of(leaves[:size])
        frontier = Frontier()
        for leaf in leaves[:size]:
            frontier.append(leaf)
        assert frontier.root() == root

        def node(level: int, place: int) -> bytes:
            return root_of(leaves[place << level : (place + 1) << level])

        for index in range(size):
            proof = inclusion_proof(index, size, node)
            assert includes(leaves[index], index, size, proof, root)
            assert not includes(leaves[index], (index + 1) % size, size, proof, root) or size == 1
            assert not includes(leaves[39], index, size, proof, root)
            reached += 1
        for first in range(1, size + 1):
            proof = consistency_proof(first, size, node)
            assert begins(first, size, root_of(leaves[:first]), root, proof)
            assert not begins(first, size, leaves[39], root, proof)
            assert not begins(first, size, root_of(leaves[:first]), leaves[39], proof)
            reached += 1
    assert reached == 2 * 39 * 40 // 2
    assert Frontier().root() == EMPTY
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="is not in a tree"):
            inclusion_proof(index, size, node)


def test_names_are_those_of_the_layout() -> None:
    assert tile_name(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_name(2, 0, 17) == "tile/2/000.p/17"
    assert entries_name(273, 112) == "tile/entries/273.p/112"
    for name in ("tile/0/x001/x234/067", "tile/entries/000.p/1", "tile/63/999.p/255"):
        assert is_name(name)
    for name in (
        "tile/64/000", "tile/00/000", "tile/0/0", "tile/0/x000/001", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/entries/../000", "tile/0/x001/67", "tile",
        "tile/0/000/", "pending/00000000000000000000", "tile/0/x1/x2/x3/x4/x5/x6/000",
    ):  # fmt: skip
        assert not is_name(name), name


def test_a_bundle_of_entries_that_is_short_is_refused() -> None:
    with pytest.raises(EvidenceRefused, match="bundle"):
        unpack(b"\0\5abc", "bundle")
    with pytest.raises(EvidenceRefused, match="bundle"):
        unpack(b"\0", "bundle")
