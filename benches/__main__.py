"""`python -m benches [NAME...]`: measure all or some; the rows of the others stay as they are."""

from __future__ import annotations

import argparse

from benches import table


def main() -> None:
    """Measure what was asked, print the table and write benches/latest.json."""
    known = table.names()
    parser = argparse.ArgumentParser(prog="python -m benches", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    asked = parser.parse_args().names
    for name in asked:
        if name not in known:
            parser.error(f"{name}: no such bench; there are {', '.join(known)}")
    silent = []
    for name in asked or known:
        # The load is read before the bench itself makes any.
        facts = table.machine()
        rows = table.measured(name)
        if not rows:
            silent.append(name)
            continue
        bench = {"machine": facts, "rows": rows}
        table.write({name: bench})
        print("\n".join(table.lines(name, bench)), flush=True)
    for name in silent:
        print(f"{name}: nothing measured; its rows of an earlier run stay")


if __name__ == "__main__":
    main()
