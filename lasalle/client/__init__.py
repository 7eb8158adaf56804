"""The Python client of a house, sync and async; it runs in the member's process."""

from lasalle.client.asking import Asking, asking_command
from lasalle.client.clients import AsyncClient, Client
from lasalle.client.faults import DOOR_FAULTS, REFUSED, Fault, Refused
from lasalle.client.frames import DoorRefused, ErrorCode, FrameAnswer, FrameClient
from lasalle.client.shapes import (
    Account,
    Answer,
    Book,
    Fixing,
    Level,
    Order,
    Position,
    Series,
    StatementLine,
    Trade,
)
from lasalle.client.signing import Key, sign, signed_text
from lasalle.client.stream import Stream

__all__ = [
    "DOOR_FAULTS",
    "REFUSED",
    "Account",
    "Answer",
    "Asking",
    "AsyncClient",
    "Book",
    "Client",
    "DoorRefused",
    "ErrorCode",
    "Fault",
    "Fixing",
    "FrameAnswer",
    "FrameClient",
    "Key",
    "Level",
    "Order",
    "Position",
    "Refused",
    "Series",
    "StatementLine",
    "Stream",
    "Trade",
    "asking_command",
    "sign",
    "signed_text",
]
