"""The keys of the configuration, a module for each, named by it."""
