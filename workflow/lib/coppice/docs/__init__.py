"""docs: the pages on routes and checks, written from their registries."""
