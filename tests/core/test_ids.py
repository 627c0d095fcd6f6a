from __future__ import annotations

import re
import uuid

from annotator.core.ids import IdSource


def test_identifiers_are_version_7_and_carry_the_time() -> None:
    made = IdSource(clock=lambda: 1_700_000_000.123)()
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", made
    )
    parsed = uuid.UUID(made)
    assert parsed.version == 7
    assert parsed.int >> 80 == 1_700_000_000_123


def test_identifiers_go_up_within_one_millisecond() -> None:
    source = IdSource(clock=lambda: 1.0)
    made = [source() for _ in range(10_000)]
    assert made == sorted(set(made))


def test_identifiers_go_up_when_the_clock_goes_back() -> None:
    times = iter([100.0, 50.0, 50.1, 99.0, 100.1])
    source = IdSource(clock=lambda: next(times))
    made = [source() for _ in range(5)]
    assert made == sorted(set(made))
