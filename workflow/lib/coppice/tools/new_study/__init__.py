"""new-study: an empty study record with comments, to be filled in."""
