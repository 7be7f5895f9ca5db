"""What people write, read and checked: configuration, records and tables become one review."""
