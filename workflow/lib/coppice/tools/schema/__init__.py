"""The JSON schemas, generated from the same declarations that the checks use: for editors and for the catalog."""
