"""bad_input: named examples of what is refused, and the page that shows each with its message."""

from tests.bad_input.examples.page import GROUPS, bad_input_page

__all__ = ["GROUPS", "bad_input_page"]
