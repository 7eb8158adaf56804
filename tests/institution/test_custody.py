"""A strategic reserve kept by its desk, by the words of the command line; the house is closed and
opened again between its orders, its offers and its answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lasalle import wire
from lasalle.client import Key
from lasalle.delivery.custody import ReserveWrong, challenge_of, statement_of
from lasalle.delivery.keys import SigningKey
from lasalle.gateway.http import Gateway
from lasalle.institution.command_line import main
from lasalle.institution.credit_sold import Views
from lasalle.institution.custody_served import ServedCustody
from lasalle.institution.custody_store import HOUR_NS, CustodyStore, work_of
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    DAY,
    DESK,
    FIRST,
    OTHER,
    PRICE,
    SUPPLIER,
    DeliveryVenue,
    at,
)
from lasalle.venue.waiting import Waiting
from lasalle.wire import Side
from tests.gateway.conftest import Served, listening
from tests.institution.test_delivery_round import desk_of, run

CHANGES = (
    ("rungs = 3", "rungs = 2"),
    ("look_back = 20", "look_back = 2"),
    ("account = 3,", f"account = {DESK},"),
)


class Reserve:
    """A folder with a house, a reserve's own folder, and a moment that only grows."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.terms = folder / "reserve" / "reserve.toml"
        self.moment = at(DAY, 9)
        self._stack = ExitStack()
        self._served: Served | None = None

    def _opened(self) -> DeliveryVenue:
        venue = DeliveryVenue.open(self.folder / "house")
        venue.clock.to(self.moment)
        return venue

    @contextmanager
    def venue(self) -> Iterator[DeliveryVenue]:
        """The house, opened and closed; it is not served meanwhile."""
        self.stop()
        venue = self._opened()
        yield venue
        self.moment = venue.clock.now
        venue.close()

    def stop(self) -> None:
        """The house goes, and whoever asks next opens it again."""
        self._stack.close()
        self._served = None

    def _serve(self) -> Served:
        """The house served, opened where it is not."""
        if self._served is None:
            house, keys = (venue := self._opened()).house, dict[int, Key]()
            for actor in (FIRST, 10 + SUPPLIER, 10 + BUYER, 10 + OTHER):
                made = house.keys.create(actor, ("read", "trade", "transfer"))
                keys[actor] = Key(made.key, made.secret)
            gateway = Gateway(
                Waiting(house.sequencer), house.market, house.accounts, house.keys, {}, False
            )
            views = Views(house.market, house.accounts)
            gateway.custody = ServedCustody(house.folder, views, venue.clock)
            self._served = self._stack.enter_context(listening(house, gateway, keys))
        return self._served

    def lasalle(self, *words: str, actor: int = 10 + BUYER) -> tuple[int, str]:
        """A verb, asked of the served house; its code and what it said."""
        served, path = self._serve(), self.folder / "key.json"
        key = served.keys[actor]
        path.write_text(json.dumps({"key": key.key, "secret": key.secret}))
        code = main(["delivery", "custody", *words, "--at", served.address, "--key", str(path)])
        told = self._capsys.readouterr()
        return code, told.out + told.err

    def home(self, *words: str) -> tuple[int, str]:
        """A verb on files."""
        code = main(["delivery", "custody", *words])
        told = self._capsys.readouterr()
        return code, told.out + told.err

    def begin(self) -> None:
        """Terms of the example, its ladder and its shares made those of the story, in force."""
        assert self.home("example", str(self.terms.parent))[0] == 0
        text = self.terms.read_text()
        for was, becomes in CHANGES:
            assert was in text
            text = text.replace(was, becomes)
        self.terms.write_text(text)
        assert self.lasalle("file", str(self.terms))[0] == 0

    def order(self, block: int, side: Side, lots: int, price: int) -> None:
        with self.venue() as venue:
            venue.order(OTHER, venue.series[block].symbol, side, lots, price)

    def held(self, block: int, account: int = BUYER) -> int:
        with self.venue() as venue:
            positions = venue.house.accounts.accounts[account].positions
            return int(positions.get(venue.number(venue.series[block].symbol), 0))


@pytest.fixture
def reserve(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Reserve]:
    found = Reserve(tmp_path, capsys)
    yield found
    found.stop()


@pytest.mark.rule("DEL-066")
@pytest.mark.rule("DEL-080")
@pytest.mark.rule("DEL-081")
def test_the_ladder_is_bought_and_rotated_and_nothing_twice(
    reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve.begin()
    code, told = reserve.lasalle("file", str(reserve.terms))
    assert (code, "in force as line 1" in told) == (0, True), "the same terms are kept once"
    code, told = reserve.lasalle("execute", "2", "--yes")
    assert (code, "nobody offers it" in told, "Nothing is to be sent" in told) == (0, True, True)
    assert "bid none, ask none" in reserve.lasalle("report", "2")[1]
    reserve.order(0, Side.SELL, 4, 410_000)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    code, told = reserve.lasalle("execute", "2")
    assert (code, told.splitlines()[-1], reserve.held(0)) == (1, "Nothing was sent.", 0)
    code, told = reserve.lasalle("execute", "2", "--yes")
    assert (code, "4 of 10 filled" in told) == (1, True)
    # What is dearer than the band is left; what is within it fills the rung and no more.
    reserve.order(0, Side.SELL, 1, 441_000)
    assert "Nothing is to be sent" in reserve.lasalle("execute", "2", "--yes")[1]
    reserve.order(0, Side.SELL, 20, 405_000)
    assert reserve.lasalle("execute", "2", "--yes")[0] == 0
    assert reserve.held(0) == 10
    code, told = reserve.lasalle("plan", "2")
    assert (code, "rung 1" in told, "rung 2 of 2" in told) == (0, False, True)
    # Its time has come: sold again where somebody bids within the band.
    reserve.stop()
    reserve.moment = at(DAY + timedelta(days=2), 9)
    code, told = reserve.lasalle("execute", "2", "--yes")
    assert (code, "hold" in told, reserve.held(0)) == (0, True, 10)
    reserve.order(0, Side.BUY, 30, 390_000)
    assert reserve.lasalle("execute", "2", "--yes")[0] == 0
    reserve.stop()
    assert "Nothing is to be sent" in reserve.lasalle("execute", "2", "--yes")[1]
    assert reserve.held(0) == 0


@pytest.mark.rule("DEL-081")
def test_an_order_whose_answer_was_lost_is_not_sent_twice(
    reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report is that of before the order, as where two execute at once."""
    reserve.begin()
    reserve.order(0, Side.SELL, 30, 405_000)
    before = json.loads(reserve.lasalle("report", "2", "--json")[1])
    assert reserve.lasalle("execute", "2", "--yes")[0] == 0
    real, asked = ServedCustody.report, list[int]()

    def late(self: ServedCustody, account: int) -> Any:
        asked.append(account)
        return before if len(asked) == 1 else real(self, account)

    monkeypatch.setattr(ServedCustody, "report", late)
    code, told = reserve.lasalle("execute", "2", "--yes")
    assert (code, "nothing lacks; nothing was sent" in told, reserve.held(0)) == (0, True, 10)
    assert len(asked) == 2


def released(reserve: Reserve) -> int:
    """A rung that is delivered to the reserve on a day of scarcity; the delivery."""
    reserve.begin()
    reserve.order(0, Side.SELL, 10, 405_000)
    assert reserve.lasalle("execute", "2", "--yes")[0] == 0
    with reserve.venue() as venue:
        for days, price in enumerate((PRICE, PRICE, 600_000)):
            venue.clock.to(at(DAY + timedelta(days=days), 17))
            venue.fix(DAY + timedelta(days=days), price)
    code, told = reserve.lasalle("plan", "2")
    assert (code, "kept to its delivery" in told) == (0, True)
    with reserve.venue() as venue:
        venue.clock.to(venue.series[0].last_trading_time)
        series = venue.number(venue.series[0].symbol)
        venue.ask(FIRST, wire.SetSeriesState(series=series, state=wire.SeriesState.CLOSED))
        run(venue, desk_of(venue, None))
        (found,) = venue.house.accounts.margins.owed.deliveries
        return int(found)


def offers(venue: DeliveryVenue) -> dict[int, Any]:
    """Open offers by taker."""
    return {o.to_account: o for o in venue.house.accounts.margins.owed.offers.values()}


@pytest.mark.rule("DEL-068")
@pytest.mark.rule("DEL-081")
def test_what_is_released_is_offered_to_each_its_share_and_once(reserve: Reserve) -> None:
    released(reserve)
    code, told = reserve.lasalle("release", "2", "--yes")
    assert (code, "10 lots released" in told) == (0, True), told
    reserve.stop()
    code, told = reserve.lasalle("release", "2", "--yes")
    assert (code, "Nothing is to be offered" in told) == (0, True)
    with reserve.venue() as venue:
        both = offers(venue)
        assert {to: o.lots for to, o in both.items()} == {SUPPLIER: 7, DESK: 3}
        take = wire.AcceptDelivery(account=SUPPLIER, offer=both[SUPPLIER].offer)
        venue.ask(10 + SUPPLIER, take)
        assert offers(venue) == {}, "the delivery was split, and the other offer lapsed with it"
    code, told = reserve.lasalle("release", "2", "--yes")
    assert (code, "account 1: share 7, taken 7, on offer 0" in told) == (0, True)
    with reserve.venue() as venue:
        (other,) = offers(venue).values()
        assert (other.to_account, other.lots) == (DESK, 3)
        venue.ask(10 + DESK, wire.AcceptDelivery(account=DESK, offer=other.offer))
        lots = {d.buyer: d.lots for d in venue.house.accounts.margins.owed.deliveries.values()}
        assert lots == {SUPPLIER: 7, DESK: 3}
    code, told = reserve.lasalle("release", "2")
    assert (code, "Nothing is to be offered" in told) == (0, True)


@pytest.mark.rule("DEL-067")
def test_what_nobody_bid_for_and_is_not_released_stays_with_the_reserve(reserve: Reserve) -> None:
    reserve.begin()
    reserve.order(0, Side.SELL, 10, 405_000)
    assert reserve.lasalle("execute", "2", "--yes")[0] == 0
    with reserve.venue() as venue:
        venue.clock.to(venue.series[0].last_trading_time)
        series = venue.number(venue.series[0].symbol)
        venue.ask(FIRST, wire.SetSeriesState(series=series, state=wire.SeriesState.CLOSED))
        run(venue, desk_of(venue, None))
    code, told = reserve.lasalle("release", "2", "--yes")
    assert (code, "10 lots stay with the reserve" in told) == (0, True)


@pytest.mark.rule("DEL-069")
@pytest.mark.rule("DEL-083")
def test_a_test_is_drawn_once_a_day_and_answered_by_the_drawn_units_own_keys(
    reserve: Reserve,
) -> None:
    reserve.begin()
    assert "a test of readiness is due" in reserve.lasalle("plan", "2")[1]
    code, told = reserve.lasalle("test", "2", "--json")
    first = json.loads(told)
    assert (code, first["state"], len(first["units"])) == (0, "open", 1)
    reserve.order(0, Side.SELL, 1, 405_000)
    assert json.loads(reserve.lasalle("test", "2", "--json")[1]) == first
    reserve.stop()
    keys = str(reserve.terms.parent)
    code, told = reserve.lasalle("answer", "2", "--keys", str(reserve.folder))
    assert (code, "0 of 1 units answered" in told) == (0, True), "no key, no answer"
    evidence = str(reserve.terms)
    code, told = reserve.lasalle("answer", "2", "--keys", keys, "--evidence", evidence)
    assert (code, "ready, 1 of 1 units answered" in told) == (0, True)
    assert "no test is open" in reserve.lasalle("answer", "2", "--keys", keys)[1]
    code, told = reserve.lasalle("report", "2")
    assert (code, "test 2 of 20260713: ready" in told, "is due" in told) == (0, True, False)
    store = CustodyStore(reserve.folder / "house")
    assert [row["kind"] for row in store.record.rows()] == ["filed", "drawn", "answered"]
    path = store.record.path
    path.write_bytes(path.read_bytes().replace(b'"unit":"hall', b'"unit":"hell'))
    again = CustodyStore(reserve.folder / "house")
    path.write_bytes(path.read_bytes() + b'{"number":4}\n')
    with pytest.raises(ReserveWrong, match=r"line 4 does not follow \(DEL-082\)"):
        again.held()


@pytest.mark.rule("DEL-082")
@pytest.mark.rule("DEL-083")
def test_an_answer_that_does_not_hold_is_refused_by_field(reserve: Reserve, tmp_path: Path) -> None:
    assert reserve.home("example", str(reserve.terms.parent), "--account", "1")[0] == 0
    store, text = CustodyStore(tmp_path / "alone"), reserve.terms.read_text()
    with pytest.raises(ReserveWrong, match="account: expected one with terms on record, found 1"):
        store.draw(1, 20_260_713, (5, "ab" * 32), 11, 1)
    with pytest.raises(ReserveWrong, match="account: expected 2, found 1 in the terms"):
        store.file(text, 2, 12, 0)
    assert store.file(text, 1, 11, 0) == store.file(text, 1, 11, 9)
    test = store.draw(1, 20_260_713, (5, "ab" * 32), 11, 1)
    assert store.draw(1, 20_260_713, (6, "cd" * 32), 11, 2) == test
    (unit,) = test.units
    key = SigningKey(bytes.fromhex((reserve.terms.parent / f"{unit}.key").read_text()))
    asked = challenge_of(test.seed, test.day, unit)
    work = work_of(asked)
    signed = key.sign(statement_of(asked, work, "")).hex()
    forged = SigningKey(b"\x07" * 32).sign(statement_of(asked, work, "")).hex()
    late = test.until + 1
    for number, name, shown, now, why in (
        (9, unit, (work, "", signed), 2, "test: expected one of 2, found 9"),
        (2, "other", (work, "", signed), 2, f"unit: expected one of {unit}, found 'other'"),
        (2, unit, ("00" * 32, "", signed), 2, "work: expected what"),
        (2, unit, (work, "xy", signed), 2, "evidence: expected a SHA-256"),
        (2, unit, (work, "00" * 32, signed), 2, "signature: expected that of"),
        (2, unit, (work, "", forged), 2, "signature: expected that of"),
        (2, unit, (work, "", "no hex"), 2, "signature: expected that of"),
        (2, unit, (work, "", signed), late, "test: expected an answer by"),
    ):
        with pytest.raises(ReserveWrong, match=why):
            store.answer(1, number, name, shown, 11, now)
    assert store.answer(1, 2, unit, (work, "", signed), 11, 3).state(late) == "ready"
    assert store.answer(1, 2, unit, (work, "", signed), 11, late).state(late) == "ready"
    with pytest.raises(ReserveWrong, match="unit: expected no second answer"):
        store.answer(1, 2, unit, (work, "00" * 32, signed), 11, 4)
    assert (test.state(test.until), test.state(late)) == ("open", "failed")
    # A line that a crash tore is dropped, and the next takes its place.
    path = store.record.path
    path.write_bytes(path.read_bytes() + b'{"number":4,"bef')
    assert store.draw(1, 20_260_714, (9, "ef" * 32), 11, 24 * HOUR_NS).number == 4
    bare = text.replace(text[text.index("units = [") : text.index("# What is")], "units = []\n")
    store.file(bare, 1, 11, 5)
    with pytest.raises(ReserveWrong, match="units: expected standing units"):
        store.draw(1, 20_260_715, (9, "ef" * 32), 11, 24 * HOUR_NS)


@pytest.mark.rule("DEL-082")
def test_terms_filed_anew_lose_no_test_and_judge_none_that_was_drawn_before(
    reserve: Reserve, tmp_path: Path
) -> None:
    assert reserve.home("example", str(reserve.terms.parent), "--account", "1")[0] == 0
    store, text = CustodyStore(tmp_path / "alone"), reserve.terms.read_text()
    half = text.replace("test_share = 2_500", "test_share = 5_000")
    half = half.replace("test_pass = 9_000", "test_pass = 5_000")
    store.file(half, 1, 11, 0)
    before = store.draw(1, 20_260_713, (5, "ab" * 32), 11, 1)
    assert len(before.units) == 2
    unit = before.units[0]
    key = SigningKey(bytes.fromhex((reserve.terms.parent / f"{unit}.key").read_text()))
    asked = challenge_of(before.seed, before.day, unit)
    work = work_of(asked)
    shown = (work, "", key.sign(statement_of(asked, work, "")).hex())
    other = text.replace(text[text.index("units = [") : text.index("# What is")], "units = []\n")
    assert store.file(other, 1, 11, 2)[0] == 3
    assert store.known(1).tests == [before], "a test stands under the terms it was drawn by"
    assert store.draw(1, 20_260_713, (6, "cd" * 32), 11, 3) == before
    # One of two is enough by the terms before, and its key is named in them alone.
    assert store.answer(1, before.number, unit, shown, 11, 4).state(5) == "ready"
    store.file(text, 1, 11, 6)
    (kept,) = store.known(1).tests
    assert (kept.state(before.until + 1), list(kept.answers)) == ("ready", [unit])
    after = store.draw(1, 20_260_714, (7, "ef" * 32), 11, 7)
    assert (len(after.units), store.known(1).tests) == (1, [kept, after])


@pytest.mark.rule("DEL-082")
def test_files_and_askers_that_are_wrong_are_told_what_was_expected(reserve: Reserve) -> None:
    reserve.begin()
    code, told = reserve.home("check", str(reserve.terms))
    assert (code, "sound; account 2, 2 rungs of 10 TSTD.F, 4 standing units" in told) == (0, True)
    code, told = reserve.home("example", str(reserve.terms.parent))
    assert (code, "a folder that is empty" in told) == (1, True)
    bent = reserve.folder / "bent.toml"
    bent.write_text(reserve.terms.read_text().replace("rungs = 2", "rungs = 0"))
    code, told = reserve.home("check", str(bent))
    assert (code, "rungs: expected 1 to 100, found 0" in told) == (1, True)
    bent.write_bytes(b"\xff")
    assert "expected text in UTF-8" in reserve.home("check", str(bent))[1]
    for words, actor, why in (
        (("report", "2"), 10 + OTHER, "account unknown"),
        (("report", "1"), 10 + SUPPLIER, "file unknown"),
        (("test", "2"), FIRST, "role missing"),
        (("file", str(reserve.terms)), 10 + OTHER, "account unknown"),
    ):
        code, told = reserve.lasalle(*words, actor=actor)
        assert (code, why in told) == (1, True), told
    code, _ = reserve.lasalle("report", "2", actor=FIRST)
    assert code == 0, "the house reads it"
    for path in reserve.terms.parent.glob("*.key"):
        path.write_text("zz")
    assert reserve.lasalle("test", "2")[0] == 0
    code, told = reserve.lasalle("answer", "2", "--keys", str(reserve.terms.parent))
    assert (code, "expected a key of 64 hexadecimal digits" in told) == (1, True)


def test_a_ladder_whose_product_is_not_listed_says_so(reserve: Reserve) -> None:
    reserve.begin()
    reserve.terms.write_text(reserve.terms.read_text().replace('"TSTD.F"', '"TSTD.U"'))
    assert reserve.lasalle("file", str(reserve.terms))[0] == 0
    told = reserve.lasalle("plan", "2")[1]
    assert "no fixing to go by" in told and "no block of the product is listed" in told  # noqa: PT018
