"""bad_input: named examples of what is refused, and the page that shows each with its message."""

from coppice.docs.bad_input.page import GROUPS, bad_input_page

__all__ = ["GROUPS", "bad_input_page"]
