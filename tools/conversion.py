"""`python tools/conversion.py [--check] [FOLDER]`: the conversion table from MLPerf results.

Reads `mlperf_llm_logs_*.parquet` of a folder with benchmark results, by default
../shared/data/benchmarks beside the repository, and writes lasalle/contracts/table/conversion.toml;
with --check it writes nothing and ends with 1 when the table differs by a bit.
"""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow.parquet as parquet

from lasalle.contracts.conversion import Result, written

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "lasalle" / "contracts" / "table" / "conversion.toml"
FOLDER = ROOT.parent / "shared" / "data" / "benchmarks"
FILE = "mlperf_llm_logs_v41_v51_v60.parquet"
ACCELERATORS = {
    "NVIDIA A100-SXM-80GB": "A100-80-SXM",
    "NVIDIA H100-SXM-80GB": "H100-SXM",
    "NVIDIA H200-SXM-141GB": "H200-SXM",
    "NVIDIA B200-SXM-180GB": "B200-SXM",
}
SAME_BENCHMARK = {"llama3_1-405b": "llama3.1-405b"}
"""Folders whose results the published summary lists under the benchmark's own name."""
SOURCES = {
    name: f"MLPerf Inference {name}, datacenter, closed division, available systems; "
    f"https://github.com/mlcommons/inference_results_{name}"
    for name in ("v4.1", "v5.1", "v6.0")
}


def results(path: Path) -> list[Result]:
    """Valid token results of the grades: closed division, available systems, in order of path."""
    found = []
    for row in sorted(parquet.read_table(path).to_pylist(), key=lambda r: (r["round"], r["path"])):
        grade = ACCELERATORS.get(row["accelerator"] or "")
        counted = (row["division"], row["status"], row["valid"]) == ("closed", "available", "VALID")
        if grade is None or not counted or not row["tokens_per_s"]:
            continue
        found.append(
            Result(
                round=row["round"],
                submitter=row["submitter"],
                benchmark=SAME_BENCHMARK.get(row["model"], row["model"]),
                scenario=row["scenario"],
                grade=grade,
                tokens_per_second=Fraction(Decimal(repr(row["tokens_per_s"])))
                / int(row["n_accel"]),
            )
        )
    return found


def main() -> int:
    """Writes the table, or checks it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    text = written(results(asked.folder / FILE), SOURCES)
    if asked.check:
        same = TABLE.read_text(encoding="utf-8") == text
        print("the table agrees bit for bit" if same else "the table differs: write it again")
        return 0 if same else 1
    TABLE.write_text(text, encoding="utf-8")
    print(f"{TABLE.relative_to(ROOT)}: {text.count('[[round.level]]')} levels")
    return 0


if __name__ == "__main__":
    sys.exit(main())
