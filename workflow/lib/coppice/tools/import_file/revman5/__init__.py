"""Reading RevMan 5 files: the markup, the studies, the outcomes with their settings and stored results."""
