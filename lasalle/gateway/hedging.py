"""Hedge plans over REST: asked for, followed, told, their orders sent after one confirmation."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lasalle.client.hedging import (
    PATH,
    HedgeExecution,
    HedgeOrders,
    HedgePlan,
    HedgeReport,
)
from lasalle.gateway.asks import begin
from lasalle.gateway.caught import fault_of
from lasalle.gateway.endpoints import Asked, Endpoint, Query, Raw, read_body
from lasalle.gateway.faults import BEHIND, BadCommand
from lasalle.gateway.ledgers import every_fill
from lasalle.gateway.orders import Id, NewOrder, place
from lasalle.gateway.pages import PAGED, page
from lasalle.gateway.plan_jobs import Job, PlanAsked, PlanJobs
from lasalle.gateway.shapes import page_of
from lasalle.gateway.shared import Shared
from lasalle.hedging.plan.answer import Answer
from lasalle.hedging.plan.need import MOST_BYTES, NeedError, read_need
from lasalle.hedging.plan.orders import MOST_ATTEMPTS, OrderFile, OrdersRefused
from lasalle.hedging.plan.paid import paid_prices

GOOD_SECONDS = 900
"""How long a confirmation is good for."""
PLAN_COST, ORDER_COST = 200, 10
UNKNOWN = ("file_unknown",)


class NewPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A need as TOML text, as `lasalle hedge example` writes one, and the account it is for;
    `rebalance` begins with what the account holds.
    """

    need: Annotated[str, Meta(max_length=MOST_BYTES)]
    account: Id
    rebalance: bool = False
    scenarios: Annotated[int, Meta(ge=500, le=20_000)] = 10_000
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 1


class Confirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the orders of a plan were answered with."""

    confirmation: Annotated[str, Meta(max_length=200)]


class Hedging:
    """The paths of plans."""

    def __init__(self, shared: Shared, jobs: PlanJobs) -> None:
        self._g, self._jobs = shared, jobs
        self._secret = secrets.token_bytes(32)

    def endpoints(self) -> list[Endpoint]:
        """The declarations."""
        one = PATH + "/{plan}"
        form = Query("format", "The page alone, to be kept.", words=("json", "html"))
        return [
            Endpoint(
                "POST", PATH, self.ask,
                "Asks for the hedge plan of a need; it is made beside, and followed by its name.",
                HedgePlan, "read", PLAN_COST, NewPlan,
                faults=("account_unknown", "file_unknown", BEHIND),
            ),
            Endpoint(
                "GET", PATH, self.listed, "Plans asked for, the newest first.",
                page_of("HedgePlans", "plans", HedgePlan), "read", 5, query=PAGED,
            ),
            Endpoint(
                "GET", one, self.found, "A plan: how far it is, and what it says once it is done.",
                HedgePlan, "read", 5, faults=UNKNOWN,
            ),
            Endpoint(
                "DELETE", one, self.cancel, "Stops a plan; forgets one that has ended.", HedgePlan,
                "read", faults=UNKNOWN,
            ),
            Endpoint(
                "GET", one + "/report", self.report, "A plan told as text and as a page.",
                HedgeReport, "read", 20, query=(form,), faults=UNKNOWN,
            ),
            Endpoint(
                "GET", one + "/orders", self.orders,
                "Orders of a plan, and the confirmation that sends them.", HedgeOrders, "read", 5,
                faults=(*UNKNOWN, "account_unknown"),
            ),
            Endpoint(
                "POST", one + "/execute", self.execute,
                "Sends the orders of a plan: immediate or cancel, for the lots still missing; asked"
                " again it sends the rest, never more than the plan.",
                HedgeExecution, "trade", 5 * ORDER_COST, Confirmed,
                faults=(*UNKNOWN, "account_unknown", "series_unknown"),
            ),
        ]  # fmt: skip

    async def ask(self, asked: Asked) -> Any:
        """A plan under way. Raises Denied for an account of somebody else, or too many plans."""
        body = read_body(NewPlan, asked.body)
        account = self._g.reading.own(asked.signer.actor, body.account)
        try:
            need = read_need(body.need, "need")
        except NeedError as error:
            raise BadCommand("need", "a need that is whole", str(error)) from None
        if need.bill.files:
            raise BadCommand(
                "need", "bill.ratio and bill.deviation: no file is read here", "bill.files"
            )
        holds = self._holds(account)
        held = holds if body.rebalance else {}
        fills = await every_fill(self._g, asked.signer.actor, account) if held else []
        wanted = PlanAsked(
            need, account, held, body.scenarios, body.seed, self._g.house, holds,
            paid_prices(fills, held),
        )  # fmt: skip
        return self._jobs.begin(asked.signer.actor, asked.signer.key, wanted).told(whole=True)

    def listed(self, asked: Asked) -> Any:
        """Plans of the actor."""
        mine = self._jobs.of(asked.signer.actor)
        found, following = page("plans", mine, lambda job: -job.time, asked.query)
        return {"plans": [job.told(whole=False) for job in found], "next": following}

    def found(self, asked: Asked) -> Any:
        """A plan of the actor."""
        return self._job(asked).told(whole=True)

    def cancel(self, asked: Asked) -> Any:
        """A plan stopped or forgotten."""
        job = self._job(asked)
        self._jobs.cancel(job)
        return job.told(whole=False)

    def report(self, asked: Asked) -> Any:
        """A plan told."""
        job = self._job(asked)
        answer = self._answer(job)
        if asked.query.get("format") == "html":
            # The page has its style and picture inside, which no page of the house may run.
            named = f'attachment; filename="plan-{job.plan[:8]}.html"'
            content = answer.html.encode("utf-8")
            return Raw(content, "text/html; charset=utf-8", headers={"Content-Disposition": named})
        return {"plan": job.plan, "text": answer.text, "html": answer.html}

    def orders(self, asked: Asked) -> Any:
        """Orders, and the confirmation of them."""
        job = self._job(asked)
        file = self._answer(job).orders
        until = (time.time_ns() // 10**9 + GOOD_SECONDS) * 10**9
        return {
            "plan": job.plan,
            "account": file.account,
            "sha256": file.sha256,
            "orders": [msgspec.structs.asdict(one) for one in file.orders],
            "confirmation": f"{until}.{self._confirms(job, file, until)}",
            "good_until": until,
        }

    async def execute(self, asked: Asked) -> Any:
        """Sends the orders one after the other, up to the first that is refused."""
        confirmation = read_body(Confirmed, asked.body).confirmation
        job = self._job(asked)
        file = self._answer(job).orders
        self._check(job, file, confirmation)
        self._g.reading.own(asked.signer.actor, file.account)
        for number, one in enumerate(file.orders):
            # Before the first is sent: half a plan is no plan.
            place(self._g.market, self._order(file, number, one.lots, 0))
        filled: list[dict[str, Any]] = []
        refused = None
        for number, one in enumerate(file.orders):
            try:
                missing, lots = await self._send(asked, file, number)
            except Exception as error:
                denied = fault_of(error)
                if denied.name == "internal":
                    raise
                refused = denied.body()["error"]
                break
            filled.append(
                {"symbol": one.symbol, "wanted": one.lots, "missing": missing, "filled": lots}
            )
        return {"plan": job.plan, "orders": filled, "refused": refused}

    async def _send(self, asked: Asked, file: OrderFile, number: int) -> tuple[int, int]:
        """Sends what is missing of an order; lots missing and lots filled. An attempt that was made
        before is in what the account holds: with it counted the next is made.
        """
        missing, attempt = file.missing(number, self._holds(file.account)), 0
        while missing and attempt < MOST_ATTEMPTS:
            command = place(self._g.market, self._order(file, number, missing, attempt))
            answer = await begin(self._g, asked.signer, command)
            if not answer["replayed"]:
                events = [msgspec.json.decode(event) for event in answer["events"]]
                return missing, sum(int(e["lots"]) for e in events if e["name"] == "traded")
            before, missing = missing, file.missing(number, self._holds(file.account))
            attempt = attempt + 1 if missing == before else 0
        return missing, 0

    def _holds(self, account: int) -> dict[str, int]:
        """Lots of an account by symbol."""
        rows = self._g.accounts.shown(account)["positions"]
        return {row["symbol"]: row["lots"] for row in rows}

    def _order(self, file: OrderFile, number: int, lots: int, attempt: int) -> NewOrder:
        one = file.orders[number]
        view = self._g.market.by_symbol.get(one.symbol)
        tick = view.terms.tick if view is not None else 1
        return NewOrder(
            account=file.account,
            symbol=one.symbol,
            side=one.side,
            lots=lots,
            price_ticks=one.limit_for(lots) // tick,
            time_in_force="ioc",
            client_order_id=file.client_order_id(number, lots, attempt),
            reference_time=file.reference_time,
        )

    def _confirms(self, job: Job, file: OrderFile, until: int) -> str:
        said = f"{job.plan} {job.actor} {file.account} {file.sha256} {until}".encode("ascii")
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()

    def _check(self, job: Job, file: OrderFile, confirmation: str) -> None:
        """Raises Denied for a confirmation that is not of these orders, or is no longer good."""
        until, _, mark = confirmation.partition(".")
        number = int(until) if until.isascii() and until.isdigit() and len(until) < 20 else 0
        expected = self._confirms(job, file, number)
        if not hmac.compare_digest(expected.encode("ascii"), mark.encode("utf-8", "replace")):
            raise BadCommand("confirmation", "the one its orders were answered with", "another")
        if number < time.time_ns():
            raise BadCommand("confirmation", f"one asked for within {GOOD_SECONDS} s", "an older")
        try:
            file.check_bound(self._g.house, job.asked.account)
        except OrdersRefused as error:
            raise BadCommand("plan", "orders of this house", str(error)) from None

    def _job(self, asked: Asked) -> Job:
        return self._jobs.find(asked.signer.actor, asked.path["plan"])

    def _answer(self, job: Job) -> Answer:
        """The answer of a plan. Raises Denied where it has none."""
        if job.answer is None or job.state != "done":
            said = f"{job.state}: {job.failed}" if job.failed else job.state
            raise BadCommand("plan", "one that is done", said)
        return job.answer
