"""Cheaper weights, to try a dishonest supplier with: the file of a model whose four-bit weights are
rounded to fewer bits in place. The file keeps its form and its size, and the server serves it as it
would the other; what is cheaper about it is left to the reader.
"""

from __future__ import annotations

import shutil
from math import prod
from pathlib import Path

import numpy as np

from lasalle.institution.metering.gguf import ModelFile

Q4_1, BLOCK, BLOCK_BYTES, HEAD = 3, 32, 20, 4
"""A block of Q4_1: scale and minimum as two half floats, then 32 weights of four bits."""


def coarsened(model: ModelFile, out: Path, bits: int) -> int:
    """Writes the file with weights of so many bits; gives how many weights were rounded. Raises
    ValueError."""
    if not 1 <= bits <= 3:
        raise ValueError(f"bits: expected 1 to 3, found {bits}")
    shutil.copyfile(model.path, out)
    out.chmod(0o644)
    drop = 4 - bits
    kept = (0xF >> drop) << drop
    mask, middle = kept | kept << 4, (1 << drop >> 1) * 0x11
    content = np.memmap(out, dtype=np.uint8, mode="r+")
    rounded = 0
    for tensor in model.tensors:
        if tensor.kind != Q4_1:
            continue
        count = prod(tensor.shape) // BLOCK
        flat = content[tensor.begin : tensor.begin + count * BLOCK_BYTES]
        blocks = flat.reshape(count, BLOCK_BYTES)
        heads = blocks[:, :HEAD].copy().view(np.float16)
        # The middle of what was put together lies half a step below the weight that stands for it.
        heads[:, 1] -= heads[:, 0] / 2
        blocks[:, :HEAD] = heads.view(np.uint8)
        quants = blocks[:, HEAD:]
        quants &= mask
        quants |= middle
        rounded += count * BLOCK
    content.flush()
    return rounded
