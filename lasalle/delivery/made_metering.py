"""Terms of a delivery that is metered now, with keys that everybody can make: for trials and tests.
What is metered under them is real; who signs it is nobody."""

from __future__ import annotations

from typing import Any

from lasalle.delivery.canonical import NONE
from lasalle.delivery.made import made_key
from lasalle.delivery.terms import Cosigner, Meter, Product, Side, Specification, Terms

MS = 1_000_000
US = 1_000_000
GENEROUS_NS = 60_000 * MS


def made_specification(**said: Any) -> Specification:
    """A specification of a trial; `said` replaces what stands here."""
    found: dict[str, Any] = {
        "model": NONE, "tokenizer": NONE, "chat_template": NONE, "temperature_ppm": 0, "top_k": 1,
        "ignore_eos": False, "quantity_basis": "canonical_text_tokens", "input_counts": "billed",
        "delivery_point": "buyer_proxy", "ttft_from": "scheduled", "slo_ppm": 900_000,
        "ttft_ns": GENEROUS_NS, "tpot_ns": GENEROUS_NS, "e2e_ns": GENEROUS_NS,
        "confidence_ppm": 990_000, "planned": 64, "timeout_ns": GENEROUS_NS, "workload": NONE,
        "arrival_millihertz": 0, "arrival_seed": 0, "tolerance_ppm": 5_000,
    }  # fmt: skip
    return Specification(**{**found, **said})


def metered_terms(
    specification: Specification,
    start_us: int,
    *,
    contract: int = 1,
    interval_us: int = 3_600 * US,
    intervals: int = 1,
    quantity: int = 10**9,
) -> Terms:
    """Terms of work that begins at an instant, by three meters."""
    parties = (Side.BUYER, Side.SUPPLIER)
    return Terms(
        contract=contract, product=Product.WORK, quantity=quantity, start_us=start_us,
        end_us=start_us + intervals * interval_us, interval_us=interval_us,
        grace_us=interval_us, clock_us=5 * US, method=specification.sha256,
        origin=f"trial.example/delivery/{contract}", log_key=made_key("log").public.hex(),
        meters=tuple(
            Meter(n, side, made_key(side.value).public.hex()) for n, side in enumerate(Side, 1)
        ),
        cosigners=tuple(
            Cosigner(f"{side.value}.example", side, made_key(f"{side.value} watch").public.hex())
            for side in parties
        ),
    )  # fmt: skip
