"""What sides nominate, shown to the house: held against the standard, kept, read by both sides."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from lasalle import wire
from lasalle.client import Fault
from lasalle.client.obligations import Nomination
from lasalle.gateway.http import Gateway
from lasalle.gateway.nominations import MOST_CHARACTERS
from lasalle.institution.delivery_store import FOLDER, NOMINATIONS, DeliveryStore
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    OTHER,
    SUPPLIER,
    DeliveryVenue,
)
from tests.gateway.conftest import serving_house
from tests.institution.delivery_world import OwnDoor, begun

RIGHT = 'class = "T-STANDARD"\nendpoint = "https://tokens.example"\n'
MOVED = 'class = "T-STANDARD"\nendpoint = "https://other.example"\n'
KEYS = "the keys of whoever asks: é"


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[DeliveryVenue]:
    found = DeliveryVenue.open(tmp_path / "house")
    yield found
    found.close()


def kept(venue: DeliveryVenue) -> list[str]:
    """Documents the house keeps, by delivery, side and digest."""
    folder = venue.house.folder / FOLDER / NOMINATIONS
    return sorted(str(path.relative_to(folder)) for path in folder.glob("*/*"))


def name_of(delivery: int, party: str, document: str) -> str:
    return f"{delivery}/{party}-{sha256(document.encode()).hexdigest()}"


def read(venue: DeliveryVenue, actor: int, account: int, number: int) -> dict[str, Nomination]:
    found = OwnDoor(venue, actor).nominations(account, number)
    return {one.party: one for one in found}


@pytest.mark.rule("DEL-070")
@pytest.mark.rule("DEL-077")
@pytest.mark.parametrize(
    ("document", "field"),
    [
        (RIGHT.replace("STANDARD", "BATCH"), "class"),
        (RIGHT.replace("https", "http"), "endpoint"),
        ("node = " + "[" * 20_000, "nomination"),
        ("class = " + "9" * 5_000, "nomination"),
        ("keys, not TOML", "nomination"),
    ],
)
def test_what_the_standard_does_not_take_is_neither_kept_nor_named(
    venue: DeliveryVenue, document: str, field: str
) -> None:
    number = begun(venue)
    with pytest.raises(Fault) as caught:
        OwnDoor(venue, 11).nominate(SUPPLIER, number, document)
    fault = caught.value
    assert (fault.status, fault.name, fault.rule) == (422, "nomination_wrong", "DEL-070")
    assert (fault.field, bool(fault.expected), bool(fault.found)) == (field, True, True)
    assert kept(venue) == []
    assert read(venue, 12, BUYER, number) == {}


@pytest.mark.rule("DEL-077")
def test_both_sides_read_what_either_nominated_last_and_nobody_else(venue: DeliveryVenue) -> None:
    number = begun(venue)
    OwnDoor(venue, 11).nominate(SUPPLIER, number, MOVED)
    found = OwnDoor(venue, 11).nominate(SUPPLIER, number, RIGHT)
    assert found.brings == "T-STANDARD at https://tokens.example"
    assert [event["name"] for event in found.events] == ["delivery_nominated"]
    assert found.events[0]["nomination"] == found.digest == sha256(RIGHT.encode()).hexdigest()
    assert kept(venue) == [name_of(number, "seller", RIGHT)], "the last one stands"
    client = OwnDoor(venue, 12)
    client.command("pledge_delivery", account=BUYER, delivery=number, to_account=OTHER)
    assert client.nominate(BUYER, number, KEYS).brings == ""
    for actor, account in ((11, SUPPLIER), (12, BUYER)):
        both = read(venue, actor, account, number)
        assert (both["seller"].document, both["buyer"].document) == (RIGHT, KEYS)
        assert (both["seller"].account, both["buyer"].account) == (SUPPLIER, BUYER)
    for actor, account, name in (
        (1, SUPPLIER, "role_missing"),
        (13, OTHER, "delivery_unknown"),
        (13, SUPPLIER, "account_unknown"),
    ):
        with pytest.raises(Fault) as caught:
            read(venue, actor, account, number)
        assert caught.value.name == name
    with pytest.raises(Fault) as caught:
        OwnDoor(venue, 13).nominate(OTHER, number, RIGHT)
    assert caught.value.name == "delivery_unknown"
    # Both nominated: the core takes no other, and nothing of it stays.
    with pytest.raises(Fault) as caught:
        OwnDoor(venue, 11).nominate(SUPPLIER, number, MOVED)
    assert caught.value.name == "delivery_not_now"
    with pytest.raises(Fault):
        OwnDoor(venue, 11).nominate(SUPPLIER, number, RIGHT)
    assert kept(venue) == sorted(
        [name_of(number, "buyer", KEYS), name_of(number, "seller", RIGHT)]
    )


@pytest.mark.rule("DEL-077")
def test_who_takes_a_part_reads_what_stands_for_it_and_names_its_own(venue: DeliveryVenue) -> None:
    number = begun(venue)
    OwnDoor(venue, 11).nominate(SUPPLIER, number, RIGHT)
    offer = wire.OfferDelivery(account=BUYER, delivery=number, to_account=OTHER, lots=40,
                               first_hour=0, hours=12, amount=0)  # fmt: skip
    told = venue.ask(12, offer)
    taken = next(e.offer for e in told if isinstance(e, wire.DeliveryOffered))
    made = [
        event for event in venue.ask(13, wire.AcceptDelivery(account=OTHER, offer=taken))
        if isinstance(event, wire.DeliveryMade)
    ]  # fmt: skip
    for one in made:
        owner = (13, OTHER) if one.buyer == OTHER else (12, BUYER)
        found = read(venue, *owner, one.delivery)
        assert [(n.party, n.document) for n in found.values()] == [("seller", RIGHT)]
    assert {one.buyer for one in made} == {BUYER, OTHER}


@pytest.mark.rule("DEL-077")
def test_a_digest_that_was_named_alone_has_no_document(venue: DeliveryVenue) -> None:
    number = begun(venue)
    OwnDoor(venue, 11).command(
        "nominate_delivery", account=SUPPLIER, delivery=number, nomination="ab" * 32
    )
    found = read(venue, 12, BUYER, number)["seller"]
    assert (found.digest, found.document) == ("ab" * 32, None)


@pytest.mark.rule("DEL-077")
def test_a_served_house_takes_a_document_in_bounds_and_keeps_it(tmp_path: Path) -> None:
    venue = DeliveryVenue.open(tmp_path / "house")
    number = begun(venue)
    store = DeliveryStore(venue.house.folder)

    def furnished(gateway: Gateway) -> None:
        gateway.deliveries = store

    with serving_house(venue.house, furnished=furnished) as served:
        seller, buyer = served.client(11), served.client(12)
        with pytest.raises(Fault) as caught:
            buyer.nominate(BUYER, number, "x" * (MOST_CHARACTERS + 1))
        assert (caught.value.status, caught.value.field) == (400, "document")
        with pytest.raises(Fault, match="DEL-070") as caught:
            seller.nominate(SUPPLIER, number, KEYS)
        assert caught.value.status == 422
        assert seller.nominate(SUPPLIER, number, RIGHT).events[0]["name"] == "delivery_nominated"
        (found,) = buyer.nominations(BUYER, number)
        assert (found.party, found.document) == ("seller", RIGHT)
    again = DeliveryStore(venue.house.folder)
    assert again.nomination(number, "seller", found.digest) == RIGHT.encode()
