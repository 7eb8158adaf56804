"""`make bench`: every measurement of the house, a table on the screen and benches/latest.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benches import plain_core

LATEST = Path(__file__).parent / "latest.json"


def main() -> None:
    rows: list[dict[str, Any]] = plain_core.rows()
    try:
        from benches import matching
    except ImportError:
        print("matching: not here")
    else:
        rows += matching.rows()
    LATEST.write_text(json.dumps(rows, indent=2) + "\n")
    for row in rows:
        beside = f"  {row['peer']} {row['peer_value']:,}  x{row['ratio']}" if row["peer"] else ""
        print(f"{row['name']:<44}{row['value']:>16,} {row['unit']}{beside}")


if __name__ == "__main__":
    main()
