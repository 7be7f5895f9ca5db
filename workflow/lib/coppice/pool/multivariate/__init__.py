"""Models of several effects of each study at once: outcomes, treatments, doses, sensitivity with specificity."""
