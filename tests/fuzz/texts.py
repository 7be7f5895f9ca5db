"""Damaged files: a sound record or configuration with bytes changed, cut, doubled or put in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

CONFIGURATION = """\
review: {title: T}
studies: studies
profile: cochrane2025
model:
  tau2: REML
analyses:
  o:
    measure: HR
    favours: [experimental, control]
"""
RECORD = """\
study: S1
year: 2020
design: randomised
reports:
  p: {citation: C}
outcomes:
  o:
    reported:
      - {statistic: hazard_ratio, estimate: 0.70, ci: [0.50, 0.98], source: {report: p}}
      - statistic: counts
        events_e: 3
        n_e: 10
        events_c: 5
        n_c: 11
        source: {report: p, at: "Table 2"}
        note: |
          several
          lines
"""
PIECES = (
    b"\x00", b"\xff", b"\xfe\xff", b"\t", b"---\n", b"...", b"&a ", b"*a", b"<<: ", b"!!python/object:os.system ", b"? ", b"- ", b"[", b"]", b"{", b"}", b"'",
    b'"', b"|", b">", b"#", b"%YAML 1.2\n", b"@", b"`", b": ", b"\r", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"[" * 3000, b"{a: " * 3000, b"9" * 5000, b"1e99999", b"- - - - ", b"\\x00",
)  # fmt: skip


@st.composite
def texts(draw: Draw) -> tuple[bytes, bool]:
    """Return a damaged file, and whether it is that of a record."""
    is_record = draw(st.booleans())
    kind = draw(st.sampled_from(["edited", "edited", "edited", "any"]))
    if kind == "any":
        text = st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
        return draw(st.one_of(st.binary(max_size=200), text)), is_record
    content = (RECORD if is_record else CONFIGURATION).encode()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(content) - 1)))
        end = min(len(content), start + draw(st.integers(0, 12)))
        put = draw(st.one_of(st.sampled_from(PIECES), st.just(b""), st.just(content[start:end] * 2)))
        content = content[:start] + put + content[end:]
    return content, is_record
