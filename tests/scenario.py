"""Runs scenarios: a verb is a message's verb, a word is a field; see tests/scenarios/README.md."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lasalle import wire
from lasalle.plain import House
from lasalle.wire import LedgerClass, Refusal

ROOT = Path(__file__).resolve().parent.parent
START = 1_767_225_600_000_000_000
"""2026-01-01 00:00 UTC: venue time of the first command."""
STEP = 1_000_000
UNITS = {"ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9, "d": 86_400 * 10**9}
CLASSES = {c.name.lower(): c for c in LedgerClass}
DEFAULTS: dict[str, dict[str, Any]] = {
    "place": {"order_type": 1, "time_in_force": 2, "self_trade": 1},
    "quote": {"self_trade": 1},
    "open_account": {
        "account_kind": 1,
        "position_limit": 10_000,
        "order_lots_limit": 10_000,
        "order_value_limit": 10**15,
    },
    "begin_delivery": {
        "quality_floor": 8_000,
        "quality_cap": 12_000,
        "determination": 86_400 * 10**9,
        "remedy_window": 3 * 86_400 * 10**9,
        "cover_band": 20_000,
    },
    "set_limits": {
        "position_limit": 10_000,
        "order_lots_limit": 10_000,
        "order_value_limit": 10**15,
    },
}


@dataclass
class Scenario:
    """One story: title, rules it shows, lines."""

    title: str
    rules: list[str]
    lines: list[str]
    source: str


@dataclass
class Story:
    """A scenario being told to a house."""

    house: Any
    names: dict[str, int] = field(default_factory=dict)
    clock: int = START
    events: list[tuple[wire.Header, Any]] = field(default_factory=list)
    told: list[tuple[wire.Header, Any]] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    at: int = 0
    told_number: int = 0


def read_scenarios(text: str, source: str) -> list[Scenario]:
    """Every scenario of a .scn file or of one fenced block."""
    found: list[Scenario] = []
    for raw in text.splitlines():
        line = raw.split("#")[0].strip()
        if line.startswith("scenario "):
            rules = re.findall(r"[A-Z]{3}-\d{3}", line)
            found.append(Scenario(line[9:].split("[")[0].strip(), rules, [], source))
        elif line:
            found[-1].lines.append(line)
    return found


def rulebook_scenarios() -> list[Scenario]:
    """The worked examples that stand under the rules."""
    found = []
    for path in sorted((ROOT / "rulebook").glob("*.md")):
        for block in re.findall(r"```scn\n(.*?)```", path.read_text(), re.S):
            found += read_scenarios(block, path.name)
    return found


def all_scenarios() -> list[Scenario]:
    found = rulebook_scenarios()
    for path in sorted((ROOT / "tests" / "scenarios").glob("*.scn")):
        found += read_scenarios(path.read_text(), path.name)
    return found


def tell(scenario: Scenario, make: Any = House) -> Story:
    """Runs a scenario; raises AssertionError with the line and the events when it does not hold."""
    story = Story(make())
    for line in scenario.lines:
        try:
            _line(story, line)
        except (AssertionError, KeyError, ValueError, TypeError) as error:
            seen = "\n    ".join(show(e) for _, e in story.events[-12:])
            raise AssertionError(
                f"{scenario.source}: {scenario.title}\n  at: {line}\n  {error!r}\n"
                f"  events:\n    {seen}"
            ) from error
    return story


def show(event: Any) -> str:
    """An event as a scenario line."""
    words = [f"{f}={getattr(event, f)!r}" for f in event.__struct_fields__ if f != "losses"]
    return event.NAME + " " + " ".join(words)


def _line(story: Story, line: str) -> None:
    keyword, _, rest = line.partition(" ")
    verb, _, words = rest.strip().partition(" ")
    if keyword == "name":
        story.names[verb] = int(words)
        return
    fields = dict(w.split("=", 1) for w in words.split())
    if keyword in ("given", "when", "and") and verb.startswith("world="):
        for inner in (ROOT / "tests" / "scenarios" / f"{verb[6:]}.world").read_text().splitlines():
            inner = inner.split("#")[0].strip()
            if inner:
                _line(story, inner)
    elif keyword in ("given", "when"):
        _ask(story, verb, fields)
        if keyword == "given":
            refused = [show(e) for _, e in story.events if isinstance(e, wire.Refused)]
            assert not refused, f"given is refused: {refused}"
    elif keyword == "then":
        _expect(story, verb, fields)
    else:
        raise ValueError(f"unknown keyword {keyword}")


def _ask(story: Story, verb: str, fields: dict[str, str]) -> None:
    command_type = wire.VERBS[verb]
    actor, alias = fields.pop("actor", ""), fields.pop("as", "")
    direct = fields.pop("direct", "")
    after = fields.pop("at", "")
    for _ in range(int(fields.pop("times", "1")) - 1):
        _ask(story, verb, dict(fields))
    values: dict[str, Any] = dict(DEFAULTS.get(verb, {}))
    for name, text in fields.items():
        values[name] = _value(story, command_type, name, text)
    _fill_missing(command_type, values)
    command = command_type(**values)
    who = _actor(story, command, actor)
    story.clock += _duration(after) if after else STEP
    story.events = []
    story.at = 0
    if command.FOUR_EYES and not direct:
        proposal = story.house.last_number + 1
        _send(story, wire.Propose(command=command.KIND, payload=command.pack()), 1)
        story.events = []
        _send(story, wire.Approve(proposal=proposal), 2)
    else:
        _send(story, command, who)
    if alias:
        story.names[alias] = story.told_number


def _fill_missing(command_type: Any, values: dict[str, Any]) -> None:
    for name in command_type.__struct_fields__:
        default = {"aggressor": 0}.get(name)
        if name not in values and default is not None:
            values[name] = default


def _actor(story: Story, command: Any, actor: str) -> int:
    if actor:
        return _number(story, actor)
    if command.SCOPED:
        return 100 + int(command.account)
    return 1 if command.ROLES else 0


def _send(story: Story, command: Any, actor: int) -> None:
    number = story.house.last_number + 1
    frame = wire.seal(command, number, story.clock, actor=actor, span=wire.span_of(command))
    story.frames.append(frame)
    story.events += wire.read_frames(story.house.take(frame))
    story.told += story.events
    story.told_number = number


def _duration(text: str) -> int:
    found = re.fullmatch(r"\+?(\d+)([a-z]+)", text)
    assert found is not None, f"{text}: expected a duration such as +5s"
    return int(found[1]) * UNITS[found[2]]


def _number(story: Story, text: str) -> int:
    if text in story.names:
        return story.names[text]
    if re.fullmatch(r"-?\d+\.\d+", text):
        whole, part = text.lstrip("-").split(".")
        value = int(whole) * 10**6 + int(part.ljust(6, "0"))
        return -value if text.startswith("-") else value
    if re.fullmatch(r"\+?\d+(ms|s|m|h|d)", text):
        return (START if text.startswith("+") else 0) + _duration(text)
    return int(text)


def _value(story: Story, message: Any, name: str, text: str) -> Any:
    kind = message.__annotations__[name]
    if name == "refusal":
        return int(Refusal[text.upper()])
    if name == "roles":
        return sum(wire.Role[r.upper()] for r in text.split("|")) if text != "0" else 0
    if name == "products" and not text.isdigit():
        return sum(wire.ProductClass[p.upper()] for p in text.split("|"))
    if name == "command" and not text.isdigit():
        return wire.VERBS[text].KIND
    if kind == "str":
        return unquote(text)
    if kind == "bool":
        return text == "yes"
    if kind == "bytes":
        return bytes.fromhex(text)
    if kind.startswith("tuple"):
        element = getattr(wire, kind[6:].split(",")[0])
        return tuple(_element(story, element, part) for part in text.split(",") if part)
    if kind != "int" and hasattr(wire, kind):
        return (
            getattr(wire, kind)[text.upper()]
            if not text.isdigit()
            else getattr(wire, kind)(int(text))
        )
    return _number(story, text)


def _element(story: Story, element: Any, text: str) -> Any:
    parts = text.split(":")
    kinds = list(element.__annotations__.items())
    values = []
    for (_, kind), part in zip(kinds, parts, strict=False):
        if kind != "int" and hasattr(wire, kind):
            values.append(getattr(wire, kind)[part.upper()])
        else:
            values.append(_number(story, part))
    return element(*values)


def _expect(story: Story, verb: str, fields: dict[str, str]) -> None:
    views = {"cash": _cash, "position": _position, "ledger": _ledger, "state": _state}
    if verb in views:
        views[verb](story, fields)
        return
    if verb == "nothing":
        assert not story.events, "nothing was expected"
        return
    absent = verb == "not"
    if absent:
        verb = next(iter(fields)) if fields else ""
        verb, fields = fields.pop("event", verb), fields
    message = wire.VERBS[verb]
    alias = fields.pop("as", "")
    wanted = {n: _value(story, message, n, t) for n, t in fields.items()}
    start = 0 if absent else story.at
    for i in range(start, len(story.events)):
        header, event = story.events[i]
        if type(event) is message and all(getattr(event, n) == v for n, v in wanted.items()):
            assert not absent, f"{verb} was not expected"
            story.at = i + 1
            if alias:
                story.names[alias] = header.number
            return
    assert absent, f"{verb} {wanted} was expected"


def _cash(story: Story, fields: dict[str, str]) -> None:
    account = _number(story, fields.get("account", "0"))
    class_ = CLASSES[fields.get("class", "cash")]
    found = story.house.state.balance(class_, account, int(fields.get("asset", "1")))
    assert found == _number(story, fields["amount"]), f"{class_.name} is {found}"


def _position(story: Story, fields: dict[str, str]) -> None:
    account = story.house.state.accounts[_number(story, fields["account"])]
    found = account.lots(_number(story, fields["series"]))
    assert found == _number(story, fields["lots"]), f"position is {found}"


def _ledger(story: Story, fields: dict[str, str]) -> None:
    for asset in story.house.state.assets:
        total = sum(b for (_, _, a), b in story.house.state.balances.items() if a == asset)
        assert total == 0, f"asset {asset} sums to {total}"


def _state(story: Story, fields: dict[str, str]) -> None:
    found = story.house.state.series[_number(story, fields["series"])].state
    assert found.name.lower() == fields["is"], f"series is {found.name}"
