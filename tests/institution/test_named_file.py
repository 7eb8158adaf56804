"""Files a person names: what never ends is told, and is not read on."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from lasalle.institution import credit_histories, delivery_desk
from lasalle.institution.command_line import main
from lasalle.institution.named_file import content_of, digest_of, secret_of, text_of

ENDLESS = "/dev/zero"
MORE = f"{ENDLESS}: expected at most 1048576 bytes, found more"
NO_KEY = f"{ENDLESS}: expected a key of 64 hexadecimal digits, found none"
TO_HOUSE = ("--at", "http://127.0.0.1:9", "--key", "KEY")
COSIGNED = ("delivery", "cosign", "7", "--name", "buyer.example")


def test_a_file_is_read_up_to_its_bound_and_not_beyond(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345678")
    assert content_of(path, 8) == text_of(path, 8).encode() == b"12345678"
    assert digest_of(path, 8) == (sha256(b"12345678").digest(), 8)
    for read in (content_of, text_of, digest_of):
        with pytest.raises(ValueError, match=f"{path}: expected at most 7 bytes, found more"):
            read(path, 7)
        with pytest.raises(ValueError, match=f"{ENDLESS}: expected at most 7 bytes, found more"):
            read(Path(ENDLESS), 7)
    path.write_bytes(b"\xff")
    with pytest.raises(ValueError, match=r"file: expected text in UTF-8, found invalid start"):
        text_of(path)
    path.write_text("ab" * 32 + "\n")
    assert secret_of(path) == b"\xab" * 32
    path.write_text("ab" * 31)
    with pytest.raises(ValueError, match="file: expected a key of 64 hexadecimal digits"):
        secret_of(path)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("delivery", "custody", "check", ENDLESS), MORE),
        (("delivery", "custody", "file", ENDLESS, *TO_HOUSE), MORE),
        (("delivery", "verify", ENDLESS), MORE),
        (("delivery", "verify", "none", "--checkpoint", ENDLESS), MORE),
        (("delivery", "begin-log", "HOUSE", ENDLESS, "--party", "buyer=11"), MORE),
        (("delivery", "attest", ENDLESS, "--keys", "KEYS", "--nonce", "1",
          "--accelerators", "a"), MORE),
        (("delivery", "attest", "none", "--keys", ENDLESS, "--nonce", "1",
          "--accelerators", "a"), MORE),
        (("delivery", "nominate", "2", "7", ENDLESS, *TO_HOUSE),
         f"{ENDLESS}: expected at most 1073741824 bytes, found more"),
        (("delivery", "meter", "DIR", "--log", "HOUSE", "--meter", "1", "--secret", ENDLESS,
          "--upstream", "http://127.0.0.1:9"), NO_KEY),
        ((*COSIGNED, "--secret", "SECRET", "--seen", ENDLESS, *TO_HOUSE), MORE),
        ((*COSIGNED, "--secret", ENDLESS, "--seen", "none", *TO_HOUSE), NO_KEY),
        (("delivery", "list", "2", "--at", "http://127.0.0.1:9", "--key", ENDLESS),
         f"{ENDLESS}: expected a key file"),
        (("credit", "check", ENDLESS), MORE),
        (("credit", "lifetimes", ENDLESS), MORE),
    ],
    ids=lambda words: " ".join(words[:3]) if isinstance(words, tuple) else "",
)  # fmt: skip
def test_a_command_tells_what_has_no_end(
    words: tuple[str, ...],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(delivery_desk, "MOST_FILE_BYTES", 1 << 20)
    monkeypatch.setattr(credit_histories, "MOST_LIFETIMES_BYTES", 1 << 20)
    Path("HOUSE").mkdir()
    Path("KEYS").write_text('{"keys": []}')
    Path("SECRET").write_text("ab" * 32)
    Path("KEY").write_text(json.dumps({"key": "k", "secret": "ab" * 32}))
    assert main(list(words)) == 1
    assert told in capsys.readouterr().err
