"""The suppliers of a served house, as its doors ask about them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from lasalle.credit.book_loss import book_losses
from lasalle.credit.losses import Losses
from lasalle.credit.model import DOLLAR
from lasalle.credit.portfolio import Judged
from lasalle.credit.supplier_file import digest, read_supplier
from lasalle.gateway.http import Gateway
from lasalle.institution.credit_binding import (
    Binding,
    Stopping,
    binding_of,
    fields_of,
    products_of,
    stopping_of,
)
from lasalle.institution.credit_desk import ask_what_if
from lasalle.institution.credit_house import among, book_of, judge_house, marks_of
from lasalle.institution.credit_meters import hear
from lasalle.institution.credit_sold import Views
from lasalle.institution.credit_store import DAY_NS, CreditStore
from lasalle.institution.credit_told import demand
from lasalle.institution.custody_served import ServedCustody
from lasalle.institution.day import refused
from lasalle.institution.delivery_store import DeliveryStore
from lasalle.institution.house import OpenHouse
from lasalle.institution.settings import Settings
from lasalle.venue import JournalFull, VenueStopped
from lasalle.venue.waiting import VenueBusy, Waiting
from lasalle.views.model import HistoryBehind
from lasalle.wire import ProductClass

JUDGE_SECONDS = 600
FRESH_NS = 20 * 10**9


class ServedCredit:
    """Judged when asked; once in a while for everyone together. From any thread."""

    def __init__(self, folder: Path, views: Views, now: Callable[[], int] = time.time_ns) -> None:
        self.store, self._views, self._now = CreditStore(folder), views, now
        self._drawn: tuple[tuple[int, int], dict[str, Any]] | None = None
        self._known: tuple[tuple[int, int], tuple[Judged, ...]] | None = None
        self._judging = threading.Lock()
        self.faults: dict[str, str] = {}
        """Why suppliers cannot be judged, by name."""

    def _judged(self) -> tuple[Judged, ...]:
        """Judged anew when the record grew, and a little later: whoever asks often costs little."""
        with self._judging:
            key = (self.store.size(), self._now() // FRESH_NS)
            if self._known is None or self._known[0] != key:
                self.faults = {}
                found = judge_house(self.store, self._now(), self._views, self.faults)
                self._known = (key, found)
            return self._known[1]

    def judge_and_keep(self) -> tuple[Judged, ...]:
        """Everyone as it stands; grades that changed are kept."""
        found = self._judged()
        if found:
            self.store.graded({j.file.supplier: j.score.grade for j in found}, self._now())
        return found

    def _one(self, supplier: str) -> Judged:
        self.store.known(supplier)
        return among(self._judged(), supplier, self.faults)

    def member_of(self, supplier: str) -> int | None:
        """The member a supplier is, 0 where it is none; None where it is not on file."""
        held = self.store.held().get(supplier)
        return held.file.member if held is not None else None

    def summaries(self, member: int) -> list[dict[str, Any]]:
        """Suppliers of a member, of all for 0."""
        return [summary(one) for one in self._judged() if member in (0, one.file.member)]

    def totals(self) -> dict[str, Any]:
        """The whole book, and those that are made up in short."""
        found = self._judged()
        by_grade: dict[str, int] = {}
        months: dict[str, dict[str, int]] = {}
        for one in found:
            by_grade[one.score.grade] = by_grade.get(one.score.grade, 0) + 1
            for asked in one.margins:
                sold = months.setdefault(asked.month, {})
                name = one.file.supplier
                sold[name] = sold.get(name, 0) + asked.accelerators
        return {
            "suppliers": len(found),
            "by_grade": dict(sorted(by_grade.items())),
            "required": sum(one.room.required for one in found),
            "secured": sum(one.room.secured for one in found),
            "short": sum(one.room.short for one in found),
            "months": [
                {"month": month, "accelerators": sum(sold.values()), "largest": max(sold.values())}
                for month, sold in sorted(months.items())
            ],
            "losses": self._losses(found),
            "made_up": [summary(one) for one in found if one.file.simulated],
        }

    def _losses(self, found: tuple[Judged, ...]) -> dict[str, Any] | None:
        """Drawn anew when the record or the day is another; in between as it was."""
        if not found:
            return None
        with self._judging:
            key = (self.store.size(), self._now() // DAY_NS)
            if self._drawn is None or self._drawn[0] != key:
                told = book_losses(found, book_of(marks_of(self._views.market)))
                self._drawn = (key, loss_figures(told))
            return self._drawn[1]

    def supplier(self, supplier: str) -> dict[str, Any]:
        """One, whole."""
        one = self._one(supplier)
        score, room = one.score, one.room
        limits = ("month", "grade", "place", "sold", "limit", "left", "binds")
        return {
            "summary": summary(one),
            "digest": self.store.known(supplier).digest,
            "points": score.points,
            "scorecard_pd": score.scorecard_pd,
            "structural_pd": score.structural_pd,
            "lines": [
                {"name": name, "figure": figure, "points": points}
                for name, (figure, points) in score.lines.items()
            ],
            "by_move": [{"move": move, "pd": pd} for move, pd in one.wrong_way.by_move],
            "margin": room.margin,
            "floor": room.floor,
            "unsecured": room.unsecured,
            "initial_margin_credit": one.secured.initial,
            "pieces": [_fields(p, ("what", "face", "counts", "why")) for p in one.secured.pieces],
            "limits": [_fields(limit, limits) for limit in one.limits],
            "signs": [_fields(s, ("name", "level", "found", "limit")) for s in one.warned.signs],
            "actions": list(one.warned.step.actions),
            "binding": self._binding(one),
        }

    def bindings(self) -> dict[str, Binding]:
        """What each supplier with an account is to be held to in the core."""
        held, accounts = self.store.held(), self._views.accounts
        found = {
            one.file.supplier: binding_of(one, held[one.file.supplier].digest, accounts)
            for one in self._judged()
        }
        return {name: one for name, one in found.items() if one is not None}

    def _binding(self, one: Judged) -> dict[str, Any] | None:
        """What its account is held to, and the commands that lack."""
        accounts = self._views.accounts
        found = binding_of(one, self.store.known(one.file.supplier).digest, accounts)
        if found is None:
            return None
        now, products = accounts.margins.limits(found.account), products_of(accounts, found.account)
        lacking = (found.limits(now), found.eligibility(products))
        return {
            "account": found.account,
            "position_limit": now[0],
            "asked_limit": found.position_limit,
            "physical": bool(products & ProductClass.PHYSICAL),
            "stopped": found.stopped,
            "due": {one.NAME: fields_of(one) for one in lacking if one is not None},
        }

    def file(self, text: str, by: int) -> dict[str, Any]:
        """Keeps a file."""
        one = read_supplier(text)
        number, found = self.store.file(one, by, self._now())
        assert found == digest(one), "what is kept is what was read"
        return {"supplier": one.supplier, "number": number, "digest": found}

    def line(self, supplier: str, usd: int, by: int) -> dict[str, Any]:
        """Asks for a line, agrees to one, or ends it."""
        state = self.store.line(supplier, usd, by, self._now())
        return {"supplier": supplier, "usd": usd, "state": state}

    def heartbeats(self, supplier: str, missed: float, by: int) -> dict[str, Any]:
        """Keeps what was missed; the supplier as it stands with it."""
        self.store.see(supplier, missed, by, self._now())
        return summary(self._one(supplier))

    def draw(self, supplier: str, issuer: str, usd: int, by: int, reference: str) -> dict[str, Any]:
        """Draws on a letter; what is presented."""
        letter, left = self.store.draw(supplier, issuer, usd, by, self._now(), reference)
        return {
            "supplier": supplier, "issuer": issuer, "expires": f"{letter.expires}", "usd": usd,
            "left": left, "demand": demand(letter, supplier, usd, left),
        }  # fmt: skip

    def hear(self, logs: DeliveryStore) -> list[str]:
        """Reads the logs of capacity meters on; sentences of what is missed, or cannot be read."""
        found, faults = hear(self.store, logs, self._views.accounts, self._now())
        return [f"heartbeats are not read, {fault}" for fault in faults] + [
            f"supplier {supplier}: {one.due - one.healthy} of {one.due} accelerator-seconds of"
            f" delivery {one.contract} missed in its span {one.span}"
            for supplier, one in found
            if one.healthy < one.due
        ]

    def what_if(self, supplier: str, key: tuple[str, str, str], price: str) -> dict[str, Any]:
        """What it could sell more."""
        self.store.known(supplier)
        marks = marks_of(self._views.market)
        found = ask_what_if(self._judged(), supplier, key, price, marks)
        names = ("month", "grade", "place", "price", "more", "by_limit", "by_security", "binds",
                 "margin_of_one")  # fmt: skip
        due = found.receivable
        return {
            **_fields(found, names),
            "spikes": [_fields(x, ("move", "margin", "variation", "cash")) for x in found.spikes],
            "receivable": due.gross,
            "kept": due.kept,
            "assignable": due.assignable,
            "over_energy": [
                _fields(x, ("grade", "place", "price", "power", "over")) for x in found.over_energy
            ],
        }


def loss_figures(told: Losses) -> dict[str, Any]:
    """A drawn loss in micro-dollars, rounded to the dollar."""
    usd = {
        "expected": told.expected,
        "expected_error": told.expected_error,
        "at_quantile": told.at_quantile,
        "shortfall": told.shortfall,
        "unexpected": told.unexpected,
    }
    return {
        "draws": told.draws,
        "seed": told.seed,
        "quantile": told.quantile,
        "failing": round(told.failing, 6),
        **{name: round(amount) * DOLLAR for name, amount in usd.items()},
    }


def summary(one: Judged) -> dict[str, Any]:
    """A supplier in short."""
    file, room = one.file, one.room
    return {
        "supplier": file.supplier,
        "title": file.title,
        "as_of": f"{file.as_of}",
        "simulated": file.simulated,
        "grade": one.score.grade,
        "pd": round(one.score.pd, 6),
        "accelerators_sold": max((asked.accelerators for asked in one.margins), default=0),
        "required": room.required,
        "secured": room.secured,
        "short": room.short,
        "step": one.warned.step.name,
        "stopped": one.stops,
    }


def _fields(one: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


async def stop(
    desk: ServedCredit, stopping: Stopping, waiting: Waiting, say: Callable[[str], None]
) -> None:
    """Takes what delivers from the accounts of suppliers that the ladder stopped (CRD-026)."""
    bindings = await asyncio.to_thread(desk.bindings)
    # What was proposed in the first round is approved in the second, where the house names who.
    for _ in range(2):
        for sentence, asked in stopping.due(bindings):
            answer = await waiting.ask(asked.actor, asked.command, asked.cause)
            problem = refused([asked], [answer])
            say(f"{sentence}: {problem}." if problem else f"{sentence}.")


async def keep_credit(
    desk: ServedCredit,
    say: Callable[[str], None],
    logs: DeliveryStore,
    stopping: Stopping,
    waiting: Waiting,
) -> None:
    """Judges everyone from time to time: reads heartbeats from the logs of meters (CRD-024), keeps
    grades that changed, says when a supplier comes to another step of the ladder (CRD-016), and
    stops it in the core."""
    steps: dict[str, str] = {}
    while True:
        try:
            for sentence in await asyncio.to_thread(desk.hear, logs):
                say(f"{sentence}.")
        except (ValueError, OSError, HistoryBehind) as error:
            say(f"heartbeats are not read: {error}")
        try:
            found = await asyncio.to_thread(desk.judge_and_keep)
        except (ValueError, OSError) as error:
            say(f"suppliers are not judged: {error}")
            found = ()
        for name, why in desk.faults.items():
            say(f"supplier {name} is not judged: {why}")
        for one in found:
            name, step = one.file.supplier, one.warned.step
            if steps.get(name, "none") != step.name:
                done = "; ".join(step.actions) or "nothing is asked of it any more"
                truth = " (made up)" if one.file.simulated else ""
                say(f"supplier {name}{truth}: step {step.name} of early warning: {done}.")
            steps[name] = step.name
        try:
            await stop(desk, stopping, waiting, say)
        except VenueStopped:
            return
        except (ValueError, JournalFull, VenueBusy) as error:
            say(f"suppliers are not stopped: {error}")
        await asyncio.sleep(JUDGE_SECONDS)


def suppliers_kept(
    house: OpenHouse,
    settings: Settings,
    gateway: Gateway,
    logs: DeliveryStore,
    say: Callable[[str], None],
) -> Coroutine[Any, Any, None]:
    """Suppliers and reserves as the doors ask about them; suppliers judged from time to time."""
    views = Views(house.market, house.accounts)
    gateway.credit = found = ServedCredit(house.folder, views)
    gateway.custody = ServedCustody(house.folder, views)
    return keep_credit(found, say, logs, stopping_of(house, settings), gateway.waiting)
