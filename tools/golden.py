#!/usr/bin/env python3
"""Writes the golden journals of the newest behaviour into tests/golden/, once: a behaviour that has
its journals keeps them. `golden.py` writes those that are missing; see CONTRIBUTING.md."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    from lasalle import wire
    from tests.golden.journals import FOLDER, STORIES, tell

    for seed in sorted(STORIES):
        golden = tell(seed)
        if golden.behaviour != wire.SCHEMA_VERSION:
            print(f"story {seed} ends under behaviour {golden.behaviour}: choose another seed")
            return 1
        path = FOLDER / golden.name
        name = path.relative_to(ROOT)
        if path.exists():
            print(f"{name} stands: what was sealed is never written again")
            continue
        path.write_text(golden.text())
        print(f"{name} is written: {golden.number} numbers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
