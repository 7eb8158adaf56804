"""The bounds of the schema are chosen so that nothing the house tells overflows 64 bits."""

from __future__ import annotations

from lasalle.wire import Bound

MOST = 2**63 - 1


def test_every_payment_of_an_account_fits():
    assert Bound.ACCOUNT_GROSS_LOTS * Bound.PRICE * Bound.HOURS <= MOST


def test_every_requirement_fits():
    lots = Bound.ACCOUNT_GROSS_LOTS
    option_value = lots * Bound.PRICE * Bound.HOURS
    assert lots * (Bound.LOSS_PER_LOT + 2 * Bound.CHARGE_PER_LOT) + option_value <= MOST


def test_the_cost_of_a_position_and_the_value_of_an_order_fit():
    assert Bound.ACCOUNT_GROSS_LOTS * Bound.PRICE <= MOST
    assert Bound.ORDER_LOTS * Bound.PRICE * Bound.HOURS <= MOST
