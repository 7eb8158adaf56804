"""Read models: folded from events, thrown away at will, folded again."""

from lasalle.views.accounts import AccountsView
from lasalle.views.market import MarketView

__all__ = ["AccountsView", "MarketView"]
