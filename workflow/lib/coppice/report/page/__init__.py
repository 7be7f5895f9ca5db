"""The words, tables and figures of the page."""
