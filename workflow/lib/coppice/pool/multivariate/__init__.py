"""Models of more than one effect a study at once: outcomes, treatments, doses, sensitivity with specificity."""
