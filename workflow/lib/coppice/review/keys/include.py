"""The key `include`: what a study must have."""

from __future__ import annotations

from coppice.core.schema import Anything, Entries, Listing, OneOf

CRITERIA = Entries(OneOf((Listing(Anything()), Anything())))
