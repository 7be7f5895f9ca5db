"""What the tables of an extraction with Covidence hold."""
