"""What is checked of a configuration against the records."""
