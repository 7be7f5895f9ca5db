"""The same question answered by every combination of defensible choices."""
