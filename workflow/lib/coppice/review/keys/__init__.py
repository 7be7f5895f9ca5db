"""The keys of the configuration, a module each section."""
