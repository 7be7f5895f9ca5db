"""The figures of a network meta-analysis."""
