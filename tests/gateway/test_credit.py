"""Suppliers over REST: who may say and see what."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from lasalle.client import Client, Key
from lasalle.client.faults import Fault
from lasalle.credit.supplier_file import read_supplier
from lasalle.institution.credit_house import Views, example_text, shifted
from lasalle.institution.credit_served import ServedCredit
from tests.credit.world import supplier
from tests.gateway.conftest import serving

NOW = 1_795_608_000 * 10**9
MONTH = ("2027-02", "H100", "EN")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("credit") / "house"

    def furnished(gateway):
        views = Views(gateway.market, gateway.accounts)
        gateway.credit = ServedCredit(folder, views, lambda: NOW)
        made_up = read_supplier(example_text("northern-halls"))
        gateway.credit.store.file(shifted(made_up, made_up.as_of), 1, NOW)
        # A real one, of member 1.
        own = replace(supplier(), supplier="member-one", simulated=False, member=1)
        gateway.credit.store.file(own, 1, NOW)

    with serving(folder, furnished=furnished) as found:
        yield found


def refused(ask) -> str:
    with pytest.raises(Fault) as fault:
        ask()
    return fault.value.name


@pytest.mark.rule("CRD-019")
def test_everyone_reads_totals_and_no_real_name(served):
    told = Client(served.address).credit_totals()
    assert told.suppliers == 2
    assert [one.supplier for one in told.made_up] == ["northern-halls"]
    assert sum(told.by_grade.values()) == 2
    assert told.months[0].accelerators >= told.months[0].largest > 0


@pytest.mark.rule("CRD-019")
def test_a_supplier_sees_its_own_and_officers_all(served):
    officer, own, other = served.client(1), served.client(11), served.client(12)
    assert [s.supplier for s in officer.credit_suppliers()] == ["member-one", "northern-halls"]
    assert [s.supplier for s in own.credit_suppliers()] == ["member-one"]
    assert other.credit_suppliers() == []
    whole = own.credit_supplier("member-one")
    assert whole.points == officer.credit_supplier("member-one").points
    assert whole.initial_margin_credit == 1_000_000 * 10**6
    for ask in (
        lambda: other.credit_supplier("member-one"),
        lambda: own.credit_supplier("northern-halls"),
        lambda: other.credit_what_if("member-one", *MONTH),
        lambda: officer.credit_supplier("nobody"),
    ):
        assert refused(ask) == "file_unknown"
    assert refused(lambda: Client(served.address).credit_suppliers()) == "key_refused"


@pytest.mark.rule("CRD-009")
def test_files_and_lines_are_said_by_officers_and_a_line_by_two(served):
    made = served.house.keys.create(2, ("read", "admin"))
    second = Client(served.address, Key(made.key, made.secret))
    first, trader = served.client(1), served.client(11)
    text = example_text("plateau-compute")
    assert refused(lambda: trader.credit_file(text)) in ("role_missing", "scope_missing")
    kept = first.credit_file(text)
    assert kept == first.credit_file(text)
    with pytest.raises(Fault) as fault:
        first.credit_file(text.replace("accelerators = 1648", "accelerators = 0"))
    assert fault.value.field == "fleet[0].accelerators"
    assert first.credit_line("member-one", 100).state == "waits for another officer"
    assert first.credit_line("member-one", 100).state == "waits for another officer"
    assert first.credit_supplier("member-one").unsecured == 0
    assert second.credit_line("member-one", 100).state == "on"
    assert first.credit_supplier("member-one").unsecured == 100 * 10**6
    assert first.credit_line("member-one", 0).state == "off"
    said = first.credit_heartbeats("plateau-compute", 0.5)
    assert said.step == "secure"
    assert first.credit_supplier("plateau-compute").signs[0].name == "missed heartbeats"


@pytest.mark.rule("CRD-017")
def test_a_supplier_asks_how_much_more(served):
    own = served.client(11)
    found = own.credit_what_if("member-one", "2027-02", "H100", "UE", "2.40")
    assert found.more == min(found.by_limit, found.by_security) > 0
    assert [one.move for one in found.spikes] == [0.5, 1.5]
    assert refused(lambda: own.credit_what_if("member-one", "2027-02", "B200", "UE")) == "malformed"
    assert refused(lambda: own.credit_what_if("member-one", "June", "H100", "UE")) == "malformed"


@pytest.mark.rule("CRD-023")
def test_a_letter_is_drawn_on_by_an_officer_and_once_a_reference(served):
    first, own = served.client(1), served.client(11)
    letter = "Bank of the North"
    drawn = first.credit_draw("northern-halls", letter, 1_000, "call-7")
    assert drawn == first.credit_draw("northern-halls", letter, 1_000, "call-7")
    assert "We demand payment of 1,000 USD" in drawn.demand
    again = first.credit_draw("northern-halls", letter, 1, "call-8")
    assert again.left == drawn.left - 1
    with pytest.raises(Fault) as fault:
        first.credit_draw("northern-halls", letter, 2, "call-7")
    assert (fault.value.name, fault.value.field) == ("malformed", "reference")
    with pytest.raises(Fault) as fault:
        first.credit_draw("northern-halls", letter, drawn.left, "call-9")
    assert fault.value.field == "usd"
    assert refused(lambda: first.credit_draw("northern-halls", letter, 0, "x")) == "malformed"
    assert refused(lambda: own.credit_draw("member-one", "Bank", 1, "x")) in (
        "role_missing", "scope_missing",
    )  # fmt: skip
    assert refused(lambda: first.credit_draw("nobody", letter, 1, "x")) == "file_unknown"
