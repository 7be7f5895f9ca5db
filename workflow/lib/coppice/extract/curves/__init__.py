"""Effects from survival curves."""
