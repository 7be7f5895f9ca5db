"""What changed between two runs of a review: studies, figures, settings, estimates, and which change moved which estimate."""
