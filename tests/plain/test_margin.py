"""The tail of losses, worked by hand."""

from __future__ import annotations

import pytest

from lasalle.plain.margin import tail_sum


@pytest.mark.rule("CLR-001")
@pytest.mark.parametrize(
    ("losses", "tail"),
    [
        ([], (0, 1)),
        ([-5, 7], (2 * 7, 2)),
        # A hundred losses: the worst counts whole.
        (list(range(1, 101)), (100 * 100, 100)),
        # Of 250 the two worst count whole and the third by half.
        (list(range(1, 251)), (100 * 499 + 50 * 248, 250)),
        ([-1] * 150, (-150, 150)),
    ],
)
def test_the_tail_is_the_worst_hundredth_and_its_fraction(losses, tail):
    assert tail_sum(losses) == tail
