"""One module for each family of forms: what its sentences look like, and which figures they hold."""
