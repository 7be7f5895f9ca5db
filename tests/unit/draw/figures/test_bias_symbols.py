"""The lights of the risk of bias: colours that differ, and signs that are legible on them."""

from __future__ import annotations

import pytest

from coppice.core.risk_of_bias import JUDGEMENTS, NOT_ASSESSED, TOOLS
from coppice.draw.figures.bias_symbols import COLOURS, OWN_COLOUR, fill_of, ink_of


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_judgement_but_a_missing_one_has_a_colour() -> None:
    assert set(COLOURS) == set(JUDGEMENTS) - {NOT_ASSESSED}
    assert fill_of(NOT_ASSESSED) is None


def test_levels_of_one_tool_differ_in_colour() -> None:
    for tool in TOOLS.values():
        assert len({fill_of(level) for level in tool.levels}) == len(tool.levels), tool.name


@pytest.mark.parametrize("name", [*COLOURS, "a judgement in a tool's own words"])
def test_a_sign_is_legible_on_its_light(name: str) -> None:
    light, dark = sorted((luminance(fill_of(name) or ""), luminance(ink_of(name))), reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 4.5, "contrast that WCAG 2 asks of text"


def test_a_judgement_in_a_tools_own_words_is_grey() -> None:
    assert fill_of("poor") == OWN_COLOUR
