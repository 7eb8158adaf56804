"""A row of evidence refuses what no source can have said."""

from dataclasses import replace

import pytest

from lasalle.indices.evidence import Evidence, EvidenceError, PriceType, Unit

ROW = Evidence(
    source="gcp-history",
    time=1,
    unit=Unit.GPU_HOUR,
    grade="H100-SXM",
    location="US-EAST",
    tenor_days=0,
    size=8,
    price_type=PriceType.LIST,
    price=2_552_879,
    offer="us-central1/a3-highgpu-8g/spot",
    reference="row 1",
)


@pytest.mark.parametrize(
    ("field", "value"),
    [("source", ""), ("offer", ""), ("time", 0), ("tenor_days", -1), ("size", -1), ("price", 0)],
)
def test_a_wrong_field_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(EvidenceError, match=field):
        replace(ROW, **{field: value})


def test_a_shortage_has_no_price() -> None:
    replace(ROW, price_type=PriceType.SHORTAGE, price=0)
    with pytest.raises(EvidenceError, match="shortage"):
        replace(ROW, price_type=PriceType.SHORTAGE)
