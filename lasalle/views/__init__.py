"""Read models: folded from events, thrown away at will, folded again."""

from lasalle.views.accounts import AccountsView
from lasalle.views.history import History, MemoryHistory
from lasalle.views.market import MarketView
from lasalle.views.model import HistoryBehind
from lasalle.views.sqlite_history import SqliteHistory

__all__ = [
    "AccountsView",
    "History",
    "HistoryBehind",
    "MarketView",
    "MemoryHistory",
    "SqliteHistory",
]
