"""Messages of the house. Written by tools/wire.py from schema/; change it there.

Frame layout: schema/README.md. Money is micro-dollars, price micro-dollars per unit, time nanoseconds UTC.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Any, ClassVar, NamedTuple, TypeVar

import google_crc32c
import msgspec

SCHEMA_VERSION = 6
"""And the newest behaviour of the house that it speaks of."""
FIRST_EVENT_KIND = 1000
"""Commands lie below."""
HEADER_BYTES = 44
_HEADER = struct.Struct("<IHHHHQqQII")
_U32 = struct.Struct("<I")
_LIST = struct.Struct("<IH")
_KIND = struct.Struct("<IH")
_Word = TypeVar("_Word", bound=IntEnum)


class _Words(dict[int, _Word]):
    """Words of a closed list by number: a look-up is a quarter of what calling the list takes."""

    def __init__(self, words: type[_Word]) -> None:
        super().__init__({word.value: word for word in words})
        self._words = words

    def __missing__(self, number: int) -> _Word:
        return self._words(number)  # raises ValueError in the list's own words


class FrameError(ValueError):
    """Bytes that are not a frame of this schema; says what was expected and what was found."""


class Header(NamedTuple):
    """What every frame carries before its block; see schema/README.md."""

    length: int
    kind: int
    version: int
    block: int
    span: int
    number: int
    time: int
    cause: int
    actor: int
    reserved: int


def read_header(frames: bytes | memoryview, at: int = 0) -> Header:
    """The header of the frame that starts at byte `at`."""
    if len(frames) - at < HEADER_BYTES + 4:
        raise FrameError(f"expected a header of {HEADER_BYTES} bytes, found {len(frames) - at}")
    header = Header._make(_HEADER.unpack_from(frames, at))
    if not HEADER_BYTES + 4 + header.block <= header.length <= len(frames) - at:
        raise FrameError(f"frame length {header.length} does not fit {len(frames) - at} bytes")
    return header


def read_body(header: Header, frame: bytes) -> Any:
    """The message in one whole frame; the check sum is verified first."""
    (check,) = _U32.unpack_from(frame, header.length - 4)
    found = google_crc32c.value(frame[: header.length - 4])
    if check != found:
        raise FrameError(f"check sum {check:08x} expected, {found:08x} found in frame {header.number}")
    message = MESSAGES.get(header.kind)
    if message is None:
        raise FrameError(f"kind {header.kind} is not in this schema")
    return message.unpack(frame[HEADER_BYTES : header.length - 4], header.block)


def read_frames(frames: bytes, passed: frozenset[int] = frozenset()) -> list[tuple[Header, Any]]:
    """Every (header, message) in a run of frames; those of kinds in `passed` are passed over."""
    found = []
    at, end = 0, len(frames) - HEADER_BYTES - 4
    while at < len(frames):
        if at <= end:
            length, kind = _KIND.unpack_from(frames, at)
            if kind in passed and HEADER_BYTES + 4 <= length <= len(frames) - at:
                at += length
                continue
        header = read_header(frames, at)
        found.append((header, read_body(header, frames[at : at + header.length])))
        at += header.length
    return found


def seal(message: Any, number: int, time: int, *, cause: int = 0, actor: int = 0, span: int = 0) -> bytes:
    """One frame around a message. A command says the schema it was asked under; an event or a record the
    oldest schema that says all of it, so that what was told once is told in the same bytes for good."""
    body: bytes = message.pack()
    version, block = message.written()
    if message.KIND < FIRST_EVENT_KIND:
        version = SCHEMA_VERSION
    head = _HEADER.pack(HEADER_BYTES + len(body) + 4, message.KIND, version, block, span,
                        number, time, cause, actor, 0)
    return head + body + _U32.pack(google_crc32c.value(head + body))


def seal_body(kind: int, body: bytes, block: int, number: int, time: int, actor: int, span: int) -> bytes:
    """One frame around a body that is packed already, as a proposal carries it."""
    head = _HEADER.pack(HEADER_BYTES + len(body) + 4, kind, SCHEMA_VERSION, block, span, number, time, 0, actor, 0)
    return head + body + _U32.pack(google_crc32c.value(head + body))


def span_of(message: Any) -> int:
    """Command numbers a command occupies: two for each leg of a mass quote, else one."""
    return max(1, 2 * len(message.quotes)) if isinstance(message, MassQuote) else 1


def check_versions(frames: bytes) -> None:
    """Raises FrameError at the first frame that was written under a schema this program does not know."""
    at = 0
    while at < len(frames):
        header = read_header(frames, at)
        if header.version > SCHEMA_VERSION:
            raise FrameError(
                f"frame {header.number} was written under schema {header.version}: expected at most "
                f"{SCHEMA_VERSION}, the schema of this program. Open it with the program that wrote it, "
                "or a newer one"
            )
        at += header.length


def _fixed(layout: struct.Struct, body: bytes, block: int, most: int = 65_535) -> tuple[Any, ...]:
    """Fixed fields; a shorter block of an older schema reads as zeros. A longer one is cut for whoever only
    listens; a command or a record may have `most` bytes of it, for none of its fields goes unheard."""
    if block > len(body):
        raise FrameError(f"block of {block} bytes does not fit a body of {len(body)}")
    if block == layout.size:
        return layout.unpack_from(body)
    if block > most:
        raise FrameError(f"block of {block} bytes: expected at most {most}")
    return layout.unpack(body[: min(block, layout.size)].ljust(layout.size, b"\0"))


def _elements(layout: struct.Struct, make: Any, body: bytes, at: int) -> tuple[tuple[Any, ...], int]:
    """A list that starts at byte `at`, and the byte after it; a missing one is empty."""
    if at == len(body):
        return (), at
    if at + 6 > len(body):
        raise FrameError(f"expected a list at byte {at} of {len(body)}")
    count, stride = _LIST.unpack_from(body, at)
    start, end = at + 6, at + 6 + count * stride
    if end > len(body) or not stride:
        raise FrameError(f"list of {count} x {stride} bytes does not fit {len(body) - start}")
    try:
        if stride == layout.size:
            return tuple(make(*row) for row in layout.iter_unpack(body[start:end])), end
        parts = (body[i : i + stride] for i in range(start, end, stride))
        return tuple(make(*_fixed(layout, part, stride)) for part in parts), end
    except ValueError as error:
        raise FrameError(f"list element: {error}") from error


def _blob(body: bytes, at: int) -> tuple[bytes, int]:
    """Bytes that start at byte `at`, and the byte after them; missing ones are empty."""
    if at == len(body):
        return b"", at
    if at + 4 > len(body):
        raise FrameError(f"expected bytes at byte {at} of {len(body)}")
    (size,) = _U32.unpack_from(body, at)
    if at + 4 + size > len(body):
        raise FrameError(f"{size} bytes do not fit {len(body) - at - 4}")
    return body[at + 4 : at + 4 + size], at + 4 + size


def _whole(message: str, body: bytes, at: int) -> None:
    if at != len(body):
        raise FrameError(f"{message}: {len(body) - at} bytes too many")



class Side(IntEnum):
    """Side of an order."""

    BUY = 1
    SELL = 2


_SIDE = _Words(Side)


class Aggressor(IntEnum):
    """Side that crossed; none in an auction."""

    NONE = 0
    BUY = 1
    SELL = 2


_AGGRESSOR = _Words(Aggressor)


class OrderType(IntEnum):
    """How the price is given."""

    LIMIT = 1
    MARKET = 2
    STOP = 3
    STOP_LIMIT = 4


_ORDERTYPE = _Words(OrderType)


class TimeInForce(IntEnum):
    """How long an order lives."""

    DAY = 1
    GTC = 2
    GTD = 3
    IOC = 4
    FOK = 5


_TIMEINFORCE = _Words(TimeInForce)


class SelfTrade(IntEnum):
    """What happens when both sides have one owner."""

    CANCEL_NEWEST = 1
    CANCEL_OLDEST = 2
    CANCEL_BOTH = 3
    DECREMENT = 4


_SELFTRADE = _Words(SelfTrade)


class SeriesKind(IntEnum):
    """Product of a series."""

    FUTURE = 1
    CALL = 2
    PUT = 3
    SWAP = 4


_SERIESKIND = _Words(SeriesKind)


class ProductClass(IntEnum):
    """Class of a series for eligibility; bits. What delivers is physical, whatever its kind."""

    FUTURE = 1
    OPTION = 2
    SWAP = 4
    PHYSICAL = 8


_PRODUCTCLASS = _Words(ProductClass)


class SeriesState(IntEnum):
    """Trading state of a series."""

    LISTED = 1
    PRE_OPEN = 2
    OPEN = 3
    PAUSED = 4
    PRE_CLOSE = 5
    CLOSED = 6
    EXPIRED = 7


_SERIESSTATE = _Words(SeriesState)


class OrderState(IntEnum):
    """Where a live order is."""

    TAKING = 1
    RESTING = 2
    WAITING = 3
    ELECTED = 4


_ORDERSTATE = _Words(OrderState)


class AccountKind(IntEnum):
    """Whose business the account carries."""

    HOUSE = 1
    CLIENT = 2


_ACCOUNTKIND = _Words(AccountKind)


class Role(IntEnum):
    """What an actor may ask; bits."""

    TRADER = 1
    RISK = 2
    OPERATOR = 4
    SETTLEMENT = 8
    READ_ONLY = 16
    CLEARING = 32


_ROLE = _Words(Role)


class ScenarioKind(IntEnum):
    """Which tail a scenario belongs to."""

    SCAN = 1
    HISTORICAL = 2
    STRESS = 3


_SCENARIOKIND = _Words(ScenarioKind)


class TransferReason(IntEnum):
    """Why money moved."""

    DEPOSIT = 1
    WITHDRAWAL = 2
    LIQUIDITY = 3


_TRANSFERREASON = _Words(TransferReason)


class HaltReason(IntEnum):
    """Why the whole market stands still."""

    OPERATOR = 1
    LIQUIDITY_EXHAUSTED = 2


_HALTREASON = _Words(HaltReason)


class PauseReason(IntEnum):
    """Why a series changed its state."""

    SCHEDULE = 1
    VOLATILITY = 2
    TRADING_ENDED = 3


_PAUSEREASON = _Words(PauseReason)


class PriceStep(IntEnum):
    """Step of the waterfall of settlement prices that gave a price."""

    AUCTION = 1
    TRADES = 2
    QUOTES = 3
    CURVE = 4
    STANDING = 5


_PRICESTEP = _Words(PriceStep)


class Publication(IntEnum):
    """What a digest on the log is of."""

    BALANCES = 1
    STATEMENTS = 2
    COLLATERAL = 3
    MEMBERSHIP = 4


_PUBLICATION = _Words(Publication)


class NoFixReason(IntEnum):
    """Why an index has no fixing on a day."""

    EVIDENCE = 1
    SCALE = 2
    SHORTAGE = 3
    NOT_PUBLISHED = 4


_NOFIXREASON = _Words(NoFixReason)


class OfferEnd(IntEnum):
    """Why an offer of a position ended without being taken."""

    LAPSED = 1
    WITHDRAWN = 2
    DECLINED = 3


_OFFEREND = _Words(OfferEnd)


class Tranche(IntEnum):
    """What the house stands to lose in a default."""

    FIRST_LOSS = 1
    SECOND_TRANCHE = 2


_TRANCHE = _Words(Tranche)


class LossLayer(IntEnum):
    """Layers of the waterfall, in order."""

    MARGIN = 1
    OWN_FUND = 2
    FIRST_LOSS = 3
    ABSENT_FUND = 4
    BIDDING_FUND = 5
    SECOND_TRANCHE = 6
    ASSESSMENT = 7
    GAINS = 8
    CLIENT_GAINS = 9
    LIQUIDITY = 10


_LOSSLAYER = _Words(LossLayer)


class BidEnd(IntEnum):
    """What became of a sealed bid."""

    WON = 1
    COUNTED = 2
    UNOPENED = 3
    ABOVE_RESERVE = 4
    UNCOVERED = 5
    WITHDRAWN = 6
    LAPSED = 7


_BIDEND = _Words(BidEnd)


class CancelReason(IntEnum):
    """Why an order ended without being filled."""

    REQUESTED = 1
    MASS_REQUESTED = 2
    IOC_REMAINDER = 3
    FOK_UNFILLED = 4
    MINIMUM_UNMET = 5
    DAY_EXPIRED = 6
    GTD_EXPIRED = 7
    SELF_TRADE = 8
    DEFICIT = 9
    SESSION_LOST = 10
    DEAD_MAN = 11
    KILL_SWITCH = 12
    MEMBER_SUSPENDED = 13
    MARKET_HALTED = 14
    SERIES_EXPIRED = 15
    MAKER_PROTECTION = 16
    SWEEP_BOUND = 17
    QUOTE_REPLACED = 18
    VOLATILITY_PAUSE = 19
    POSITION_TRANSFERRED = 20
    NOT_ELIGIBLE = 22


_CANCELREASON = _Words(CancelReason)


class DeliveryState(IntEnum):
    """Where a delivery stands."""

    PAIRED = 1
    SCHEDULED = 2
    TENDERED = 3
    RUNNING = 4
    FAILED = 5
    CONTESTED = 6


_DELIVERYSTATE = _Words(DeliveryState)


class DeliveryParty(IntEnum):
    """A side of a delivery; bits where both are named."""

    NOBODY = 0
    SELLER = 1
    BUYER = 2


_DELIVERYPARTY = _Words(DeliveryParty)


class DeliveryEnd(IntEnum):
    """How a delivery ended."""

    DELIVERED = 1
    REMEDIED = 2
    ABANDONED = 3
    SPLIT = 4
    NETTED = 5
    TERMINATED = 6


_DELIVERYEND = _Words(DeliveryEnd)


class RemedySource(IntEnum):
    """What a remedy is paid from; DEL-026 says in which order."""

    RECEIVABLE = 1
    MARGIN = 2
    BOND = 3
    CASH = 4
    FUND = 5
    GUARANTEE = 6
    INITIAL_MARGIN = 7


_REMEDYSOURCE = _Words(RemedySource)


class LedgerClass(IntEnum):
    """Classes of the chart of accounts."""

    CASH = 1
    DUE_FROM_MEMBER = 2
    ADVANCES_RECEIVABLE = 3
    HOUSE_LIQUIDITY = 4
    DEFAULT_SHORTFALL = 5
    SETTLEMENT = 6
    EXCHANGE_FEES = 7
    CLEARING_FEES = 8
    BANK = 9
    DEFAULT_FUND = 10
    FIRST_LOSS = 11
    SECOND_TRANCHE = 12
    LINE_FUND = 35
    LINE_PRINCIPAL = 36
    LINE_INTEREST = 37
    LINES_RECEIVABLE = 38
    LINE_INCOME = 39
    DELIVERY_RECEIVABLE = 50
    DELIVERY_MARGIN = 51
    PERFORMANCE_BOND = 52
    DELIVERY_FUND = 53
    DELIVERY_OWED = 54
    DELIVERY_CLAIMS = 55
    GUARANTEE = 56


_LEDGERCLASS = _Words(LedgerClass)


class Refusal(IntEnum):
    """Reasons to say no, in order of precedence."""

    HOUSE_CLOSED = 1
    HOUSE_OPEN = 2
    OPERATORS_TOO_FEW = 3
    ACTOR_UNKNOWN = 4
    ROLE_MISSING = 5
    MEMBER_FROZEN = 200
    FOUR_EYES_REQUIRED = 6
    BEHAVIOUR_TOO_OLD = 93
    PROPOSAL_UNKNOWN = 7
    PROPOSAL_OWN = 8
    PROPOSAL_NOT_YOURS = 95
    COMMAND_NOT_PROPOSABLE = 9
    PAYLOAD_MALFORMED = 10
    MEMBER_UNKNOWN = 11
    MEMBER_KNOWN = 12
    ACTOR_BOUND = 13
    NUMBER_ZERO = 14
    ROLES_OUT_OF_BOUNDS = 15
    ACCOUNT_UNKNOWN = 16
    ACCOUNT_KNOWN = 17
    ACCOUNT_NOT_YOURS = 18
    LIMIT_OUT_OF_BOUNDS = 19
    LIMIT_LOOSENED = 20
    MEMBER_SUSPENDED = 21
    MEMBER_NOT_SUSPENDED = 22
    ACCOUNT_KILLED = 23
    ACCOUNT_NOT_KILLED = 24
    MARKET_HALTED = 25
    MARKET_NOT_HALTED = 26
    SHORTFALL_OPEN = 27
    BEHAVIOUR_UNKNOWN = 28
    ASSET_UNKNOWN = 29
    ASSET_KNOWN = 30
    ASSET_IS_CASH = 150
    COLLATERAL_TERMS = 151
    COLLATERAL_UNKNOWN = 152
    CALL_STANDING = 153
    CALL_COVERED = 154
    ASSET_COVERS_MARGIN = 232
    RATE_OUT_OF_BOUNDS = 238
    LINE_TERMS = 233
    COVER_UNPROVEN = 234
    COVER_MISSING = 235
    LINE_FUND_SHORT = 236
    LINE_UNPAID = 237
    REFERENCE_MALFORMED = 31
    REFERENCE_MISSING = 32
    REFERENCE_STALE = 33
    REFERENCE_EARLY = 34
    REFERENCE_REUSED = 35
    AMOUNT_NOT_POSITIVE = 36
    AMOUNT_TOO_LARGE = 37
    TRANSFER_UNKNOWN = 38
    TIMEOUT_NEGATIVE = 39
    CASH_SHORT = 40
    SERIES_UNKNOWN = 41
    SERIES_KNOWN = 42
    SYMBOL_KNOWN = 43
    STANDARD_INCOMPLETE = 94
    TERMS_OUT_OF_BOUNDS = 44
    STATE_NOT_REACHABLE = 45
    SERIES_NOT_TRADING = 46
    TRADING_ENDED = 47
    ORDER_UNKNOWN = 48
    ORDER_NOT_RESTING = 49
    QUANTITY_NOT_POSITIVE = 50
    QUANTITY_TOO_LARGE = 51
    PRICE_BELOW_TICK = 52
    PRICE_OFF_TICK = 53
    PRICE_TOO_HIGH = 54
    PRICE_NOT_WANTED = 55
    PRICE_OUTSIDE_BAND = 56
    NO_PROTECTION_PRICE = 57
    COMBINATION_NOT_ALLOWED = 58
    EXPIRY_NOT_AHEAD = 59
    STOP_PRICE_WRONG = 60
    DISPLAY_OUT_OF_BOUNDS = 61
    MINIMUM_OUT_OF_BOUNDS = 62
    POST_ONLY_CROSSES = 63
    ORDERS_TOO_MANY = 64
    ORDER_LOTS_LIMIT = 65
    ORDER_VALUE_LIMIT = 66
    PRODUCT_NOT_ELIGIBLE = 230
    PRODUCTS_OUT_OF_BOUNDS = 231
    POSITION_LIMIT = 67
    GROSS_LOTS_BOUND = 68
    QUOTES_OUT_OF_BOUNDS = 69
    PROTECTION_TRIPPED = 70
    OFFER_UNKNOWN = 71
    POSITION_SHORT = 72
    MARGIN_ROW_MISSING = 73
    MARGIN_SHORT = 74
    PREMIUM_SHORT = 75
    TRADE_UNKNOWN = 76
    TABLE_NOT_AHEAD = 77
    TABLE_NOT_OPEN = 78
    TABLE_NOT_REPLACED = 79
    SCENARIOS_OUT_OF_BOUNDS = 80
    LOSSES_OUT_OF_BOUNDS = 81
    ROW_OUT_OF_BOUNDS = 82
    ROW_MISSING = 83
    DAY_NOT_AHEAD = 84
    PRICE_MISSING = 85
    PRICES_UNORDERED = 86
    MONTH_WRONG = 87
    HOURS_WRONG = 88
    SERIES_STILL_TRADING = 89
    TRADING_NOT_ENDED = 90
    MONTH_NOT_OVER = 91
    PERIOD_NOT_OVER = 96
    FIXING_NOT_MISSING = 97
    SETTLEMENT_TOO_LARGE = 92
    MEMBER_IN_DEFAULT = 100
    MEMBER_NOT_IN_DEFAULT = 101
    ACCOUNT_NOT_HOUSE = 102
    FUND_SHORT = 103
    DEFAULT_OPEN = 104
    PORT_UNKNOWN = 105
    ACCOUNT_NOT_CLIENT = 106
    ACCOUNT_OWES = 107
    BID_UNKNOWN = 108
    BID_BROKEN = 109
    SLICE_UNORDERED = 110
    LOSS_WRONG = 111
    LAYER_WRONG = 112
    SHARE_WRONG = 113
    LAYER_NOT_EXHAUSTED = 114
    CUT_WRONG = 115
    DEFAULT_UNFINISHED = 116
    SLICE_UNKNOWN = 201
    SLICE_KNOWN = 202
    BID_WINDOW = 203
    BID_OUT_OF_BOUNDS = 204
    BID_OPEN = 205
    AWARD_NOT_BEST = 206
    SLICE_STANDING = 207
    NOTICE_NOT_NOW = 208
    NOTICE_STANDING = 209
    COLLATERAL_STANDS = 210
    SERIES_NOT_PHYSICAL = 300
    DELIVERY_TERMS = 301
    RIGHT_UNKNOWN = 302
    DELIVERY_UNKNOWN = 303
    DELIVERY_NOT_YOURS = 304
    DELIVERY_NOT_NOW = 305
    QUALITY_OUT_OF_BOUNDS = 306
    HOURS_OUT_OF_BOUNDS = 307
    UNITS_OUT_OF_BOUNDS = 308
    HOURS_NOT_OVER = 309
    NOT_CONTINGENT = 310
    METERED_UNKNOWN = 311
    METERED_DISPUTED = 312
    METERED_NOT_DISPUTED = 313
    FIXING_UNKNOWN = 314
    DELIVERY_PLEDGED = 315
    BOND_SHORT = 316
    OWED_SHORT = 317
    EVIDENCE_MISSING = 318
    BEGIN_OUT_OF_PERIOD = 319
    SERIES_DELIVERS = 320
    COVER_OUT_OF_BOUNDS = 321
    FIXING_STALE = 322
    REJECTION_UNKNOWN = 323
    CREDIT_TERMS = 324
    CORRECTION_OUT_OF_BOUNDS = 325
    EXCHANGE_UNEQUAL = 326
    BLOCK_OVER = 327
    EXCHANGE_NOT_FUTURE = 328
    GUARANTEE_OWN = 329
    GUARANTEES_TOO_MANY = 330
    GUARANTEE_UNKNOWN = 331
    GUARANTEE_NEEDED = 332
    FEE_OUT_OF_BOUNDS = 333


_REFUSAL = _Words(Refusal)


class Bound:
    """Bounds that are law; units in schema/units.toml."""

    ORDER_LOTS = 1_000_000
    ACCOUNT_GROSS_LOTS = 2_097_152
    LOSS_PER_LOT = 1_099_511_627_776
    PRICE = 100_000_000
    PRICE_TICKS = 2_147_483_647
    HOURS = 17_520
    CHARGE_PER_LOT = 274_877_906_944
    SCENARIOS = 4_096
    QUOTES = 64
    FILLS_PER_COMMAND = 1_000
    ELECTIONS_PER_COMMAND = 100
    SWEEP_ACCOUNTS = 10_000
    MONEY = 1_000_000_000_000_000_000
    REFERENCES_PER_ACCOUNT = 4_096
    REFERENCE_WINDOW = 604_800_000_000_000
    REFERENCE_LEAD = 5_000_000_000
    CONSENT_WINDOW = 86_400_000_000_000
    OPEN_ORDERS_PER_ACCOUNT = 65_536
    COLLATERAL_PRICE = 1_000_000_000_000
    LETTER_SHARE = 2_500
    BID_SHARE = 10_000
    COOLING_PERIOD = 2_592_000_000_000_000
    ASSESSMENT_MULTIPLE = 2
    LINE_RATE = 10_000
    YEARLY_RATE = 1_000_000
    DELIVERY_WINDOW = 2_592_000_000_000_000
    QUALITY = 20_000
    FIXING_AGE = 7
    GUARANTEES = 4
    COVER_BAND = 100_000


REFUSALS: dict[Refusal, tuple[str, str, str]] = {
    Refusal.HOUSE_CLOSED: ("INS-001", "",
        "the house is not open yet"),
    Refusal.HOUSE_OPEN: ("INS-001", "",
        "the house is open already"),
    Refusal.OPERATORS_TOO_FEW: ("INS-001", "operators",
        "{found} operators: a house opens with at least {expected} different ones"),
    Refusal.ACTOR_UNKNOWN: ("INS-002", "actor",
        "actor {found} is not registered"),
    Refusal.ROLE_MISSING: ("INS-003", "actor",
        "roles {found}: one of the roles {expected} is needed"),
    Refusal.MEMBER_FROZEN: ("CLR-036", "actor",
        "member {found} is in default: its actors withdraw what waits and ask for nothing else"),
    Refusal.FOUR_EYES_REQUIRED: ("INS-004", "",
        "this command is carried out only through propose and approve"),
    Refusal.BEHAVIOUR_TOO_OLD: ("INS-011", "behaviour",
        "this is asked under behaviour {expected} or a later one: behaviour {found} is in force"),
    Refusal.PROPOSAL_UNKNOWN: ("INS-004", "proposal",
        "no proposal {found} is waiting"),
    Refusal.PROPOSAL_OWN: ("INS-004", "actor",
        "actor {found} made the proposal: a second operator approves it"),
    Refusal.PROPOSAL_NOT_YOURS: ("INS-013", "actor",
        "actor {expected} made the proposal: actor {found} cannot withdraw it"),
    Refusal.COMMAND_NOT_PROPOSABLE: ("INS-004", "command",
        "kind {found} is not a four-eyes command"),
    Refusal.PAYLOAD_MALFORMED: ("INS-004", "payload",
        "the payload is not a body of kind {expected}"),
    Refusal.MEMBER_UNKNOWN: ("INS-005", "member",
        "member {found} is not registered"),
    Refusal.MEMBER_KNOWN: ("INS-005", "member",
        "member {found} is registered already"),
    Refusal.ACTOR_BOUND: ("INS-002", "registered",
        "actor {found} belongs to member {expected} for good"),
    Refusal.NUMBER_ZERO: ("INS-005", "",
        "numbers of members, actors, accounts, series and assets start at {expected}, found {found}"),
    Refusal.ROLES_OUT_OF_BOUNDS: ("INS-003", "roles",
        "roles {found}: only the bits of {expected} exist for this member"),
    Refusal.ACCOUNT_UNKNOWN: ("INS-006", "account",
        "account {found} does not exist"),
    Refusal.ACCOUNT_KNOWN: ("INS-006", "account",
        "account {found} exists already"),
    Refusal.ACCOUNT_NOT_YOURS: ("INS-006", "account",
        "account {found} belongs to another member"),
    Refusal.LIMIT_OUT_OF_BOUNDS: ("INS-007", "limits",
        "a limit of {found}: limits lie between 1 and {expected}"),
    Refusal.LIMIT_LOOSENED: ("INS-007", "limits",
        "a limit of {found}: a member may only tighten below {expected}"),
    Refusal.MEMBER_SUSPENDED: ("INS-008", "account",
        "member {found} is suspended"),
    Refusal.MEMBER_NOT_SUSPENDED: ("INS-008", "member",
        "member {found} is not suspended"),
    Refusal.ACCOUNT_KILLED: ("INS-009", "account",
        "the kill switch of account {found} is engaged"),
    Refusal.ACCOUNT_NOT_KILLED: ("INS-009", "account",
        "the kill switch of account {found} is not engaged"),
    Refusal.MARKET_HALTED: ("INS-010", "",
        "the market is halted"),
    Refusal.MARKET_NOT_HALTED: ("INS-010", "",
        "the market is not halted"),
    Refusal.SHORTFALL_OPEN: ("INS-010", "",
        "a shortfall of {found} micro-dollars is open: trading resumes when it is {expected}"),
    Refusal.BEHAVIOUR_UNKNOWN: ("INS-011", "behaviour",
        "behaviour {found} cannot follow behaviour {expected}, or this program does not know it"),
    Refusal.ASSET_UNKNOWN: ("LED-001", "asset",
        "asset {found} is not defined"),
    Refusal.ASSET_KNOWN: ("LED-001", "asset",
        "asset {found} is defined already"),
    Refusal.ASSET_IS_CASH: ("CLR-040", "asset",
        "asset {found} is cash: other assets are collateral"),
    Refusal.COLLATERAL_TERMS: ("CLR-040", "haircut",
        "a term of {found}: expected between 0 and {expected}"),
    Refusal.COLLATERAL_UNKNOWN: ("CLR-041", "prices",
        "asset {found} is not admitted as collateral"),
    Refusal.CALL_STANDING: ("CLR-045", "account",
        "call {found} stands on this account already"),
    Refusal.CALL_COVERED: ("CLR-045", "account",
        "{found} micro-dollars of cover against {expected}: there is nothing to call"),
    Refusal.ASSET_COVERS_MARGIN: ("CLR-053", "asset",
        "asset {found} counts toward margin or secures lines: nothing counts for both"),
    Refusal.RATE_OUT_OF_BOUNDS: ("CLR-056", "rate",
        "a rate of {found} millionths a year: at most {expected} either way"),
    Refusal.LINE_TERMS: ("CLR-051", "terms",
        "a term of {found}: expected between 0 and {expected}"),
    Refusal.COVER_UNPROVEN: ("CLR-050", "evidence",
        "cover of {found} lots names the digest of its evidence"),
    Refusal.COVER_MISSING: ("CLR-051", "account",
        "account {found} has no cover in force: a line is for covered sellers"),
    Refusal.LINE_FUND_SHORT: ("CLR-051", "limit",
        "{found} micro-dollars could be drawn: the house has set {expected} aside to lend"),
    Refusal.LINE_UNPAID: ("CLR-053", "amount",
        "{found} micro-dollars of security would stay: {expected} are owed under the line"),
    Refusal.REFERENCE_MALFORMED: ("EXC-003", "reference",
        "a reference is at most 32 printable ASCII characters"),
    Refusal.REFERENCE_MISSING: ("LED-003", "reference",
        "money moves only with a reference"),
    Refusal.REFERENCE_STALE: ("EXC-004", "reference_time",
        "reference time {found}: references are remembered from {expected} on"),
    Refusal.REFERENCE_EARLY: ("EXC-004", "reference_time",
        "reference time {found} lies ahead of {expected}"),
    Refusal.REFERENCE_REUSED: ("EXC-003", "reference",
        "the reference was used for another body in command {found}"),
    Refusal.AMOUNT_NOT_POSITIVE: ("LED-002", "amount",
        "amount {found}: an amount is at least {expected} micro-dollar"),
    Refusal.AMOUNT_TOO_LARGE: ("LED-002", "amount",
        "amount {found}: an amount is at most {expected} micro-dollars"),
    Refusal.TRANSFER_UNKNOWN: ("LED-004", "transfer",
        "no pending transfer {found}"),
    Refusal.TIMEOUT_NEGATIVE: ("LED-004", "timeout",
        "timeout {found}: a duration is at least {expected} nanoseconds"),
    Refusal.CASH_SHORT: ("LED-005", "amount",
        "{found} micro-dollars: at most {expected} can be withdrawn"),
    Refusal.SERIES_UNKNOWN: ("EXC-001", "series",
        "series {found} is not listed"),
    Refusal.SERIES_KNOWN: ("EXC-001", "series",
        "series {found} is listed already"),
    Refusal.SYMBOL_KNOWN: ("EXC-001", "symbol",
        "the symbol is listed already as series {found}"),
    Refusal.STANDARD_INCOMPLETE: ("EXC-027", "standard_version",
        "a standard is named by its version and its hash, both or neither: version {found}"),
    Refusal.TERMS_OUT_OF_BOUNDS: ("EXC-001", "terms",
        "a term of {found}: expected at most {expected} and a sensible sign"),
    Refusal.STATE_NOT_REACHABLE: ("EXC-002", "state",
        "state {found} cannot follow state {expected}"),
    Refusal.SERIES_NOT_TRADING: ("EXC-002", "series",
        "the series is in state {found} and accepts no such order"),
    Refusal.TRADING_ENDED: ("EXC-002", "series",
        "last trading time was {expected}"),
    Refusal.ORDER_UNKNOWN: ("EXC-005", "order",
        "order {found} is not live in this account"),
    Refusal.ORDER_NOT_RESTING: ("EXC-016", "order",
        "order {found} is not resting in the book"),
    Refusal.QUANTITY_NOT_POSITIVE: ("EXC-006", "lots",
        "{found} lots: at least {expected}"),
    Refusal.QUANTITY_TOO_LARGE: ("EXC-006", "lots",
        "{found} lots: at most {expected}"),
    Refusal.PRICE_BELOW_TICK: ("EXC-006", "price",
        "price {found}: a price is at least one tick, {expected}"),
    Refusal.PRICE_OFF_TICK: ("EXC-006", "price",
        "price {found} is not a multiple of the tick {expected}"),
    Refusal.PRICE_TOO_HIGH: ("EXC-006", "price",
        "price {found}: at most {expected}"),
    Refusal.PRICE_NOT_WANTED: ("EXC-008", "price",
        "price {found}: this order type takes none"),
    Refusal.PRICE_OUTSIDE_BAND: ("EXC-007", "price",
        "price {found}: the band ends at {expected}"),
    Refusal.NO_PROTECTION_PRICE: ("EXC-008", "series",
        "a market order needs a price on the other side of the book"),
    Refusal.COMBINATION_NOT_ALLOWED: ("EXC-009", "order_type",
        "order type, time in force and flags do not go together"),
    Refusal.EXPIRY_NOT_AHEAD: ("EXC-010", "expiry",
        "expiry {found}: expected after {expected}"),
    Refusal.STOP_PRICE_WRONG: ("EXC-011", "stop_price",
        "stop price {found}: expected a price on tick {expected} for a stop order, none otherwise"),
    Refusal.DISPLAY_OUT_OF_BOUNDS: ("EXC-012", "display_lots",
        "{found} lots shown: expected between 0 and {expected}"),
    Refusal.MINIMUM_OUT_OF_BOUNDS: ("EXC-013", "minimum_lots",
        "minimum of {found} lots: expected between 0 and {expected}"),
    Refusal.POST_ONLY_CROSSES: ("EXC-014", "price",
        "price {found} would cross the best price {expected}"),
    Refusal.ORDERS_TOO_MANY: ("EXC-006", "account",
        "{found} live orders: an account has at most {expected}"),
    Refusal.ORDER_LOTS_LIMIT: ("INS-007", "lots",
        "{found} lots: the limit of the account is {expected}"),
    Refusal.ORDER_VALUE_LIMIT: ("INS-007", "lots",
        "value {found} micro-dollars: the limit of the account is {expected}"),
    Refusal.PRODUCT_NOT_ELIGIBLE: ("INS-014", "series",
        "product class {found}: eligible for the classes {expected}, in others for what only reduces a position"),
    Refusal.PRODUCTS_OUT_OF_BOUNDS: ("INS-014", "products",
        "products {found}: only the bits of {expected} exist"),
    Refusal.POSITION_LIMIT: ("INS-007", "lots",
        "{found} lots with open orders: the limit of the account is {expected}"),
    Refusal.GROSS_LOTS_BOUND: ("CLR-001", "lots",
        "{found} gross lots: an account carries at most {expected}"),
    Refusal.QUOTES_OUT_OF_BOUNDS: ("EXC-017", "quotes",
        "{found} legs: expected between 1 and {expected}, each series once"),
    Refusal.PROTECTION_TRIPPED: ("EXC-018", "account",
        "maker protection of group {found} has tripped: set it again"),
    Refusal.OFFER_UNKNOWN: ("CLR-011", "offer",
        "no offer {found} is waiting for this account"),
    Refusal.POSITION_SHORT: ("CLR-011", "lots",
        "{found} lots: the account can hand over {expected}"),
    Refusal.MARGIN_ROW_MISSING: ("CLR-002", "series",
        "series {found} has no row in the margin table in force"),
    Refusal.MARGIN_SHORT: ("CLR-003", "account",
        "{found} micro-dollars of cover: {expected} are required"),
    Refusal.PREMIUM_SHORT: ("CLR-004", "account",
        "{found} micro-dollars free: premiums and fees of open orders need {expected}"),
    Refusal.TRADE_UNKNOWN: ("CLR-010", "trade",
        "trade {found} cannot be touched any more"),
    Refusal.TABLE_NOT_AHEAD: ("CLR-005", "table",
        "table {found}: expected above {expected}"),
    Refusal.TABLE_NOT_OPEN: ("CLR-005", "table",
        "table {found} is not being loaded"),
    Refusal.TABLE_NOT_REPLACED: ("CLR-005", "replaces",
        "table {expected} is in force, not {found}"),
    Refusal.SCENARIOS_OUT_OF_BOUNDS: ("CLR-005", "scenarios",
        "{found} scenarios: expected between 1 and {expected}, labels naming declared rows once"),
    Refusal.LOSSES_OUT_OF_BOUNDS: ("CLR-005", "losses",
        "{found}: expected {expected} losses, each within the bound of the schema"),
    Refusal.ROW_OUT_OF_BOUNDS: ("CLR-005", "row",
        "a value of {found}: expected between 0 and {expected}"),
    Refusal.ROW_MISSING: ("CLR-005", "table",
        "series {found} has no row in the loaded table"),
    Refusal.DAY_NOT_AHEAD: ("CLR-007", "day",
        "day {found}: expected after {expected}"),
    Refusal.PRICE_MISSING: ("CLR-007", "prices",
        "series {found} has positions and no price"),
    Refusal.PRICES_UNORDERED: ("CLR-007", "prices",
        "prices ascend by series; found {found} after {expected}"),
    Refusal.MONTH_WRONG: ("CLR-008", "month",
        "month {found}: expected {expected}"),
    Refusal.HOURS_WRONG: ("CLR-008", "hours",
        "{found} hours: expected {expected}"),
    Refusal.SERIES_STILL_TRADING: ("CLR-008", "series",
        "the series is in state {found}: it is closed before it settles for good"),
    Refusal.TRADING_NOT_ENDED: ("CLR-008", "series",
        "the time is {found}: the series trades until {expected}"),
    Refusal.MONTH_NOT_OVER: ("CLR-008", "month",
        "the time is {found}: the month ends at {expected}"),
    Refusal.PERIOD_NOT_OVER: ("CLR-016", "month",
        "the time is {found}: the delivery period of the series ends at {expected}"),
    Refusal.FIXING_NOT_MISSING: ("CLR-018", "day",
        "day {found} of index {expected} does not stand on the log without a fixing"),
    Refusal.SETTLEMENT_TOO_LARGE: ("CLR-015", "",
        "{found} micro-dollars: what is owed at once is at most {expected}"),
    Refusal.MEMBER_IN_DEFAULT: ("CLR-021", "member",
        "member {found} is in default"),
    Refusal.MEMBER_NOT_IN_DEFAULT: ("CLR-021", "member",
        "member {found} is not in default"),
    Refusal.ACCOUNT_NOT_HOUSE: ("CLR-020", "account",
        "account {found} carries client business: a member contributes money of its own"),
    Refusal.FUND_SHORT: ("CLR-020", "amount",
        "{found} micro-dollars: the account has {expected} in the default fund"),
    Refusal.DEFAULT_OPEN: ("CLR-020", "",
        "the default of member {found} is open: nothing leaves the default fund"),
    Refusal.PORT_UNKNOWN: ("CLR-022", "account",
        "account {found} is not offered to this member"),
    Refusal.ACCOUNT_NOT_CLIENT: ("CLR-022", "account",
        "account {found} carries house business: only a client's account moves whole"),
    Refusal.ACCOUNT_OWES: ("CLR-022", "account",
        "{found} micro-dollars are due: an account moves whole when it owes nothing"),
    Refusal.BID_UNKNOWN: ("CLR-023", "slice",
        "no bid of account {found} for this slice stands"),
    Refusal.BID_BROKEN: ("CLR-023", "secret",
        "the bid for slice {found} is not this one: it was sealed otherwise"),
    Refusal.SLICE_UNORDERED: ("CLR-023", "positions",
        "positions ascend by series; found {found} after {expected}"),
    Refusal.LOSS_WRONG: ("CLR-024", "loss",
        "a loss of {found} micro-dollars: the accounts owe {expected}"),
    Refusal.LAYER_WRONG: ("CLR-024", "shares",
        "layer {found}: expected layer {expected}; each is used up before the next"),
    Refusal.SHARE_WRONG: ("CLR-025", "shares",
        "a share of {found} micro-dollars: expected {expected}, in order of member and account"),
    Refusal.LAYER_NOT_EXHAUSTED: ("CLR-028", "",
        "{found} micro-dollars are left in the layers before: positions are torn up when nothing is"),
    Refusal.CUT_WRONG: ("CLR-028", "cuts",
        "{found} lots: expected {expected}, in order of account"),
    Refusal.DEFAULT_UNFINISHED: ("CLR-029", "member",
        "account {found} still holds positions or owes money"),
    Refusal.SLICE_UNKNOWN: ("CLR-032", "slice",
        "slice {found} is not out to bids"),
    Refusal.SLICE_KNOWN: ("CLR-032", "slice",
        "slice {found} is out to bids already"),
    Refusal.BID_WINDOW: ("CLR-032", "slice",
        "the time is {found}: the window has its bound at {expected}"),
    Refusal.BID_OUT_OF_BOUNDS: ("CLR-033", "amount",
        "{found} micro-dollars: expected at most {expected}"),
    Refusal.BID_OPEN: ("CLR-032", "slice",
        "the bid for slice {found} is opened already"),
    Refusal.AWARD_NOT_BEST: ("CLR-033", "to_account",
        "account {found}: account {expected} bid better and can carry the slice"),
    Refusal.SLICE_STANDING: ("CLR-033", "",
        "slice {found} is out to bids: it goes to a bid or is taken back first"),
    Refusal.NOTICE_NOT_NOW: ("CLR-034", "",
        "no cooling period of member {found} runs: its money returns on its word"),
    Refusal.NOTICE_STANDING: ("CLR-034", "",
        "member {found} has given notice already"),
    Refusal.COLLATERAL_STANDS: ("CLR-037", "member",
        "account {found} still has asset {expected}: it is sold before a loss is spread"),
    Refusal.SERIES_NOT_PHYSICAL: ("DEL-020", "series",
        "series {found} is not settled by delivery"),
    Refusal.DELIVERY_TERMS: ("DEL-020", "",
        "{found} is out of bounds: expected at most {expected}"),
    Refusal.RIGHT_UNKNOWN: ("DEL-021", "series",
        "series {found} is no right on capacity"),
    Refusal.DELIVERY_UNKNOWN: ("DEL-022", "delivery",
        "delivery {found} is not owed"),
    Refusal.DELIVERY_NOT_YOURS: ("DEL-022", "account",
        "account {found} is not on that side of the delivery: account {expected} is"),
    Refusal.DELIVERY_NOT_NOW: ("DEL-022", "delivery",
        "the delivery is in state {found}: expected state {expected}"),
    Refusal.QUALITY_OUT_OF_BOUNDS: ("DEL-023", "quality",
        "quality {found}: the terms of the series have {expected} ten-thousandths as its bound"),
    Refusal.HOURS_OUT_OF_BOUNDS: ("DEL-024", "hours",
        "{found} hours: expected between 1 and {expected}"),
    Refusal.UNITS_OUT_OF_BOUNDS: ("DEL-024", "units",
        "{found} accelerator-hours: expected between 0 and {expected}"),
    Refusal.HOURS_NOT_OVER: ("DEL-024", "hours",
        "the time is {found}: those hours are over at {expected}"),
    Refusal.NOT_CONTINGENT: ("DEL-024", "excused",
        "{found} accelerator-hours excused: a firm contract excuses none but by a determination"),
    Refusal.METERED_UNKNOWN: ("DEL-025", "metered",
        "no metered hours {found} wait to be final"),
    Refusal.METERED_DISPUTED: ("DEL-025", "metered",
        "account {found} disputes these hours already"),
    Refusal.METERED_NOT_DISPUTED: ("DEL-025", "metered",
        "metered hours {found} are not disputed"),
    Refusal.FIXING_UNKNOWN: ("DEL-026", "cover_price",
        "index {found} has no fixing: a remedy in cash is priced at one"),
    Refusal.DELIVERY_PLEDGED: ("DEL-028", "delivery",
        "the delivery is pledged to account {expected}: it does not go to account {found}"),
    Refusal.BOND_SHORT: ("DEL-029", "amount",
        "{found} micro-dollars: the bond can give {expected}"),
    Refusal.OWED_SHORT: ("DEL-029", "amount",
        "{found} micro-dollars: {expected} are owed to the delivery fund"),
    Refusal.EVIDENCE_MISSING: ("DEL-023", "evidence",
        "no evidence is named: expected the SHA-256 of what it rests on"),
    Refusal.BEGIN_OUT_OF_PERIOD: ("DEL-021", "starts",
        "the block begins at {found}: within the months of the series it begins at {expected} at the nearest"),
    Refusal.SERIES_DELIVERS: ("DEL-020", "series",
        "series {found} turns into deliveries: it is not settled in cash"),
    Refusal.COVER_OUT_OF_BOUNDS: ("DEL-026", "cover_price",
        "{found} micro-dollars for the replacement: {expected} is the furthest the terms let it lie from the index"),
    Refusal.FIXING_STALE: ("DEL-026", "cover_price",
        "the last fixing is of {found}: a remedy in cash is priced at one no older than {expected} days"),
    Refusal.REJECTION_UNKNOWN: ("DEL-031", "delivery",
        "delivery {found} has no rejection that can be contested"),
    Refusal.CREDIT_TERMS: ("DEL-034", "",
        "{found} is out of bounds: expected at most {expected}"),
    Refusal.CORRECTION_OUT_OF_BOUNDS: ("DEL-032", "units",
        "a correction by {found} accelerator-hours: the terms allow {expected}"),
    Refusal.EXCHANGE_UNEQUAL: ("DEL-033", "accelerators",
        "{found} accelerator-hours are delivered for {expected} of the position"),
    Refusal.BLOCK_OVER: ("DEL-023", "delivery",
        "the time is {found}: the last hour of the delivery was over at {expected}"),
    Refusal.EXCHANGE_NOT_FUTURE: ("DEL-033", "series",
        "series {found} is not a future settled in cash"),
    Refusal.GUARANTEE_OWN: ("DEL-035", "to_account",
        "account {found} gives no guarantee for what it owes itself"),
    Refusal.GUARANTEES_TOO_MANY: ("DEL-035", "to_account",
        "{found} guarantees for one account: expected at most {expected} of one guarantor at a time"),
    Refusal.GUARANTEE_UNKNOWN: ("DEL-036", "guarantee",
        "the account has given no guarantee {found}"),
    Refusal.GUARANTEE_NEEDED: ("DEL-036", "guarantee",
        "account {found} is on a side of a delivery: what is guaranteed for it comes back at {expected}"),
    Refusal.FEE_OUT_OF_BOUNDS: ("DEL-025", "fee",
        "a fee of {found} micro-dollars: expected between 0 and {expected}, the contract price of all those hours can have"),
}
"""Rule, field at fault, text."""


NON_NEGATIVE = frozenset({LedgerClass.CASH, LedgerClass.ADVANCES_RECEIVABLE, LedgerClass.HOUSE_LIQUIDITY, LedgerClass.SETTLEMENT, LedgerClass.EXCHANGE_FEES, LedgerClass.CLEARING_FEES, LedgerClass.DEFAULT_FUND, LedgerClass.FIRST_LOSS, LedgerClass.SECOND_TRANCHE, LedgerClass.LINE_FUND, LedgerClass.LINES_RECEIVABLE, LedgerClass.LINE_INCOME, LedgerClass.DELIVERY_RECEIVABLE, LedgerClass.DELIVERY_MARGIN, LedgerClass.PERFORMANCE_BOND, LedgerClass.DELIVERY_FUND, LedgerClass.DELIVERY_CLAIMS, LedgerClass.GUARANTEE})


class Quote(msgspec.Struct, frozen=True):
    """One two-sided quote; zero lots on a side withdraws that side."""

    series: int = 0
    bid_price: int = 0
    bid_lots: int = 0
    ask_price: int = 0
    ask_lots: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqqq")

    @classmethod
    def make(cls, series: Any, bid_price: Any, bid_lots: Any, ask_price: Any, ask_lots: Any) -> Quote:
        return cls(series, bid_price, bid_lots, ask_price, ask_lots)

    def row(self) -> tuple[Any, ...]:
        return (self.series, self.bid_price, self.bid_lots, self.ask_price, self.ask_lots,)


class Scenario(msgspec.Struct, frozen=True):
    """Label of one scenario of a margin table."""

    kind: ScenarioKind
    group: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BH")

    @classmethod
    def make(cls, kind: Any, group: Any) -> Scenario:
        return cls(_SCENARIOKIND[kind], group)

    def row(self) -> tuple[Any, ...]:
        return (self.kind, self.group,)


class ScanRow(msgspec.Struct, frozen=True):
    """A scan row: its worst point counts with this weight. Offsets between groups are joint rows with the weight taken from the groups' own rows."""

    group: int = 0
    weight: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HI")

    @classmethod
    def make(cls, group: Any, weight: Any) -> ScanRow:
        return cls(group, weight)

    def row(self) -> tuple[Any, ...]:
        return (self.group, self.weight,)


class ScenarioLoss(msgspec.Struct, frozen=True):
    """Loss of one long lot in one scenario."""

    loss: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<q")

    @classmethod
    def make(cls, loss: Any) -> ScenarioLoss:
        return cls(loss)

    def row(self) -> tuple[Any, ...]:
        return (self.loss,)


class SeriesPrice(msgspec.Struct, frozen=True):
    """A settlement price."""

    series: int = 0
    price: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    @classmethod
    def make(cls, series: Any, price: Any) -> SeriesPrice:
        return cls(series, price)

    def row(self) -> tuple[Any, ...]:
        return (self.series, self.price,)


class ActorNumber(msgspec.Struct, frozen=True):
    """An actor."""

    actor: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    @classmethod
    def make(cls, actor: Any) -> ActorNumber:
        return cls(actor)

    def row(self) -> tuple[Any, ...]:
        return (self.actor,)


class AssetPrice(msgspec.Struct, frozen=True):
    """Price of a whole unit of an asset."""

    asset: int = 0
    price: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Hq")

    @classmethod
    def make(cls, asset: Any, price: Any) -> AssetPrice:
        return cls(asset, price)

    def row(self) -> tuple[Any, ...]:
        return (self.asset, self.price,)


class FoundPrice(msgspec.Struct, frozen=True):
    """A settlement price with the step of the waterfall that gave it."""

    step: PriceStep
    series: int = 0
    price: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BIq")

    @classmethod
    def make(cls, step: Any, series: Any, price: Any) -> FoundPrice:
        return cls(_PRICESTEP[step], series, price)

    def row(self) -> tuple[Any, ...]:
        return (self.step, self.series, self.price,)


class StepFound(msgspec.Struct, frozen=True):
    """The step of the waterfall that gave a settlement price."""

    step: PriceStep
    series: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BI")

    @classmethod
    def make(cls, step: Any, series: Any) -> StepFound:
        return cls(_PRICESTEP[step], series)

    def row(self) -> tuple[Any, ...]:
        return (self.step, self.series,)


class SliceLots(msgspec.Struct, frozen=True):
    """A position in a slice."""

    series: int = 0
    lots: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    @classmethod
    def make(cls, series: Any, lots: Any) -> SliceLots:
        return cls(series, lots)

    def row(self) -> tuple[Any, ...]:
        return (self.series, self.lots,)


class LossShare(msgspec.Struct, frozen=True):
    """What one account, or the house, bears in one layer."""

    layer: LossLayer
    account: int = 0
    amount: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BIq")

    @classmethod
    def make(cls, layer: Any, account: Any, amount: Any) -> LossShare:
        return cls(_LOSSLAYER[layer], account, amount)

    def row(self) -> tuple[Any, ...]:
        return (self.layer, self.account, self.amount,)


class AccountLots(msgspec.Struct, frozen=True):
    """Lots of an account."""

    account: int = 0
    lots: int = 0

    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    @classmethod
    def make(cls, account: Any, lots: Any) -> AccountLots:
        return cls(account, lots)

    def row(self) -> tuple[Any, ...]:
        return (self.account, self.lots,)


class Genesis(msgspec.Struct, frozen=True, kw_only=True):
    """Opens an empty house with its first operators, at least two; actor 0 only, once."""

    name: str = ""
    behaviour: int = 0
    operators: tuple[ActorNumber, ...] = ()

    KIND: ClassVar[int] = 1
    NAME: ClassVar[str] = "genesis"
    BLOCK: ClassVar[int] = 37
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<33pI")

    def pack(self) -> bytes:
        operators = b"".join(ActorNumber.LAYOUT.pack(*e.row()) for e in self.operators)
        return (
            self.LAYOUT.pack(self.name.encode("ascii"), self.behaviour)[: self.written()[1]]
            + _LIST.pack(len(self.operators), ActorNumber.LAYOUT.size) + operators
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        if self.behaviour:
            return 2, 37
        return 1, 33

    @classmethod
    def unpack(cls, body: bytes, block: int) -> Genesis:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        operators, at = _elements(ActorNumber.LAYOUT, ActorNumber.make, body, at)
        _whole("genesis", body, at)
        try:
            return cls(name=fixed[0].decode("ascii"), behaviour=fixed[1], operators=operators)
        except ValueError as error:
            raise FrameError(f"genesis: {error}") from error


class AdvanceTime(msgspec.Struct, frozen=True, kw_only=True):
    """Lets venue time pass so that due timers and waiting elections run."""

    KIND: ClassVar[int] = 2
    NAME: ClassVar[str] = "advance_time"
    BLOCK: ClassVar[int] = 0
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<")

    def pack(self) -> bytes:
        return (
            b""
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 0

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AdvanceTime:
        _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("advance_time", body, at)
        return cls()


class Propose(msgspec.Struct, frozen=True, kw_only=True):
    """Puts a four-eyes command before a second actor; who proposes holds a role the command names."""

    command: int = 0
    payload: bytes = b""

    KIND: ClassVar[int] = 3
    NAME: ClassVar[str] = "propose"
    BLOCK: ClassVar[int] = 2
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR | Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<H")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.command)
            + _U32.pack(len(self.payload)) + self.payload
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 2

    @classmethod
    def unpack(cls, body: bytes, block: int) -> Propose:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        payload, at = _blob(body, at)
        _whole("propose", body, at)
        try:
            return cls(command=fixed[0], payload=payload)
        except ValueError as error:
            raise FrameError(f"propose: {error}") from error


class Approve(msgspec.Struct, frozen=True, kw_only=True):
    """Carries out a proposal of another actor; who approves holds a role the command names."""

    proposal: int = 0

    KIND: ClassVar[int] = 4
    NAME: ClassVar[str] = "approve"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR | Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.proposal)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> Approve:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("approve", body, at)
        try:
            return cls(proposal=fixed[0])
        except ValueError as error:
            raise FrameError(f"approve: {error}") from error


class WithdrawProposal(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a proposal that waits; only who proposed it may."""

    proposal: int = 0

    KIND: ClassVar[int] = 5
    NAME: ClassVar[str] = "withdraw_proposal"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 2
    ROLES: ClassVar[int] = Role.OPERATOR | Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.proposal)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 2, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> WithdrawProposal:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("withdraw_proposal", body, at)
        try:
            return cls(proposal=fixed[0])
        except ValueError as error:
            raise FrameError(f"withdraw_proposal: {error}") from error


class RegisterMember(msgspec.Struct, frozen=True, kw_only=True):
    """Admits a clearing member."""

    member: int = 0
    name: str = ""

    KIND: ClassVar[int] = 10
    NAME: ClassVar[str] = "register_member"
    BLOCK: ClassVar[int] = 37
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I33p")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member, self.name.encode("ascii"))
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 37

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RegisterMember:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("register_member", body, at)
        try:
            return cls(member=fixed[0], name=fixed[1].decode("ascii"))
        except ValueError as error:
            raise FrameError(f"register_member: {error}") from error


class RegisterActor(msgspec.Struct, frozen=True, kw_only=True):
    """Gives a person or program its member and roles; again changes the roles."""

    registered: int = 0
    member: int = 0
    roles: int = 0

    KIND: ClassVar[int] = 11
    NAME: ClassVar[str] = "register_actor"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<III")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.registered, self.member, self.roles)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RegisterActor:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("register_actor", body, at)
        try:
            return cls(registered=fixed[0], member=fixed[1], roles=fixed[2])
        except ValueError as error:
            raise FrameError(f"register_actor: {error}") from error


class OpenAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Opens a trading account."""

    account: int = 0
    member: int = 0
    account_kind: AccountKind
    owner: int = 0
    position_limit: int = 0
    order_lots_limit: int = 0
    order_value_limit: int = 0

    KIND: ClassVar[int] = 12
    NAME: ClassVar[str] = "open_account"
    BLOCK: ClassVar[int] = 37
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIBIqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.member, self.account_kind, self.owner, self.position_limit, self.order_lots_limit, self.order_value_limit)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 37

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OpenAccount:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("open_account", body, at)
        try:
            return cls(account=fixed[0], member=fixed[1], account_kind=_ACCOUNTKIND[fixed[2]], owner=fixed[3], position_limit=fixed[4], order_lots_limit=fixed[5], order_value_limit=fixed[6])
        except ValueError as error:
            raise FrameError(f"open_account: {error}") from error


class SetLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Changes the limits of an account; a member's own risk role may only tighten."""

    account: int = 0
    position_limit: int = 0
    order_lots_limit: int = 0
    order_value_limit: int = 0

    KIND: ClassVar[int] = 13
    NAME: ClassVar[str] = "set_limits"
    BLOCK: ClassVar[int] = 28
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.RISK | Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.position_limit, self.order_lots_limit, self.order_value_limit)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 28

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SetLimits:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("set_limits", body, at)
        try:
            return cls(account=fixed[0], position_limit=fixed[1], order_lots_limit=fixed[2], order_value_limit=fixed[3])
        except ValueError as error:
            raise FrameError(f"set_limits: {error}") from error


class SuspendMember(msgspec.Struct, frozen=True, kw_only=True):
    """Stops a member: its orders are cancelled, new ones refused, cancels admitted."""

    member: int = 0

    KIND: ClassVar[int] = 14
    NAME: ClassVar[str] = "suspend_member"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SuspendMember:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("suspend_member", body, at)
        try:
            return cls(member=fixed[0])
        except ValueError as error:
            raise FrameError(f"suspend_member: {error}") from error


class ReinstateMember(msgspec.Struct, frozen=True, kw_only=True):
    """Lifts a suspension."""

    member: int = 0

    KIND: ClassVar[int] = 15
    NAME: ClassVar[str] = "reinstate_member"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ReinstateMember:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("reinstate_member", body, at)
        try:
            return cls(member=fixed[0])
        except ValueError as error:
            raise FrameError(f"reinstate_member: {error}") from error


class EngageKillSwitch(msgspec.Struct, frozen=True, kw_only=True):
    """Cancels every order of an account and refuses new ones; cancels stay admitted."""

    account: int = 0

    KIND: ClassVar[int] = 16
    NAME: ClassVar[str] = "engage_kill_switch"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.RISK | Role.TRADER | Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> EngageKillSwitch:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("engage_kill_switch", body, at)
        try:
            return cls(account=fixed[0])
        except ValueError as error:
            raise FrameError(f"engage_kill_switch: {error}") from error


class ReleaseKillSwitch(msgspec.Struct, frozen=True, kw_only=True):
    """Admits orders of the account again."""

    account: int = 0

    KIND: ClassVar[int] = 17
    NAME: ClassVar[str] = "release_kill_switch"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.RISK | Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ReleaseKillSwitch:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("release_kill_switch", body, at)
        try:
            return cls(account=fixed[0])
        except ValueError as error:
            raise FrameError(f"release_kill_switch: {error}") from error


class HaltMarket(msgspec.Struct, frozen=True, kw_only=True):
    """Stops all trading; resting orders stay, cancels are admitted."""

    KIND: ClassVar[int] = 18
    NAME: ClassVar[str] = "halt_market"
    BLOCK: ClassVar[int] = 0
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<")

    def pack(self) -> bytes:
        return (
            b""
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 0

    @classmethod
    def unpack(cls, body: bytes, block: int) -> HaltMarket:
        _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("halt_market", body, at)
        return cls()


class ResumeMarket(msgspec.Struct, frozen=True, kw_only=True):
    """Lets trading go on after a halt."""

    KIND: ClassVar[int] = 19
    NAME: ClassVar[str] = "resume_market"
    BLOCK: ClassVar[int] = 0
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<")

    def pack(self) -> bytes:
        return (
            b""
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 0

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ResumeMarket:
        _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("resume_market", body, at)
        return cls()


class DefineAsset(msgspec.Struct, frozen=True, kw_only=True):
    """Adds an asset to the ledger; asset 1, USD, stands from the start and alone covers margin."""

    asset: int = 0
    name: str = ""

    KIND: ClassVar[int] = 20
    NAME: ClassVar[str] = "define_asset"
    BLOCK: ClassVar[int] = 35
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<H33p")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.asset, self.name.encode("ascii"))
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 35

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DefineAsset:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("define_asset", body, at)
        try:
            return cls(asset=fixed[0], name=fixed[1].decode("ascii"))
        except ValueError as error:
            raise FrameError(f"define_asset: {error}") from error


class ListSeries(msgspec.Struct, frozen=True, kw_only=True):
    """Lists a series; its terms are data."""

    series: int = 0
    symbol: str = ""
    series_kind: SeriesKind
    group: int = 0
    index: int = 0
    first_month: int = 0
    last_month: int = 0
    hours: int = 0
    tick: int = 0
    strike: int = 0
    reference_price: int = 0
    band: int = 0
    pause_range: int = 0
    pause_duration: int = 0
    protection: int = 0
    maker_fee: int = 0
    taker_fee: int = 0
    clearing_fee: int = 0
    last_trading_time: int = 0
    standard_version: int = 0
    standard_hash: bytes = bytes(32)
    period_ends: int = 0
    delivers: bool = False

    KIND: ClassVar[int] = 21
    NAME: ClassVar[str] = "list_series"
    BLOCK: ClassVar[int] = 175
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I33pBHHIIIqqqIIqIqqqqI32sq?")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.symbol.encode("ascii"), self.series_kind, self.group, self.index, self.first_month, self.last_month, self.hours, self.tick, self.strike, self.reference_price, self.band, self.pause_range, self.pause_duration, self.protection, self.maker_fee, self.taker_fee, self.clearing_fee, self.last_trading_time, self.standard_version, self.standard_hash, self.period_ends, self.delivers)[: self.written()[1]]
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        if self.delivers:
            return 4, 175
        if self.period_ends:
            return 3, 174
        if self.standard_version or self.standard_hash != bytes(32):
            return 2, 166
        return 1, 130

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ListSeries:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("list_series", body, at)
        try:
            return cls(series=fixed[0], symbol=fixed[1].decode("ascii"), series_kind=_SERIESKIND[fixed[2]], group=fixed[3], index=fixed[4], first_month=fixed[5], last_month=fixed[6], hours=fixed[7], tick=fixed[8], strike=fixed[9], reference_price=fixed[10], band=fixed[11], pause_range=fixed[12], pause_duration=fixed[13], protection=fixed[14], maker_fee=fixed[15], taker_fee=fixed[16], clearing_fee=fixed[17], last_trading_time=fixed[18], standard_version=fixed[19], standard_hash=fixed[20], period_ends=fixed[21], delivers=fixed[22])
        except ValueError as error:
            raise FrameError(f"list_series: {error}") from error


class SetSeriesState(msgspec.Struct, frozen=True, kw_only=True):
    """Moves a series through its day; leaving a call uncrosses it."""

    series: int = 0
    state: SeriesState

    KIND: ClassVar[int] = 22
    NAME: ClassVar[str] = "set_series_state"
    BLOCK: ClassVar[int] = 5
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IB")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.state)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 5

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SetSeriesState:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("set_series_state", body, at)
        try:
            return cls(series=fixed[0], state=_SERIESSTATE[fixed[1]])
        except ValueError as error:
            raise FrameError(f"set_series_state: {error}") from error


class SetFees(msgspec.Struct, frozen=True, kw_only=True):
    """Changes the fees of a series for trades from now on."""

    series: int = 0
    maker_fee: int = 0
    taker_fee: int = 0
    clearing_fee: int = 0

    KIND: ClassVar[int] = 23
    NAME: ClassVar[str] = "set_fees"
    BLOCK: ClassVar[int] = 28
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.maker_fee, self.taker_fee, self.clearing_fee)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 28

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SetFees:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("set_fees", body, at)
        try:
            return cls(series=fixed[0], maker_fee=fixed[1], taker_fee=fixed[2], clearing_fee=fixed[3])
        except ValueError as error:
            raise FrameError(f"set_fees: {error}") from error


class SwitchBehaviour(msgspec.Struct, frozen=True, kw_only=True):
    """Puts a version of the house's behaviour in force from the next command on."""

    behaviour: int = 0

    KIND: ClassVar[int] = 24
    NAME: ClassVar[str] = "switch_behaviour"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.behaviour)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SwitchBehaviour:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("switch_behaviour", body, at)
        try:
            return cls(behaviour=fixed[0])
        except ValueError as error:
            raise FrameError(f"switch_behaviour: {error}") from error


class Deposit(msgspec.Struct, frozen=True, kw_only=True):
    """Books money that reached the bank; repays dues first. House settlement role only."""

    account: int = 0
    asset: int = 0
    amount: int = 0
    reference: str = ""
    reference_time: int = 0

    KIND: ClassVar[int] = 30
    NAME: ClassVar[str] = "deposit"
    BLOCK: ClassVar[int] = 55
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IHq33pq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.asset, self.amount, self.reference.encode("ascii"), self.reference_time)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 55

    @classmethod
    def unpack(cls, body: bytes, block: int) -> Deposit:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("deposit", body, at)
        try:
            return cls(account=fixed[0], asset=fixed[1], amount=fixed[2], reference=fixed[3].decode("ascii"), reference_time=fixed[4])
        except ValueError as error:
            raise FrameError(f"deposit: {error}") from error


class RequestWithdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """Sets free cash aside until the bank has paid it or the timeout voids it."""

    account: int = 0
    asset: int = 0
    amount: int = 0
    timeout: int = 0
    reference: str = ""
    reference_time: int = 0

    KIND: ClassVar[int] = 31
    NAME: ClassVar[str] = "request_withdrawal"
    BLOCK: ClassVar[int] = 63
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IHqq33pq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.asset, self.amount, self.timeout, self.reference.encode("ascii"), self.reference_time)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 63

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RequestWithdrawal:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("request_withdrawal", body, at)
        try:
            return cls(account=fixed[0], asset=fixed[1], amount=fixed[2], timeout=fixed[3], reference=fixed[4].decode("ascii"), reference_time=fixed[5])
        except ValueError as error:
            raise FrameError(f"request_withdrawal: {error}") from error


class PostWithdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """The bank has paid: the money leaves. House settlement role only."""

    transfer: int = 0

    KIND: ClassVar[int] = 32
    NAME: ClassVar[str] = "post_withdrawal"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.transfer)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PostWithdrawal:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("post_withdrawal", body, at)
        try:
            return cls(transfer=fixed[0])
        except ValueError as error:
            raise FrameError(f"post_withdrawal: {error}") from error


class VoidWithdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """The withdrawal will not be paid: the cash is free again. House settlement role only."""

    transfer: int = 0

    KIND: ClassVar[int] = 33
    NAME: ClassVar[str] = "void_withdrawal"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.transfer)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> VoidWithdrawal:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("void_withdrawal", body, at)
        try:
            return cls(transfer=fixed[0])
        except ValueError as error:
            raise FrameError(f"void_withdrawal: {error}") from error


class FundLiquidity(msgspec.Struct, frozen=True, kw_only=True):
    """Adds cash of the house to its liquidity account; fills a shortfall first."""

    amount: int = 0

    KIND: ClassVar[int] = 34
    NAME: ClassVar[str] = "fund_liquidity"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FundLiquidity:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("fund_liquidity", body, at)
        try:
            return cls(amount=fixed[0])
        except ValueError as error:
            raise FrameError(f"fund_liquidity: {error}") from error


class PlaceOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for an order."""

    account: int = 0
    series: int = 0
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    self_trade: SelfTrade
    post_only: bool = False
    close_out: bool = False
    price: int = 0
    lots: int = 0
    display_lots: int = 0
    minimum_lots: int = 0
    stop_price: int = 0
    expiry: int = 0
    session: int = 0
    label: int = 0
    reference: str = ""
    reference_time: int = 0

    KIND: ClassVar[int] = 40
    NAME: ClassVar[str] = "place_order"
    BLOCK: ClassVar[int] = 115
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.TRADER
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIBBBB??qqqqqqIQ33pq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.side, self.order_type, self.time_in_force, self.self_trade, self.post_only, self.close_out, self.price, self.lots, self.display_lots, self.minimum_lots, self.stop_price, self.expiry, self.session, self.label, self.reference.encode("ascii"), self.reference_time)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 115

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PlaceOrder:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("place_order", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], side=_SIDE[fixed[2]], order_type=_ORDERTYPE[fixed[3]], time_in_force=_TIMEINFORCE[fixed[4]], self_trade=_SELFTRADE[fixed[5]], post_only=fixed[6], close_out=fixed[7], price=fixed[8], lots=fixed[9], display_lots=fixed[10], minimum_lots=fixed[11], stop_price=fixed[12], expiry=fixed[13], session=fixed[14], label=fixed[15], reference=fixed[16].decode("ascii"), reference_time=fixed[17])
        except ValueError as error:
            raise FrameError(f"place_order: {error}") from error


class ReplaceOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Changes price or remaining lots of a resting order; priority is kept only when just the lots fall."""

    account: int = 0
    order: int = 0
    target: str = ""
    price: int = 0
    lots: int = 0
    reference: str = ""
    reference_time: int = 0

    KIND: ClassVar[int] = 41
    NAME: ClassVar[str] = "replace_order"
    BLOCK: ClassVar[int] = 102
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.TRADER
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ33pqq33pq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.order, self.target.encode("ascii"), self.price, self.lots, self.reference.encode("ascii"), self.reference_time)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 102

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ReplaceOrder:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("replace_order", body, at)
        try:
            return cls(account=fixed[0], order=fixed[1], target=fixed[2].decode("ascii"), price=fixed[3], lots=fixed[4], reference=fixed[5].decode("ascii"), reference_time=fixed[6])
        except ValueError as error:
            raise FrameError(f"replace_order: {error}") from error


class CancelOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Ends an order."""

    account: int = 0
    order: int = 0
    target: str = ""

    KIND: ClassVar[int] = 42
    NAME: ClassVar[str] = "cancel_order"
    BLOCK: ClassVar[int] = 45
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ33p")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.order, self.target.encode("ascii"))
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 45

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CancelOrder:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("cancel_order", body, at)
        try:
            return cls(account=fixed[0], order=fixed[1], target=fixed[2].decode("ascii"))
        except ValueError as error:
            raise FrameError(f"cancel_order: {error}") from error


class MassCancel(msgspec.Struct, frozen=True, kw_only=True):
    """Ends every order of an account that fits every word given."""

    account: int = 0
    series: int = 0
    session: int = 0
    label: int = 0

    KIND: ClassVar[int] = 43
    NAME: ClassVar[str] = "mass_cancel"
    BLOCK: ClassVar[int] = 20
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK | Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.session, self.label)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 20

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MassCancel:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("mass_cancel", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], session=fixed[2], label=fixed[3])
        except ValueError as error:
            raise FrameError(f"mass_cancel: {error}") from error


class MassQuote(msgspec.Struct, frozen=True, kw_only=True):
    """Replaces the account's quotes in the series named, all or none. Leg j of the list bids under number + 2j and offers under number + 2j + 1."""

    account: int = 0
    self_trade: SelfTrade
    session: int = 0
    label: int = 0
    quotes: tuple[Quote, ...] = ()

    KIND: ClassVar[int] = 44
    NAME: ClassVar[str] = "mass_quote"
    BLOCK: ClassVar[int] = 17
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.TRADER
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IBIQ")

    def pack(self) -> bytes:
        quotes = b"".join(Quote.LAYOUT.pack(*e.row()) for e in self.quotes)
        return (
            self.LAYOUT.pack(self.account, self.self_trade, self.session, self.label)
            + _LIST.pack(len(self.quotes), Quote.LAYOUT.size) + quotes
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 17

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MassQuote:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        quotes, at = _elements(Quote.LAYOUT, Quote.make, body, at)
        _whole("mass_quote", body, at)
        try:
            return cls(account=fixed[0], self_trade=_SELFTRADE[fixed[1]], session=fixed[2], label=fixed[3], quotes=quotes)
        except ValueError as error:
            raise FrameError(f"mass_quote: {error}") from error


class SetMakerProtection(msgspec.Struct, frozen=True, kw_only=True):
    """Limits what a maker's quotes in a group may trade in an interval; all zero lifts the protection. Setting it again resets it."""

    account: int = 0
    group: int = 0
    interval: int = 0
    lots_limit: int = 0
    delta_limit: int = 0
    vega_limit: int = 0

    KIND: ClassVar[int] = 45
    NAME: ClassVar[str] = "set_maker_protection"
    BLOCK: ClassVar[int] = 38
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IHqqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.group, self.interval, self.lots_limit, self.delta_limit, self.vega_limit)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 38

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SetMakerProtection:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("set_maker_protection", body, at)
        try:
            return cls(account=fixed[0], group=fixed[1], interval=fixed[2], lots_limit=fixed[3], delta_limit=fixed[4], vega_limit=fixed[5])
        except ValueError as error:
            raise FrameError(f"set_maker_protection: {error}") from error


class ArmDeadMan(msgspec.Struct, frozen=True, kw_only=True):
    """Unless repeated within the timeout every order of the account is cancelled; 0 disarms."""

    account: int = 0
    timeout: int = 0

    KIND: ClassVar[int] = 46
    NAME: ClassVar[str] = "arm_dead_man"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.TRADER
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.timeout)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ArmDeadMan:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("arm_dead_man", body, at)
        try:
            return cls(account=fixed[0], timeout=fixed[1])
        except ValueError as error:
            raise FrameError(f"arm_dead_man: {error}") from error


class LoseSession(msgspec.Struct, frozen=True, kw_only=True):
    """A gateway session ended: its orders are cancelled. Actor 0 only."""

    session: int = 0

    KIND: ClassVar[int] = 47
    NAME: ClassVar[str] = "lose_session"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.session)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LoseSession:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("lose_session", body, at)
        try:
            return cls(session=fixed[0])
        except ValueError as error:
            raise FrameError(f"lose_session: {error}") from error


class OfferTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """Offers a position, or a trade given up, to another account."""

    account: int = 0
    to_account: int = 0
    series: int = 0
    lots: int = 0
    price: int = 0

    KIND: ClassVar[int] = 48
    NAME: ClassVar[str] = "offer_transfer"
    BLOCK: ClassVar[int] = 28
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.TRADER | Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.series, self.lots, self.price)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 28

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OfferTransfer:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("offer_transfer", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], series=fixed[2], lots=fixed[3], price=fixed[4])
        except ValueError as error:
            raise FrameError(f"offer_transfer: {error}") from error


class AcceptTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """Takes an offered position; both sides must stay covered."""

    account: int = 0
    offer: int = 0

    KIND: ClassVar[int] = 49
    NAME: ClassVar[str] = "accept_transfer"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.TRADER | Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.offer)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AcceptTransfer:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("accept_transfer", body, at)
        try:
            return cls(account=fixed[0], offer=fixed[1])
        except ValueError as error:
            raise FrameError(f"accept_transfer: {error}") from error


class BustTrade(msgspec.Struct, frozen=True, kw_only=True):
    """Undoes a trade in error, with its fees, until the next variation settlement."""

    trade: int = 0

    KIND: ClassVar[int] = 50
    NAME: ClassVar[str] = "bust_trade"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.trade)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> BustTrade:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("bust_trade", body, at)
        try:
            return cls(trade=fixed[0])
        except ValueError as error:
            raise FrameError(f"bust_trade: {error}") from error


class AdjustTrade(msgspec.Struct, frozen=True, kw_only=True):
    """Changes the price of a trade in error, until the next variation settlement."""

    trade: int = 0
    price: int = 0

    KIND: ClassVar[int] = 51
    NAME: ClassVar[str] = "adjust_trade"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Qq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.trade, self.price)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AdjustTrade:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("adjust_trade", body, at)
        try:
            return cls(trade=fixed[0], price=fixed[1])
        except ValueError as error:
            raise FrameError(f"adjust_trade: {error}") from error


class WithdrawOffer(msgspec.Struct, frozen=True, kw_only=True):
    """Ends an offer: its giver withdraws it, or its taker declines it."""

    account: int = 0
    offer: int = 0

    KIND: ClassVar[int] = 52
    NAME: ClassVar[str] = "withdraw_offer"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.TRADER | Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.offer)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> WithdrawOffer:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("withdraw_offer", body, at)
        try:
            return cls(account=fixed[0], offer=fixed[1])
        except ValueError as error:
            raise FrameError(f"withdraw_offer: {error}") from error


class BeginMarginTable(msgspec.Struct, frozen=True, kw_only=True):
    """Opens a margin table for loading; a table not activated is dropped."""

    table: int = 0
    scenarios: tuple[Scenario, ...] = ()
    rows: tuple[ScanRow, ...] = ()

    KIND: ClassVar[int] = 60
    NAME: ClassVar[str] = "begin_margin_table"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        scenarios = b"".join(Scenario.LAYOUT.pack(*e.row()) for e in self.scenarios)
        rows = b"".join(ScanRow.LAYOUT.pack(*e.row()) for e in self.rows)
        return (
            self.LAYOUT.pack(self.table)
            + _LIST.pack(len(self.scenarios), Scenario.LAYOUT.size) + scenarios
            + _LIST.pack(len(self.rows), ScanRow.LAYOUT.size) + rows
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> BeginMarginTable:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        scenarios, at = _elements(Scenario.LAYOUT, Scenario.make, body, at)
        rows, at = _elements(ScanRow.LAYOUT, ScanRow.make, body, at)
        _whole("begin_margin_table", body, at)
        try:
            return cls(table=fixed[0], scenarios=scenarios, rows=rows)
        except ValueError as error:
            raise FrameError(f"begin_margin_table: {error}") from error


class LoadMarginRow(msgspec.Struct, frozen=True, kw_only=True):
    """Loads the row of one series into the open table."""

    table: int = 0
    series: int = 0
    mark: int = 0
    liquidity: int = 0
    concentration_lots: int = 0
    concentration: int = 0
    delta: int = 0
    vega: int = 0
    losses: tuple[ScenarioLoss, ...] = ()

    KIND: ClassVar[int] = 61
    NAME: ClassVar[str] = "load_margin_row"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqqqqqq")

    def pack(self) -> bytes:
        losses = b"".join(ScenarioLoss.LAYOUT.pack(*e.row()) for e in self.losses)
        return (
            self.LAYOUT.pack(self.table, self.series, self.mark, self.liquidity, self.concentration_lots, self.concentration, self.delta, self.vega)
            + _LIST.pack(len(self.losses), ScenarioLoss.LAYOUT.size) + losses
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LoadMarginRow:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        losses, at = _elements(ScenarioLoss.LAYOUT, ScenarioLoss.make, body, at)
        _whole("load_margin_row", body, at)
        try:
            return cls(table=fixed[0], series=fixed[1], mark=fixed[2], liquidity=fixed[3], concentration_lots=fixed[4], concentration=fixed[5], delta=fixed[6], vega=fixed[7], losses=losses)
        except ValueError as error:
            raise FrameError(f"load_margin_row: {error}") from error


class ActivateMarginTable(msgspec.Struct, frozen=True, kw_only=True):
    """Puts the loaded table in force if the version it replaces is the one in force."""

    table: int = 0
    replaces: int = 0

    KIND: ClassVar[int] = 62
    NAME: ClassVar[str] = "activate_margin_table"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<II")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.table, self.replaces)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ActivateMarginTable:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("activate_margin_table", body, at)
        try:
            return cls(table=fixed[0], replaces=fixed[1])
        except ValueError as error:
            raise FrameError(f"activate_margin_table: {error}") from error


class SweepAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """Refreshes the next accounts not seen since marks or table changed."""

    limit: int = 0

    KIND: ClassVar[int] = 63
    NAME: ClassVar[str] = "sweep_accounts"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.limit)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SweepAccounts:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("sweep_accounts", body, at)
        try:
            return cls(limit=fixed[0])
        except ValueError as error:
            raise FrameError(f"sweep_accounts: {error}") from error


class SettleVariation(msgspec.Struct, frozen=True, kw_only=True):
    """Publishes settlement prices and posts variation margin of every account."""

    day: int = 0
    prices: tuple[SeriesPrice, ...] = ()

    KIND: ClassVar[int] = 70
    NAME: ClassVar[str] = "settle_variation"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        prices = b"".join(SeriesPrice.LAYOUT.pack(*e.row()) for e in self.prices)
        return (
            self.LAYOUT.pack(self.day)
            + _LIST.pack(len(self.prices), SeriesPrice.LAYOUT.size) + prices
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SettleVariation:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        prices, at = _elements(SeriesPrice.LAYOUT, SeriesPrice.make, body, at)
        _whole("settle_variation", body, at)
        try:
            return cls(day=fixed[0], prices=prices)
        except ValueError as error:
            raise FrameError(f"settle_variation: {error}") from error


class SettleFinal(msgspec.Struct, frozen=True, kw_only=True):
    """Pays a series, or one month of a swap, against the final settlement price, once that month and, at the end, trading are over."""

    series: int = 0
    month: int = 0
    price: int = 0
    hours: int = 0

    KIND: ClassVar[int] = 71
    NAME: ClassVar[str] = "settle_final"
    BLOCK: ClassVar[int] = 20
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.month, self.price, self.hours)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 20

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SettleFinal:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("settle_final", body, at)
        try:
            return cls(series=fixed[0], month=fixed[1], price=fixed[2], hours=fixed[3])
        except ValueError as error:
            raise FrameError(f"settle_final: {error}") from error


class PublishFixing(msgspec.Struct, frozen=True, kw_only=True):
    """Puts an index fixing on the log."""

    index: int = 0
    day: int = 0
    price: int = 0
    carried: bool = False
    simulated: bool = False
    method: int = 0
    inputs: bytes = bytes(32)

    KIND: ClassVar[int] = 72
    NAME: ClassVar[str] = "publish_fixing"
    BLOCK: ClassVar[int] = 52
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIq??I32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.index, self.day, self.price, self.carried, self.simulated, self.method, self.inputs)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 52

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PublishFixing:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("publish_fixing", body, at)
        try:
            return cls(index=fixed[0], day=fixed[1], price=fixed[2], carried=fixed[3], simulated=fixed[4], method=fixed[5], inputs=fixed[6])
        except ValueError as error:
            raise FrameError(f"publish_fixing: {error}") from error


class DeclareNoFix(msgspec.Struct, frozen=True, kw_only=True):
    """Puts on the log that a day has no fixing of an index, and why: it takes the place of the fixing."""

    index: int = 0
    day: int = 0
    reason: NoFixReason
    method: int = 0
    inputs: bytes = bytes(32)

    KIND: ClassVar[int] = 73
    NAME: ClassVar[str] = "declare_no_fix"
    BLOCK: ClassVar[int] = 43
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIBI32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.index, self.day, self.reason, self.method, self.inputs)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 43

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeclareNoFix:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("declare_no_fix", body, at)
        try:
            return cls(index=fixed[0], day=fixed[1], reason=_NOFIXREASON[fixed[2]], method=fixed[3], inputs=fixed[4])
        except ValueError as error:
            raise FrameError(f"declare_no_fix: {error}") from error


class PublishLateFixing(msgspec.Struct, frozen=True, kw_only=True):
    """Puts the fixing of a day on the log that stood there without one, as a row of its own; once."""

    index: int = 0
    day: int = 0
    price: int = 0
    simulated: bool = False
    method: int = 0
    inputs: bytes = bytes(32)

    KIND: ClassVar[int] = 74
    NAME: ClassVar[str] = "publish_late_fixing"
    BLOCK: ClassVar[int] = 51
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIq?I32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.index, self.day, self.price, self.simulated, self.method, self.inputs)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 51

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PublishLateFixing:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("publish_late_fixing", body, at)
        try:
            return cls(index=fixed[0], day=fixed[1], price=fixed[2], simulated=fixed[3], method=fixed[4], inputs=fixed[5])
        except ValueError as error:
            raise FrameError(f"publish_late_fixing: {error}") from error


class FundTranche(msgspec.Struct, frozen=True, kw_only=True):
    """Adds cash of the house to what it stands to lose in a default."""

    tranche: Tranche
    amount: int = 0

    KIND: ClassVar[int] = 80
    NAME: ClassVar[str] = "fund_tranche"
    BLOCK: ClassVar[int] = 9
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Bq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.tranche, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 9

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FundTranche:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("fund_tranche", body, at)
        try:
            return cls(tranche=_TRANCHE[fixed[0]], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"fund_tranche: {error}") from error


class ContributeFund(msgspec.Struct, frozen=True, kw_only=True):
    """Moves free cash of a house account into the default fund."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 81
    NAME: ClassVar[str] = "contribute_fund"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ContributeFund:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("contribute_fund", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"contribute_fund: {error}") from error


class ReturnFund(msgspec.Struct, frozen=True, kw_only=True):
    """Gives back what a member has in the default fund beyond what it has to have."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 82
    NAME: ClassVar[str] = "return_fund"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.OPERATOR | Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ReturnFund:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("return_fund", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"return_fund: {error}") from error


class DeclareDefault(msgspec.Struct, frozen=True, kw_only=True):
    """Declares a member in default: it is suspended, its orders end, its money stays."""

    member: int = 0

    KIND: ClassVar[int] = 83
    NAME: ClassVar[str] = "declare_default"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.OPERATOR | Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeclareDefault:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("declare_default", body, at)
        try:
            return cls(member=fixed[0])
        except ValueError as error:
            raise FrameError(f"declare_default: {error}") from error


class OfferPort(msgspec.Struct, frozen=True, kw_only=True):
    """Offers the account of a client of a member in default to another member."""

    account: int = 0
    member: int = 0

    KIND: ClassVar[int] = 84
    NAME: ClassVar[str] = "offer_port"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<II")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OfferPort:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("offer_port", body, at)
        try:
            return cls(account=fixed[0], member=fixed[1])
        except ValueError as error:
            raise FrameError(f"offer_port: {error}") from error


class AcceptPort(msgspec.Struct, frozen=True, kw_only=True):
    """Takes over the account of a client, whole: cash and positions. Risk role of the member it was offered to."""

    account: int = 0

    KIND: ClassVar[int] = 85
    NAME: ClassVar[str] = "accept_port"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AcceptPort:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("accept_port", body, at)
        try:
            return cls(account=fixed[0])
        except ValueError as error:
            raise FrameError(f"accept_port: {error}") from error


class CommitBid(msgspec.Struct, frozen=True, kw_only=True):
    """Seals a bid for a slice of the book of a member in default; a later one takes its place."""

    account: int = 0
    slice: int = 0
    from_account: int = 0
    until: int = 0
    commitment: bytes = bytes(32)

    KIND: ClassVar[int] = 86
    NAME: ClassVar[str] = "commit_bid"
    BLOCK: ClassVar[int] = 52
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.slice, self.from_account, self.until, self.commitment)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 52

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CommitBid:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("commit_bid", body, at)
        try:
            return cls(account=fixed[0], slice=fixed[1], from_account=fixed[2], until=fixed[3], commitment=fixed[4])
        except ValueError as error:
            raise FrameError(f"commit_bid: {error}") from error


class AwardSlice(msgspec.Struct, frozen=True, kw_only=True):
    """Opens a sealed bid and carries it out: the positions of the slice move at their marks and its amount is paid."""

    slice: int = 0
    from_account: int = 0
    to_account: int = 0
    amount: int = 0
    secret: bytes = bytes(32)
    positions: tuple[SliceLots, ...] = ()

    KIND: ClassVar[int] = 87
    NAME: ClassVar[str] = "award_slice"
    BLOCK: ClassVar[int] = 52
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIq32s")

    def pack(self) -> bytes:
        positions = b"".join(SliceLots.LAYOUT.pack(*e.row()) for e in self.positions)
        return (
            self.LAYOUT.pack(self.slice, self.from_account, self.to_account, self.amount, self.secret)
            + _LIST.pack(len(self.positions), SliceLots.LAYOUT.size) + positions
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 52

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AwardSlice:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        positions, at = _elements(SliceLots.LAYOUT, SliceLots.make, body, at)
        _whole("award_slice", body, at)
        try:
            return cls(slice=fixed[0], from_account=fixed[1], to_account=fixed[2], amount=fixed[3], secret=fixed[4], positions=positions)
        except ValueError as error:
            raise FrameError(f"award_slice: {error}") from error


class AllocateLoss(msgspec.Struct, frozen=True, kw_only=True):
    """Spreads what the accounts of a member in default owe over the layers of the waterfall."""

    member: int = 0
    loss: int = 0
    shares: tuple[LossShare, ...] = ()

    KIND: ClassVar[int] = 88
    NAME: ClassVar[str] = "allocate_loss"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        shares = b"".join(LossShare.LAYOUT.pack(*e.row()) for e in self.shares)
        return (
            self.LAYOUT.pack(self.member, self.loss)
            + _LIST.pack(len(self.shares), LossShare.LAYOUT.size) + shares
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AllocateLoss:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        shares, at = _elements(LossShare.LAYOUT, LossShare.make, body, at)
        _whole("allocate_loss", body, at)
        try:
            return cls(member=fixed[0], loss=fixed[1], shares=shares)
        except ValueError as error:
            raise FrameError(f"allocate_loss: {error}") from error


class TearUp(msgspec.Struct, frozen=True, kw_only=True):
    """Ends the position of a member in default against those who hold the other side, at the mark."""

    account: int = 0
    series: int = 0
    cuts: tuple[AccountLots, ...] = ()

    KIND: ClassVar[int] = 89
    NAME: ClassVar[str] = "tear_up"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<II")

    def pack(self) -> bytes:
        cuts = b"".join(AccountLots.LAYOUT.pack(*e.row()) for e in self.cuts)
        return (
            self.LAYOUT.pack(self.account, self.series)
            + _LIST.pack(len(self.cuts), AccountLots.LAYOUT.size) + cuts
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TearUp:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        cuts, at = _elements(AccountLots.LAYOUT, AccountLots.make, body, at)
        _whole("tear_up", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], cuts=cuts)
        except ValueError as error:
            raise FrameError(f"tear_up: {error}") from error


class CloseDefault(msgspec.Struct, frozen=True, kw_only=True):
    """Ends the management of a default when nothing is held and nothing owed any more."""

    member: int = 0

    KIND: ClassVar[int] = 90
    NAME: ClassVar[str] = "close_default"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CloseDefault:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("close_default", body, at)
        try:
            return cls(member=fixed[0])
        except ValueError as error:
            raise FrameError(f"close_default: {error}") from error


class AdmitCollateral(msgspec.Struct, frozen=True, kw_only=True):
    """Admits an asset as collateral, or changes the terms under which it counts."""

    asset: int = 0
    haircut: int = 0
    account_cap: int = 0
    letter: bool = False

    KIND: ClassVar[int] = 100
    NAME: ClassVar[str] = "admit_collateral"
    BLOCK: ClassVar[int] = 15
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIq?")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.asset, self.haircut, self.account_cap, self.letter)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 15

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AdmitCollateral:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("admit_collateral", body, at)
        try:
            return cls(asset=fixed[0], haircut=fixed[1], account_cap=fixed[2], letter=fixed[3])
        except ValueError as error:
            raise FrameError(f"admit_collateral: {error}") from error


class ValueCollateral(msgspec.Struct, frozen=True, kw_only=True):
    """Prices of collateral; every account's collateral counts at them from here on."""

    day: int = 0
    inputs: bytes = bytes(32)
    prices: tuple[AssetPrice, ...] = ()

    KIND: ClassVar[int] = 101
    NAME: ClassVar[str] = "value_collateral"
    BLOCK: ClassVar[int] = 36
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I32s")

    def pack(self) -> bytes:
        prices = b"".join(AssetPrice.LAYOUT.pack(*e.row()) for e in self.prices)
        return (
            self.LAYOUT.pack(self.day, self.inputs)
            + _LIST.pack(len(self.prices), AssetPrice.LAYOUT.size) + prices
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 36

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ValueCollateral:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        prices, at = _elements(AssetPrice.LAYOUT, AssetPrice.make, body, at)
        _whole("value_collateral", body, at)
        try:
            return cls(day=fixed[0], inputs=fixed[1], prices=prices)
        except ValueError as error:
            raise FrameError(f"value_collateral: {error}") from error


class IssueCall(msgspec.Struct, frozen=True, kw_only=True):
    """Calls on an account that is not covered for what it lacks."""

    account: int = 0
    timeout: int = 0

    KIND: ClassVar[int] = 102
    NAME: ClassVar[str] = "issue_call"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.timeout)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> IssueCall:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("issue_call", body, at)
        try:
            return cls(account=fixed[0], timeout=fixed[1])
        except ValueError as error:
            raise FrameError(f"issue_call: {error}") from error


class SettlePrices(msgspec.Struct, frozen=True, kw_only=True):
    """Publishes settlement prices, each with the step of the waterfall that gave it, and posts variation margin of every account."""

    day: int = 0
    prices: tuple[FoundPrice, ...] = ()

    KIND: ClassVar[int] = 103
    NAME: ClassVar[str] = "settle_prices"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        prices = b"".join(FoundPrice.LAYOUT.pack(*e.row()) for e in self.prices)
        return (
            self.LAYOUT.pack(self.day)
            + _LIST.pack(len(self.prices), FoundPrice.LAYOUT.size) + prices
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SettlePrices:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        prices, at = _elements(FoundPrice.LAYOUT, FoundPrice.make, body, at)
        _whole("settle_prices", body, at)
        try:
            return cls(day=fixed[0], prices=prices)
        except ValueError as error:
            raise FrameError(f"settle_prices: {error}") from error


class PublishDigest(msgspec.Struct, frozen=True, kw_only=True):
    """Puts the digest of a publication that stands beside the log on it."""

    publication: Publication
    day: int = 0
    digest: bytes = bytes(32)

    KIND: ClassVar[int] = 104
    NAME: ClassVar[str] = "publish_digest"
    BLOCK: ClassVar[int] = 37
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BI32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.publication, self.day, self.digest)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 37

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PublishDigest:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("publish_digest", body, at)
        try:
            return cls(publication=_PUBLICATION[fixed[0]], day=fixed[1], digest=fixed[2])
        except ValueError as error:
            raise FrameError(f"publish_digest: {error}") from error


class OfferSlice(msgspec.Struct, frozen=True, kw_only=True):
    """Puts a slice of the book of a member in default out to sealed bids."""

    slice: int = 0
    from_account: int = 0
    reserve: int = 0
    seals: int = 0
    opens: int = 0
    positions: tuple[SliceLots, ...] = ()

    KIND: ClassVar[int] = 120
    NAME: ClassVar[str] = "offer_slice"
    BLOCK: ClassVar[int] = 32
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqqq")

    def pack(self) -> bytes:
        positions = b"".join(SliceLots.LAYOUT.pack(*e.row()) for e in self.positions)
        return (
            self.LAYOUT.pack(self.slice, self.from_account, self.reserve, self.seals, self.opens)
            + _LIST.pack(len(self.positions), SliceLots.LAYOUT.size) + positions
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 32

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OfferSlice:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        positions, at = _elements(SliceLots.LAYOUT, SliceLots.make, body, at)
        _whole("offer_slice", body, at)
        try:
            return cls(slice=fixed[0], from_account=fixed[1], reserve=fixed[2], seals=fixed[3], opens=fixed[4], positions=positions)
        except ValueError as error:
            raise FrameError(f"offer_slice: {error}") from error


class OpenBid(msgspec.Struct, frozen=True, kw_only=True):
    """Opens a bid of one's own that was sealed for a slice."""

    account: int = 0
    slice: int = 0
    amount: int = 0
    secret: bytes = bytes(32)

    KIND: ClassVar[int] = 121
    NAME: ClassVar[str] = "open_bid"
    BLOCK: ClassVar[int] = 48
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.slice, self.amount, self.secret)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 48

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OpenBid:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("open_bid", body, at)
        try:
            return cls(account=fixed[0], slice=fixed[1], amount=fixed[2], secret=fixed[3])
        except ValueError as error:
            raise FrameError(f"open_bid: {error}") from error


class EndSlice(msgspec.Struct, frozen=True, kw_only=True):
    """Takes a slice back that goes to nobody."""

    slice: int = 0

    KIND: ClassVar[int] = 122
    NAME: ClassVar[str] = "end_slice"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.slice)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> EndSlice:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("end_slice", body, at)
        try:
            return cls(slice=fixed[0])
        except ValueError as error:
            raise FrameError(f"end_slice: {error}") from error


class GiveNotice(msgspec.Struct, frozen=True, kw_only=True):
    """The member of who asks gives notice to leave when its cooling period is over."""

    KIND: ClassVar[int] = 123
    NAME: ClassVar[str] = "give_notice"
    BLOCK: ClassVar[int] = 0
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<")

    def pack(self) -> bytes:
        return (
            b""
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 0

    @classmethod
    def unpack(cls, body: bytes, block: int) -> GiveNotice:
        _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("give_notice", body, at)
        return cls()


class SetEligibility(msgspec.Struct, frozen=True, kw_only=True):
    """Says for which product classes a member, or one account of it, is eligible; in others it may only reduce what it has."""

    member: int = 0
    account: int = 0
    products: int = 0
    basis: bytes = bytes(32)

    KIND: ClassVar[int] = 130
    NAME: ClassVar[str] = "set_eligibility"
    BLOCK: ClassVar[int] = 44
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<III32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member, self.account, self.products, self.basis)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 44

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SetEligibility:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("set_eligibility", body, at)
        try:
            return cls(member=fixed[0], account=fixed[1], products=fixed[2], basis=fixed[3])
        except ValueError as error:
            raise FrameError(f"set_eligibility: {error}") from error


class RecordCover(msgspec.Struct, frozen=True, kw_only=True):
    """Records how many short lots of a series an account has shown that it can deliver from capacity of its own."""

    account: int = 0
    series: int = 0
    lots: int = 0
    until: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 131
    NAME: ClassVar[str] = "record_cover"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = Role.OPERATOR | Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.lots, self.until, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RecordCover:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("record_cover", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], lots=fixed[2], until=fixed[3], evidence=fixed[4])
        except ValueError as error:
            raise FrameError(f"record_cover: {error}") from error


class SetLine(msgspec.Struct, frozen=True, kw_only=True):
    """Opens a line of credit for the variation of covered short positions, or changes its terms."""

    account: int = 0
    limit: int = 0
    rate: int = 0

    KIND: ClassVar[int] = 132
    NAME: ClassVar[str] = "set_line"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = Role.OPERATOR | Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.limit, self.rate)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SetLine:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("set_line", body, at)
        try:
            return cls(account=fixed[0], limit=fixed[1], rate=fixed[2])
        except ValueError as error:
            raise FrameError(f"set_line: {error}") from error


class FundLines(msgspec.Struct, frozen=True, kw_only=True):
    """Adds cash of the house to what it lends under lines."""

    amount: int = 0

    KIND: ClassVar[int] = 133
    NAME: ClassVar[str] = "fund_lines"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = Role.OPERATOR
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FundLines:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("fund_lines", body, at)
        try:
            return cls(amount=fixed[0])
        except ValueError as error:
            raise FrameError(f"fund_lines: {error}") from error


class SecureLines(msgspec.Struct, frozen=True, kw_only=True):
    """Takes an asset that covers no margin as security for lines, or changes the terms under which it counts."""

    asset: int = 0
    advance: int = 0
    account_cap: int = 0

    KIND: ClassVar[int] = 134
    NAME: ClassVar[str] = "secure_lines"
    BLOCK: ClassVar[int] = 14
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.asset, self.advance, self.account_cap)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 14

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SecureLines:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("secure_lines", body, at)
        try:
            return cls(asset=fixed[0], advance=fixed[1], account_cap=fixed[2])
        except ValueError as error:
            raise FrameError(f"secure_lines: {error}") from error


class PublishRate(msgspec.Struct, frozen=True, kw_only=True):
    """Puts the interest rate of a day on the log; price alignment of swaps is reckoned at it."""

    day: int = 0
    rate: int = 0
    source: str = ""
    inputs: bytes = bytes(32)

    KIND: ClassVar[int] = 135
    NAME: ClassVar[str] = "publish_rate"
    BLOCK: ClassVar[int] = 77
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq33p32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.day, self.rate, self.source.encode("ascii"), self.inputs)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 77

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PublishRate:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("publish_rate", body, at)
        try:
            return cls(day=fixed[0], rate=fixed[1], source=fixed[2].decode("ascii"), inputs=fixed[3])
        except ValueError as error:
            raise FrameError(f"publish_rate: {error}") from error


class BeginDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Turns the positions of a physical series whose trading has ended into deliveries, each between one seller and one buyer."""

    series: int = 0
    starts: int = 0
    nomination_lead: int = 0
    grace: int = 0
    inspection: int = 0
    dispute: int = 0
    contingent: bool = False
    seller_margin: int = 0
    prefund_hours: int = 0
    penalty: int = 0
    cash_factor: int = 0
    quality_floor: int = 0
    quality_cap: int = 0
    determination: int = 0
    remedy_window: int = 0
    cover_band: int = 0
    correction: int = 0
    correction_share: int = 0

    KIND: ClassVar[int] = 160
    NAME: ClassVar[str] = "begin_delivery"
    BLOCK: ClassVar[int] = 105
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqqqq?qIIIIIqqIqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.starts, self.nomination_lead, self.grace, self.inspection, self.dispute, self.contingent, self.seller_margin, self.prefund_hours, self.penalty, self.cash_factor, self.quality_floor, self.quality_cap, self.determination, self.remedy_window, self.cover_band, self.correction, self.correction_share)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 105

    @classmethod
    def unpack(cls, body: bytes, block: int) -> BeginDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("begin_delivery", body, at)
        try:
            return cls(series=fixed[0], starts=fixed[1], nomination_lead=fixed[2], grace=fixed[3], inspection=fixed[4], dispute=fixed[5], contingent=fixed[6], seller_margin=fixed[7], prefund_hours=fixed[8], penalty=fixed[9], cash_factor=fixed[10], quality_floor=fixed[11], quality_cap=fixed[12], determination=fixed[13], remedy_window=fixed[14], cover_band=fixed[15], correction=fixed[16], correction_share=fixed[17])
        except ValueError as error:
            raise FrameError(f"begin_delivery: {error}") from error


class ExerciseRight(msgspec.Struct, frozen=True, kw_only=True):
    """Says how many lots of a right are taken, and from when; a later one takes its place, none withdraws it."""

    account: int = 0
    series: int = 0
    lots: int = 0
    starts: int = 0

    KIND: ClassVar[int] = 161
    NAME: ClassVar[str] = "exercise_right"
    BLOCK: ClassVar[int] = 24
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.lots, self.starts)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 24

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ExerciseRight:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("exercise_right", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], lots=fixed[2], starts=fixed[3])
        except ValueError as error:
            raise FrameError(f"exercise_right: {error}") from error


class NominateDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Names what a side brings: the seller its cluster, the buyer its keys and image; a later one takes its place."""

    account: int = 0
    delivery: int = 0
    nomination: bytes = bytes(32)

    KIND: ClassVar[int] = 162
    NAME: ClassVar[str] = "nominate_delivery"
    BLOCK: ClassVar[int] = 44
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery, self.nomination)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 44

    @classmethod
    def unpack(cls, body: bytes, block: int) -> NominateDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("nominate_delivery", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1], nomination=fixed[2])
        except ValueError as error:
            raise FrameError(f"nominate_delivery: {error}") from error


class TenderDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Offers the capacity for inspection, with the grade its acceptance test gave."""

    account: int = 0
    delivery: int = 0
    quality: int = 0
    starts: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 163
    NAME: ClassVar[str] = "tender_delivery"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQIq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery, self.quality, self.starts, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TenderDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("tender_delivery", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1], quality=fixed[2], starts=fixed[3], evidence=fixed[4])
        except ValueError as error:
            raise FrameError(f"tender_delivery: {error}") from error


class AcceptTender(msgspec.Struct, frozen=True, kw_only=True):
    """Accepts what was tendered; delivery runs."""

    account: int = 0
    delivery: int = 0

    KIND: ClassVar[int] = 164
    NAME: ClassVar[str] = "accept_tender"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AcceptTender:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("accept_tender", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1])
        except ValueError as error:
            raise FrameError(f"accept_tender: {error}") from error


class RejectTender(msgspec.Struct, frozen=True, kw_only=True):
    """Rejects what was tendered; the seller may tender again while its time lasts."""

    account: int = 0
    delivery: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 165
    NAME: ClassVar[str] = "reject_tender"
    BLOCK: ClassVar[int] = 44
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 44

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RejectTender:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("reject_tender", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1], evidence=fixed[2])
        except ValueError as error:
            raise FrameError(f"reject_tender: {error}") from error


class MeterDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Books the next hours of a delivery as the meters of both sides agree, or as the rule for readings that differ has it; the buyer pays for what was delivered."""

    delivery: int = 0
    hours: int = 0
    units: int = 0
    excused: int = 0
    quality: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 166
    NAME: ClassVar[str] = "meter_delivery"
    BLOCK: ClassVar[int] = 64
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIqqI32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.delivery, self.hours, self.units, self.excused, self.quality, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 64

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MeterDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("meter_delivery", body, at)
        try:
            return cls(delivery=fixed[0], hours=fixed[1], units=fixed[2], excused=fixed[3], quality=fixed[4], evidence=fixed[5])
        except ValueError as error:
            raise FrameError(f"meter_delivery: {error}") from error


class DisputeMetered(msgspec.Struct, frozen=True, kw_only=True):
    """Disputes hours that were metered: they are not final before they are determined."""

    account: int = 0
    metered: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 167
    NAME: ClassVar[str] = "dispute_metered"
    BLOCK: ClassVar[int] = 44
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.metered, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 44

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DisputeMetered:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("dispute_metered", body, at)
        try:
            return cls(account=fixed[0], metered=fixed[1], evidence=fixed[2])
        except ValueError as error:
            raise FrameError(f"dispute_metered: {error}") from error


class DetermineMetered(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a dispute: what was delivered, what is excused, and what the loser pays the other side."""

    metered: int = 0
    units: int = 0
    excused: int = 0
    quality: int = 0
    fee: int = 0
    loser: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 168
    NAME: ClassVar[str] = "determine_metered"
    BLOCK: ClassVar[int] = 72
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QqqIqI32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.metered, self.units, self.excused, self.quality, self.fee, self.loser, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 72

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DetermineMetered:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("determine_metered", body, at)
        try:
            return cls(metered=fixed[0], units=fixed[1], excused=fixed[2], quality=fixed[3], fee=fixed[4], loser=fixed[5], evidence=fixed[6])
        except ValueError as error:
            raise FrameError(f"determine_metered: {error}") from error


class RemedyDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Makes missing accelerator-hours good: who failed pays what their replacement cost more, and the penalty."""

    delivery: int = 0
    units: int = 0
    cover_price: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 169
    NAME: ClassVar[str] = "remedy_delivery"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Qqq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.delivery, self.units, self.cover_price, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RemedyDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("remedy_delivery", body, at)
        try:
            return cls(delivery=fixed[0], units=fixed[1], cover_price=fixed[2], evidence=fixed[3])
        except ValueError as error:
            raise FrameError(f"remedy_delivery: {error}") from error


class OfferDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Offers one's side of a delivery, whole or a part of its lots or hours, to another account."""

    account: int = 0
    delivery: int = 0
    to_account: int = 0
    lots: int = 0
    first_hour: int = 0
    hours: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 170
    NAME: ClassVar[str] = "offer_delivery"
    BLOCK: ClassVar[int] = 40
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQIqIIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery, self.to_account, self.lots, self.first_hour, self.hours, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 40

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OfferDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("offer_delivery", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1], to_account=fixed[2], lots=fixed[3], first_hour=fixed[4], hours=fixed[5], amount=fixed[6])
        except ValueError as error:
            raise FrameError(f"offer_delivery: {error}") from error


class AcceptDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Takes a side of a delivery that was offered."""

    account: int = 0
    offer: int = 0

    KIND: ClassVar[int] = 171
    NAME: ClassVar[str] = "accept_delivery"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.offer)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AcceptDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("accept_delivery", body, at)
        try:
            return cls(account=fixed[0], offer=fixed[1])
        except ValueError as error:
            raise FrameError(f"accept_delivery: {error}") from error


class WithdrawDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Ends an offer of a side of a delivery; either side may."""

    account: int = 0
    offer: int = 0

    KIND: ClassVar[int] = 172
    NAME: ClassVar[str] = "withdraw_delivery"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.offer)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> WithdrawDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("withdraw_delivery", body, at)
        try:
            return cls(account=fixed[0], offer=fixed[1])
        except ValueError as error:
            raise FrameError(f"withdraw_delivery: {error}") from error


class PledgeDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Pledges the buyer's side of a delivery: it goes to the pledgee alone until the pledgee lets go."""

    account: int = 0
    delivery: int = 0
    to_account: int = 0

    KIND: ClassVar[int] = 173
    NAME: ClassVar[str] = "pledge_delivery"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery, self.to_account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PledgeDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("pledge_delivery", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1], to_account=fixed[2])
        except ValueError as error:
            raise FrameError(f"pledge_delivery: {error}") from error


class PostBond(msgspec.Struct, frozen=True, kw_only=True):
    """Moves free cash of an account into its performance bond."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 174
    NAME: ClassVar[str] = "post_bond"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PostBond:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("post_bond", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"post_bond: {error}") from error


class ReturnBond(msgspec.Struct, frozen=True, kw_only=True):
    """Takes back what a performance bond holds beyond what the deliveries of the account need."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 175
    NAME: ClassVar[str] = "return_bond"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ReturnBond:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("return_bond", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"return_bond: {error}") from error


class FundDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Adds money of the house to the delivery fund."""

    amount: int = 0

    KIND: ClassVar[int] = 176
    NAME: ClassVar[str] = "fund_delivery"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.OPERATOR | Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FundDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("fund_delivery", body, at)
        try:
            return cls(amount=fixed[0])
        except ValueError as error:
            raise FrameError(f"fund_delivery: {error}") from error


class RepayDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Pays back what the delivery fund paid for an account."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 177
    NAME: ClassVar[str] = "repay_delivery"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RepayDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("repay_delivery", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"repay_delivery: {error}") from error


class TerminateDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a delivery early: hours not yet metered are missing by the fault of a side, or owed by nobody."""

    delivery: int = 0
    party: DeliveryParty
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 178
    NAME: ClassVar[str] = "terminate_delivery"
    BLOCK: ClassVar[int] = 41
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QB32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.delivery, self.party, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 41

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TerminateDelivery:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("terminate_delivery", body, at)
        try:
            return cls(delivery=fixed[0], party=_DELIVERYPARTY[fixed[1]], evidence=fixed[2])
        except ValueError as error:
            raise FrameError(f"terminate_delivery: {error}") from error


class ContestRejection(msgspec.Struct, frozen=True, kw_only=True):
    """Contests the rejection of a tender: two actors of the house determine it."""

    account: int = 0
    delivery: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 179
    NAME: ClassVar[str] = "contest_rejection"
    BLOCK: ClassVar[int] = 44
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 44

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ContestRejection:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("contest_rejection", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1], evidence=fixed[2])
        except ValueError as error:
            raise FrameError(f"contest_rejection: {error}") from error


class DetermineTender(msgspec.Struct, frozen=True, kw_only=True):
    """Determines a rejection that is contested: the tender is accepted, or the rejection stands; who loses pays the fee."""

    delivery: int = 0
    accepted: bool = False
    fee: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 180
    NAME: ClassVar[str] = "determine_tender"
    BLOCK: ClassVar[int] = 49
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Q?q32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.delivery, self.accepted, self.fee, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 49

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DetermineTender:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("determine_tender", body, at)
        try:
            return cls(delivery=fixed[0], accepted=fixed[1], fee=fixed[2], evidence=fixed[3])
        except ValueError as error:
            raise FrameError(f"determine_tender: {error}") from error


class SetDeliveryCredit(msgspec.Struct, frozen=True, kw_only=True):
    """Says what hardware pledged and spare capacity verified count for an account, toward the margin of what it delivers alone."""

    account: int = 0
    amount: int = 0
    share: int = 0
    until: int = 0
    basis: bytes = bytes(32)

    KIND: ClassVar[int] = 181
    NAME: ClassVar[str] = "set_delivery_credit"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IqIq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount, self.share, self.until, self.basis)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SetDeliveryCredit:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("set_delivery_credit", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1], share=fixed[2], until=fixed[3], basis=fixed[4])
        except ValueError as error:
            raise FrameError(f"set_delivery_credit: {error}") from error


class CorrectMetered(msgspec.Struct, frozen=True, kw_only=True):
    """Corrects hours that are final, once, within the published share: the difference is paid at their price."""

    metered: int = 0
    units: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 182
    NAME: ClassVar[str] = "correct_metered"
    BLOCK: ClassVar[int] = 48
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.CLEARING
    FOUR_EYES: ClassVar[bool] = True
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Qq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.metered, self.units, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 48

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CorrectMetered:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("correct_metered", body, at)
        try:
            return cls(metered=fixed[0], units=fixed[1], evidence=fixed[2])
        except ValueError as error:
            raise FrameError(f"correct_metered: {error}") from error


class OfferExchange(msgspec.Struct, frozen=True, kw_only=True):
    """Offers futures for physical: a position moves, and a delivery of as many accelerator-hours is owed the other way."""

    account: int = 0
    to_account: int = 0
    series: int = 0
    lots: int = 0
    price: int = 0
    physical: int = 0
    accelerators: int = 0
    first_hour: int = 0
    hours: int = 0
    delivery_price: int = 0

    KIND: ClassVar[int] = 183
    NAME: ClassVar[str] = "offer_exchange"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIqqIqIIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.series, self.lots, self.price, self.physical, self.accelerators, self.first_hour, self.hours, self.delivery_price)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OfferExchange:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("offer_exchange", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], series=fixed[2], lots=fixed[3], price=fixed[4], physical=fixed[5], accelerators=fixed[6], first_hour=fixed[7], hours=fixed[8], delivery_price=fixed[9])
        except ValueError as error:
            raise FrameError(f"offer_exchange: {error}") from error


class AcceptExchange(msgspec.Struct, frozen=True, kw_only=True):
    """Takes an exchange of futures for physical that was offered."""

    account: int = 0
    offer: int = 0

    KIND: ClassVar[int] = 184
    NAME: ClassVar[str] = "accept_exchange"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.offer)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AcceptExchange:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("accept_exchange", body, at)
        try:
            return cls(account=fixed[0], offer=fixed[1])
        except ValueError as error:
            raise FrameError(f"accept_exchange: {error}") from error


class WithdrawExchange(msgspec.Struct, frozen=True, kw_only=True):
    """Ends an offer of an exchange; either side may."""

    account: int = 0
    offer: int = 0

    KIND: ClassVar[int] = 185
    NAME: ClassVar[str] = "withdraw_exchange"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = Role.TRADER | Role.RISK
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.offer)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> WithdrawExchange:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("withdraw_exchange", body, at)
        try:
            return cls(account=fixed[0], offer=fixed[1])
        except ValueError as error:
            raise FrameError(f"withdraw_exchange: {error}") from error


class GiveGuarantee(msgspec.Struct, frozen=True, kw_only=True):
    """Sets free cash aside as a guarantee for what another account owes out of failed deliveries."""

    account: int = 0
    to_account: int = 0
    amount: int = 0
    until: int = 0
    basis: bytes = bytes(32)

    KIND: ClassVar[int] = 186
    NAME: ClassVar[str] = "give_guarantee"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 6
    ROLES: ClassVar[int] = Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.amount, self.until, self.basis)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 6, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> GiveGuarantee:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("give_guarantee", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], amount=fixed[2], until=fixed[3], basis=fixed[4])
        except ValueError as error:
            raise FrameError(f"give_guarantee: {error}") from error


class ReturnGuarantee(msgspec.Struct, frozen=True, kw_only=True):
    """Takes a guarantee back before its time, while the account it is given for is on no side of a delivery."""

    account: int = 0
    guarantee: int = 0

    KIND: ClassVar[int] = 187
    NAME: ClassVar[str] = "return_guarantee"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 6
    ROLES: ClassVar[int] = Role.SETTLEMENT
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = True
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.guarantee)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 6, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ReturnGuarantee:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("return_guarantee", body, at)
        try:
            return cls(account=fixed[0], guarantee=fixed[1])
        except ValueError as error:
            raise FrameError(f"return_guarantee: {error}") from error


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A command was refused; nothing changed."""

    refusal: int = 0
    account: int = 0
    expected: int = 0
    found: int = 0

    KIND: ClassVar[int] = 1000
    NAME: ClassVar[str] = "refused"
    BLOCK: ClassVar[int] = 22
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.refusal, self.account, self.expected, self.found)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 22

    @classmethod
    def unpack(cls, body: bytes, block: int) -> Refused:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("refused", body, at)
        try:
            return cls(refusal=fixed[0], account=fixed[1], expected=fixed[2], found=fixed[3])
        except ValueError as error:
            raise FrameError(f"refused: {error}") from error


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """The same reference and body came before; the first result stands."""

    account: int = 0
    original: int = 0

    KIND: ClassVar[int] = 1001
    NAME: ClassVar[str] = "replayed"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.original)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> Replayed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("replayed", body, at)
        try:
            return cls(account=fixed[0], original=fixed[1])
        except ValueError as error:
            raise FrameError(f"replayed: {error}") from error


class HouseOpened(msgspec.Struct, frozen=True, kw_only=True):
    """The house exists."""

    name: str = ""
    behaviour: int = 0
    operators: tuple[ActorNumber, ...] = ()

    KIND: ClassVar[int] = 1002
    NAME: ClassVar[str] = "house_opened"
    BLOCK: ClassVar[int] = 37
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<33pI")

    def pack(self) -> bytes:
        operators = b"".join(ActorNumber.LAYOUT.pack(*e.row()) for e in self.operators)
        return (
            self.LAYOUT.pack(self.name.encode("ascii"), self.behaviour)[: self.written()[1]]
            + _LIST.pack(len(self.operators), ActorNumber.LAYOUT.size) + operators
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        if self.behaviour:
            return 2, 37
        return 1, 33

    @classmethod
    def unpack(cls, body: bytes, block: int) -> HouseOpened:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        operators, at = _elements(ActorNumber.LAYOUT, ActorNumber.make, body, at)
        _whole("house_opened", body, at)
        try:
            return cls(name=fixed[0].decode("ascii"), behaviour=fixed[1], operators=operators)
        except ValueError as error:
            raise FrameError(f"house_opened: {error}") from error


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """A four-eyes command waits for a second operator."""

    proposal: int = 0
    command: int = 0
    due: int = 0
    payload: bytes = b""

    KIND: ClassVar[int] = 1003
    NAME: ClassVar[str] = "proposed"
    BLOCK: ClassVar[int] = 18
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QHq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.proposal, self.command, self.due)
            + _U32.pack(len(self.payload)) + self.payload
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 18

    @classmethod
    def unpack(cls, body: bytes, block: int) -> Proposed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        payload, at = _blob(body, at)
        _whole("proposed", body, at)
        try:
            return cls(proposal=fixed[0], command=fixed[1], due=fixed[2], payload=payload)
        except ValueError as error:
            raise FrameError(f"proposed: {error}") from error


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """A second operator approved; the command follows."""

    proposal: int = 0

    KIND: ClassVar[int] = 1004
    NAME: ClassVar[str] = "approved"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.proposal)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> Approved:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("approved", body, at)
        try:
            return cls(proposal=fixed[0])
        except ValueError as error:
            raise FrameError(f"approved: {error}") from error


class ProposalLapsed(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody approved a proposal in time; it can no longer be carried out."""

    proposal: int = 0

    KIND: ClassVar[int] = 1005
    NAME: ClassVar[str] = "proposal_lapsed"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.proposal)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ProposalLapsed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("proposal_lapsed", body, at)
        try:
            return cls(proposal=fixed[0])
        except ValueError as error:
            raise FrameError(f"proposal_lapsed: {error}") from error


class ProposalWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """Who proposed a command took it back."""

    proposal: int = 0

    KIND: ClassVar[int] = 1006
    NAME: ClassVar[str] = "proposal_withdrawn"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 2
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.proposal)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 2, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ProposalWithdrawn:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("proposal_withdrawn", body, at)
        try:
            return cls(proposal=fixed[0])
        except ValueError as error:
            raise FrameError(f"proposal_withdrawn: {error}") from error


class MemberRegistered(msgspec.Struct, frozen=True, kw_only=True):
    """A member was admitted."""

    member: int = 0
    name: str = ""

    KIND: ClassVar[int] = 1010
    NAME: ClassVar[str] = "member_registered"
    BLOCK: ClassVar[int] = 37
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I33p")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member, self.name.encode("ascii"))
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 37

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MemberRegistered:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("member_registered", body, at)
        try:
            return cls(member=fixed[0], name=fixed[1].decode("ascii"))
        except ValueError as error:
            raise FrameError(f"member_registered: {error}") from error


class ActorRegistered(msgspec.Struct, frozen=True, kw_only=True):
    """An actor has these roles now."""

    registered: int = 0
    member: int = 0
    roles: int = 0

    KIND: ClassVar[int] = 1011
    NAME: ClassVar[str] = "actor_registered"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<III")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.registered, self.member, self.roles)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ActorRegistered:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("actor_registered", body, at)
        try:
            return cls(registered=fixed[0], member=fixed[1], roles=fixed[2])
        except ValueError as error:
            raise FrameError(f"actor_registered: {error}") from error


class AccountOpened(msgspec.Struct, frozen=True, kw_only=True):
    """An account was opened."""

    account: int = 0
    member: int = 0
    account_kind: AccountKind
    owner: int = 0
    position_limit: int = 0
    order_lots_limit: int = 0
    order_value_limit: int = 0

    KIND: ClassVar[int] = 1012
    NAME: ClassVar[str] = "account_opened"
    BLOCK: ClassVar[int] = 37
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIBIqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.member, self.account_kind, self.owner, self.position_limit, self.order_lots_limit, self.order_value_limit)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 37

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AccountOpened:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("account_opened", body, at)
        try:
            return cls(account=fixed[0], member=fixed[1], account_kind=_ACCOUNTKIND[fixed[2]], owner=fixed[3], position_limit=fixed[4], order_lots_limit=fixed[5], order_value_limit=fixed[6])
        except ValueError as error:
            raise FrameError(f"account_opened: {error}") from error


class LimitsSet(msgspec.Struct, frozen=True, kw_only=True):
    """Limits changed."""

    account: int = 0
    position_limit: int = 0
    order_lots_limit: int = 0
    order_value_limit: int = 0

    KIND: ClassVar[int] = 1013
    NAME: ClassVar[str] = "limits_set"
    BLOCK: ClassVar[int] = 28
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.position_limit, self.order_lots_limit, self.order_value_limit)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 28

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LimitsSet:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("limits_set", body, at)
        try:
            return cls(account=fixed[0], position_limit=fixed[1], order_lots_limit=fixed[2], order_value_limit=fixed[3])
        except ValueError as error:
            raise FrameError(f"limits_set: {error}") from error


class MemberSuspended(msgspec.Struct, frozen=True, kw_only=True):
    """A member may not trade."""

    member: int = 0

    KIND: ClassVar[int] = 1014
    NAME: ClassVar[str] = "member_suspended"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MemberSuspended:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("member_suspended", body, at)
        try:
            return cls(member=fixed[0])
        except ValueError as error:
            raise FrameError(f"member_suspended: {error}") from error


class MemberReinstated(msgspec.Struct, frozen=True, kw_only=True):
    """A member may trade again."""

    member: int = 0

    KIND: ClassVar[int] = 1015
    NAME: ClassVar[str] = "member_reinstated"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MemberReinstated:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("member_reinstated", body, at)
        try:
            return cls(member=fixed[0])
        except ValueError as error:
            raise FrameError(f"member_reinstated: {error}") from error


class KillSwitchEngaged(msgspec.Struct, frozen=True, kw_only=True):
    """An account may not place orders."""

    account: int = 0

    KIND: ClassVar[int] = 1016
    NAME: ClassVar[str] = "kill_switch_engaged"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> KillSwitchEngaged:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("kill_switch_engaged", body, at)
        try:
            return cls(account=fixed[0])
        except ValueError as error:
            raise FrameError(f"kill_switch_engaged: {error}") from error


class KillSwitchReleased(msgspec.Struct, frozen=True, kw_only=True):
    """An account may place orders again."""

    account: int = 0

    KIND: ClassVar[int] = 1017
    NAME: ClassVar[str] = "kill_switch_released"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> KillSwitchReleased:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("kill_switch_released", body, at)
        try:
            return cls(account=fixed[0])
        except ValueError as error:
            raise FrameError(f"kill_switch_released: {error}") from error


class MarketHalted(msgspec.Struct, frozen=True, kw_only=True):
    """All trading stands still."""

    reason: HaltReason

    KIND: ClassVar[int] = 1018
    NAME: ClassVar[str] = "market_halted"
    BLOCK: ClassVar[int] = 1
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<B")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.reason)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 1

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MarketHalted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("market_halted", body, at)
        try:
            return cls(reason=_HALTREASON[fixed[0]])
        except ValueError as error:
            raise FrameError(f"market_halted: {error}") from error


class MarketResumed(msgspec.Struct, frozen=True, kw_only=True):
    """Trading goes on."""

    KIND: ClassVar[int] = 1019
    NAME: ClassVar[str] = "market_resumed"
    BLOCK: ClassVar[int] = 0
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<")

    def pack(self) -> bytes:
        return (
            b""
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 0

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MarketResumed:
        at = block
        _whole("market_resumed", body, at)
        return cls()


class AssetDefined(msgspec.Struct, frozen=True, kw_only=True):
    """An asset joined the ledger."""

    asset: int = 0
    name: str = ""

    KIND: ClassVar[int] = 1020
    NAME: ClassVar[str] = "asset_defined"
    BLOCK: ClassVar[int] = 35
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<H33p")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.asset, self.name.encode("ascii"))
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 35

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AssetDefined:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("asset_defined", body, at)
        try:
            return cls(asset=fixed[0], name=fixed[1].decode("ascii"))
        except ValueError as error:
            raise FrameError(f"asset_defined: {error}") from error


class SeriesListed(msgspec.Struct, frozen=True, kw_only=True):
    """A series was listed."""

    series: int = 0
    symbol: str = ""
    series_kind: SeriesKind
    group: int = 0
    index: int = 0
    first_month: int = 0
    last_month: int = 0
    hours: int = 0
    tick: int = 0
    strike: int = 0
    reference_price: int = 0
    band: int = 0
    pause_range: int = 0
    pause_duration: int = 0
    protection: int = 0
    maker_fee: int = 0
    taker_fee: int = 0
    clearing_fee: int = 0
    last_trading_time: int = 0
    standard_version: int = 0
    standard_hash: bytes = bytes(32)
    period_ends: int = 0
    delivers: bool = False

    KIND: ClassVar[int] = 1021
    NAME: ClassVar[str] = "series_listed"
    BLOCK: ClassVar[int] = 175
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I33pBHHIIIqqqIIqIqqqqI32sq?")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.symbol.encode("ascii"), self.series_kind, self.group, self.index, self.first_month, self.last_month, self.hours, self.tick, self.strike, self.reference_price, self.band, self.pause_range, self.pause_duration, self.protection, self.maker_fee, self.taker_fee, self.clearing_fee, self.last_trading_time, self.standard_version, self.standard_hash, self.period_ends, self.delivers)[: self.written()[1]]
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        if self.delivers:
            return 4, 175
        if self.period_ends:
            return 3, 174
        if self.standard_version or self.standard_hash != bytes(32):
            return 2, 166
        return 1, 130

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SeriesListed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("series_listed", body, at)
        try:
            return cls(series=fixed[0], symbol=fixed[1].decode("ascii"), series_kind=_SERIESKIND[fixed[2]], group=fixed[3], index=fixed[4], first_month=fixed[5], last_month=fixed[6], hours=fixed[7], tick=fixed[8], strike=fixed[9], reference_price=fixed[10], band=fixed[11], pause_range=fixed[12], pause_duration=fixed[13], protection=fixed[14], maker_fee=fixed[15], taker_fee=fixed[16], clearing_fee=fixed[17], last_trading_time=fixed[18], standard_version=fixed[19], standard_hash=fixed[20], period_ends=fixed[21], delivers=fixed[22])
        except ValueError as error:
            raise FrameError(f"series_listed: {error}") from error


class SeriesStateChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A series entered a state."""

    series: int = 0
    state: SeriesState
    reason: PauseReason
    until: int = 0

    KIND: ClassVar[int] = 1022
    NAME: ClassVar[str] = "series_state_changed"
    BLOCK: ClassVar[int] = 14
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IBBq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.state, self.reason, self.until)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 14

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SeriesStateChanged:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("series_state_changed", body, at)
        try:
            return cls(series=fixed[0], state=_SERIESSTATE[fixed[1]], reason=_PAUSEREASON[fixed[2]], until=fixed[3])
        except ValueError as error:
            raise FrameError(f"series_state_changed: {error}") from error


class FeesSet(msgspec.Struct, frozen=True, kw_only=True):
    """Fees changed."""

    series: int = 0
    maker_fee: int = 0
    taker_fee: int = 0
    clearing_fee: int = 0

    KIND: ClassVar[int] = 1023
    NAME: ClassVar[str] = "fees_set"
    BLOCK: ClassVar[int] = 28
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.maker_fee, self.taker_fee, self.clearing_fee)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 28

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FeesSet:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("fees_set", body, at)
        try:
            return cls(series=fixed[0], maker_fee=fixed[1], taker_fee=fixed[2], clearing_fee=fixed[3])
        except ValueError as error:
            raise FrameError(f"fees_set: {error}") from error


class BehaviourSwitched(msgspec.Struct, frozen=True, kw_only=True):
    """A version of behaviour is in force."""

    behaviour: int = 0

    KIND: ClassVar[int] = 1024
    NAME: ClassVar[str] = "behaviour_switched"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.behaviour)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> BehaviourSwitched:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("behaviour_switched", body, at)
        try:
            return cls(behaviour=fixed[0])
        except ValueError as error:
            raise FrameError(f"behaviour_switched: {error}") from error


class ReferenceMoved(msgspec.Struct, frozen=True, kw_only=True):
    """The centre of the price band moved: an auction price or a mark."""

    series: int = 0
    price: int = 0

    KIND: ClassVar[int] = 1025
    NAME: ClassVar[str] = "reference_moved"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.price)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ReferenceMoved:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("reference_moved", body, at)
        try:
            return cls(series=fixed[0], price=fixed[1])
        except ValueError as error:
            raise FrameError(f"reference_moved: {error}") from error


class AuctionUncrossed(msgspec.Struct, frozen=True, kw_only=True):
    """A call auction found its price; its trades follow."""

    series: int = 0
    price: int = 0
    lots: int = 0
    imbalance: int = 0

    KIND: ClassVar[int] = 1026
    NAME: ClassVar[str] = "auction_uncrossed"
    BLOCK: ClassVar[int] = 28
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.price, self.lots, self.imbalance)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 28

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AuctionUncrossed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("auction_uncrossed", body, at)
        try:
            return cls(series=fixed[0], price=fixed[1], lots=fixed[2], imbalance=fixed[3])
        except ValueError as error:
            raise FrameError(f"auction_uncrossed: {error}") from error


class TransferPosted(msgspec.Struct, frozen=True, kw_only=True):
    """Money moved between two ledger accounts."""

    account: int = 0
    asset: int = 0
    amount: int = 0
    reason: TransferReason
    to_dues: int = 0
    pending: int = 0
    reference: str = ""
    reference_time: int = 0
    body: int = 0

    KIND: ClassVar[int] = 1030
    NAME: ClassVar[str] = "transfer_posted"
    BLOCK: ClassVar[int] = 76
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IHqBqQ33pqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.asset, self.amount, self.reason, self.to_dues, self.pending, self.reference.encode("ascii"), self.reference_time, self.body)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 76

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TransferPosted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("transfer_posted", body, at)
        try:
            return cls(account=fixed[0], asset=fixed[1], amount=fixed[2], reason=_TRANSFERREASON[fixed[3]], to_dues=fixed[4], pending=fixed[5], reference=fixed[6].decode("ascii"), reference_time=fixed[7], body=fixed[8])
        except ValueError as error:
            raise FrameError(f"transfer_posted: {error}") from error


class TransferPended(msgspec.Struct, frozen=True, kw_only=True):
    """Cash is set aside."""

    transfer: int = 0
    account: int = 0
    asset: int = 0
    amount: int = 0
    due: int = 0
    reference: str = ""
    reference_time: int = 0
    body: int = 0

    KIND: ClassVar[int] = 1031
    NAME: ClassVar[str] = "transfer_pended"
    BLOCK: ClassVar[int] = 75
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIHqq33pqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.transfer, self.account, self.asset, self.amount, self.due, self.reference.encode("ascii"), self.reference_time, self.body)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 75

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TransferPended:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("transfer_pended", body, at)
        try:
            return cls(transfer=fixed[0], account=fixed[1], asset=fixed[2], amount=fixed[3], due=fixed[4], reference=fixed[5].decode("ascii"), reference_time=fixed[6], body=fixed[7])
        except ValueError as error:
            raise FrameError(f"transfer_pended: {error}") from error


class TransferVoided(msgspec.Struct, frozen=True, kw_only=True):
    """Cash set aside is free again."""

    transfer: int = 0
    account: int = 0
    asset: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1032
    NAME: ClassVar[str] = "transfer_voided"
    BLOCK: ClassVar[int] = 22
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIHq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.transfer, self.account, self.asset, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 22

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TransferVoided:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("transfer_voided", body, at)
        try:
            return cls(transfer=fixed[0], account=fixed[1], asset=fixed[2], amount=fixed[3])
        except ValueError as error:
            raise FrameError(f"transfer_voided: {error}") from error


class OrderAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """An order passed every guard; its lots count as open from here."""

    order: int = 0
    account: int = 0
    series: int = 0
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    self_trade: SelfTrade
    quote: bool = False
    close_out: bool = False
    price: int = 0
    lots: int = 0
    display_lots: int = 0
    minimum_lots: int = 0
    stop_price: int = 0
    expiry: int = 0
    session: int = 0
    label: int = 0
    reference: str = ""
    reference_time: int = 0
    body: int = 0

    KIND: ClassVar[int] = 1040
    NAME: ClassVar[str] = "order_accepted"
    BLOCK: ClassVar[int] = 127
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIBBBB??qqqqqqIQ33pqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.order, self.account, self.series, self.side, self.order_type, self.time_in_force, self.self_trade, self.quote, self.close_out, self.price, self.lots, self.display_lots, self.minimum_lots, self.stop_price, self.expiry, self.session, self.label, self.reference.encode("ascii"), self.reference_time, self.body)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 127

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OrderAccepted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("order_accepted", body, at)
        try:
            return cls(order=fixed[0], account=fixed[1], series=fixed[2], side=_SIDE[fixed[3]], order_type=_ORDERTYPE[fixed[4]], time_in_force=_TIMEINFORCE[fixed[5]], self_trade=_SELFTRADE[fixed[6]], quote=fixed[7], close_out=fixed[8], price=fixed[9], lots=fixed[10], display_lots=fixed[11], minimum_lots=fixed[12], stop_price=fixed[13], expiry=fixed[14], session=fixed[15], label=fixed[16], reference=fixed[17].decode("ascii"), reference_time=fixed[18], body=fixed[19])
        except ValueError as error:
            raise FrameError(f"order_accepted: {error}") from error


class OrderRested(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of an order joined the book at the end of its level. The event number is its priority and its public id."""

    series: int = 0
    side: Side
    price: int = 0
    visible: int = 0
    order: int = 0
    account: int = 0

    KIND: ClassVar[int] = 1041
    NAME: ClassVar[str] = "order_rested"
    BLOCK: ClassVar[int] = 33
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IBqqQI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.side, self.price, self.visible, self.order, self.account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 33

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OrderRested:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("order_rested", body, at)
        try:
            return cls(series=fixed[0], side=_SIDE[fixed[1]], price=fixed[2], visible=fixed[3], order=fixed[4], account=fixed[5])
        except ValueError as error:
            raise FrameError(f"order_rested: {error}") from error


class OrderWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """A stop order waits for its trigger."""

    order: int = 0
    account: int = 0
    series: int = 0

    KIND: ClassVar[int] = 1042
    NAME: ClassVar[str] = "order_waiting"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QII")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.order, self.account, self.series)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OrderWaiting:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("order_waiting", body, at)
        try:
            return cls(order=fixed[0], account=fixed[1], series=fixed[2])
        except ValueError as error:
            raise FrameError(f"order_waiting: {error}") from error


class OrderElected(msgspec.Struct, frozen=True, kw_only=True):
    """A stop order met its trigger."""

    order: int = 0
    account: int = 0
    series: int = 0

    KIND: ClassVar[int] = 1043
    NAME: ClassVar[str] = "order_elected"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QII")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.order, self.account, self.series)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OrderElected:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("order_elected", body, at)
        try:
            return cls(order=fixed[0], account=fixed[1], series=fixed[2])
        except ValueError as error:
            raise FrameError(f"order_elected: {error}") from error


class OrderReplaced(msgspec.Struct, frozen=True, kw_only=True):
    """A resting order has other terms; it left the book unless priority is kept."""

    order: int = 0
    account: int = 0
    series: int = 0
    side: Side
    old_price: int = 0
    old_visible: int = 0
    price: int = 0
    lots: int = 0
    visible: int = 0
    kept: bool = False
    reference: str = ""
    reference_time: int = 0
    body: int = 0

    KIND: ClassVar[int] = 1044
    NAME: ClassVar[str] = "order_replaced"
    BLOCK: ClassVar[int] = 103
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIBqqqqq?33pqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.order, self.account, self.series, self.side, self.old_price, self.old_visible, self.price, self.lots, self.visible, self.kept, self.reference.encode("ascii"), self.reference_time, self.body)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 103

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OrderReplaced:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("order_replaced", body, at)
        try:
            return cls(order=fixed[0], account=fixed[1], series=fixed[2], side=_SIDE[fixed[3]], old_price=fixed[4], old_visible=fixed[5], price=fixed[6], lots=fixed[7], visible=fixed[8], kept=fixed[9], reference=fixed[10].decode("ascii"), reference_time=fixed[11], body=fixed[12])
        except ValueError as error:
            raise FrameError(f"order_replaced: {error}") from error


class OrderReduced(msgspec.Struct, frozen=True, kw_only=True):
    """Self-trade prevention took the same lots off an order as off its counterpart."""

    order: int = 0
    account: int = 0
    series: int = 0
    side: Side
    price: int = 0
    lots: int = 0
    visible: int = 0

    KIND: ClassVar[int] = 1045
    NAME: ClassVar[str] = "order_reduced"
    BLOCK: ClassVar[int] = 41
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIBqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.order, self.account, self.series, self.side, self.price, self.lots, self.visible)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 41

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OrderReduced:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("order_reduced", body, at)
        try:
            return cls(order=fixed[0], account=fixed[1], series=fixed[2], side=_SIDE[fixed[3]], price=fixed[4], lots=fixed[5], visible=fixed[6])
        except ValueError as error:
            raise FrameError(f"order_reduced: {error}") from error


class OrderCancelled(msgspec.Struct, frozen=True, kw_only=True):
    """What was left of an order ended."""

    order: int = 0
    account: int = 0
    series: int = 0
    side: Side
    price: int = 0
    visible: int = 0
    lots: int = 0
    reason: CancelReason

    KIND: ClassVar[int] = 1046
    NAME: ClassVar[str] = "order_cancelled"
    BLOCK: ClassVar[int] = 42
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIBqqqB")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.order, self.account, self.series, self.side, self.price, self.visible, self.lots, self.reason)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 42

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OrderCancelled:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("order_cancelled", body, at)
        try:
            return cls(order=fixed[0], account=fixed[1], series=fixed[2], side=_SIDE[fixed[3]], price=fixed[4], visible=fixed[5], lots=fixed[6], reason=_CANCELREASON[fixed[7]])
        except ValueError as error:
            raise FrameError(f"order_cancelled: {error}") from error


class SliceRefreshed(msgspec.Struct, frozen=True, kw_only=True):
    """An iceberg shows its next slice, at the end of its level under a new public id."""

    series: int = 0
    side: Side
    price: int = 0
    visible: int = 0
    order: int = 0
    account: int = 0

    KIND: ClassVar[int] = 1047
    NAME: ClassVar[str] = "slice_refreshed"
    BLOCK: ClassVar[int] = 33
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IBqqQI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.side, self.price, self.visible, self.order, self.account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 33

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SliceRefreshed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("slice_refreshed", body, at)
        try:
            return cls(series=fixed[0], side=_SIDE[fixed[1]], price=fixed[2], visible=fixed[3], order=fixed[4], account=fixed[5])
        except ValueError as error:
            raise FrameError(f"slice_refreshed: {error}") from error


class Traded(msgspec.Struct, frozen=True, kw_only=True):
    """Two orders traded. The event number is the trade's number. The book side that rested lost these lots at its level."""

    series: int = 0
    price: int = 0
    lots: int = 0
    aggressor: Aggressor = Aggressor(0)
    buy_price: int = 0
    sell_price: int = 0
    buy_order: int = 0
    sell_order: int = 0
    buy_account: int = 0
    sell_account: int = 0
    buy_fee: int = 0
    sell_fee: int = 0
    buy_clearing_fee: int = 0
    sell_clearing_fee: int = 0
    premium: int = 0

    KIND: ClassVar[int] = 1050
    NAME: ClassVar[str] = "traded"
    BLOCK: ClassVar[int] = 101
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IqqBqqQQIIqqqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.price, self.lots, self.aggressor, self.buy_price, self.sell_price, self.buy_order, self.sell_order, self.buy_account, self.sell_account, self.buy_fee, self.sell_fee, self.buy_clearing_fee, self.sell_clearing_fee, self.premium)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 101

    @classmethod
    def unpack(cls, body: bytes, block: int) -> Traded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("traded", body, at)
        try:
            return cls(series=fixed[0], price=fixed[1], lots=fixed[2], aggressor=_AGGRESSOR[fixed[3]], buy_price=fixed[4], sell_price=fixed[5], buy_order=fixed[6], sell_order=fixed[7], buy_account=fixed[8], sell_account=fixed[9], buy_fee=fixed[10], sell_fee=fixed[11], buy_clearing_fee=fixed[12], sell_clearing_fee=fixed[13], premium=fixed[14])
        except ValueError as error:
            raise FrameError(f"traded: {error}") from error


class TradeBusted(msgspec.Struct, frozen=True, kw_only=True):
    """A trade was undone: positions go back, fees return; premium and price differences follow as payments."""

    trade: int = 0
    series: int = 0
    price: int = 0
    lots: int = 0
    buy_account: int = 0
    sell_account: int = 0
    buy_fee: int = 0
    sell_fee: int = 0
    buy_clearing_fee: int = 0
    sell_clearing_fee: int = 0

    KIND: ClassVar[int] = 1051
    NAME: ClassVar[str] = "trade_busted"
    BLOCK: ClassVar[int] = 68
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIqqIIqqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.trade, self.series, self.price, self.lots, self.buy_account, self.sell_account, self.buy_fee, self.sell_fee, self.buy_clearing_fee, self.sell_clearing_fee)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 68

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TradeBusted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("trade_busted", body, at)
        try:
            return cls(trade=fixed[0], series=fixed[1], price=fixed[2], lots=fixed[3], buy_account=fixed[4], sell_account=fixed[5], buy_fee=fixed[6], sell_fee=fixed[7], buy_clearing_fee=fixed[8], sell_clearing_fee=fixed[9])
        except ValueError as error:
            raise FrameError(f"trade_busted: {error}") from error


class TradeAdjusted(msgspec.Struct, frozen=True, kw_only=True):
    """The price of a trade was corrected."""

    trade: int = 0
    series: int = 0
    old_price: int = 0
    price: int = 0
    lots: int = 0
    buy_account: int = 0
    sell_account: int = 0

    KIND: ClassVar[int] = 1052
    NAME: ClassVar[str] = "trade_adjusted"
    BLOCK: ClassVar[int] = 44
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIqqqII")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.trade, self.series, self.old_price, self.price, self.lots, self.buy_account, self.sell_account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 44

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TradeAdjusted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("trade_adjusted", body, at)
        try:
            return cls(trade=fixed[0], series=fixed[1], old_price=fixed[2], price=fixed[3], lots=fixed[4], buy_account=fixed[5], sell_account=fixed[6])
        except ValueError as error:
            raise FrameError(f"trade_adjusted: {error}") from error


class MakerProtectionSet(msgspec.Struct, frozen=True, kw_only=True):
    """A maker's protection stands, counters at zero."""

    account: int = 0
    group: int = 0
    interval: int = 0
    lots_limit: int = 0
    delta_limit: int = 0
    vega_limit: int = 0

    KIND: ClassVar[int] = 1053
    NAME: ClassVar[str] = "maker_protection_set"
    BLOCK: ClassVar[int] = 38
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IHqqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.group, self.interval, self.lots_limit, self.delta_limit, self.vega_limit)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 38

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MakerProtectionSet:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("maker_protection_set", body, at)
        try:
            return cls(account=fixed[0], group=fixed[1], interval=fixed[2], lots_limit=fixed[3], delta_limit=fixed[4], vega_limit=fixed[5])
        except ValueError as error:
            raise FrameError(f"maker_protection_set: {error}") from error


class MakerProtectionTripped(msgspec.Struct, frozen=True, kw_only=True):
    """A maker's quotes in the group are withdrawn and refused until protection is set again."""

    account: int = 0
    group: int = 0

    KIND: ClassVar[int] = 1054
    NAME: ClassVar[str] = "maker_protection_tripped"
    BLOCK: ClassVar[int] = 6
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IH")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.group)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 6

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MakerProtectionTripped:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("maker_protection_tripped", body, at)
        try:
            return cls(account=fixed[0], group=fixed[1])
        except ValueError as error:
            raise FrameError(f"maker_protection_tripped: {error}") from error


class DeadManArmed(msgspec.Struct, frozen=True, kw_only=True):
    """The account's orders end then unless it is armed again; 0 disarmed."""

    account: int = 0
    due: int = 0

    KIND: ClassVar[int] = 1055
    NAME: ClassVar[str] = "dead_man_armed"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeadManArmed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("dead_man_armed", body, at)
        try:
            return cls(account=fixed[0], due=fixed[1])
        except ValueError as error:
            raise FrameError(f"dead_man_armed: {error}") from error


class DeadManFired(msgspec.Struct, frozen=True, kw_only=True):
    """The timeout passed; cancels follow."""

    account: int = 0

    KIND: ClassVar[int] = 1056
    NAME: ClassVar[str] = "dead_man_fired"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeadManFired:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("dead_man_fired", body, at)
        try:
            return cls(account=fixed[0])
        except ValueError as error:
            raise FrameError(f"dead_man_fired: {error}") from error


class TransferOffered(msgspec.Struct, frozen=True, kw_only=True):
    """A position is offered."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    series: int = 0
    lots: int = 0
    price: int = 0
    due: int = 0

    KIND: ClassVar[int] = 1057
    NAME: ClassVar[str] = "transfer_offered"
    BLOCK: ClassVar[int] = 44
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIIqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.series, self.lots, self.price, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 44

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TransferOffered:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("transfer_offered", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], series=fixed[3], lots=fixed[4], price=fixed[5], due=fixed[6])
        except ValueError as error:
            raise FrameError(f"transfer_offered: {error}") from error


class PositionTransferred(msgspec.Struct, frozen=True, kw_only=True):
    """A position moved: with both sides' consent, or out of a default."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    series: int = 0
    lots: int = 0
    price: int = 0

    KIND: ClassVar[int] = 1058
    NAME: ClassVar[str] = "position_transferred"
    BLOCK: ClassVar[int] = 36
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.series, self.lots, self.price)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 36

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PositionTransferred:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("position_transferred", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], series=fixed[3], lots=fixed[4], price=fixed[5])
        except ValueError as error:
            raise FrameError(f"position_transferred: {error}") from error


class OfferEnded(msgspec.Struct, frozen=True, kw_only=True):
    """An offer of a position ended without being taken."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    reason: OfferEnd

    KIND: ClassVar[int] = 1059
    NAME: ClassVar[str] = "offer_ended"
    BLOCK: ClassVar[int] = 17
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIB")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.reason)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 17

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OfferEnded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("offer_ended", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], reason=_OFFEREND[fixed[3]])
        except ValueError as error:
            raise FrameError(f"offer_ended: {error}") from error


class MarginTableBegun(msgspec.Struct, frozen=True, kw_only=True):
    """A margin table is being loaded."""

    table: int = 0
    scenarios: tuple[Scenario, ...] = ()
    rows: tuple[ScanRow, ...] = ()

    KIND: ClassVar[int] = 1060
    NAME: ClassVar[str] = "margin_table_begun"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        scenarios = b"".join(Scenario.LAYOUT.pack(*e.row()) for e in self.scenarios)
        rows = b"".join(ScanRow.LAYOUT.pack(*e.row()) for e in self.rows)
        return (
            self.LAYOUT.pack(self.table)
            + _LIST.pack(len(self.scenarios), Scenario.LAYOUT.size) + scenarios
            + _LIST.pack(len(self.rows), ScanRow.LAYOUT.size) + rows
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MarginTableBegun:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        scenarios, at = _elements(Scenario.LAYOUT, Scenario.make, body, at)
        rows, at = _elements(ScanRow.LAYOUT, ScanRow.make, body, at)
        _whole("margin_table_begun", body, at)
        try:
            return cls(table=fixed[0], scenarios=scenarios, rows=rows)
        except ValueError as error:
            raise FrameError(f"margin_table_begun: {error}") from error


class MarginRowLoaded(msgspec.Struct, frozen=True, kw_only=True):
    """The row of a series is in the open table."""

    table: int = 0
    series: int = 0
    mark: int = 0
    liquidity: int = 0
    concentration_lots: int = 0
    concentration: int = 0
    delta: int = 0
    vega: int = 0
    losses: tuple[ScenarioLoss, ...] = ()

    KIND: ClassVar[int] = 1061
    NAME: ClassVar[str] = "margin_row_loaded"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqqqqqq")

    def pack(self) -> bytes:
        losses = b"".join(ScenarioLoss.LAYOUT.pack(*e.row()) for e in self.losses)
        return (
            self.LAYOUT.pack(self.table, self.series, self.mark, self.liquidity, self.concentration_lots, self.concentration, self.delta, self.vega)
            + _LIST.pack(len(self.losses), ScenarioLoss.LAYOUT.size) + losses
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MarginRowLoaded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        losses, at = _elements(ScenarioLoss.LAYOUT, ScenarioLoss.make, body, at)
        _whole("margin_row_loaded", body, at)
        try:
            return cls(table=fixed[0], series=fixed[1], mark=fixed[2], liquidity=fixed[3], concentration_lots=fixed[4], concentration=fixed[5], delta=fixed[6], vega=fixed[7], losses=losses)
        except ValueError as error:
            raise FrameError(f"margin_row_loaded: {error}") from error


class MarginTableActivated(msgspec.Struct, frozen=True, kw_only=True):
    """The loaded table is in force with its marks; every account is due a refresh."""

    table: int = 0

    KIND: ClassVar[int] = 1062
    NAME: ClassVar[str] = "margin_table_activated"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.table)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MarginTableActivated:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("margin_table_activated", body, at)
        try:
            return cls(table=fixed[0])
        except ValueError as error:
            raise FrameError(f"margin_table_activated: {error}") from error


class AccountRefreshed(msgspec.Struct, frozen=True, kw_only=True):
    """An account was judged under the marks and table in force; in deficit its risk-raising orders are cancelled next."""

    account: int = 0
    requirement: int = 0
    covered: bool = False

    KIND: ClassVar[int] = 1063
    NAME: ClassVar[str] = "account_refreshed"
    BLOCK: ClassVar[int] = 13
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq?")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.requirement, self.covered)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 13

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AccountRefreshed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("account_refreshed", body, at)
        try:
            return cls(account=fixed[0], requirement=fixed[1], covered=fixed[2])
        except ValueError as error:
            raise FrameError(f"account_refreshed: {error}") from error


class VariationSettled(msgspec.Struct, frozen=True, kw_only=True):
    """Settlement prices of a day stand; payments follow."""

    day: int = 0
    prices: tuple[SeriesPrice, ...] = ()

    KIND: ClassVar[int] = 1070
    NAME: ClassVar[str] = "variation_settled"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        prices = b"".join(SeriesPrice.LAYOUT.pack(*e.row()) for e in self.prices)
        return (
            self.LAYOUT.pack(self.day)
            + _LIST.pack(len(self.prices), SeriesPrice.LAYOUT.size) + prices
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> VariationSettled:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        prices, at = _elements(SeriesPrice.LAYOUT, SeriesPrice.make, body, at)
        _whole("variation_settled", body, at)
        try:
            return cls(day=fixed[0], prices=prices)
        except ValueError as error:
            raise FrameError(f"variation_settled: {error}") from error


class FinalSettled(msgspec.Struct, frozen=True, kw_only=True):
    """A series, or a month of a swap, settled for good; payments follow."""

    series: int = 0
    month: int = 0
    price: int = 0
    hours: int = 0
    expired: bool = False

    KIND: ClassVar[int] = 1071
    NAME: ClassVar[str] = "final_settled"
    BLOCK: ClassVar[int] = 21
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqI?")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.month, self.price, self.hours, self.expired)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 21

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FinalSettled:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("final_settled", body, at)
        try:
            return cls(series=fixed[0], month=fixed[1], price=fixed[2], hours=fixed[3], expired=fixed[4])
        except ValueError as error:
            raise FrameError(f"final_settled: {error}") from error


class PaymentPosted(msgspec.Struct, frozen=True, kw_only=True):
    """One account's share of a settlement went through the settlement account. amount = paid + advanced + shortfall for a payer; a receiver's dues are repaid first."""

    account: int = 0
    amount: int = 0
    from_cash: int = 0
    advanced: int = 0
    shortfall: int = 0
    to_dues: int = 0

    KIND: ClassVar[int] = 1072
    NAME: ClassVar[str] = "payment_posted"
    BLOCK: ClassVar[int] = 44
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount, self.from_cash, self.advanced, self.shortfall, self.to_dues)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 44

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PaymentPosted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("payment_posted", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1], from_cash=fixed[2], advanced=fixed[3], shortfall=fixed[4], to_dues=fixed[5])
        except ValueError as error:
            raise FrameError(f"payment_posted: {error}") from error


class CallOpened(msgspec.Struct, frozen=True, kw_only=True):
    """An account owes the house this."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1073
    NAME: ClassVar[str] = "call_opened"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CallOpened:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("call_opened", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"call_opened: {error}") from error


class CallClosed(msgspec.Struct, frozen=True, kw_only=True):
    """An account owes nothing any more."""

    account: int = 0

    KIND: ClassVar[int] = 1074
    NAME: ClassVar[str] = "call_closed"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CallClosed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("call_closed", body, at)
        try:
            return cls(account=fixed[0])
        except ValueError as error:
            raise FrameError(f"call_closed: {error}") from error


class FixingPublished(msgspec.Struct, frozen=True, kw_only=True):
    """An index fixing."""

    index: int = 0
    day: int = 0
    price: int = 0
    carried: bool = False
    simulated: bool = False
    method: int = 0
    inputs: bytes = bytes(32)

    KIND: ClassVar[int] = 1075
    NAME: ClassVar[str] = "fixing_published"
    BLOCK: ClassVar[int] = 52
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIq??I32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.index, self.day, self.price, self.carried, self.simulated, self.method, self.inputs)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 52

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FixingPublished:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("fixing_published", body, at)
        try:
            return cls(index=fixed[0], day=fixed[1], price=fixed[2], carried=fixed[3], simulated=fixed[4], method=fixed[5], inputs=fixed[6])
        except ValueError as error:
            raise FrameError(f"fixing_published: {error}") from error


class NoFixDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """A day without a fixing of an index."""

    index: int = 0
    day: int = 0
    reason: NoFixReason
    method: int = 0
    inputs: bytes = bytes(32)

    KIND: ClassVar[int] = 1076
    NAME: ClassVar[str] = "no_fix_declared"
    BLOCK: ClassVar[int] = 43
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIBI32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.index, self.day, self.reason, self.method, self.inputs)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 43

    @classmethod
    def unpack(cls, body: bytes, block: int) -> NoFixDeclared:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("no_fix_declared", body, at)
        try:
            return cls(index=fixed[0], day=fixed[1], reason=_NOFIXREASON[fixed[2]], method=fixed[3], inputs=fixed[4])
        except ValueError as error:
            raise FrameError(f"no_fix_declared: {error}") from error


class LateFixingPublished(msgspec.Struct, frozen=True, kw_only=True):
    """The fixing of a day that stood on the log without one."""

    index: int = 0
    day: int = 0
    price: int = 0
    simulated: bool = False
    method: int = 0
    inputs: bytes = bytes(32)

    KIND: ClassVar[int] = 1077
    NAME: ClassVar[str] = "late_fixing_published"
    BLOCK: ClassVar[int] = 51
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIq?I32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.index, self.day, self.price, self.simulated, self.method, self.inputs)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 51

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LateFixingPublished:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("late_fixing_published", body, at)
        try:
            return cls(index=fixed[0], day=fixed[1], price=fixed[2], simulated=fixed[3], method=fixed[4], inputs=fixed[5])
        except ValueError as error:
            raise FrameError(f"late_fixing_published: {error}") from error


class TrancheFunded(msgspec.Struct, frozen=True, kw_only=True):
    """The house stands to lose more in a default."""

    tranche: Tranche
    amount: int = 0

    KIND: ClassVar[int] = 1080
    NAME: ClassVar[str] = "tranche_funded"
    BLOCK: ClassVar[int] = 9
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Bq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.tranche, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 9

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TrancheFunded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("tranche_funded", body, at)
        try:
            return cls(tranche=_TRANCHE[fixed[0]], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"tranche_funded: {error}") from error


class FundContributed(msgspec.Struct, frozen=True, kw_only=True):
    """Cash of a house account went into the default fund."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1081
    NAME: ClassVar[str] = "fund_contributed"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FundContributed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("fund_contributed", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"fund_contributed: {error}") from error


class FundReturned(msgspec.Struct, frozen=True, kw_only=True):
    """Money of the default fund came back to the account it had come from."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1082
    NAME: ClassVar[str] = "fund_returned"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FundReturned:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("fund_returned", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"fund_returned: {error}") from error


class DefaultDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """A member is in default; what the others have in the default fund is what they stand to lose."""

    member: int = 0

    KIND: ClassVar[int] = 1083
    NAME: ClassVar[str] = "default_declared"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DefaultDeclared:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("default_declared", body, at)
        try:
            return cls(member=fixed[0])
        except ValueError as error:
            raise FrameError(f"default_declared: {error}") from error


class PortOffered(msgspec.Struct, frozen=True, kw_only=True):
    """The account of a client is offered to another member."""

    account: int = 0
    member: int = 0

    KIND: ClassVar[int] = 1084
    NAME: ClassVar[str] = "port_offered"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<II")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PortOffered:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("port_offered", body, at)
        try:
            return cls(account=fixed[0], member=fixed[1])
        except ValueError as error:
            raise FrameError(f"port_offered: {error}") from error


class AccountPorted(msgspec.Struct, frozen=True, kw_only=True):
    """The account of a client is another member's, with its cash and its positions."""

    account: int = 0
    from_member: int = 0
    member: int = 0

    KIND: ClassVar[int] = 1085
    NAME: ClassVar[str] = "account_ported"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<III")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.from_member, self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AccountPorted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("account_ported", body, at)
        try:
            return cls(account=fixed[0], from_member=fixed[1], member=fixed[2])
        except ValueError as error:
            raise FrameError(f"account_ported: {error}") from error


class BidCommitted(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed bid stands; its member has bid."""

    account: int = 0
    slice: int = 0
    from_account: int = 0
    until: int = 0
    commitment: bytes = bytes(32)

    KIND: ClassVar[int] = 1086
    NAME: ClassVar[str] = "bid_committed"
    BLOCK: ClassVar[int] = 52
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.slice, self.from_account, self.until, self.commitment)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 52

    @classmethod
    def unpack(cls, body: bytes, block: int) -> BidCommitted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("bid_committed", body, at)
        try:
            return cls(account=fixed[0], slice=fixed[1], from_account=fixed[2], until=fixed[3], commitment=fixed[4])
        except ValueError as error:
            raise FrameError(f"bid_committed: {error}") from error


class SliceAwarded(msgspec.Struct, frozen=True, kw_only=True):
    """A slice went to a bid; every bid for it has ended. Transfers of its positions and the payment follow."""

    account: int = 0
    slice: int = 0
    from_account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1087
    NAME: ClassVar[str] = "slice_awarded"
    BLOCK: ClassVar[int] = 20
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.slice, self.from_account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 20

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SliceAwarded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("slice_awarded", body, at)
        try:
            return cls(account=fixed[0], slice=fixed[1], from_account=fixed[2], amount=fixed[3])
        except ValueError as error:
            raise FrameError(f"slice_awarded: {error}") from error


class LossAllocated(msgspec.Struct, frozen=True, kw_only=True):
    """A layer of the waterfall bore part of what an account of a member in default owed."""

    account: int = 0
    member: int = 0
    due_account: int = 0
    layer: LossLayer
    amount: int = 0
    owed: int = 0

    KIND: ClassVar[int] = 1088
    NAME: ClassVar[str] = "loss_allocated"
    BLOCK: ClassVar[int] = 29
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIBqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.member, self.due_account, self.layer, self.amount, self.owed)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 29

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LossAllocated:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("loss_allocated", body, at)
        try:
            return cls(account=fixed[0], member=fixed[1], due_account=fixed[2], layer=_LOSSLAYER[fixed[3]], amount=fixed[4], owed=fixed[5])
        except ValueError as error:
            raise FrameError(f"loss_allocated: {error}") from error


class TornUp(msgspec.Struct, frozen=True, kw_only=True):
    """A position of a member in default ends at the mark; transfers to the other side follow."""

    account: int = 0
    series: int = 0
    lots: int = 0
    price: int = 0

    KIND: ClassVar[int] = 1089
    NAME: ClassVar[str] = "torn_up"
    BLOCK: ClassVar[int] = 24
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.lots, self.price)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 24

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TornUp:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("torn_up", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], lots=fixed[2], price=fixed[3])
        except ValueError as error:
            raise FrameError(f"torn_up: {error}") from error


class DefaultClosed(msgspec.Struct, frozen=True, kw_only=True):
    """A default is over; its member stays suspended."""

    member: int = 0

    KIND: ClassVar[int] = 1090
    NAME: ClassVar[str] = "default_closed"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DefaultClosed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("default_closed", body, at)
        try:
            return cls(member=fixed[0])
        except ValueError as error:
            raise FrameError(f"default_closed: {error}") from error


class LossFound(msgspec.Struct, frozen=True, kw_only=True):
    """What the accounts of a member in default owe is spread over the layers; the shares follow."""

    member: int = 0
    loss: int = 0
    left: int = 0

    KIND: ClassVar[int] = 1091
    NAME: ClassVar[str] = "loss_found"
    BLOCK: ClassVar[int] = 20
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member, self.loss, self.left)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 20

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LossFound:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("loss_found", body, at)
        try:
            return cls(member=fixed[0], loss=fixed[1], left=fixed[2])
        except ValueError as error:
            raise FrameError(f"loss_found: {error}") from error


class CollateralAdmitted(msgspec.Struct, frozen=True, kw_only=True):
    """An asset counts as collateral under these terms; every account is due a refresh."""

    asset: int = 0
    haircut: int = 0
    account_cap: int = 0
    letter: bool = False

    KIND: ClassVar[int] = 1110
    NAME: ClassVar[str] = "collateral_admitted"
    BLOCK: ClassVar[int] = 15
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIq?")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.asset, self.haircut, self.account_cap, self.letter)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 15

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CollateralAdmitted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("collateral_admitted", body, at)
        try:
            return cls(asset=fixed[0], haircut=fixed[1], account_cap=fixed[2], letter=fixed[3])
        except ValueError as error:
            raise FrameError(f"collateral_admitted: {error}") from error


class CollateralValued(msgspec.Struct, frozen=True, kw_only=True):
    """Collateral counts at these prices; every account is due a refresh."""

    day: int = 0
    inputs: bytes = bytes(32)
    prices: tuple[AssetPrice, ...] = ()

    KIND: ClassVar[int] = 1111
    NAME: ClassVar[str] = "collateral_valued"
    BLOCK: ClassVar[int] = 36
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I32s")

    def pack(self) -> bytes:
        prices = b"".join(AssetPrice.LAYOUT.pack(*e.row()) for e in self.prices)
        return (
            self.LAYOUT.pack(self.day, self.inputs)
            + _LIST.pack(len(self.prices), AssetPrice.LAYOUT.size) + prices
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 36

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CollateralValued:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        prices, at = _elements(AssetPrice.LAYOUT, AssetPrice.make, body, at)
        _whole("collateral_valued", body, at)
        try:
            return cls(day=fixed[0], inputs=fixed[1], prices=prices)
        except ValueError as error:
            raise FrameError(f"collateral_valued: {error}") from error


class MarginCalled(msgspec.Struct, frozen=True, kw_only=True):
    """An account lacks this much cover and has until then to provide it."""

    call: int = 0
    account: int = 0
    amount: int = 0
    required: int = 0
    due: int = 0

    KIND: ClassVar[int] = 1112
    NAME: ClassVar[str] = "margin_called"
    BLOCK: ClassVar[int] = 36
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.call, self.account, self.amount, self.required, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 36

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MarginCalled:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("margin_called", body, at)
        try:
            return cls(call=fixed[0], account=fixed[1], amount=fixed[2], required=fixed[3], due=fixed[4])
        except ValueError as error:
            raise FrameError(f"margin_called: {error}") from error


class MarginCallMet(msgspec.Struct, frozen=True, kw_only=True):
    """The account is covered again: its call has ended."""

    call: int = 0
    account: int = 0

    KIND: ClassVar[int] = 1113
    NAME: ClassVar[str] = "margin_call_met"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.call, self.account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MarginCallMet:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("margin_call_met", body, at)
        try:
            return cls(call=fixed[0], account=fixed[1])
        except ValueError as error:
            raise FrameError(f"margin_call_met: {error}") from error


class MarginCallLate(msgspec.Struct, frozen=True, kw_only=True):
    """The time of a call is over and the account is not covered; the call stands until it is."""

    call: int = 0
    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1114
    NAME: ClassVar[str] = "margin_call_late"
    BLOCK: ClassVar[int] = 20
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.call, self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 20

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MarginCallLate:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("margin_call_late", body, at)
        try:
            return cls(call=fixed[0], account=fixed[1], amount=fixed[2])
        except ValueError as error:
            raise FrameError(f"margin_call_late: {error}") from error


class PricesFound(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of the waterfall that gave the settlement prices told next."""

    day: int = 0
    steps: tuple[StepFound, ...] = ()

    KIND: ClassVar[int] = 1115
    NAME: ClassVar[str] = "prices_found"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        steps = b"".join(StepFound.LAYOUT.pack(*e.row()) for e in self.steps)
        return (
            self.LAYOUT.pack(self.day)
            + _LIST.pack(len(self.steps), StepFound.LAYOUT.size) + steps
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PricesFound:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        steps, at = _elements(StepFound.LAYOUT, StepFound.make, body, at)
        _whole("prices_found", body, at)
        try:
            return cls(day=fixed[0], steps=steps)
        except ValueError as error:
            raise FrameError(f"prices_found: {error}") from error


class DigestPublished(msgspec.Struct, frozen=True, kw_only=True):
    """A publication beside the log has this digest."""

    publication: Publication
    day: int = 0
    digest: bytes = bytes(32)

    KIND: ClassVar[int] = 1116
    NAME: ClassVar[str] = "digest_published"
    BLOCK: ClassVar[int] = 37
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BI32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.publication, self.day, self.digest)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 37

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DigestPublished:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("digest_published", body, at)
        try:
            return cls(publication=_PUBLICATION[fixed[0]], day=fixed[1], digest=fixed[2])
        except ValueError as error:
            raise FrameError(f"digest_published: {error}") from error


class SliceOffered(msgspec.Struct, frozen=True, kw_only=True):
    """A slice is out to sealed bids."""

    slice: int = 0
    from_account: int = 0
    reserve: int = 0
    seals: int = 0
    opens: int = 0
    positions: tuple[SliceLots, ...] = ()

    KIND: ClassVar[int] = 1140
    NAME: ClassVar[str] = "slice_offered"
    BLOCK: ClassVar[int] = 32
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqqq")

    def pack(self) -> bytes:
        positions = b"".join(SliceLots.LAYOUT.pack(*e.row()) for e in self.positions)
        return (
            self.LAYOUT.pack(self.slice, self.from_account, self.reserve, self.seals, self.opens)
            + _LIST.pack(len(self.positions), SliceLots.LAYOUT.size) + positions
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 32

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SliceOffered:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        positions, at = _elements(SliceLots.LAYOUT, SliceLots.make, body, at)
        _whole("slice_offered", body, at)
        try:
            return cls(slice=fixed[0], from_account=fixed[1], reserve=fixed[2], seals=fixed[3], opens=fixed[4], positions=positions)
        except ValueError as error:
            raise FrameError(f"slice_offered: {error}") from error


class BidOpened(msgspec.Struct, frozen=True, kw_only=True):
    """A bid was opened as it had been sealed."""

    account: int = 0
    slice: int = 0
    amount: int = 0
    secret: bytes = bytes(32)

    KIND: ClassVar[int] = 1141
    NAME: ClassVar[str] = "bid_opened"
    BLOCK: ClassVar[int] = 48
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.slice, self.amount, self.secret)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 48

    @classmethod
    def unpack(cls, body: bytes, block: int) -> BidOpened:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("bid_opened", body, at)
        try:
            return cls(account=fixed[0], slice=fixed[1], amount=fixed[2], secret=fixed[3])
        except ValueError as error:
            raise FrameError(f"bid_opened: {error}") from error


class BidEnded(msgspec.Struct, frozen=True, kw_only=True):
    """A bid has ended with its slice; a bid that won or counted says that its member has bid."""

    account: int = 0
    slice: int = 0
    from_account: int = 0
    reason: BidEnd

    KIND: ClassVar[int] = 1142
    NAME: ClassVar[str] = "bid_ended"
    BLOCK: ClassVar[int] = 13
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIB")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.slice, self.from_account, self.reason)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 13

    @classmethod
    def unpack(cls, body: bytes, block: int) -> BidEnded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("bid_ended", body, at)
        try:
            return cls(account=fixed[0], slice=fixed[1], from_account=fixed[2], reason=_BIDEND[fixed[3]])
        except ValueError as error:
            raise FrameError(f"bid_ended: {error}") from error


class SliceEnded(msgspec.Struct, frozen=True, kw_only=True):
    """A slice went to nobody and is out to bids no more."""

    slice: int = 0
    from_account: int = 0

    KIND: ClassVar[int] = 1143
    NAME: ClassVar[str] = "slice_ended"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<II")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.slice, self.from_account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SliceEnded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("slice_ended", body, at)
        try:
            return cls(slice=fixed[0], from_account=fixed[1])
        except ValueError as error:
            raise FrameError(f"slice_ended: {error}") from error


class NoticeGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A member gave notice: from `effective` on it stands in no default while it holds and owes nothing."""

    member: int = 0
    effective: int = 0

    KIND: ClassVar[int] = 1144
    NAME: ClassVar[str] = "notice_given"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member, self.effective)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> NoticeGiven:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("notice_given", body, at)
        try:
            return cls(member=fixed[0], effective=fixed[1])
        except ValueError as error:
            raise FrameError(f"notice_given: {error}") from error


class EligibilitySet(msgspec.Struct, frozen=True, kw_only=True):
    """A member, or one account of it, is eligible for these product classes."""

    account: int = 0
    member: int = 0
    products: int = 0
    basis: bytes = bytes(32)

    KIND: ClassVar[int] = 1150
    NAME: ClassVar[str] = "eligibility_set"
    BLOCK: ClassVar[int] = 44
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<III32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.member, self.products, self.basis)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 44

    @classmethod
    def unpack(cls, body: bytes, block: int) -> EligibilitySet:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("eligibility_set", body, at)
        try:
            return cls(account=fixed[0], member=fixed[1], products=fixed[2], basis=fixed[3])
        except ValueError as error:
            raise FrameError(f"eligibility_set: {error}") from error


class CoverRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """An account has shown that it can deliver short lots of a series."""

    account: int = 0
    series: int = 0
    lots: int = 0
    until: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 1151
    NAME: ClassVar[str] = "cover_recorded"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.lots, self.until, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CoverRecorded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("cover_recorded", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], lots=fixed[2], until=fixed[3], evidence=fixed[4])
        except ValueError as error:
            raise FrameError(f"cover_recorded: {error}") from error


class LineSet(msgspec.Struct, frozen=True, kw_only=True):
    """A line of credit has these terms."""

    account: int = 0
    limit: int = 0
    rate: int = 0

    KIND: ClassVar[int] = 1152
    NAME: ClassVar[str] = "line_set"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.limit, self.rate)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LineSet:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("line_set", body, at)
        try:
            return cls(account=fixed[0], limit=fixed[1], rate=fixed[2])
        except ValueError as error:
            raise FrameError(f"line_set: {error}") from error


class LinesFunded(msgspec.Struct, frozen=True, kw_only=True):
    """The house set cash aside to lend under lines."""

    amount: int = 0

    KIND: ClassVar[int] = 1153
    NAME: ClassVar[str] = "lines_funded"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LinesFunded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("lines_funded", body, at)
        try:
            return cls(amount=fixed[0])
        except ValueError as error:
            raise FrameError(f"lines_funded: {error}") from error


class LinesSecured(msgspec.Struct, frozen=True, kw_only=True):
    """An asset secures lines under these terms."""

    asset: int = 0
    advance: int = 0
    account_cap: int = 0

    KIND: ClassVar[int] = 1154
    NAME: ClassVar[str] = "lines_secured"
    BLOCK: ClassVar[int] = 14
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.asset, self.advance, self.account_cap)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 14

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LinesSecured:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("lines_secured", body, at)
        try:
            return cls(asset=fixed[0], advance=fixed[1], account_cap=fixed[2])
        except ValueError as error:
            raise FrameError(f"lines_secured: {error}") from error


class LineDrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A line paid variation that cash did not."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1155
    NAME: ClassVar[str] = "line_drawn"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LineDrawn:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("line_drawn", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"line_drawn: {error}") from error


class LineAccrued(msgspec.Struct, frozen=True, kw_only=True):
    """Interest of a line since the last settlement."""

    account: int = 0
    days: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1156
    NAME: ClassVar[str] = "line_accrued"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.days, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LineAccrued:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("line_accrued", body, at)
        try:
            return cls(account=fixed[0], days=fixed[1], amount=fixed[2])
        except ValueError as error:
            raise FrameError(f"line_accrued: {error}") from error


class LineRepaid(msgspec.Struct, frozen=True, kw_only=True):
    """Money that came in repaid a line, its interest first."""

    account: int = 0
    interest: int = 0
    principal: int = 0
    payer: int = 0

    KIND: ClassVar[int] = 1157
    NAME: ClassVar[str] = "line_repaid"
    BLOCK: ClassVar[int] = 24
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IqqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.interest, self.principal, self.payer)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 24

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LineRepaid:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("line_repaid", body, at)
        try:
            return cls(account=fixed[0], interest=fixed[1], principal=fixed[2], payer=fixed[3])
        except ValueError as error:
            raise FrameError(f"line_repaid: {error}") from error


class LineWrittenOff(msgspec.Struct, frozen=True, kw_only=True):
    """What a line left owing when the default of its member closed is the loss of the house."""

    account: int = 0
    interest: int = 0
    principal: int = 0

    KIND: ClassVar[int] = 1158
    NAME: ClassVar[str] = "line_written_off"
    BLOCK: ClassVar[int] = 20
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.interest, self.principal)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 20

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LineWrittenOff:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("line_written_off", body, at)
        try:
            return cls(account=fixed[0], interest=fixed[1], principal=fixed[2])
        except ValueError as error:
            raise FrameError(f"line_written_off: {error}") from error


class RatePublished(msgspec.Struct, frozen=True, kw_only=True):
    """The interest rate of a day."""

    day: int = 0
    rate: int = 0
    source: str = ""
    inputs: bytes = bytes(32)

    KIND: ClassVar[int] = 1160
    NAME: ClassVar[str] = "rate_published"
    BLOCK: ClassVar[int] = 77
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq33p32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.day, self.rate, self.source.encode("ascii"), self.inputs)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 77

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RatePublished:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("rate_published", body, at)
        try:
            return cls(day=fixed[0], rate=fixed[1], source=fixed[2].decode("ascii"), inputs=fixed[3])
        except ValueError as error:
            raise FrameError(f"rate_published: {error}") from error


class AlignmentPosted(msgspec.Struct, frozen=True, kw_only=True):
    """Price alignment of the swaps of an account went through the settlement account; amounts as in a payment."""

    account: int = 0
    amount: int = 0
    from_cash: int = 0
    advanced: int = 0
    shortfall: int = 0
    to_dues: int = 0
    variation: int = 0

    KIND: ClassVar[int] = 1161
    NAME: ClassVar[str] = "alignment_posted"
    BLOCK: ClassVar[int] = 52
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqqqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount, self.from_cash, self.advanced, self.shortfall, self.to_dues, self.variation)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 52

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AlignmentPosted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("alignment_posted", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1], from_cash=fixed[2], advanced=fixed[3], shortfall=fixed[4], to_dues=fixed[5], variation=fixed[6])
        except ValueError as error:
            raise FrameError(f"alignment_posted: {error}") from error


class DeliveryBegun(msgspec.Struct, frozen=True, kw_only=True):
    """A physical series turns into deliveries on these terms; the deliveries follow."""

    series: int = 0
    starts: int = 0
    nomination_lead: int = 0
    grace: int = 0
    inspection: int = 0
    dispute: int = 0
    contingent: bool = False
    seller_margin: int = 0
    prefund_hours: int = 0
    penalty: int = 0
    cash_factor: int = 0
    quality_floor: int = 0
    quality_cap: int = 0
    determination: int = 0
    remedy_window: int = 0
    cover_band: int = 0
    correction: int = 0
    correction_share: int = 0

    KIND: ClassVar[int] = 1200
    NAME: ClassVar[str] = "delivery_begun"
    BLOCK: ClassVar[int] = 105
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqqqq?qIIIIIqqIqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.starts, self.nomination_lead, self.grace, self.inspection, self.dispute, self.contingent, self.seller_margin, self.prefund_hours, self.penalty, self.cash_factor, self.quality_floor, self.quality_cap, self.determination, self.remedy_window, self.cover_band, self.correction, self.correction_share)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 105

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryBegun:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_begun", body, at)
        try:
            return cls(series=fixed[0], starts=fixed[1], nomination_lead=fixed[2], grace=fixed[3], inspection=fixed[4], dispute=fixed[5], contingent=fixed[6], seller_margin=fixed[7], prefund_hours=fixed[8], penalty=fixed[9], cash_factor=fixed[10], quality_floor=fixed[11], quality_cap=fixed[12], determination=fixed[13], remedy_window=fixed[14], cover_band=fixed[15], correction=fixed[16], correction_share=fixed[17])
        except ValueError as error:
            raise FrameError(f"delivery_begun: {error}") from error


class DeliveryMade(msgspec.Struct, frozen=True, kw_only=True):
    """A seller owes a buyer these accelerators for these hours at this price."""

    delivery: int = 0
    account: int = 0
    buyer: int = 0
    series: int = 0
    lots: int = 0
    price: int = 0
    starts: int = 0
    first_hour: int = 0
    hours: int = 0
    nominated: int = 0
    pledgee: int = 0
    due: int = 0

    KIND: ClassVar[int] = 1201
    NAME: ClassVar[str] = "delivery_made"
    BLOCK: ClassVar[int] = 68
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIIqqqIIIIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.delivery, self.account, self.buyer, self.series, self.lots, self.price, self.starts, self.first_hour, self.hours, self.nominated, self.pledgee, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 68

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryMade:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_made", body, at)
        try:
            return cls(delivery=fixed[0], account=fixed[1], buyer=fixed[2], series=fixed[3], lots=fixed[4], price=fixed[5], starts=fixed[6], first_hour=fixed[7], hours=fixed[8], nominated=fixed[9], pledgee=fixed[10], due=fixed[11])
        except ValueError as error:
            raise FrameError(f"delivery_made: {error}") from error


class RightExercised(msgspec.Struct, frozen=True, kw_only=True):
    """So many lots of a right are taken."""

    account: int = 0
    series: int = 0
    lots: int = 0
    starts: int = 0

    KIND: ClassVar[int] = 1202
    NAME: ClassVar[str] = "right_exercised"
    BLOCK: ClassVar[int] = 24
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.lots, self.starts)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 24

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RightExercised:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("right_exercised", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], lots=fixed[2], starts=fixed[3])
        except ValueError as error:
            raise FrameError(f"right_exercised: {error}") from error


class DeliveryNominated(msgspec.Struct, frozen=True, kw_only=True):
    """A side named what it brings; once both have, the delivery is scheduled."""

    account: int = 0
    to_account: int = 0
    delivery: int = 0
    party: DeliveryParty
    nomination: bytes = bytes(32)

    KIND: ClassVar[int] = 1203
    NAME: ClassVar[str] = "delivery_nominated"
    BLOCK: ClassVar[int] = 49
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIQB32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.delivery, self.party, self.nomination)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 49

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryNominated:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_nominated", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], delivery=fixed[2], party=_DELIVERYPARTY[fixed[3]], nomination=fixed[4])
        except ValueError as error:
            raise FrameError(f"delivery_nominated: {error}") from error


class DeliveryTendered(msgspec.Struct, frozen=True, kw_only=True):
    """The capacity can be inspected until then; silence accepts it."""

    account: int = 0
    to_account: int = 0
    delivery: int = 0
    quality: int = 0
    starts: int = 0
    evidence: bytes = bytes(32)
    due: int = 0

    KIND: ClassVar[int] = 1204
    NAME: ClassVar[str] = "delivery_tendered"
    BLOCK: ClassVar[int] = 68
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIQIq32sq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.delivery, self.quality, self.starts, self.evidence, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 68

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryTendered:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_tendered", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], delivery=fixed[2], quality=fixed[3], starts=fixed[4], evidence=fixed[5], due=fixed[6])
        except ValueError as error:
            raise FrameError(f"delivery_tendered: {error}") from error


class DeliveryAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """What was tendered is accepted; delivery runs."""

    account: int = 0
    to_account: int = 0
    delivery: int = 0
    silent: bool = False
    quality: int = 0
    starts: int = 0

    KIND: ClassVar[int] = 1205
    NAME: ClassVar[str] = "delivery_accepted"
    BLOCK: ClassVar[int] = 29
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIQ?Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.delivery, self.silent, self.quality, self.starts)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 29

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryAccepted:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_accepted", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], delivery=fixed[2], silent=fixed[3], quality=fixed[4], starts=fixed[5])
        except ValueError as error:
            raise FrameError(f"delivery_accepted: {error}") from error


class DeliveryRejected(msgspec.Struct, frozen=True, kw_only=True):
    """What was tendered is rejected; the seller may tender again until then."""

    account: int = 0
    to_account: int = 0
    delivery: int = 0
    evidence: bytes = bytes(32)
    due: int = 0

    KIND: ClassVar[int] = 1206
    NAME: ClassVar[str] = "delivery_rejected"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIQ32sq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.delivery, self.evidence, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryRejected:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_rejected", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], delivery=fixed[2], evidence=fixed[3], due=fixed[4])
        except ValueError as error:
            raise FrameError(f"delivery_rejected: {error}") from error


class DeliveryFailed(msgspec.Struct, frozen=True, kw_only=True):
    """A side let its time pass: every accelerator-hour is missing by its fault."""

    account: int = 0
    to_account: int = 0
    delivery: int = 0
    party: DeliveryParty
    missing: int = 0

    KIND: ClassVar[int] = 1207
    NAME: ClassVar[str] = "delivery_failed"
    BLOCK: ClassVar[int] = 25
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIQBq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.delivery, self.party, self.missing)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 25

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryFailed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_failed", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], delivery=fixed[2], party=_DELIVERYPARTY[fixed[3]], missing=fixed[4])
        except ValueError as error:
            raise FrameError(f"delivery_failed: {error}") from error


class DeliveryMetered(msgspec.Struct, frozen=True, kw_only=True):
    """Hours are booked; they can be disputed until then, and the payment for them follows."""

    metered: int = 0
    account: int = 0
    buyer: int = 0
    delivery: int = 0
    first_hour: int = 0
    hours: int = 0
    units: int = 0
    excused: int = 0
    quality: int = 0
    amount: int = 0
    evidence: bytes = bytes(32)
    due: int = 0

    KIND: ClassVar[int] = 1208
    NAME: ClassVar[str] = "delivery_metered"
    BLOCK: ClassVar[int] = 100
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIQIIqqIq32sq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.metered, self.account, self.buyer, self.delivery, self.first_hour, self.hours, self.units, self.excused, self.quality, self.amount, self.evidence, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 100

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryMetered:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_metered", body, at)
        try:
            return cls(metered=fixed[0], account=fixed[1], buyer=fixed[2], delivery=fixed[3], first_hour=fixed[4], hours=fixed[5], units=fixed[6], excused=fixed[7], quality=fixed[8], amount=fixed[9], evidence=fixed[10], due=fixed[11])
        except ValueError as error:
            raise FrameError(f"delivery_metered: {error}") from error


class DeliveryPaid(msgspec.Struct, frozen=True, kw_only=True):
    """What a buyer paid is kept for the seller."""

    account: int = 0
    delivery: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1209
    NAME: ClassVar[str] = "delivery_paid"
    BLOCK: ClassVar[int] = 20
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 20

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryPaid:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_paid", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1], amount=fixed[2])
        except ValueError as error:
            raise FrameError(f"delivery_paid: {error}") from error


class MeteredDisputed(msgspec.Struct, frozen=True, kw_only=True):
    """Metered hours are disputed."""

    account: int = 0
    to_account: int = 0
    metered: int = 0
    delivery: int = 0
    evidence: bytes = bytes(32)
    due: int = 0

    KIND: ClassVar[int] = 1210
    NAME: ClassVar[str] = "metered_disputed"
    BLOCK: ClassVar[int] = 64
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIQQ32sq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.metered, self.delivery, self.evidence, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 64

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MeteredDisputed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("metered_disputed", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], metered=fixed[2], delivery=fixed[3], evidence=fixed[4], due=fixed[5])
        except ValueError as error:
            raise FrameError(f"metered_disputed: {error}") from error


class MeteredDetermined(msgspec.Struct, frozen=True, kw_only=True):
    """A dispute ended: this was delivered."""

    metered: int = 0
    account: int = 0
    to_account: int = 0
    delivery: int = 0
    units: int = 0
    excused: int = 0
    quality: int = 0
    amount: int = 0
    fee: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 1211
    NAME: ClassVar[str] = "metered_determined"
    BLOCK: ClassVar[int] = 92
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIQqqIqq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.metered, self.account, self.to_account, self.delivery, self.units, self.excused, self.quality, self.amount, self.fee, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 92

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MeteredDetermined:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("metered_determined", body, at)
        try:
            return cls(metered=fixed[0], account=fixed[1], to_account=fixed[2], delivery=fixed[3], units=fixed[4], excused=fixed[5], quality=fixed[6], amount=fixed[7], fee=fixed[8], evidence=fixed[9])
        except ValueError as error:
            raise FrameError(f"metered_determined: {error}") from error


class MeteredFinal(msgspec.Struct, frozen=True, kw_only=True):
    """Metered hours can be disputed no more; what is missing of them is to be made good."""

    metered: int = 0
    account: int = 0
    to_account: int = 0
    delivery: int = 0
    amount: int = 0
    missing: int = 0
    due: int = 0

    KIND: ClassVar[int] = 1212
    NAME: ClassVar[str] = "metered_final"
    BLOCK: ClassVar[int] = 48
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIQqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.metered, self.account, self.to_account, self.delivery, self.amount, self.missing, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 48

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MeteredFinal:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("metered_final", body, at)
        try:
            return cls(metered=fixed[0], account=fixed[1], to_account=fixed[2], delivery=fixed[3], amount=fixed[4], missing=fixed[5], due=fixed[6])
        except ValueError as error:
            raise FrameError(f"metered_final: {error}") from error


class ReceivablePaid(msgspec.Struct, frozen=True, kw_only=True):
    """What was kept for a seller is its cash."""

    account: int = 0
    delivery: int = 0
    amount: int = 0
    to_dues: int = 0

    KIND: ClassVar[int] = 1213
    NAME: ClassVar[str] = "receivable_paid"
    BLOCK: ClassVar[int] = 28
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery, self.amount, self.to_dues)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 28

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ReceivablePaid:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("receivable_paid", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1], amount=fixed[2], to_dues=fixed[3])
        except ValueError as error:
            raise FrameError(f"receivable_paid: {error}") from error


class DeliveryRemedied(msgspec.Struct, frozen=True, kw_only=True):
    """Missing accelerator-hours are made good; what pays for it follows."""

    account: int = 0
    to_account: int = 0
    delivery: int = 0
    units: int = 0
    cover_price: int = 0
    in_cash: bool = False
    cost: int = 0
    unpaid: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 1214
    NAME: ClassVar[str] = "delivery_remedied"
    BLOCK: ClassVar[int] = 81
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIQqq?qq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.delivery, self.units, self.cover_price, self.in_cash, self.cost, self.unpaid, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 81

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryRemedied:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_remedied", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], delivery=fixed[2], units=fixed[3], cover_price=fixed[4], in_cash=fixed[5], cost=fixed[6], unpaid=fixed[7], evidence=fixed[8])
        except ValueError as error:
            raise FrameError(f"delivery_remedied: {error}") from error


class RemedyPaid(msgspec.Struct, frozen=True, kw_only=True):
    """A source paid part of a remedy."""

    account: int = 0
    delivery: int = 0
    source: RemedySource
    amount: int = 0

    KIND: ClassVar[int] = 1215
    NAME: ClassVar[str] = "remedy_paid"
    BLOCK: ClassVar[int] = 21
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQBq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery, self.source, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 21

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RemedyPaid:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("remedy_paid", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1], source=_REMEDYSOURCE[fixed[2]], amount=fixed[3])
        except ValueError as error:
            raise FrameError(f"remedy_paid: {error}") from error


class DeliveryMarginMoved(msgspec.Struct, frozen=True, kw_only=True):
    """Cash of an account was set aside for its deliveries; negative came back."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1216
    NAME: ClassVar[str] = "delivery_margin_moved"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryMarginMoved:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_margin_moved", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"delivery_margin_moved: {error}") from error


class DeliveryEnded(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing more is owed under a delivery."""

    account: int = 0
    buyer: int = 0
    delivery: int = 0
    reason: DeliveryEnd

    KIND: ClassVar[int] = 1217
    NAME: ClassVar[str] = "delivery_ended"
    BLOCK: ClassVar[int] = 17
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIQB")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.buyer, self.delivery, self.reason)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 17

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryEnded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_ended", body, at)
        try:
            return cls(account=fixed[0], buyer=fixed[1], delivery=fixed[2], reason=_DELIVERYEND[fixed[3]])
        except ValueError as error:
            raise FrameError(f"delivery_ended: {error}") from error


class DeliveryOffered(msgspec.Struct, frozen=True, kw_only=True):
    """A side of a delivery is offered to another account."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    delivery: int = 0
    lots: int = 0
    first_hour: int = 0
    hours: int = 0
    amount: int = 0
    due: int = 0

    KIND: ClassVar[int] = 1218
    NAME: ClassVar[str] = "delivery_offered"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIQqIIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.delivery, self.lots, self.first_hour, self.hours, self.amount, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryOffered:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_offered", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], delivery=fixed[3], lots=fixed[4], first_hour=fixed[5], hours=fixed[6], amount=fixed[7], due=fixed[8])
        except ValueError as error:
            raise FrameError(f"delivery_offered: {error}") from error


class DeliveryOfferEnded(msgspec.Struct, frozen=True, kw_only=True):
    """An offer of a side of a delivery ended without being taken."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    reason: OfferEnd

    KIND: ClassVar[int] = 1219
    NAME: ClassVar[str] = "delivery_offer_ended"
    BLOCK: ClassVar[int] = 17
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIB")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.reason)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 17

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryOfferEnded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_offer_ended", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], reason=_OFFEREND[fixed[3]])
        except ValueError as error:
            raise FrameError(f"delivery_offer_ended: {error}") from error


class DeliveryTransferred(msgspec.Struct, frozen=True, kw_only=True):
    """A side of a delivery changed hands; the deliveries that take its place follow."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    delivery: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1220
    NAME: ClassVar[str] = "delivery_transferred"
    BLOCK: ClassVar[int] = 32
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIQq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.delivery, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 32

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryTransferred:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_transferred", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], delivery=fixed[3], amount=fixed[4])
        except ValueError as error:
            raise FrameError(f"delivery_transferred: {error}") from error


class DeliveryPledged(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer's side of a delivery is pledged, or free again."""

    account: int = 0
    delivery: int = 0
    to_account: int = 0

    KIND: ClassVar[int] = 1221
    NAME: ClassVar[str] = "delivery_pledged"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.delivery, self.to_account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryPledged:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_pledged", body, at)
        try:
            return cls(account=fixed[0], delivery=fixed[1], to_account=fixed[2])
        except ValueError as error:
            raise FrameError(f"delivery_pledged: {error}") from error


class BondMoved(msgspec.Struct, frozen=True, kw_only=True):
    """Cash of an account went into its performance bond; negative came back."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1222
    NAME: ClassVar[str] = "bond_moved"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> BondMoved:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("bond_moved", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"bond_moved: {error}") from error


class DeliveryFunded(msgspec.Struct, frozen=True, kw_only=True):
    """The house added to the delivery fund."""

    amount: int = 0

    KIND: ClassVar[int] = 1223
    NAME: ClassVar[str] = "delivery_funded"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryFunded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_funded", body, at)
        try:
            return cls(amount=fixed[0])
        except ValueError as error:
            raise FrameError(f"delivery_funded: {error}") from error


class DeliveryRepaid(msgspec.Struct, frozen=True, kw_only=True):
    """An account paid back what the delivery fund had paid for it."""

    account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1224
    NAME: ClassVar[str] = "delivery_repaid"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryRepaid:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_repaid", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1])
        except ValueError as error:
            raise FrameError(f"delivery_repaid: {error}") from error


class DeliveryTerminated(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery was ended early: hours metered so far stay, the rest follows as a delivery that failed, or is owed no more."""

    account: int = 0
    buyer: int = 0
    delivery: int = 0
    party: DeliveryParty
    hours: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 1225
    NAME: ClassVar[str] = "delivery_terminated"
    BLOCK: ClassVar[int] = 53
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIQBI32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.buyer, self.delivery, self.party, self.hours, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 53

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryTerminated:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_terminated", body, at)
        try:
            return cls(account=fixed[0], buyer=fixed[1], delivery=fixed[2], party=_DELIVERYPARTY[fixed[3]], hours=fixed[4], evidence=fixed[5])
        except ValueError as error:
            raise FrameError(f"delivery_terminated: {error}") from error


class RejectionContested(msgspec.Struct, frozen=True, kw_only=True):
    """The rejection of a tender is contested."""

    account: int = 0
    to_account: int = 0
    delivery: int = 0
    evidence: bytes = bytes(32)
    due: int = 0

    KIND: ClassVar[int] = 1226
    NAME: ClassVar[str] = "rejection_contested"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIQ32sq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.to_account, self.delivery, self.evidence, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RejectionContested:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("rejection_contested", body, at)
        try:
            return cls(account=fixed[0], to_account=fixed[1], delivery=fixed[2], evidence=fixed[3], due=fixed[4])
        except ValueError as error:
            raise FrameError(f"rejection_contested: {error}") from error


class TenderDetermined(msgspec.Struct, frozen=True, kw_only=True):
    """A rejection that was contested is determined, or stands because nobody determined it in time."""

    account: int = 0
    buyer: int = 0
    loser: int = 0
    delivery: int = 0
    accepted: bool = False
    fee: int = 0
    evidence: bytes = bytes(32)
    due: int = 0

    KIND: ClassVar[int] = 1227
    NAME: ClassVar[str] = "tender_determined"
    BLOCK: ClassVar[int] = 69
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIQ?q32sq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.buyer, self.loser, self.delivery, self.accepted, self.fee, self.evidence, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 69

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TenderDetermined:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("tender_determined", body, at)
        try:
            return cls(account=fixed[0], buyer=fixed[1], loser=fixed[2], delivery=fixed[3], accepted=fixed[4], fee=fixed[5], evidence=fixed[6], due=fixed[7])
        except ValueError as error:
            raise FrameError(f"tender_determined: {error}") from error


class DeliveryCreditSet(msgspec.Struct, frozen=True, kw_only=True):
    """What hardware pledged and spare capacity verified count for an account, toward the margin of what it delivers."""

    account: int = 0
    amount: int = 0
    share: int = 0
    until: int = 0
    basis: bytes = bytes(32)

    KIND: ClassVar[int] = 1228
    NAME: ClassVar[str] = "delivery_credit_set"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IqIq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount, self.share, self.until, self.basis)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryCreditSet:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("delivery_credit_set", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1], share=fixed[2], until=fixed[3], basis=fixed[4])
        except ValueError as error:
            raise FrameError(f"delivery_credit_set: {error}") from error


class MeteredCorrected(msgspec.Struct, frozen=True, kw_only=True):
    """Hours that were final are corrected; the payment follows."""

    metered: int = 0
    account: int = 0
    buyer: int = 0
    delivery: int = 0
    units: int = 0
    amount: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 1229
    NAME: ClassVar[str] = "metered_corrected"
    BLOCK: ClassVar[int] = 72
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIQqq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.metered, self.account, self.buyer, self.delivery, self.units, self.amount, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 72

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MeteredCorrected:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("metered_corrected", body, at)
        try:
            return cls(metered=fixed[0], account=fixed[1], buyer=fixed[2], delivery=fixed[3], units=fixed[4], amount=fixed[5], evidence=fixed[6])
        except ValueError as error:
            raise FrameError(f"metered_corrected: {error}") from error


class MeteredClosed(msgspec.Struct, frozen=True, kw_only=True):
    """Hours can be corrected no more."""

    metered: int = 0
    account: int = 0
    buyer: int = 0
    delivery: int = 0

    KIND: ClassVar[int] = 1230
    NAME: ClassVar[str] = "metered_closed"
    BLOCK: ClassVar[int] = 24
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.metered, self.account, self.buyer, self.delivery)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 24

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MeteredClosed:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("metered_closed", body, at)
        try:
            return cls(metered=fixed[0], account=fixed[1], buyer=fixed[2], delivery=fixed[3])
        except ValueError as error:
            raise FrameError(f"metered_closed: {error}") from error


class ExchangeOffered(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange of futures for physical is offered."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    series: int = 0
    lots: int = 0
    price: int = 0
    physical: int = 0
    accelerators: int = 0
    first_hour: int = 0
    hours: int = 0
    delivery_price: int = 0
    due: int = 0

    KIND: ClassVar[int] = 1231
    NAME: ClassVar[str] = "exchange_offered"
    BLOCK: ClassVar[int] = 72
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIIqqIqIIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.series, self.lots, self.price, self.physical, self.accelerators, self.first_hour, self.hours, self.delivery_price, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 72

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ExchangeOffered:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("exchange_offered", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], series=fixed[3], lots=fixed[4], price=fixed[5], physical=fixed[6], accelerators=fixed[7], first_hour=fixed[8], hours=fixed[9], delivery_price=fixed[10], due=fixed[11])
        except ValueError as error:
            raise FrameError(f"exchange_offered: {error}") from error


class ExchangeEnded(msgspec.Struct, frozen=True, kw_only=True):
    """An offer of an exchange ended without being taken."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    reason: OfferEnd

    KIND: ClassVar[int] = 1232
    NAME: ClassVar[str] = "exchange_ended"
    BLOCK: ClassVar[int] = 17
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIB")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.reason)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 17

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ExchangeEnded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("exchange_ended", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], reason=_OFFEREND[fixed[3]])
        except ValueError as error:
            raise FrameError(f"exchange_ended: {error}") from error


class ExchangeMade(msgspec.Struct, frozen=True, kw_only=True):
    """Futures were exchanged for physical; the position that moves and the delivery follow."""

    offer: int = 0
    account: int = 0
    to_account: int = 0

    KIND: ClassVar[int] = 1233
    NAME: ClassVar[str] = "exchange_made"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QII")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ExchangeMade:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("exchange_made", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2])
        except ValueError as error:
            raise FrameError(f"exchange_made: {error}") from error


class GuaranteeGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Cash of an account is set aside as a guarantee for what another owes out of failed deliveries."""

    guarantee: int = 0
    account: int = 0
    to_account: int = 0
    amount: int = 0
    until: int = 0
    basis: bytes = bytes(32)

    KIND: ClassVar[int] = 1234
    NAME: ClassVar[str] = "guarantee_given"
    BLOCK: ClassVar[int] = 64
    SINCE: ClassVar[int] = 6
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIqq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.guarantee, self.account, self.to_account, self.amount, self.until, self.basis)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 6, 64

    @classmethod
    def unpack(cls, body: bytes, block: int) -> GuaranteeGiven:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("guarantee_given", body, at)
        try:
            return cls(guarantee=fixed[0], account=fixed[1], to_account=fixed[2], amount=fixed[3], until=fixed[4], basis=fixed[5])
        except ValueError as error:
            raise FrameError(f"guarantee_given: {error}") from error


class GuaranteePaid(msgspec.Struct, frozen=True, kw_only=True):
    """A guarantee gave cash to who failed, for a remedy that is paid with it; one that holds nothing more has ended."""

    guarantee: int = 0
    account: int = 0
    to_account: int = 0
    delivery: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1235
    NAME: ClassVar[str] = "guarantee_paid"
    BLOCK: ClassVar[int] = 32
    SINCE: ClassVar[int] = 6
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIQq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.guarantee, self.account, self.to_account, self.delivery, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 6, 32

    @classmethod
    def unpack(cls, body: bytes, block: int) -> GuaranteePaid:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("guarantee_paid", body, at)
        try:
            return cls(guarantee=fixed[0], account=fixed[1], to_account=fixed[2], delivery=fixed[3], amount=fixed[4])
        except ValueError as error:
            raise FrameError(f"guarantee_paid: {error}") from error


class GuaranteeEnded(msgspec.Struct, frozen=True, kw_only=True):
    """What a guarantee still held is cash of its guarantor again."""

    guarantee: int = 0
    account: int = 0
    to_account: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 1236
    NAME: ClassVar[str] = "guarantee_ended"
    BLOCK: ClassVar[int] = 24
    SINCE: ClassVar[int] = 6
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.guarantee, self.account, self.to_account, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 6, 24

    @classmethod
    def unpack(cls, body: bytes, block: int) -> GuaranteeEnded:
        fixed = _fixed(cls.LAYOUT, body, block)
        at = block
        _whole("guarantee_ended", body, at)
        try:
            return cls(guarantee=fixed[0], account=fixed[1], to_account=fixed[2], amount=fixed[3])
        except ValueError as error:
            raise FrameError(f"guarantee_ended: {error}") from error


class HouseRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The house itself."""

    name: str = ""
    last_number: int = 0
    last_time: int = 0
    last_event: int = 0
    behaviour: int = 0
    halted: bool = False
    table: int = 0
    loading: int = 0
    epoch: int = 0
    settled_day: int = 0

    KIND: ClassVar[int] = 2000
    NAME: ClassVar[str] = "house_record"
    BLOCK: ClassVar[int] = 82
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<33pQqQI?IIQI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.name.encode("ascii"), self.last_number, self.last_time, self.last_event, self.behaviour, self.halted, self.table, self.loading, self.epoch, self.settled_day)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 82

    @classmethod
    def unpack(cls, body: bytes, block: int) -> HouseRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("house_record", body, at)
        try:
            return cls(name=fixed[0].decode("ascii"), last_number=fixed[1], last_time=fixed[2], last_event=fixed[3], behaviour=fixed[4], halted=fixed[5], table=fixed[6], loading=fixed[7], epoch=fixed[8], settled_day=fixed[9])
        except ValueError as error:
            raise FrameError(f"house_record: {error}") from error


class AssetRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An asset."""

    asset: int = 0
    name: str = ""

    KIND: ClassVar[int] = 2001
    NAME: ClassVar[str] = "asset_record"
    BLOCK: ClassVar[int] = 35
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<H33p")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.asset, self.name.encode("ascii"))
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 35

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AssetRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("asset_record", body, at)
        try:
            return cls(asset=fixed[0], name=fixed[1].decode("ascii"))
        except ValueError as error:
            raise FrameError(f"asset_record: {error}") from error


class MemberRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A member."""

    member: int = 0
    name: str = ""
    suspended: bool = False
    withheld: int = 0

    KIND: ClassVar[int] = 2002
    NAME: ClassVar[str] = "member_record"
    BLOCK: ClassVar[int] = 42
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I33p?I")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member, self.name.encode("ascii"), self.suspended, self.withheld)[: self.written()[1]]
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        if self.withheld:
            return 4, 42
        return 1, 38

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MemberRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("member_record", body, at)
        try:
            return cls(member=fixed[0], name=fixed[1].decode("ascii"), suspended=fixed[2], withheld=fixed[3])
        except ValueError as error:
            raise FrameError(f"member_record: {error}") from error


class ActorRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An actor."""

    actor: int = 0
    member: int = 0
    roles: int = 0

    KIND: ClassVar[int] = 2003
    NAME: ClassVar[str] = "actor_record"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<III")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.actor, self.member, self.roles)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ActorRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("actor_record", body, at)
        try:
            return cls(actor=fixed[0], member=fixed[1], roles=fixed[2])
        except ValueError as error:
            raise FrameError(f"actor_record: {error}") from error


class AccountRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A trading account."""

    account: int = 0
    member: int = 0
    account_kind: AccountKind
    owner: int = 0
    position_limit: int = 0
    order_lots_limit: int = 0
    order_value_limit: int = 0
    killed: bool = False
    seen: int = 0
    dead_man: int = 0
    reference_floor: int = 0
    withheld: int = 0

    KIND: ClassVar[int] = 2004
    NAME: ClassVar[str] = "account_record"
    BLOCK: ClassVar[int] = 66
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIBIqqq?QqqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.member, self.account_kind, self.owner, self.position_limit, self.order_lots_limit, self.order_value_limit, self.killed, self.seen, self.dead_man, self.reference_floor, self.withheld)[: self.written()[1]]
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        if self.withheld:
            return 4, 66
        return 1, 62

    @classmethod
    def unpack(cls, body: bytes, block: int) -> AccountRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("account_record", body, at)
        try:
            return cls(account=fixed[0], member=fixed[1], account_kind=_ACCOUNTKIND[fixed[2]], owner=fixed[3], position_limit=fixed[4], order_lots_limit=fixed[5], order_value_limit=fixed[6], killed=fixed[7], seen=fixed[8], dead_man=fixed[9], reference_floor=fixed[10], withheld=fixed[11])
        except ValueError as error:
            raise FrameError(f"account_record: {error}") from error


class BalanceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger balance; zero balances are left out."""

    ledger_class: int = 0
    account: int = 0
    asset: int = 0
    balance: int = 0

    KIND: ClassVar[int] = 2005
    NAME: ClassVar[str] = "balance_record"
    BLOCK: ClassVar[int] = 15
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BIHq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.ledger_class, self.account, self.asset, self.balance)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 15

    @classmethod
    def unpack(cls, body: bytes, block: int) -> BalanceRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("balance_record", body, at)
        try:
            return cls(ledger_class=fixed[0], account=fixed[1], asset=fixed[2], balance=fixed[3])
        except ValueError as error:
            raise FrameError(f"balance_record: {error}") from error


class PendingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A pending withdrawal."""

    transfer: int = 0
    account: int = 0
    asset: int = 0
    amount: int = 0
    due: int = 0

    KIND: ClassVar[int] = 2006
    NAME: ClassVar[str] = "pending_record"
    BLOCK: ClassVar[int] = 30
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIHqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.transfer, self.account, self.asset, self.amount, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 30

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PendingRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("pending_record", body, at)
        try:
            return cls(transfer=fixed[0], account=fixed[1], asset=fixed[2], amount=fixed[3], due=fixed[4])
        except ValueError as error:
            raise FrameError(f"pending_record: {error}") from error


class SeriesRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A series."""

    series: int = 0
    symbol: str = ""
    series_kind: SeriesKind
    group: int = 0
    index: int = 0
    first_month: int = 0
    last_month: int = 0
    hours: int = 0
    tick: int = 0
    strike: int = 0
    reference_price: int = 0
    band: int = 0
    pause_range: int = 0
    pause_duration: int = 0
    protection: int = 0
    maker_fee: int = 0
    taker_fee: int = 0
    clearing_fee: int = 0
    last_trading_time: int = 0
    state: SeriesState
    until: int = 0
    mark: int = 0
    last_price: int = 0
    standard_version: int = 0
    standard_hash: bytes = bytes(32)
    period_ends: int = 0
    delivers: bool = False

    KIND: ClassVar[int] = 2007
    NAME: ClassVar[str] = "series_record"
    BLOCK: ClassVar[int] = 200
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I33pBHHIIIqqqIIqIqqqqBqqqI32sq?")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.symbol.encode("ascii"), self.series_kind, self.group, self.index, self.first_month, self.last_month, self.hours, self.tick, self.strike, self.reference_price, self.band, self.pause_range, self.pause_duration, self.protection, self.maker_fee, self.taker_fee, self.clearing_fee, self.last_trading_time, self.state, self.until, self.mark, self.last_price, self.standard_version, self.standard_hash, self.period_ends, self.delivers)[: self.written()[1]]
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        if self.delivers:
            return 4, 200
        if self.period_ends:
            return 3, 199
        if self.standard_version or self.standard_hash != bytes(32):
            return 2, 191
        return 1, 155

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SeriesRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("series_record", body, at)
        try:
            return cls(series=fixed[0], symbol=fixed[1].decode("ascii"), series_kind=_SERIESKIND[fixed[2]], group=fixed[3], index=fixed[4], first_month=fixed[5], last_month=fixed[6], hours=fixed[7], tick=fixed[8], strike=fixed[9], reference_price=fixed[10], band=fixed[11], pause_range=fixed[12], pause_duration=fixed[13], protection=fixed[14], maker_fee=fixed[15], taker_fee=fixed[16], clearing_fee=fixed[17], last_trading_time=fixed[18], state=_SERIESSTATE[fixed[19]], until=fixed[20], mark=fixed[21], last_price=fixed[22], standard_version=fixed[23], standard_hash=fixed[24], period_ends=fixed[25], delivers=fixed[26])
        except ValueError as error:
            raise FrameError(f"series_record: {error}") from error


class OrderRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A live order."""

    order: int = 0
    account: int = 0
    series: int = 0
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    self_trade: SelfTrade
    quote: bool = False
    close_out: bool = False
    price: int = 0
    lots: int = 0
    display_lots: int = 0
    minimum_lots: int = 0
    stop_price: int = 0
    expiry: int = 0
    session: int = 0
    label: int = 0
    reference: str = ""
    state: OrderState
    visible: int = 0
    priority: int = 0

    KIND: ClassVar[int] = 2008
    NAME: ClassVar[str] = "order_record"
    BLOCK: ClassVar[int] = 132
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIBBBB??qqqqqqIQ33pBqQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.order, self.account, self.series, self.side, self.order_type, self.time_in_force, self.self_trade, self.quote, self.close_out, self.price, self.lots, self.display_lots, self.minimum_lots, self.stop_price, self.expiry, self.session, self.label, self.reference.encode("ascii"), self.state, self.visible, self.priority)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 132

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OrderRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("order_record", body, at)
        try:
            return cls(order=fixed[0], account=fixed[1], series=fixed[2], side=_SIDE[fixed[3]], order_type=_ORDERTYPE[fixed[4]], time_in_force=_TIMEINFORCE[fixed[5]], self_trade=_SELFTRADE[fixed[6]], quote=fixed[7], close_out=fixed[8], price=fixed[9], lots=fixed[10], display_lots=fixed[11], minimum_lots=fixed[12], stop_price=fixed[13], expiry=fixed[14], session=fixed[15], label=fixed[16], reference=fixed[17].decode("ascii"), state=_ORDERSTATE[fixed[18]], visible=fixed[19], priority=fixed[20])
        except ValueError as error:
            raise FrameError(f"order_record: {error}") from error


class PositionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A position; flat ones without cost are left out."""

    account: int = 0
    series: int = 0
    lots: int = 0
    cost: int = 0

    KIND: ClassVar[int] = 2009
    NAME: ClassVar[str] = "position_record"
    BLOCK: ClassVar[int] = 24
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.lots, self.cost)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 24

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PositionRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("position_record", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], lots=fixed[2], cost=fixed[3])
        except ValueError as error:
            raise FrameError(f"position_record: {error}") from error


class ReferenceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A remembered client reference."""

    account: int = 0
    reference: str = ""
    original: int = 0
    reference_time: int = 0
    order: int = 0
    body: int = 0

    KIND: ClassVar[int] = 2010
    NAME: ClassVar[str] = "reference_record"
    BLOCK: ClassVar[int] = 65
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I33pQqQI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.reference.encode("ascii"), self.original, self.reference_time, self.order, self.body)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 65

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ReferenceRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("reference_record", body, at)
        try:
            return cls(account=fixed[0], reference=fixed[1].decode("ascii"), original=fixed[2], reference_time=fixed[3], order=fixed[4], body=fixed[5])
        except ValueError as error:
            raise FrameError(f"reference_record: {error}") from error


class ProposalRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting proposal."""

    proposal: int = 0
    actor: int = 0
    command: int = 0
    due: int = 0
    payload: bytes = b""

    KIND: ClassVar[int] = 2011
    NAME: ClassVar[str] = "proposal_record"
    BLOCK: ClassVar[int] = 22
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIHq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.proposal, self.actor, self.command, self.due)
            + _U32.pack(len(self.payload)) + self.payload
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 22

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ProposalRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        payload, at = _blob(body, at)
        _whole("proposal_record", body, at)
        try:
            return cls(proposal=fixed[0], actor=fixed[1], command=fixed[2], due=fixed[3], payload=payload)
        except ValueError as error:
            raise FrameError(f"proposal_record: {error}") from error


class OfferRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting position offer."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    series: int = 0
    lots: int = 0
    price: int = 0
    due: int = 0

    KIND: ClassVar[int] = 2012
    NAME: ClassVar[str] = "offer_record"
    BLOCK: ClassVar[int] = 44
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIIqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.series, self.lots, self.price, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 44

    @classmethod
    def unpack(cls, body: bytes, block: int) -> OfferRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("offer_record", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], series=fixed[3], lots=fixed[4], price=fixed[5], due=fixed[6])
        except ValueError as error:
            raise FrameError(f"offer_record: {error}") from error


class TradeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A trade that may still be busted."""

    trade: int = 0
    series: int = 0
    price: int = 0
    lots: int = 0
    buy_account: int = 0
    sell_account: int = 0
    buy_fee: int = 0
    sell_fee: int = 0
    buy_clearing_fee: int = 0
    sell_clearing_fee: int = 0

    KIND: ClassVar[int] = 2013
    NAME: ClassVar[str] = "trade_record"
    BLOCK: ClassVar[int] = 68
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIqqIIqqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.trade, self.series, self.price, self.lots, self.buy_account, self.sell_account, self.buy_fee, self.sell_fee, self.buy_clearing_fee, self.sell_clearing_fee)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 68

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TradeRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("trade_record", body, at)
        try:
            return cls(trade=fixed[0], series=fixed[1], price=fixed[2], lots=fixed[3], buy_account=fixed[4], sell_account=fixed[5], buy_fee=fixed[6], sell_fee=fixed[7], buy_clearing_fee=fixed[8], sell_clearing_fee=fixed[9])
        except ValueError as error:
            raise FrameError(f"trade_record: {error}") from error


class ProtectionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A maker's protection and its counters."""

    account: int = 0
    group: int = 0
    interval: int = 0
    lots_limit: int = 0
    delta_limit: int = 0
    vega_limit: int = 0
    started: int = 0
    lots: int = 0
    delta: int = 0
    vega: int = 0
    tripped: bool = False

    KIND: ClassVar[int] = 2014
    NAME: ClassVar[str] = "protection_record"
    BLOCK: ClassVar[int] = 71
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IHqqqqqqqq?")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.group, self.interval, self.lots_limit, self.delta_limit, self.vega_limit, self.started, self.lots, self.delta, self.vega, self.tripped)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 71

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ProtectionRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("protection_record", body, at)
        try:
            return cls(account=fixed[0], group=fixed[1], interval=fixed[2], lots_limit=fixed[3], delta_limit=fixed[4], vega_limit=fixed[5], started=fixed[6], lots=fixed[7], delta=fixed[8], vega=fixed[9], tripped=fixed[10])
        except ValueError as error:
            raise FrameError(f"protection_record: {error}") from error


class TableRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A margin table in force or being loaded."""

    table: int = 0
    scenarios: tuple[Scenario, ...] = ()
    rows: tuple[ScanRow, ...] = ()

    KIND: ClassVar[int] = 2015
    NAME: ClassVar[str] = "table_record"
    BLOCK: ClassVar[int] = 4
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<I")

    def pack(self) -> bytes:
        scenarios = b"".join(Scenario.LAYOUT.pack(*e.row()) for e in self.scenarios)
        rows = b"".join(ScanRow.LAYOUT.pack(*e.row()) for e in self.rows)
        return (
            self.LAYOUT.pack(self.table)
            + _LIST.pack(len(self.scenarios), Scenario.LAYOUT.size) + scenarios
            + _LIST.pack(len(self.rows), ScanRow.LAYOUT.size) + rows
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 4

    @classmethod
    def unpack(cls, body: bytes, block: int) -> TableRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        scenarios, at = _elements(Scenario.LAYOUT, Scenario.make, body, at)
        rows, at = _elements(ScanRow.LAYOUT, ScanRow.make, body, at)
        _whole("table_record", body, at)
        try:
            return cls(table=fixed[0], scenarios=scenarios, rows=rows)
        except ValueError as error:
            raise FrameError(f"table_record: {error}") from error


class RowRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The row of a series in a margin table."""

    table: int = 0
    series: int = 0
    mark: int = 0
    liquidity: int = 0
    concentration_lots: int = 0
    concentration: int = 0
    delta: int = 0
    vega: int = 0
    losses: tuple[ScenarioLoss, ...] = ()

    KIND: ClassVar[int] = 2016
    NAME: ClassVar[str] = "row_record"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqqqqqq")

    def pack(self) -> bytes:
        losses = b"".join(ScenarioLoss.LAYOUT.pack(*e.row()) for e in self.losses)
        return (
            self.LAYOUT.pack(self.table, self.series, self.mark, self.liquidity, self.concentration_lots, self.concentration, self.delta, self.vega)
            + _LIST.pack(len(self.losses), ScenarioLoss.LAYOUT.size) + losses
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 1, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RowRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        losses, at = _elements(ScenarioLoss.LAYOUT, ScenarioLoss.make, body, at)
        _whole("row_record", body, at)
        try:
            return cls(table=fixed[0], series=fixed[1], mark=fixed[2], liquidity=fixed[3], concentration_lots=fixed[4], concentration=fixed[5], delta=fixed[6], vega=fixed[7], losses=losses)
        except ValueError as error:
            raise FrameError(f"row_record: {error}") from error


class FixingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The last day of an index on the log, fixed or not, and its last fixing of the day itself."""

    index: int = 0
    day: int = 0
    price: int = 0
    fixed: int = 0

    KIND: ClassVar[int] = 2017
    NAME: ClassVar[str] = "fixing_record"
    BLOCK: ClassVar[int] = 18
    SINCE: ClassVar[int] = 1
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.index, self.day, self.price, self.fixed)[: self.written()[1]]
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        if self.fixed:
            return 5, 18
        return 1, 14

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FixingRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("fixing_record", body, at)
        try:
            return cls(index=fixed[0], day=fixed[1], price=fixed[2], fixed=fixed[3])
        except ValueError as error:
            raise FrameError(f"fixing_record: {error}") from error


class NoFixRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A day of an index that stands on the log without a fixing."""

    index: int = 0
    day: int = 0
    reason: NoFixReason

    KIND: ClassVar[int] = 2018
    NAME: ClassVar[str] = "no_fix_record"
    BLOCK: ClassVar[int] = 7
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIB")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.index, self.day, self.reason)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 7

    @classmethod
    def unpack(cls, body: bytes, block: int) -> NoFixRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("no_fix_record", body, at)
        try:
            return cls(index=fixed[0], day=fixed[1], reason=_NOFIXREASON[fixed[2]])
        except ValueError as error:
            raise FrameError(f"no_fix_record: {error}") from error


class DefaultRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A member in default."""

    member: int = 0
    declared: int = 0

    KIND: ClassVar[int] = 2020
    NAME: ClassVar[str] = "default_record"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQ")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member, self.declared)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DefaultRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("default_record", body, at)
        try:
            return cls(member=fixed[0], declared=fixed[1])
        except ValueError as error:
            raise FrameError(f"default_record: {error}") from error


class StakeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a survivor stands to lose in a default."""

    member: int = 0
    account: int = 0
    contribution: int = 0
    used: int = 0
    assessed: int = 0
    bid: bool = False

    KIND: ClassVar[int] = 2021
    NAME: ClassVar[str] = "stake_record"
    BLOCK: ClassVar[int] = 33
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqqq?")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member, self.account, self.contribution, self.used, self.assessed, self.bid)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 33

    @classmethod
    def unpack(cls, body: bytes, block: int) -> StakeRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("stake_record", body, at)
        try:
            return cls(member=fixed[0], account=fixed[1], contribution=fixed[2], used=fixed[3], assessed=fixed[4], bid=fixed[5])
        except ValueError as error:
            raise FrameError(f"stake_record: {error}") from error


class GainRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What an account gained in the last variation settlement, from behaviour 4 on less what it lost and in all since the one before the first open default, and has not given back."""

    account: int = 0
    gain: int = 0

    KIND: ClassVar[int] = 2022
    NAME: ClassVar[str] = "gain_record"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.gain)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> GainRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("gain_record", body, at)
        try:
            return cls(account=fixed[0], gain=fixed[1])
        except ValueError as error:
            raise FrameError(f"gain_record: {error}") from error


class BidRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed bid."""

    slice: int = 0
    account: int = 0
    from_account: int = 0
    until: int = 0
    commitment: bytes = bytes(32)
    opened: bool = False
    amount: int = 0

    KIND: ClassVar[int] = 2023
    NAME: ClassVar[str] = "bid_record"
    BLOCK: ClassVar[int] = 61
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIIq32s?q")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.slice, self.account, self.from_account, self.until, self.commitment, self.opened, self.amount)[: self.written()[1]]
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        if self.opened or self.amount:
            return 4, 61
        return 3, 52

    @classmethod
    def unpack(cls, body: bytes, block: int) -> BidRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("bid_record", body, at)
        try:
            return cls(slice=fixed[0], account=fixed[1], from_account=fixed[2], until=fixed[3], commitment=fixed[4], opened=fixed[5], amount=fixed[6])
        except ValueError as error:
            raise FrameError(f"bid_record: {error}") from error


class PortRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The account of a client, offered to another member."""

    account: int = 0
    member: int = 0

    KIND: ClassVar[int] = 2024
    NAME: ClassVar[str] = "port_record"
    BLOCK: ClassVar[int] = 8
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<II")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.member)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 8

    @classmethod
    def unpack(cls, body: bytes, block: int) -> PortRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("port_record", body, at)
        try:
            return cls(account=fixed[0], member=fixed[1])
        except ValueError as error:
            raise FrameError(f"port_record: {error}") from error


class CollateralRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An asset admitted as collateral."""

    asset: int = 0
    haircut: int = 0
    account_cap: int = 0
    letter: bool = False
    price: int = 0
    day: int = 0

    KIND: ClassVar[int] = 2030
    NAME: ClassVar[str] = "collateral_record"
    BLOCK: ClassVar[int] = 27
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIq?qI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.asset, self.haircut, self.account_cap, self.letter, self.price, self.day)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 27

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CollateralRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("collateral_record", body, at)
        try:
            return cls(asset=fixed[0], haircut=fixed[1], account_cap=fixed[2], letter=fixed[3], price=fixed[4], day=fixed[5])
        except ValueError as error:
            raise FrameError(f"collateral_record: {error}") from error


class MarginCallRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A margin call that stands."""

    account: int = 0
    call: int = 0
    amount: int = 0
    due: int = 0

    KIND: ClassVar[int] = 2031
    NAME: ClassVar[str] = "margin_call_record"
    BLOCK: ClassVar[int] = 28
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IQqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.call, self.amount, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 28

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MarginCallRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("margin_call_record", body, at)
        try:
            return cls(account=fixed[0], call=fixed[1], amount=fixed[2], due=fixed[3])
        except ValueError as error:
            raise FrameError(f"margin_call_record: {error}") from error


class DigestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The last digest of a publication."""

    publication: Publication
    day: int = 0
    digest: bytes = bytes(32)

    KIND: ClassVar[int] = 2032
    NAME: ClassVar[str] = "digest_record"
    BLOCK: ClassVar[int] = 37
    SINCE: ClassVar[int] = 3
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BI32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.publication, self.day, self.digest)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 3, 37

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DigestRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("digest_record", body, at)
        try:
            return cls(publication=_PUBLICATION[fixed[0]], day=fixed[1], digest=fixed[2])
        except ValueError as error:
            raise FrameError(f"digest_record: {error}") from error


class SliceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A slice that is out to bids."""

    slice: int = 0
    from_account: int = 0
    reserve: int = 0
    seals: int = 0
    opens: int = 0
    positions: tuple[SliceLots, ...] = ()

    KIND: ClassVar[int] = 2040
    NAME: ClassVar[str] = "slice_record"
    BLOCK: ClassVar[int] = 32
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqqq")

    def pack(self) -> bytes:
        positions = b"".join(SliceLots.LAYOUT.pack(*e.row()) for e in self.positions)
        return (
            self.LAYOUT.pack(self.slice, self.from_account, self.reserve, self.seals, self.opens)
            + _LIST.pack(len(self.positions), SliceLots.LAYOUT.size) + positions
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 32

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SliceRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        positions, at = _elements(SliceLots.LAYOUT, SliceLots.make, body, at)
        _whole("slice_record", body, at)
        try:
            return cls(slice=fixed[0], from_account=fixed[1], reserve=fixed[2], seals=fixed[3], opens=fixed[4], positions=positions)
        except ValueError as error:
            raise FrameError(f"slice_record: {error}") from error


class CoolingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The cooling period of an account that stands in the default fund."""

    account: int = 0
    base: int = 0
    assessed: int = 0
    until: int = 0

    KIND: ClassVar[int] = 2041
    NAME: ClassVar[str] = "cooling_record"
    BLOCK: ClassVar[int] = 28
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.base, self.assessed, self.until)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 28

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CoolingRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("cooling_record", body, at)
        try:
            return cls(account=fixed[0], base=fixed[1], assessed=fixed[2], until=fixed[3])
        except ValueError as error:
            raise FrameError(f"cooling_record: {error}") from error


class NoticeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The notice of a member that leaves."""

    member: int = 0
    effective: int = 0

    KIND: ClassVar[int] = 2042
    NAME: ClassVar[str] = "notice_record"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.member, self.effective)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> NoticeRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("notice_record", body, at)
        try:
            return cls(member=fixed[0], effective=fixed[1])
        except ValueError as error:
            raise FrameError(f"notice_record: {error}") from error


class EarlierGainRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Of what an account gained while a default is open, that of settlements before the last one."""

    account: int = 0
    gain: int = 0

    KIND: ClassVar[int] = 2043
    NAME: ClassVar[str] = "earlier_gain_record"
    BLOCK: ClassVar[int] = 12
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.gain)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 12

    @classmethod
    def unpack(cls, body: bytes, block: int) -> EarlierGainRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("earlier_gain_record", body, at)
        try:
            return cls(account=fixed[0], gain=fixed[1])
        except ValueError as error:
            raise FrameError(f"earlier_gain_record: {error}") from error


class CoverRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Short lots of a series that an account has shown it can deliver."""

    account: int = 0
    series: int = 0
    lots: int = 0
    until: int = 0
    evidence: bytes = bytes(32)

    KIND: ClassVar[int] = 2045
    NAME: ClassVar[str] = "cover_record"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.lots, self.until, self.evidence)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> CoverRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("cover_record", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], lots=fixed[2], until=fixed[3], evidence=fixed[4])
        except ValueError as error:
            raise FrameError(f"cover_record: {error}") from error


class LineRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A line of credit; what is owed under it stands in the ledger."""

    account: int = 0
    limit: int = 0
    rate: int = 0

    KIND: ClassVar[int] = 2046
    NAME: ClassVar[str] = "line_record"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.limit, self.rate)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> LineRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("line_record", body, at)
        try:
            return cls(account=fixed[0], limit=fixed[1], rate=fixed[2])
        except ValueError as error:
            raise FrameError(f"line_record: {error}") from error


class SecurityRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An asset that secures lines."""

    asset: int = 0
    advance: int = 0
    account_cap: int = 0

    KIND: ClassVar[int] = 2047
    NAME: ClassVar[str] = "security_record"
    BLOCK: ClassVar[int] = 14
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<HIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.asset, self.advance, self.account_cap)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 14

    @classmethod
    def unpack(cls, body: bytes, block: int) -> SecurityRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("security_record", body, at)
        try:
            return cls(asset=fixed[0], advance=fixed[1], account_cap=fixed[2])
        except ValueError as error:
            raise FrameError(f"security_record: {error}") from error


class RateRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An interest rate on the log: the last one for a day that is settled, and those for days after it."""

    day: int = 0
    rate: int = 0
    source: str = ""
    inputs: bytes = bytes(32)

    KIND: ClassVar[int] = 2048
    NAME: ClassVar[str] = "rate_record"
    BLOCK: ClassVar[int] = 77
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iq33p32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.day, self.rate, self.source.encode("ascii"), self.inputs)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 77

    @classmethod
    def unpack(cls, body: bytes, block: int) -> RateRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("rate_record", body, at)
        try:
            return cls(day=fixed[0], rate=fixed[1], source=fixed[2].decode("ascii"), inputs=fixed[3])
        except ValueError as error:
            raise FrameError(f"rate_record: {error}") from error


class VariationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Variation on a swap received so far and taken up by no final settlement; negative is paid."""

    account: int = 0
    series: int = 0
    amount: int = 0

    KIND: ClassVar[int] = 2049
    NAME: ClassVar[str] = "variation_record"
    BLOCK: ClassVar[int] = 16
    SINCE: ClassVar[int] = 4
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.amount)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 4, 16

    @classmethod
    def unpack(cls, body: bytes, block: int) -> VariationRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("variation_record", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], amount=fixed[2])
        except ValueError as error:
            raise FrameError(f"variation_record: {error}") from error


class DeliveryTermsRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Terms of the deliveries of a series."""

    series: int = 0
    starts: int = 0
    nomination_lead: int = 0
    grace: int = 0
    inspection: int = 0
    dispute: int = 0
    contingent: bool = False
    seller_margin: int = 0
    prefund_hours: int = 0
    penalty: int = 0
    cash_factor: int = 0
    quality_floor: int = 0
    quality_cap: int = 0
    determination: int = 0
    remedy_window: int = 0
    cover_band: int = 0
    correction: int = 0
    correction_share: int = 0

    KIND: ClassVar[int] = 2060
    NAME: ClassVar[str] = "delivery_terms_record"
    BLOCK: ClassVar[int] = 105
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<Iqqqqq?qIIIIIqqIqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.series, self.starts, self.nomination_lead, self.grace, self.inspection, self.dispute, self.contingent, self.seller_margin, self.prefund_hours, self.penalty, self.cash_factor, self.quality_floor, self.quality_cap, self.determination, self.remedy_window, self.cover_band, self.correction, self.correction_share)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 105

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryTermsRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("delivery_terms_record", body, at)
        try:
            return cls(series=fixed[0], starts=fixed[1], nomination_lead=fixed[2], grace=fixed[3], inspection=fixed[4], dispute=fixed[5], contingent=fixed[6], seller_margin=fixed[7], prefund_hours=fixed[8], penalty=fixed[9], cash_factor=fixed[10], quality_floor=fixed[11], quality_cap=fixed[12], determination=fixed[13], remedy_window=fixed[14], cover_band=fixed[15], correction=fixed[16], correction_share=fixed[17])
        except ValueError as error:
            raise FrameError(f"delivery_terms_record: {error}") from error


class DeliveryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that is owed."""

    delivery: int = 0
    account: int = 0
    buyer: int = 0
    series: int = 0
    lots: int = 0
    price: int = 0
    starts: int = 0
    first_hour: int = 0
    hours: int = 0
    nominated: int = 0
    pledgee: int = 0
    due: int = 0
    state: DeliveryState
    quality: int = 0
    early: int = 0
    metered_hours: int = 0
    final_hours: int = 0
    missing: int = 0
    failed: DeliveryParty
    held: int = 0
    rejected: bool = False

    KIND: ClassVar[int] = 2061
    NAME: ClassVar[str] = "delivery_record"
    BLOCK: ClassVar[int] = 107
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIIqqqIIIIqBIqIIqBq?")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.delivery, self.account, self.buyer, self.series, self.lots, self.price, self.starts, self.first_hour, self.hours, self.nominated, self.pledgee, self.due, self.state, self.quality, self.early, self.metered_hours, self.final_hours, self.missing, self.failed, self.held, self.rejected)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 107

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("delivery_record", body, at)
        try:
            return cls(delivery=fixed[0], account=fixed[1], buyer=fixed[2], series=fixed[3], lots=fixed[4], price=fixed[5], starts=fixed[6], first_hour=fixed[7], hours=fixed[8], nominated=fixed[9], pledgee=fixed[10], due=fixed[11], state=_DELIVERYSTATE[fixed[12]], quality=fixed[13], early=fixed[14], metered_hours=fixed[15], final_hours=fixed[16], missing=fixed[17], failed=_DELIVERYPARTY[fixed[18]], held=fixed[19], rejected=fixed[20])
        except ValueError as error:
            raise FrameError(f"delivery_record: {error}") from error


class MeteredRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Metered hours that are not yet final."""

    metered: int = 0
    delivery: int = 0
    first_hour: int = 0
    hours: int = 0
    units: int = 0
    excused: int = 0
    quality: int = 0
    amount: int = 0
    evidence: bytes = bytes(32)
    due: int = 0
    disputed: int = 0

    KIND: ClassVar[int] = 2062
    NAME: ClassVar[str] = "metered_record"
    BLOCK: ClassVar[int] = 96
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QQIIqqIq32sqI")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.metered, self.delivery, self.first_hour, self.hours, self.units, self.excused, self.quality, self.amount, self.evidence, self.due, self.disputed)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 96

    @classmethod
    def unpack(cls, body: bytes, block: int) -> MeteredRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("metered_record", body, at)
        try:
            return cls(metered=fixed[0], delivery=fixed[1], first_hour=fixed[2], hours=fixed[3], units=fixed[4], excused=fixed[5], quality=fixed[6], amount=fixed[7], evidence=fixed[8], due=fixed[9], disputed=fixed[10])
        except ValueError as error:
            raise FrameError(f"metered_record: {error}") from error


class DeliveryOfferRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting offer of a side of a delivery."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    delivery: int = 0
    lots: int = 0
    first_hour: int = 0
    hours: int = 0
    amount: int = 0
    due: int = 0

    KIND: ClassVar[int] = 2063
    NAME: ClassVar[str] = "delivery_offer_record"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIQqIIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.delivery, self.lots, self.first_hour, self.hours, self.amount, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryOfferRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("delivery_offer_record", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], delivery=fixed[3], lots=fixed[4], first_hour=fixed[5], hours=fixed[6], amount=fixed[7], due=fixed[8])
        except ValueError as error:
            raise FrameError(f"delivery_offer_record: {error}") from error


class ExerciseRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Lots of a right that are taken."""

    account: int = 0
    series: int = 0
    lots: int = 0
    starts: int = 0

    KIND: ClassVar[int] = 2064
    NAME: ClassVar[str] = "exercise_record"
    BLOCK: ClassVar[int] = 24
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.series, self.lots, self.starts)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 24

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ExerciseRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("exercise_record", body, at)
        try:
            return cls(account=fixed[0], series=fixed[1], lots=fixed[2], starts=fixed[3])
        except ValueError as error:
            raise FrameError(f"exercise_record: {error}") from error


class DeliveryCreditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What counts for an account toward the margin of what it delivers."""

    account: int = 0
    amount: int = 0
    share: int = 0
    until: int = 0
    basis: bytes = bytes(32)

    KIND: ClassVar[int] = 2065
    NAME: ClassVar[str] = "delivery_credit_record"
    BLOCK: ClassVar[int] = 56
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IqIq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.account, self.amount, self.share, self.until, self.basis)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 56

    @classmethod
    def unpack(cls, body: bytes, block: int) -> DeliveryCreditRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("delivery_credit_record", body, at)
        try:
            return cls(account=fixed[0], amount=fixed[1], share=fixed[2], until=fixed[3], basis=fixed[4])
        except ValueError as error:
            raise FrameError(f"delivery_credit_record: {error}") from error


class FinalHoursRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Hours that are final and can still be corrected."""

    metered: int = 0
    delivery: int = 0
    account: int = 0
    buyer: int = 0
    price: int = 0
    units: int = 0
    most: int = 0
    quality: int = 0
    share: int = 0
    due: int = 0

    KIND: ClassVar[int] = 2066
    NAME: ClassVar[str] = "final_hours_record"
    BLOCK: ClassVar[int] = 64
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QQIIqqqIIq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.metered, self.delivery, self.account, self.buyer, self.price, self.units, self.most, self.quality, self.share, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 64

    @classmethod
    def unpack(cls, body: bytes, block: int) -> FinalHoursRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("final_hours_record", body, at)
        try:
            return cls(metered=fixed[0], delivery=fixed[1], account=fixed[2], buyer=fixed[3], price=fixed[4], units=fixed[5], most=fixed[6], quality=fixed[7], share=fixed[8], due=fixed[9])
        except ValueError as error:
            raise FrameError(f"final_hours_record: {error}") from error


class ExchangeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting offer of an exchange of futures for physical."""

    offer: int = 0
    account: int = 0
    to_account: int = 0
    series: int = 0
    lots: int = 0
    price: int = 0
    physical: int = 0
    accelerators: int = 0
    first_hour: int = 0
    hours: int = 0
    delivery_price: int = 0
    due: int = 0

    KIND: ClassVar[int] = 2067
    NAME: ClassVar[str] = "exchange_record"
    BLOCK: ClassVar[int] = 72
    SINCE: ClassVar[int] = 5
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIIqqIqIIqq")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.offer, self.account, self.to_account, self.series, self.lots, self.price, self.physical, self.accelerators, self.first_hour, self.hours, self.delivery_price, self.due)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 5, 72

    @classmethod
    def unpack(cls, body: bytes, block: int) -> ExchangeRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("exchange_record", body, at)
        try:
            return cls(offer=fixed[0], account=fixed[1], to_account=fixed[2], series=fixed[3], lots=fixed[4], price=fixed[5], physical=fixed[6], accelerators=fixed[7], first_hour=fixed[8], hours=fixed[9], delivery_price=fixed[10], due=fixed[11])
        except ValueError as error:
            raise FrameError(f"exchange_record: {error}") from error


class GuaranteeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A guarantee for what an account owes out of failed deliveries."""

    guarantee: int = 0
    account: int = 0
    to_account: int = 0
    amount: int = 0
    until: int = 0
    basis: bytes = bytes(32)

    KIND: ClassVar[int] = 2068
    NAME: ClassVar[str] = "guarantee_record"
    BLOCK: ClassVar[int] = 64
    SINCE: ClassVar[int] = 6
    ROLES: ClassVar[int] = 0
    FOUR_EYES: ClassVar[bool] = False
    SCOPED: ClassVar[bool] = False
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<QIIqq32s")

    def pack(self) -> bytes:
        return (
            self.LAYOUT.pack(self.guarantee, self.account, self.to_account, self.amount, self.until, self.basis)
        )

    def written(self) -> tuple[int, int]:
        """Oldest schema version that says all of it, and the bytes of its block there."""
        return 6, 64

    @classmethod
    def unpack(cls, body: bytes, block: int) -> GuaranteeRecord:
        fixed = _fixed(cls.LAYOUT, body, block, cls.BLOCK)
        at = block
        _whole("guarantee_record", body, at)
        try:
            return cls(guarantee=fixed[0], account=fixed[1], to_account=fixed[2], amount=fixed[3], until=fixed[4], basis=fixed[5])
        except ValueError as error:
            raise FrameError(f"guarantee_record: {error}") from error


MESSAGES: dict[int, Any] = {
    1: Genesis, 2: AdvanceTime, 3: Propose, 4: Approve, 5: WithdrawProposal, 10: RegisterMember,
    11: RegisterActor, 12: OpenAccount, 13: SetLimits, 14: SuspendMember, 15: ReinstateMember,
    16: EngageKillSwitch, 17: ReleaseKillSwitch, 18: HaltMarket, 19: ResumeMarket, 20:
    DefineAsset, 21: ListSeries, 22: SetSeriesState, 23: SetFees, 24: SwitchBehaviour, 30:
    Deposit, 31: RequestWithdrawal, 32: PostWithdrawal, 33: VoidWithdrawal, 34: FundLiquidity,
    40: PlaceOrder, 41: ReplaceOrder, 42: CancelOrder, 43: MassCancel, 44: MassQuote, 45:
    SetMakerProtection, 46: ArmDeadMan, 47: LoseSession, 48: OfferTransfer, 49: AcceptTransfer,
    50: BustTrade, 51: AdjustTrade, 52: WithdrawOffer, 60: BeginMarginTable, 61: LoadMarginRow,
    62: ActivateMarginTable, 63: SweepAccounts, 70: SettleVariation, 71: SettleFinal, 72:
    PublishFixing, 73: DeclareNoFix, 74: PublishLateFixing, 80: FundTranche, 81: ContributeFund,
    82: ReturnFund, 83: DeclareDefault, 84: OfferPort, 85: AcceptPort, 86: CommitBid, 87:
    AwardSlice, 88: AllocateLoss, 89: TearUp, 90: CloseDefault, 100: AdmitCollateral, 101:
    ValueCollateral, 102: IssueCall, 103: SettlePrices, 104: PublishDigest, 120: OfferSlice,
    121: OpenBid, 122: EndSlice, 123: GiveNotice, 130: SetEligibility, 131: RecordCover, 132:
    SetLine, 133: FundLines, 134: SecureLines, 135: PublishRate, 160: BeginDelivery, 161:
    ExerciseRight, 162: NominateDelivery, 163: TenderDelivery, 164: AcceptTender, 165:
    RejectTender, 166: MeterDelivery, 167: DisputeMetered, 168: DetermineMetered, 169:
    RemedyDelivery, 170: OfferDelivery, 171: AcceptDelivery, 172: WithdrawDelivery, 173:
    PledgeDelivery, 174: PostBond, 175: ReturnBond, 176: FundDelivery, 177: RepayDelivery, 178:
    TerminateDelivery, 179: ContestRejection, 180: DetermineTender, 181: SetDeliveryCredit, 182:
    CorrectMetered, 183: OfferExchange, 184: AcceptExchange, 185: WithdrawExchange, 186:
    GiveGuarantee, 187: ReturnGuarantee, 1000: Refused, 1001: Replayed, 1002: HouseOpened, 1003:
    Proposed, 1004: Approved, 1005: ProposalLapsed, 1006: ProposalWithdrawn, 1010:
    MemberRegistered, 1011: ActorRegistered, 1012: AccountOpened, 1013: LimitsSet, 1014:
    MemberSuspended, 1015: MemberReinstated, 1016: KillSwitchEngaged, 1017: KillSwitchReleased,
    1018: MarketHalted, 1019: MarketResumed, 1020: AssetDefined, 1021: SeriesListed, 1022:
    SeriesStateChanged, 1023: FeesSet, 1024: BehaviourSwitched, 1025: ReferenceMoved, 1026:
    AuctionUncrossed, 1030: TransferPosted, 1031: TransferPended, 1032: TransferVoided, 1040:
    OrderAccepted, 1041: OrderRested, 1042: OrderWaiting, 1043: OrderElected, 1044:
    OrderReplaced, 1045: OrderReduced, 1046: OrderCancelled, 1047: SliceRefreshed, 1050: Traded,
    1051: TradeBusted, 1052: TradeAdjusted, 1053: MakerProtectionSet, 1054:
    MakerProtectionTripped, 1055: DeadManArmed, 1056: DeadManFired, 1057: TransferOffered, 1058:
    PositionTransferred, 1059: OfferEnded, 1060: MarginTableBegun, 1061: MarginRowLoaded, 1062:
    MarginTableActivated, 1063: AccountRefreshed, 1070: VariationSettled, 1071: FinalSettled,
    1072: PaymentPosted, 1073: CallOpened, 1074: CallClosed, 1075: FixingPublished, 1076:
    NoFixDeclared, 1077: LateFixingPublished, 1080: TrancheFunded, 1081: FundContributed, 1082:
    FundReturned, 1083: DefaultDeclared, 1084: PortOffered, 1085: AccountPorted, 1086:
    BidCommitted, 1087: SliceAwarded, 1088: LossAllocated, 1089: TornUp, 1090: DefaultClosed,
    1091: LossFound, 1110: CollateralAdmitted, 1111: CollateralValued, 1112: MarginCalled, 1113:
    MarginCallMet, 1114: MarginCallLate, 1115: PricesFound, 1116: DigestPublished, 1140:
    SliceOffered, 1141: BidOpened, 1142: BidEnded, 1143: SliceEnded, 1144: NoticeGiven, 1150:
    EligibilitySet, 1151: CoverRecorded, 1152: LineSet, 1153: LinesFunded, 1154: LinesSecured,
    1155: LineDrawn, 1156: LineAccrued, 1157: LineRepaid, 1158: LineWrittenOff, 1160:
    RatePublished, 1161: AlignmentPosted, 1200: DeliveryBegun, 1201: DeliveryMade, 1202:
    RightExercised, 1203: DeliveryNominated, 1204: DeliveryTendered, 1205: DeliveryAccepted,
    1206: DeliveryRejected, 1207: DeliveryFailed, 1208: DeliveryMetered, 1209: DeliveryPaid,
    1210: MeteredDisputed, 1211: MeteredDetermined, 1212: MeteredFinal, 1213: ReceivablePaid,
    1214: DeliveryRemedied, 1215: RemedyPaid, 1216: DeliveryMarginMoved, 1217: DeliveryEnded,
    1218: DeliveryOffered, 1219: DeliveryOfferEnded, 1220: DeliveryTransferred, 1221:
    DeliveryPledged, 1222: BondMoved, 1223: DeliveryFunded, 1224: DeliveryRepaid, 1225:
    DeliveryTerminated, 1226: RejectionContested, 1227: TenderDetermined, 1228:
    DeliveryCreditSet, 1229: MeteredCorrected, 1230: MeteredClosed, 1231: ExchangeOffered, 1232:
    ExchangeEnded, 1233: ExchangeMade, 1234: GuaranteeGiven, 1235: GuaranteePaid, 1236:
    GuaranteeEnded, 2000: HouseRecord, 2001: AssetRecord, 2002: MemberRecord, 2003: ActorRecord,
    2004: AccountRecord, 2005: BalanceRecord, 2006: PendingRecord, 2007: SeriesRecord, 2008:
    OrderRecord, 2009: PositionRecord, 2010: ReferenceRecord, 2011: ProposalRecord, 2012:
    OfferRecord, 2013: TradeRecord, 2014: ProtectionRecord, 2015: TableRecord, 2016: RowRecord,
    2017: FixingRecord, 2018: NoFixRecord, 2020: DefaultRecord, 2021: StakeRecord, 2022:
    GainRecord, 2023: BidRecord, 2024: PortRecord, 2030: CollateralRecord, 2031:
    MarginCallRecord, 2032: DigestRecord, 2040: SliceRecord, 2041: CoolingRecord, 2042:
    NoticeRecord, 2043: EarlierGainRecord, 2045: CoverRecord, 2046: LineRecord, 2047:
    SecurityRecord, 2048: RateRecord, 2049: VariationRecord, 2060: DeliveryTermsRecord, 2061:
    DeliveryRecord, 2062: MeteredRecord, 2063: DeliveryOfferRecord, 2064: ExerciseRecord, 2065:
    DeliveryCreditRecord, 2066: FinalHoursRecord, 2067: ExchangeRecord, 2068: GuaranteeRecord,
}


VERBS: dict[str, Any] = {
    "genesis": Genesis, "advance_time": AdvanceTime, "propose": Propose, "approve": Approve,
    "withdraw_proposal": WithdrawProposal, "register_member": RegisterMember, "register_actor":
    RegisterActor, "open_account": OpenAccount, "set_limits": SetLimits, "suspend":
    SuspendMember, "reinstate": ReinstateMember, "kill": EngageKillSwitch, "release":
    ReleaseKillSwitch, "halt": HaltMarket, "resume": ResumeMarket, "define_asset": DefineAsset,
    "list": ListSeries, "set_state": SetSeriesState, "set_fees": SetFees, "switch_behaviour":
    SwitchBehaviour, "deposit": Deposit, "withdraw": RequestWithdrawal, "post_withdrawal":
    PostWithdrawal, "void_withdrawal": VoidWithdrawal, "fund_liquidity": FundLiquidity, "place":
    PlaceOrder, "replace": ReplaceOrder, "cancel": CancelOrder, "mass_cancel": MassCancel,
    "quote": MassQuote, "protect": SetMakerProtection, "dead_man": ArmDeadMan, "lose_session":
    LoseSession, "offer_transfer": OfferTransfer, "accept_transfer": AcceptTransfer, "bust":
    BustTrade, "adjust": AdjustTrade, "withdraw_offer": WithdrawOffer, "begin_table":
    BeginMarginTable, "load_row": LoadMarginRow, "activate_table": ActivateMarginTable, "sweep":
    SweepAccounts, "settle": SettleVariation, "settle_final": SettleFinal, "fix": PublishFixing,
    "no_fix": DeclareNoFix, "late_fix": PublishLateFixing, "fund_tranche": FundTranche,
    "contribute": ContributeFund, "return_fund": ReturnFund, "declare_default": DeclareDefault,
    "offer_port": OfferPort, "accept_port": AcceptPort, "commit_bid": CommitBid, "award_slice":
    AwardSlice, "allocate_loss": AllocateLoss, "tear_up": TearUp, "close_default": CloseDefault,
    "admit_collateral": AdmitCollateral, "value_collateral": ValueCollateral, "issue_call":
    IssueCall, "settle_prices": SettlePrices, "publish_digest": PublishDigest, "offer_slice":
    OfferSlice, "open_bid": OpenBid, "end_slice": EndSlice, "give_notice": GiveNotice,
    "set_eligibility": SetEligibility, "record_cover": RecordCover, "set_line": SetLine,
    "fund_lines": FundLines, "secure_lines": SecureLines, "publish_rate": PublishRate,
    "begin_delivery": BeginDelivery, "exercise_right": ExerciseRight, "nominate":
    NominateDelivery, "tender": TenderDelivery, "accept_tender": AcceptTender, "reject_tender":
    RejectTender, "meter": MeterDelivery, "dispute": DisputeMetered, "determine":
    DetermineMetered, "remedy": RemedyDelivery, "offer_delivery": OfferDelivery,
    "accept_delivery": AcceptDelivery, "withdraw_delivery": WithdrawDelivery, "pledge":
    PledgeDelivery, "post_bond": PostBond, "return_bond": ReturnBond, "fund_delivery":
    FundDelivery, "repay_delivery": RepayDelivery, "terminate": TerminateDelivery, "contest":
    ContestRejection, "determine_tender": DetermineTender, "set_delivery_credit":
    SetDeliveryCredit, "correct_metered": CorrectMetered, "offer_exchange": OfferExchange,
    "accept_exchange": AcceptExchange, "withdraw_exchange": WithdrawExchange, "give_guarantee":
    GiveGuarantee, "return_guarantee": ReturnGuarantee, "refused": Refused, "replayed":
    Replayed, "house_opened": HouseOpened, "proposed": Proposed, "approved": Approved,
    "proposal_lapsed": ProposalLapsed, "proposal_withdrawn": ProposalWithdrawn,
    "member_registered": MemberRegistered, "actor_registered": ActorRegistered,
    "account_opened": AccountOpened, "limits_set": LimitsSet, "member_suspended":
    MemberSuspended, "member_reinstated": MemberReinstated, "killed": KillSwitchEngaged,
    "released": KillSwitchReleased, "market_halted": MarketHalted, "market_resumed":
    MarketResumed, "asset_defined": AssetDefined, "series_listed": SeriesListed,
    "series_state_changed": SeriesStateChanged, "fees_set": FeesSet, "behaviour_switched":
    BehaviourSwitched, "reference_moved": ReferenceMoved, "uncrossed": AuctionUncrossed,
    "transfer_posted": TransferPosted, "transfer_pended": TransferPended, "transfer_voided":
    TransferVoided, "accepted": OrderAccepted, "rested": OrderRested, "waiting": OrderWaiting,
    "elected": OrderElected, "order_replaced": OrderReplaced, "order_reduced": OrderReduced,
    "cancelled": OrderCancelled, "refreshed": SliceRefreshed, "traded": Traded, "trade_busted":
    TradeBusted, "trade_adjusted": TradeAdjusted, "protection_set": MakerProtectionSet,
    "protection_tripped": MakerProtectionTripped, "dead_man_armed": DeadManArmed,
    "dead_man_fired": DeadManFired, "transfer_offered": TransferOffered, "position_transferred":
    PositionTransferred, "offer_ended": OfferEnded, "table_begun": MarginTableBegun,
    "row_loaded": MarginRowLoaded, "table_activated": MarginTableActivated, "account_refreshed":
    AccountRefreshed, "variation_settled": VariationSettled, "final_settled": FinalSettled,
    "payment": PaymentPosted, "call_opened": CallOpened, "call_closed": CallClosed, "fixed":
    FixingPublished, "no_fix_declared": NoFixDeclared, "fixed_late": LateFixingPublished,
    "tranche_funded": TrancheFunded, "fund_contributed": FundContributed, "fund_returned":
    FundReturned, "default_declared": DefaultDeclared, "port_offered": PortOffered,
    "account_ported": AccountPorted, "bid_committed": BidCommitted, "slice_awarded":
    SliceAwarded, "loss_allocated": LossAllocated, "torn_up": TornUp, "default_closed":
    DefaultClosed, "loss_found": LossFound, "collateral_admitted": CollateralAdmitted,
    "collateral_valued": CollateralValued, "margin_called": MarginCalled, "margin_call_met":
    MarginCallMet, "margin_call_late": MarginCallLate, "prices_found": PricesFound,
    "digest_published": DigestPublished, "slice_offered": SliceOffered, "bid_opened": BidOpened,
    "bid_ended": BidEnded, "slice_ended": SliceEnded, "notice_given": NoticeGiven,
    "eligibility_set": EligibilitySet, "cover_recorded": CoverRecorded, "line_set": LineSet,
    "lines_funded": LinesFunded, "lines_secured": LinesSecured, "line_drawn": LineDrawn,
    "line_accrued": LineAccrued, "line_repaid": LineRepaid, "line_written_off": LineWrittenOff,
    "rate_published": RatePublished, "alignment": AlignmentPosted, "delivery_begun":
    DeliveryBegun, "delivery_made": DeliveryMade, "right_exercised": RightExercised,
    "delivery_nominated": DeliveryNominated, "delivery_tendered": DeliveryTendered,
    "delivery_accepted": DeliveryAccepted, "delivery_rejected": DeliveryRejected,
    "delivery_failed": DeliveryFailed, "delivery_metered": DeliveryMetered, "delivery_paid":
    DeliveryPaid, "metered_disputed": MeteredDisputed, "metered_determined": MeteredDetermined,
    "metered_final": MeteredFinal, "receivable_paid": ReceivablePaid, "delivery_remedied":
    DeliveryRemedied, "remedy_paid": RemedyPaid, "delivery_margin_moved": DeliveryMarginMoved,
    "delivery_ended": DeliveryEnded, "delivery_offered": DeliveryOffered,
    "delivery_offer_ended": DeliveryOfferEnded, "delivery_transferred": DeliveryTransferred,
    "delivery_pledged": DeliveryPledged, "bond_moved": BondMoved, "delivery_funded":
    DeliveryFunded, "delivery_repaid": DeliveryRepaid, "delivery_terminated":
    DeliveryTerminated, "rejection_contested": RejectionContested, "tender_determined":
    TenderDetermined, "delivery_credit_set": DeliveryCreditSet, "metered_corrected":
    MeteredCorrected, "metered_closed": MeteredClosed, "exchange_offered": ExchangeOffered,
    "exchange_ended": ExchangeEnded, "exchange_made": ExchangeMade, "guarantee_given":
    GuaranteeGiven, "guarantee_paid": GuaranteePaid, "guarantee_ended": GuaranteeEnded,
}
