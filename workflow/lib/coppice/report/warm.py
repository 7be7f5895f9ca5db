"""Imported by the fork server: what every page needs is loaded once, before the jobs are forked.

That is the modules that the notebook imports, and nbformat's validator, which is compiled when it is first used.
"""

from __future__ import annotations

from nbformat import v4, validate

import coppice.report.build
import coppice.report.formats
import coppice.report.orphans
import coppice.report.page.page

__all__ = ["coppice"]

validate(v4.new_notebook())  # type: ignore[no-untyped-call]
