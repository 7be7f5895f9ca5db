"""What `make faults` prints at its end: a short table of what was tried and held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

HELD = "held"


@pytest.fixture
def held(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say what held; a test does so once its assertions are behind it."""
    return lambda kind: record_property(HELD, kind)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = terminalreporter.getreports("passed")
    tally = Counter(str(kind) for report in passed for name, kind in report.user_properties if name == HELD)
    terminalreporter.section("what was tried and held")
    for kind, number in sorted(tally.items()):
        terminalreporter.write_line(f"{number:5} {kind}")
