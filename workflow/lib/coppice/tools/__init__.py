"""The commands beside the five verbs."""
