"""Requests to AWS, signed by Signature Version 4.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class AwsKey:
    """Access key of an account that may ask for prices; `repr` tells only its public half."""

    access: str
    secret: str
    token: str = ""

    def __repr__(self) -> str:
        return f"AwsKey({self.access!r})"


def signed_headers(
    query: Mapping[str, str],
    host: str,
    region: str,
    service: str,
    key: AwsKey,
    now: datetime,
    headers: Mapping[str, str] | None = None,
) -> tuple[str, dict[str, str]]:
    """Query string and headers of a signed GET of `/` without a body."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    told = {"host": host, "x-amz-date": stamp} | {k.lower(): v for k, v in (headers or {}).items()}
    if key.token:
        told["x-amz-security-token"] = key.token
    names = ";".join(sorted(told))
    asked = "&".join(f"{_escaped(name)}={_escaped(query[name])}" for name in sorted(query))
    lines = "".join(f"{name}:{told[name].strip()}\n" for name in sorted(told))
    request = f"GET\n/\n{asked}\n{lines}\n{names}\n{_digest(b'')}"
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = f"{ALGORITHM}\n{stamp}\n{scope}\n{_digest(request.encode())}"
    secret = ("AWS4" + key.secret).encode()
    for part in (stamp[:8], region, service, "aws4_request"):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    said = f"Credential={key.access}/{scope}, SignedHeaders={names}, Signature={signature}"
    del told["host"]  # the client writes it
    return asked, told | {"authorization": f"{ALGORITHM} {said}"}


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
