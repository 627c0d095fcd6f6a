from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.offsets import OffsetMap, Unit

TEXTS = st.text(st.sampled_from("aé\u0800日😀\u0301\r\n𝔘"), max_size=12)


def width(text: str, unit: Unit) -> int:
    return len(text.encode("utf-8")) if unit == "utf-8" else len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("unit", ["utf-8", "utf-16"])
@given(text=TEXTS)
def test_every_offset_goes_there_and_back(text: str, unit: Unit) -> None:
    offsets = OffsetMap(text, unit)
    there = [offsets.to_units(n) for n in range(len(text) + 1)]
    assert there == [width(text[:n], unit) for n in range(len(text) + 1)]
    assert [offsets.to_code_points(u) for u in there] == list(range(len(text) + 1))
    for inside in set(range(there[-1])) - set(there):
        with pytest.raises(ValueError, match="inside of the character"):
            offsets.to_code_points(inside)
    for outside in (-1, there[-1] + 1):
        with pytest.raises(ValueError, match="outside of the text"):
            offsets.to_code_points(outside)
