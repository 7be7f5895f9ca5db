"""Models of dependent effects: several effects a study, shared control arms."""
