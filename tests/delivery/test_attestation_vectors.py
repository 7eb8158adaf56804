"""Signatures of tokens against published vectors: JSON Web Signature (RFC 7515 A.3, RFC 8037 A.4),
and ECDSA on P-384 (RFC 6979 A.2.6), the curve that attesters of accelerators sign with."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from lasalle.delivery.attesting import Header, NotAttested, check_signature
from lasalle.institution.capacity_desk import read_keys
from lasalle.institution.command_line import main

JWKS = {
    "keys": [
        {
            "kid": "rfc7515", "kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
        {
            "kid": "rfc8037", "kty": "OKP", "crv": "Ed25519",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        },
        {
            "kid": "rfc6979", "kty": "EC", "crv": "P-384",
            "x": "7DpOQVtOGaRWhhgCn0J_pdqai8SukuAuBqrlKGswDGTe-PDqkFWGYGSiVFFUgLwT",
            "y": "gBXZty19VyROqO-awMYhiWcIpZNn-d-59UyoSz8cnbEoiyMcOuDU_nNE_SUzJkcg",
        },
    ]
}  # fmt: skip
R_384 = "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"  # noqa: E501
S_384 = "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"  # noqa: E501
VECTORS = (
    (
        "ES256", "rfc7515",
        b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGx"
        b"lLmNvbS9pc19yb290Ijp0cnVlfQ",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    ),
    (
        "EdDSA", "rfc8037", b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    ),
    (
        "ES384", "rfc6979", b"sample",
        base64.urlsafe_b64encode(bytes.fromhex(R_384 + S_384)).decode(),
    ),
)  # fmt: skip
NOW, NONCE = 1_790_000_000, "5f" * 16
OWN = ec.derive_private_key(0x384, ec.SECP384R1())


def plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    numbers = OWN.public_key().public_numbers()
    own = {"kid": "own", "kty": "EC", "crv": "P-384", "x": part(numbers.x.to_bytes(48, "big")),
           "y": part(numbers.y.to_bytes(48, "big"))}  # fmt: skip
    path = tmp_path / "attester.jwks"
    path.write_text(json.dumps({"keys": [*JWKS["keys"], own]}))
    return path


@pytest.mark.rule("DEL-059")
@pytest.mark.parametrize(("algorithm", "kid", "message", "signature"), VECTORS)
def test_a_published_signature_stands_and_a_bent_one_does_not(
    keys: Path, algorithm: str, kid: str, message: bytes, signature: str
) -> None:
    known, raw = read_keys(keys), plain(signature)
    check_signature(Header(algorithm, kid), known, message, raw)
    for bent in (bytes([raw[0] ^ 1]) + raw[1:], raw[:-1], raw[::-1]):
        with pytest.raises(NotAttested, match="signature: expected"):
            check_signature(Header(algorithm, kid), known, message, bent)
    with pytest.raises(NotAttested, match="signature: expected"):
        check_signature(Header(algorithm, kid), known, message + b"x", raw)
    with pytest.raises(NotAttested, match="alg: expected that of the key"):
        check_signature(Header("RS256", kid), known, message, raw)


@pytest.mark.rule("DEL-059")
def test_a_token_is_verified_by_command(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = {"iss": "attester.example", "iat": NOW, "exp": NOW + 60, "eat_nonce": NONCE,
              "ueids": ["b", "a"], "x-nvidia-overall-att-result": True}  # fmt: skip
    head = {"alg": "ES384", "kid": "own"}
    message = f"{part(json.dumps(head).encode())}.{part(json.dumps(claims).encode())}"
    r, s = decode_dss_signature(OWN.sign(message.encode(), ec.ECDSA(hashes.SHA384())))
    token = tmp_path / "token.jwt"
    token.write_text(f"{message}.{part(r.to_bytes(48, 'big') + s.to_bytes(48, 'big'))}")
    words = ["delivery", "attest", str(token), "--keys", str(keys), "--accelerators", "a,b"]
    assert main([*words, "--nonce", NONCE, "--now", str(NOW)]) == 0
    assert "attested by attester.example: a, b" in capsys.readouterr().out
    assert main([*words, "--nonce", "00", "--now", str(NOW)]) == 1
    assert "eat_nonce: expected 00" in capsys.readouterr().err
    keys.write_text('{"keys": [{"kid": "a", "kty": "EC", "crv": "P-521", "x": "", "y": ""}]}')
    assert main([*words, "--nonce", NONCE]) == 1
    assert "crv: expected one of Ed25519, P-256, P-384, found P-521" in capsys.readouterr().err
    keys.write_text("[]")
    assert main([*words, "--nonce", NONCE]) == 1
    assert "expected a JSON Web Key Set" in capsys.readouterr().err
