"""What a house is, written beside its journal when it is made and read whenever it is served."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE, DEMO_MARK = "house.toml", "demo"
KEY_FILE = "demo-key.json"
"""Key of the demonstration's lab, in the folder of the house."""
PRICES = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Where a price history lies beside the repository, if anywhere."""
KINDS = ("production", "demonstration")
FAMILIES = ("demonstration", "wide")
"""What a demonstration may list: its own families, or those beside them too."""
DESK = 3
"""Number of the actor that takes a house through its days unless the settings name another."""


class SettingsWrong(ValueError):
    """A line of the settings is missing or wrong; says which, what was expected and found."""


@dataclass(frozen=True)
class Settings:
    """`schedule` is a row of the exchange's table; `desk_actor` moves series by it once two
    operators have registered it with the operator's role.
    """

    kind: str = "production"
    schedule: str = "house"
    desk_actor: int = DESK
    families: str = ""
    """Row of the table of families it lists; empty: that of its kind."""

    @property
    def listed(self) -> str:
        """Row of the table of families."""
        return self.families or self.kind

    @property
    def demonstration(self) -> bool:
        """Whether members, money and prices are made up."""
        return self.kind == "demonstration"


DEMONSTRATION = Settings("demonstration", "demonstration")


def is_house(folder: Path) -> bool:
    """Whether a house was made in the folder."""
    return any((folder / name).exists() for name in ("journal", FILE, DEMO_MARK))


def write_settings(folder: Path, settings: Settings) -> None:
    """Leaves the settings in the folder of a house."""
    made_up = "Members, money and the maker's prices of this house are made up.\n"
    (folder / FILE).write_text(
        f"# {made_up if settings.demonstration else 'Read whenever the house is served.' + chr(10)}"
        f'kind = "{settings.kind}"\n'
        f'schedule = "{settings.schedule}"\n'
        f"desk_actor = {settings.desk_actor}\n"
        + (f'families = "{settings.families}"\n' if settings.families else "")
    )


def read_settings(folder: Path) -> Settings:
    """The settings of a folder. Raises SettingsWrong."""
    path = folder / FILE
    if not path.exists():
        # The mark of a demonstration in a folder without settings.
        return DEMONSTRATION if (folder / DEMO_MARK).exists() else Settings()
    try:
        table = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise SettingsWrong(f"{path}: expected TOML, {error}") from error
    expected = {"kind": str, "schedule": str, "desk_actor": int}
    if "families" in table:
        expected["families"] = str
    if set(table) != set(expected):
        raise SettingsWrong(f"{path}: expected {sorted(expected)}, found {sorted(table)}")
    for name, kind in expected.items():
        if type(table[name]) is not kind:
            raise SettingsWrong(f"{path}: {name}: expected {kind.__name__}, found {table[name]!r}")
    if table["kind"] not in KINDS:
        raise SettingsWrong(f"{path}: kind: expected one of {KINDS}, found {table['kind']!r}")
    families = table.get("families")
    if families is not None and (table["kind"], families) not in (
        ("demonstration", one) for one in FAMILIES
    ):
        expected_of = f"one of {FAMILIES} of a demonstration"
        raise SettingsWrong(f"{path}: families: expected {expected_of}, found {families!r}")
    return Settings(**table)
