"""Explore: how much the answer depends on single studies and on choices, on the kernel of pool."""
