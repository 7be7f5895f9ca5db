"""The forest plot: its layout, rows, columns and marks."""
