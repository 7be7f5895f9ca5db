"""read: what a text that no record quotes says, as proposals that nothing uses."""
