"""check: the findings of all checks over a whole review, without pooling anything."""
