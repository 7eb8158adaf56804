"""The frame door as a stranger and a careless member meet it: the same tests for both doors."""

from __future__ import annotations

import random
import socket
import struct
import time
from collections.abc import Callable

import pytest

from lasalle import wire
from lasalle.client import DoorRefused, ErrorCode, FrameClient, Key
from lasalle.client.frames import (
    ANSWER,
    ERROR,
    HEARTBEAT,
    HELLO,
    HELLO_BLOCK,
    LOGON,
    LOGON_BLOCK,
    LOGOUT,
    SIGNED,
    WELCOME,
    own_frame,
    read_error,
)
from lasalle.client.signing import sign
from tests.doors.test_frame_door import (  # noqa: F401
    BEAT_MS,
    IN_FLIGHT,
    closed,
    live,
    names,
    order,
    refused,
    served,
)


class Raw:
    """A socket that says what a test tells it to."""

    def __init__(self, port: int, read_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if read_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, read_buffer)
        self.socket.settimeout(20)
        self.socket.connect(("127.0.0.1", port))
        self.read = b""

    def frame(self) -> tuple[wire.Header, bytes]:
        """The next frame that is no heartbeat. Raises ConnectionError when the door is closed."""
        while True:
            while len(self.read) < 4 or len(self.read) < struct.unpack("<I", self.read[:4])[0]:
                found = self.socket.recv(65_536)
                if not found:
                    raise ConnectionError("closed")
                self.read += found
            length = struct.unpack("<I", self.read[:4])[0]
            frame, self.read = self.read[:length], self.read[length:]
            header = wire.read_header(frame)
            if header.kind != HEARTBEAT:
                return header, frame[wire.HEADER_BYTES : -4]

    def hello(self) -> bytes:
        """The nonce."""
        header, body = self.frame()
        assert header.kind == HELLO
        return HELLO_BLOCK.unpack(body)[0]

    def logon(self, key: Key, nonce: bytes, *, session: bool = True) -> bytes:
        signature = bytes.fromhex(sign(key.secret, SIGNED + nonce))
        said = own_frame(LOGON, LOGON_BLOCK.pack(key.key.encode(), signature, session))
        self.socket.sendall(said)
        return said

    def dismissed(self) -> DoorRefused:
        """The error that ends the connection, whatever is answered before it."""
        while True:
            header, body = self.frame()
            if header.kind == ERROR:
                error = read_error(header, body)
                if error.fatal:
                    with pytest.raises(ConnectionError):
                        self.frame()
                    return error


def logged_on(served, **more) -> Raw:  # noqa: F811
    raw = Raw(served.port, **more)
    raw.logon(served.key(11), raw.hello())
    assert raw.frame()[0].kind == WELCOME
    return raw


def settled(served, connections: int) -> None:  # noqa: F811
    """Waits until so many connections are open."""
    deadline = time.monotonic() + 20
    while len(served.door) != connections and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(served.door) == connections


def resealed(frame: bytes, **changed: int) -> bytes:
    """A frame with other header fields and a check sum that fits them."""
    header = wire.read_header(frame)._replace(**changed)
    whole = wire._HEADER.pack(*header) + frame[wire.HEADER_BYTES : -4]
    return whole + struct.pack("<I", wire.google_crc32c.value(whole))


def test_a_logon_that_comes_too_late_is_refused_and_one_in_time_is_not(served):  # noqa: F811
    late, beating, in_time = (Raw(served.port) for _ in range(3))
    nonces = [late.hello(), beating.hello(), in_time.hello()]
    began = time.monotonic()
    while time.monotonic() - began < 4:
        time.sleep(BEAT_MS / 2000)
        for raw in (late, beating, in_time):
            raw.socket.sendall(own_frame(HEARTBEAT))
    in_time.logon(served.key(11), nonces[2])
    assert in_time.frame()[0].kind == WELCOME
    for raw in (late, beating):
        time.sleep(0.7)
        raw.socket.sendall(own_frame(HEARTBEAT))
    assert beating.dismissed().code == ErrorCode.NOT_LOGGED_ON
    assert late.dismissed().code == ErrorCode.NOT_LOGGED_ON
    assert time.monotonic() - began > 4.9


def test_a_logon_heard_elsewhere_opens_nothing(served):  # noqa: F811
    key = served.key(11)
    first = Raw(served.port)
    heard = first.logon(key, first.hello())
    assert first.frame()[0].kind == WELCOME
    second = Raw(served.port)
    second.hello()
    second.socket.sendall(heard)
    assert second.dismissed().code == ErrorCode.KEY_REFUSED
    first.socket.sendall(heard)
    assert first.dismissed().code == ErrorCode.BAD_FRAME


def test_requests_behind_a_logon_wait_for_it(served):  # noqa: F811
    raw, key = Raw(served.port), served.key(11)
    nonce = raw.hello()
    signature = bytes.fromhex(sign(key.secret, SIGNED + nonce))
    logon = own_frame(LOGON, LOGON_BLOCK.pack(key.key.encode(), signature, True))
    raw.socket.sendall(logon + wire.seal(order("at once"), 1, 0))
    assert raw.frame()[0].kind == WELCOME
    assert raw.frame()[0].kind == ANSWER


@pytest.mark.parametrize("length", [0, 3, 47, 65_537, 2**31, 2**32 - 1])
def test_a_length_out_of_bounds_ends_the_connection(served, length):  # noqa: F811
    for raw in (Raw(served.port), logged_on(served)):
        raw.socket.sendall(struct.pack("<I", length) + bytes(100))
        assert raw.dismissed().code == ErrorCode.FRAME_TOO_LONG
    with served.connect() as client:
        assert "OrderAccepted" in names(client.ask(order("fine")))


@pytest.mark.parametrize("at", [4, 12, 20, 45, 60, -1])
def test_a_frame_of_which_a_bit_turned_is_refused(served, at):  # noqa: F811
    with served.connect() as client:
        frame = bytearray(wire.seal(order("x"), 1, 0))
        frame[at] ^= 64
        client.socket.sendall(frame)
        refused(ErrorCode.BAD_FRAME, True, client.receive)
        closed(client)
    with served.connect() as client:
        assert "OrderAccepted" in names(client.ask(order("x"))), "nothing was sealed"


def test_a_frame_of_a_schema_to_come_is_refused(served):  # noqa: F811
    frame = wire.seal(order("x"), 1, 0)
    for version in (0, wire.SCHEMA_VERSION + 1, 65_535):
        with served.connect() as client:
            client.socket.sendall(resealed(frame, version=version))
            error = refused(ErrorCode.BAD_FRAME, True, client.receive)
            assert f"schema version {version}" in str(error)
    with served.connect() as client:
        client.socket.sendall(resealed(frame, version=wire.SCHEMA_VERSION))
        assert "OrderAccepted" in names(client.receive())


@pytest.mark.parametrize("block", [0, 1, 65_535])
def test_a_block_that_does_not_fit_its_frame_seals_nothing_half(served, block):  # noqa: F811
    with served.connect() as client:
        client.socket.sendall(resealed(wire.seal(order("x"), 1, 0), block=block))
        assert outcome(client) in (["BAD_FRAME"], ["Refused"]), "a short block reads as zeros"
    with served.connect() as client:
        assert "OrderAccepted" in names(client.ask(order("x"))), "nothing of it was kept"


def outcome(client: FrameClient) -> list[str]:
    """Events of the next answer, or the code of the error that stands for it."""
    try:
        return names(client.receive())
    except DoorRefused as error:
        return [error.code.name]


def test_half_a_frame_and_silence_end_the_connection_and_its_orders(served):  # noqa: F811
    half = logged_on(served)
    frame = wire.seal(order("half"), 2, 0)
    half.socket.sendall(wire.seal(order("whole"), 1, 0) + frame[:60])
    assert half.frame()[0].kind == ANSWER
    dribbling = logged_on(served)
    error, at = None, 0
    began = time.monotonic()
    while error is None and time.monotonic() - began < 8 * BEAT_MS / 1000:
        try:
            dribbling.socket.sendall(frame[at : at + 1])
            at += 1
            dribbling.socket.settimeout(BEAT_MS / 4000)
            error = dribbling.dismissed()
        except TimeoutError:
            continue
    assert error is not None, "a byte now and then is no frame"
    assert error.code == ErrorCode.SILENT
    # The events of the first order's answer are still to be read.
    assert half.dismissed().code == ErrorCode.SILENT
    settled(served, 0)


def test_two_sessions_of_one_key_end_apart(served):  # noqa: F811
    key = served.key(11)
    with served.connect(key=key) as second:
        with served.connect(key=key) as first:
            assert first.session != second.session
            first.ask(order("first", session=first.session))
            second.ask(order("second", session=second.session))
            code = ErrorCode.SESSION_NOT_YOURS
            refused(code, False, lambda: first.ask(order("no", session=second.session)))
        settled(served, 1)
        told = second.ask(wire.MassCancel(account=1))
        gone = [e for _, e in told.events if isinstance(e, wire.OrderCancelled)]
        assert len(gone) == 1, "the other session's order is there still"


def test_a_connection_that_is_torn_cancels_what_its_session_left(served):  # noqa: F811
    """A reset in the middle of many requests: each is sealed or not, none outlives the session."""
    for life in range(5):
        raw = Raw(served.port)
        raw.logon(served.key(11), raw.hello())
        _, body = raw.frame()
        session = struct.unpack_from("<I", body)[0]
        frames = [
            wire.seal(order(f"t{life}-{i}", session=session), i, 0) for i in range(1, IN_FLIGHT)
        ]
        raw.socket.sendall(b"".join(frames))
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.socket.close()
    settled(served, 0)
    deadline = time.monotonic() + 10
    while any_live(served) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert live(served) == 0


def any_live(served) -> bool:  # noqa: F811
    return any(o.status == "live" for o in served.house.accounts.accounts[1].orders.values())


def test_a_dismissed_actor_asks_in_vain(served):  # noqa: F811
    with served.connect() as client:
        client.ask(order("before"))
        approved_beside(served, wire.RegisterActor(registered=11, member=1, roles=0))
        answer = client.ask(order("after"))
        assert "Refused" in names(answer)
        assert "OrderAccepted" not in names(answer)


def approved_beside(served, command) -> None:  # noqa: F811
    told: list = []
    served.house.sequencer.listen(told.extend)
    served.venue(1, wire.Propose(command=command.KIND, payload=command.pack()))
    proposal = next(e.proposal for _, e in told if isinstance(e, wire.Proposed))
    served.venue(2, wire.Approve(proposal=proposal))


def flooding(served, make: Callable[[int], bytes]) -> int:  # noqa: F811
    """Sends and never reads until the door has had enough; gives the bytes it took."""
    raw = logged_on(served, read_buffer=4096)
    raw.socket.settimeout(1.0)
    sent, number = 0, 1
    began = time.monotonic()
    try:
        while time.monotonic() - began < 40 * BEAT_MS / 1000:
            piece = b"".join(make(number + i) for i in range(64))
            number += 64
            view = memoryview(piece)
            while view and time.monotonic() - began < 40 * BEAT_MS / 1000:
                try:
                    taken = raw.socket.send(view)
                except TimeoutError:
                    continue
                view = view[taken:]
                sent += taken
    except OSError:
        return sent
    raise AssertionError(f"the door still listens after {sent} bytes")


@pytest.mark.parametrize("kind", ["orders", "refused by the door"])
def test_who_never_reads_is_not_heard_for_ever_and_harms_nobody(served, kind):  # noqa: F811
    made = {
        "orders": lambda n: wire.seal(order(f"f{n}"), n, 0),
        "refused by the door": lambda n: wire.seal(order("s", session=99), n, 0),
    }[kind]
    sent = flooding(served, made)
    assert sent < 48 * 1024 * 1024, "what it did not read was not kept without bound"
    with served.connect(12) as client:
        fine = order("fine", account=2)
        assert "OrderAccepted" in names(client.ask(fine))


def bent(chance: random.Random) -> bytes:
    """Bytes near a frame, or far from one."""
    frame = wire.seal(order(f"n{chance.random()}"), chance.randint(1, 9), 0)
    kind = chance.randrange(8)
    if kind == 0:
        return chance.randbytes(chance.randrange(1, 400))
    if kind == 1:
        return frame[: chance.randrange(1, len(frame))]
    if kind == 2:
        turned = bytearray(frame)
        turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
        return bytes(turned)
    if kind == 3:
        header = chance.choice(["length", "kind", "version", "block", "span", "number", "cause"])
        most = 2 ** (64 if header in ("number", "cause") else 32 if header == "length" else 16)
        return resealed(frame, **{header: chance.choice([0, 1, most - 1, chance.randrange(most)])})
    if kind == 4:
        number = chance.choice([HELLO, LOGON, WELCOME, ANSWER, ERROR, HEARTBEAT, LOGOUT])
        return own_frame(number, chance.randbytes(chance.randrange(200)))
    if kind == 5:
        known = chance.choice(list(wire.MESSAGES))
        body = chance.randbytes(chance.randrange(300))
        return wire.seal_body(known, body, chance.randrange(400), 5, 0, 0, 1)
    if kind == 6:
        body = bytearray(frame[wire.HEADER_BYTES : -4])
        body[chance.randrange(len(body))] = chance.randrange(256)
        return wire.seal_body(wire.PlaceOrder.KIND, bytes(body), wire.PlaceOrder.BLOCK, 7, 0, 0, 1)
    return struct.pack("<I", chance.choice([0, 48, 65_536, 65_537])) + chance.randbytes(500)


@pytest.mark.parametrize("seed", [1, 2])
def test_random_bytes_harm_nobody(served, seed):  # noqa: F811
    """Two hundred connections of bytes near frames; an honest member trades all along."""
    chance, told, dropped = random.Random(seed), 0, 0
    key = served.key(11)
    with served.connect(12) as honest:
        for turn in range(100):
            raw = Raw(served.port)
            nonce = raw.hello()
            if chance.random() < 0.7:
                raw.logon(key, nonce, session=chance.random() < 0.5)
            for _ in range(chance.randint(1, 6)):
                try:
                    raw.socket.sendall(bent(chance))
                except OSError:
                    break
            if chance.random() < 0.5:
                try:
                    raw.socket.settimeout(0.2)
                    while raw.frame()[0].kind != ERROR:
                        pass
                    told += 1
                except OSError:
                    dropped += 1
            raw.socket.close()
            if turn % 10 == 0:
                told_honest = honest.ask(order(f"h{seed}-{turn}", account=2))
                assert "OrderAccepted" in names(told_honest)
    assert told > 5, "errors were told"
    assert told + dropped > 30, "the others ended without a word"
    settled(served, 0)
    with served.connect() as client:
        assert "OrderAccepted" in names(client.ask(order("after all")))
