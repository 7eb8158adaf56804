"""Both verifiers of signatures agree: the compiled one and the one by way of OpenSSL."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lasalle.gateway.verifying import SMALL_ORDER, OpenSslKey, public_key

ORDER = 2**252 + 27742317777372353535851937790883648493
TEXT = b"1700000000000\nPOST\n/v1/orders\n"
KEYS = [OpenSslKey] if public_key is OpenSslKey else [OpenSslKey, public_key]


@pytest.fixture(params=KEYS, ids=lambda k: k.__name__)
def make(request):
    return request.param


def signed(text: bytes = TEXT) -> tuple[bytes, bytes]:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    return private.public_key().public_bytes_raw(), private.sign(text)


@pytest.mark.rule("GTW-002")
def test_the_words_that_were_signed_and_no_others_pass(make):
    public, signature = signed()
    key = make(public)
    assert key.verify(signature, TEXT)
    assert not key.verify(signature, TEXT + b" ")
    for at in range(64):
        bent = bytearray(signature)
        bent[at] ^= 1
        assert not key.verify(bytes(bent), TEXT), at
    for length in (0, 63, 65):
        assert not key.verify((signature + b"\0")[:length], TEXT), length


def test_a_second_form_of_a_signature_does_not_pass(make):
    """RFC 8032, 5.1.7: the scalar is below the order of the group."""
    public, signature = signed()
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not make(public).verify(signature[:32] + scalar.to_bytes(32, "little"), TEXT)


@pytest.mark.parametrize("sign", [0, 0x80])
@pytest.mark.parametrize("raw", sorted(SMALL_ORDER), ids=lambda raw: raw.hex()[:8])
def test_a_key_of_small_order_is_refused(make, raw, sign):
    with pytest.raises(ValueError, match="key"):
        make(raw[:31] + bytes([raw[31] | sign]))


def test_what_is_no_key_is_refused(make):
    for raw in (b"", bytes(31), b"\1" * 33):
        with pytest.raises(ValueError, match="key"):
            make(raw)
