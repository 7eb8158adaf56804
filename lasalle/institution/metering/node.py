"""A node of the local driver: a process that answers probes with a kernel of the processor. It is
no accelerator, and says so.

    python -m lasalle.institution.metering.node --name node-1 --accelerators 2
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lasalle.delivery.probing import KERNEL, worked

MOST_SIZE = 512


class Node(ThreadingHTTPServer):
    """Serves on the loopback."""

    def __init__(self, name: str, accelerators: int) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.name, self.accelerators = name, accelerators

    def said(self) -> dict[str, Any]:
        """What the node says of itself."""
        ids = [f"{self.name}-{n}" for n in range(self.accelerators)]
        return {"node": self.name, "accelerators": ids, "kernel": KERNEL}


class _Asked(BaseHTTPRequestHandler):
    server: Node

    def do_GET(self) -> None:
        self._answer(json.dumps(self.server.said()).encode(), {})

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        try:
            asked = json.loads(self.rfile.read(length))
            nonce, size = str(asked["nonce"]), int(asked["size"])
            if len(nonce) != 32 or not 1 <= size <= MOST_SIZE:
                raise ValueError("nonce or size")
            begun = time.perf_counter_ns()
            answer = worked(nonce, size)
        except (ValueError, KeyError, TypeError):
            self.send_error(400)
            return
        self._answer(answer, {"x-taken-ns": str(time.perf_counter_ns() - begun)})

    def _answer(self, content: bytes, more: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(content)))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: what a node says goes to who asked."""


def main() -> int:
    """Serves until it is ended, and says where first."""
    parser = argparse.ArgumentParser(description="A node that answers probes.")
    parser.add_argument("--name", required=True)
    parser.add_argument("--accelerators", type=int, required=True)
    args = parser.parse_args()
    node = Node(args.name, args.accelerators)
    print(node.server_address[1], flush=True)
    node.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
