"""What an installation promises: a version, a typed package, and a compiled core where Rust is
at hand."""

from __future__ import annotations

import importlib.util
import shutil
import tomllib
from pathlib import Path

import pytest

import lasalle

ROOT = Path(__file__).resolve().parents[1]


def test_every_place_names_the_same_version() -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    core = tomllib.loads((ROOT / "core" / "Cargo.toml").read_text())
    assert lasalle.__version__ == package == core["workspace"]["package"]["version"]


def test_package_says_that_it_is_typed() -> None:
    assert (Path(lasalle.__file__).parent / "py.typed").exists()


def test_where_cargo_is_the_compiled_core_serves() -> None:
    if shutil.which("cargo") is None:
        pytest.skip("no cargo on PATH: the plain core serves")
    built = importlib.util.find_spec("lasalle._core")
    assert built is not None, "cargo is on PATH but no compiled core was built: make core says why"
    from lasalle import _core

    assert _core.version() == lasalle.__version__
