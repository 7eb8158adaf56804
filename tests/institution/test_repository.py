"""The trade-repository file: every side of every trade of a day, its changes and its end, under
identifiers that are the same each time; what is not known is named, never made up."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest
from defusedxml.ElementTree import fromstring

from lasalle import wire
from lasalle.clearing.membership import ApplicationError, check_lei
from lasalle.clearing.repository import (
    ABSENT,
    HEADS,
    NAMESPACE,
    NOT_ASSIGNED,
    Parties,
    Repository,
    reports_csv,
    reports_xml,
    uti,
)
from lasalle.gateway.keys import KeyStore
from lasalle.institution.command_line import main
from lasalle.institution.day_close import read_close
from lasalle.institution.drill import Drill
from lasalle.institution.drill_house import DrillHouse
from lasalle.institution.drill_story import load_story
from lasalle.institution.opening import write_secret
from lasalle.institution.repository_desk import contract_of, house_lei, made_up_lei, reports_of
from lasalle.institution.settings import Settings, write_settings
from tests.institution.test_cover import FIRST, SECOND, folder, settled
from tests.institution.test_day import small
from tests.institution.test_disclosure import events_of

__all__ = ["folder", "settled", "small"]
UTI = re.compile(r"[A-Z0-9]{18}\d{2}[A-Z0-9]{1,32}")
HOUSE = made_up_lei()


def days_of(folder):
    """Events by the settled day they belong to."""
    found, now, settling, day = {}, [], -1, 0
    for header, event in events_of(folder):
        if settling >= 0 and header.cause != settling:
            found[day], now, settling = now, [], -1
        now.append((header, event))
        if isinstance(event, wire.VariationSettled):
            day, settling = event.day, header.cause
    return found


def test_every_side_of_every_trade_is_reported_once(folder):
    days, traded = days_of(folder), 0
    for day in (FIRST, SECOND):
        found = reports_of(folder, day, "")
        fresh = [r for r in found.reports if r["action_type"] == "NEWT"]
        trades = [(h, e) for h, e in days[day] if isinstance(e, wire.Traded)]
        assert len(fresh) == 2 * len(trades)
        traded += len(trades)
        assert {(int(r["trade_event"]), int(r["journal_number"])) for r in fresh} == {
            (h.number, h.cause) for h, _ in trades
        }
        assert len({r["uti"] for r in fresh}) == len(fresh)
        for row in found.reports:
            assert set(row) == set(HEADS)
            assert UTI.fullmatch(row["uti"])
            assert len(row["uti"]) <= 52
            assert row["uti"].startswith(HOUSE)
            assert row["upi"] == NOT_ASSIGNED
            assert row["other_counterparty_lei"] == "", "nobody applied in this house"
            assert int(row["total_notional_quantity"]) == int(row["quantity_lots"]) * int(
                row["quantity_per_lot"]
            )
        signs = Counter(r["side_of_other_counterparty"] for r in fresh)
        assert signs["BYER"] == signs["SLLR"]
        assert found.reports == reports_of(folder, day, "").reports
    assert traded > 2


def test_what_expires_ends_every_trade_that_was_not_undone(folder):
    days = days_of(folder)
    ended = {e.series for _, e in days[SECOND] if isinstance(e, wire.FinalSettled) and e.expired}
    before = [
        (h.number, e) for day in (20260329, FIRST, SECOND) if day in days for h, e in days[day]
        if isinstance(e, wire.Traded) and e.series in ended
    ]  # fmt: skip
    assert before
    gone = [r for r in reports_of(folder, SECOND, "").reports if r["action_type"] == "TERM"]
    assert sorted(r["uti"] for r in gone) == sorted(
        uti(HOUSE, number, buyer) for number, _ in before for buyer in (True, False)
    )
    assert all(r["final_settlement_price"] and r["expiration_date"] == "2026-03-31" for r in gone)


LISTED = wire.SeriesListed(
    series=1, symbol="H100-2026-05-2026-07", series_kind=wire.SeriesKind.SWAP, index=1,
    first_month=202605, last_month=202607, hours=2_208, tick=1_000,
)  # fmt: skip
TRADED = wire.Traded(
    series=1, price=2_500_000, lots=3, buy_account=1, sell_account=2, buy_fee=7, sell_fee=8,
    buy_clearing_fee=1, sell_clearing_fee=1,
)  # fmt: skip


def told(*events, day=20260530):
    """The reports of a house that saw these events, each of a command of its own."""
    fold = Repository(day, Parties(HOUSE, {2: made_up_lei("LASALLEDEMONSTRAT2")}), contract_of)
    opened = [
        wire.MemberRegistered(member=n, name=f"M{n}") for n in (1, 2)
    ] + [
        wire.AccountOpened(account=n, member=n, account_kind=wire.AccountKind.HOUSE)
        for n in (1, 2)
    ]  # fmt: skip
    for n, event in enumerate([*opened, LISTED, *events], 1):
        fold.on(wire.Header(0, event.KIND, 0, 0, 0, n, n * 10**9, n, 0, 0), event)
    return fold


def test_a_trade_is_corrected_modified_undone_each_under_its_identifier():
    adjusted = wire.TradeAdjusted(trade=6, series=1, old_price=2_500_000, price=2_400_000, lots=3)
    month = wire.FinalSettled(series=1, month=202605, price=2_450_000, hours=744)
    busted = wire.TradeBusted(trade=6, series=1, price=2_400_000, lots=3)
    settled = wire.VariationSettled(day=20260530)
    fold = told(TRADED, adjusted, month, busted, settled, TRADED)
    assert [(r["action_type"], r["price"], r["quantity_per_lot"]) for r in fold.reports[::2]] == [
        ("NEWT", "2.500000", "2208"),
        ("CORR", "2.400000", "2208"),
        ("MODI", "2.400000", "1464"),
        ("EROR", "2.400000", "1464"),
    ]
    assert {r["uti"] for r in fold.reports} == {uti(HOUSE, 6, True), uti(HOUSE, 6, False)}
    assert fold.settled, "what follows the settlement is of the next day"
    buyer, seller = fold.reports[:2]
    assert (buyer["other_counterparty_lei"], seller["other_counterparty_lei"]) == (
        "", made_up_lei("LASALLEDEMONSTRAT2"),
    )  # fmt: skip
    assert (buyer["contract_type"], buyer["effective_date"], buyer["expiration_date"]) == (
        "SWAP", "2026-05-01", "2026-07-31",
    )  # fmt: skip
    assert buyer["notional_amount"] == f"{2.5 * 3 * 2_208:.6f}"
    other = told(TRADED, wire.VariationSettled(day=20260529), adjusted, settled)
    assert [r["action_type"] for r in other.reports] == ["CORR", "CORR"], "a day is its own"


def test_the_files_say_the_same_and_name_what_they_lack():
    fold = told(TRADED, wire.VariationSettled(day=20260530))
    rows = list(csv.DictReader(reports_csv(fold.reports).splitlines()))
    assert rows == fold.reports
    document = fromstring(reports_xml(fold.reports, 20260530))
    at = f"{{{NAMESPACE}}}"
    assert document.find(f".//{at}NbRcrds").text == str(len(rows))
    assert [x.text for x in document.iter(f"{at}Uti")] == [r["uti"] for r in rows]
    assert len(list(document.iter(f"{at}Field"))) == len(ABSENT)
    assert "upi" in dict(ABSENT)
    assert all(why for _, why in ABSENT)
    assert all(x.text for x in document.iter() if not len(x)), "nothing unknown is said empty"


def test_identifiers_hold_their_check_digits(tmp_path):
    assert check_lei(HOUSE) == HOUSE
    with pytest.raises(ApplicationError):
        Parties(HOUSE[:-1] + str((int(HOUSE[-1]) + 1) % 10), {})
    write_settings(tmp_path, Settings())
    with pytest.raises(ValueError, match="--lei: expected the identifier"):
        house_lei(tmp_path, "")
    assert house_lei(tmp_path, HOUSE) == HOUSE


def test_the_command_writes_for_operators_alone(folder, tmp_path, capsys):
    store = KeyStore(folder / "keys.sqlite")
    files = {}
    for name, actor in (("operator", 1), ("trader", 12)):
        key = store.create(actor)
        files[name] = tmp_path / f"{name}.json"
        write_secret(files[name], {"key": key.key, "secret": key.secret, "actor": actor})
    store.close()
    out = tmp_path / "trades.csv"
    words = ["disclosure", str(folder), "--trades", str(out), "--as-of", str(SECOND)]
    for more in ([], ["--key", str(files["trader"])]):
        assert main([*words, *more]) != 0
        assert "expected the key file of an operator" in capsys.readouterr().err
        assert not out.exists()
    assert main([*words, "--key", str(files["operator"])]) == 0
    assert "filed nowhere" in capsys.readouterr().out
    assert out.stat().st_mode & 0o077 == 0
    assert out.read_text().splitlines()[0] == ",".join(HEADS)
    assert (tmp_path / "trades-absent.csv").read_text().count("\n") == len(ABSENT) + 1
    words[3] = str(tmp_path / "trades.txt")
    assert main([*words, "--key", str(files["operator"])]) != 0
    assert "expected a name in .csv or .xml" in capsys.readouterr().err


def moved(account, to, lots):
    return wire.PositionTransferred(
        offer=1, account=account, to_account=to, series=1, lots=lots, price=2_600_000
    )


def held(reports):
    """Signed lots by account that the reports come to, and no identifier reported after its end."""
    live = {}
    for row in reports:
        assert (row["action_type"] == "NEWT") == (row["uti"] not in live), row
        if row["action_type"] in ("TERM", "EROR"):
            del live[row["uti"]]
            continue
        sign = 1 if row["side_of_other_counterparty"] == "BYER" else -1
        live[row["uti"]] = (row["other_counterparty_account"], sign * int(row["quantity_lots"]))
    found = Counter()
    for account, lots in live.values():
        found[account] += lots
    return {account: lots for account, lots in found.items() if lots}


def rows(reports, *names):
    return [tuple(row[name] for name in names) for row in reports]


class TestWhatMoves:
    def test_a_transfer_ends_the_oldest_trades_and_begins_another(self):
        fold = told(TRADED, TRADED, moved(1, 2, 4))
        after = fold.reports[4:]
        assert rows(after, "action_type", "event_code", "quantity_lots", "event_type") == [
            ("TERM", "NOVA", "3", "position transferred"),
            ("MODI", "NOVA", "2", "position transferred"),
            ("NEWT", "NOVA", "4", "position transferred"),
        ]
        assert after[2]["prior_uti"] == f"{after[0]['uti']};{after[1]['uti']}"
        assert (after[2]["price"], after[2]["fees"]) == ("2.600000", "0.000000")
        assert held(fold.reports) == {"1": 2, "2": -2}

    def test_lots_that_the_giver_has_not_are_sold_by_it(self):
        fold = told(TRADED, moved(1, 2, 5))
        assert held(fold.reports) == {"1": -2, "2": 2}
        assert len({r["uti"] for r in fold.reports}) == 4

    def test_a_torn_up_position_ends_on_both_sides(self):
        torn = wire.TornUp(account=1, series=1, lots=3, price=2_600_000)
        fold = Repository(20260530, Parties(HOUSE, {}), contract_of)
        for n, (cause, event) in enumerate(
            [*((a, wire.AccountOpened(account=a, member=a, account_kind=wire.AccountKind.HOUSE))
               for a in (1, 2)),
             (3, LISTED), (4, TRADED), (5, torn), (5, moved(1, 2, 2)), (5, moved(1, 2, 1))], 1,
        ):  # fmt: skip
            fold.on(wire.Header(0, event.KIND, 0, 0, 0, n, n * 10**9, cause, 0, 0), event)
        assert rows(fold.reports[2:], "action_type", "event_code", "quantity_lots") == [
            ("MODI", "ETRM", "1"), ("MODI", "ETRM", "1"),
            ("TERM", "ETRM", "1"), ("TERM", "ETRM", "1"),
        ]  # fmt: skip
        assert held(fold.reports) == {}

    def test_a_ported_account_goes_on_under_identifiers_of_its_new_member(self):
        ported = wire.AccountPorted(account=1, from_member=1, member=2)
        month = wire.FinalSettled(series=1, month=202605, price=2_450_000, hours=744)
        fold = told(TRADED, TRADED, ported, month)
        after = fold.reports[4:8]
        assert rows(after, "action_type", "other_counterparty_name") == [
            ("TERM", "M1"), ("TERM", "M1"), ("NEWT", "M2"), ("NEWT", "M2"),
        ]  # fmt: skip
        assert [r["prior_uti"] for r in after[2:]] == [r["uti"] for r in after[:2]]
        assert held(fold.reports) == {"1": 6, "2": -6}
        assert {r["uti"] for r in after[2:]} < {r["uti"] for r in fold.reports[8:]}
        assert all(UTI.fullmatch(r["uti"]) for r in fold.reports)


class EveryDay(Repository):
    """A fold that forgets no day before its own."""

    before = ()

    def on(self, header, event):
        told = self.reports
        super().on(header, event)
        if self.reports is not told:
            self.before = (*self.before, *told)


def test_reports_come_to_the_positions_of_a_drill_with_three_defaults(tmp_path):
    """Transfers, ports, awards and tear-ups of thirty days, against the core's own positions."""
    house = DrillHouse(tmp_path)
    Drill(load_story("three-defaults"), house).run()
    house.close()
    state, last = read_close(tmp_path).state, read_close(tmp_path).day
    fold = EveryDay(last, Parties(HOUSE, {}), contract_of)
    for header, event in events_of(tmp_path):
        fold.on(header, event)
    reports, kinds = [*fold.before, *fold.reports], Counter()
    for row in reports:
        kinds[row["action_type"], row["event_code"]] += 1
    for kind in (("NEWT", "TRAD"), ("NEWT", "NOVA"), ("TERM", "NOVA"), ("TERM", "ETRM")):
        assert kinds[kind] > 0, kinds
    expected = {
        str(n): sum(p.lots for p in a.positions.values()) for n, a in state.accounts.items()
    }
    assert held(reports) == {n: lots for n, lots in expected.items() if lots}
