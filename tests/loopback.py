"""Plain requests to servers of this machine: as httpx.get and its like, without the certificates of
the world, which each call would read anew for longer than the answer takes.
"""

from __future__ import annotations

import ssl

import httpx

HTTP = httpx.Client(
    verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    limits=httpx.Limits(max_keepalive_connections=0),
)
"""A connection a request; it trusts no server that shows a certificate."""
