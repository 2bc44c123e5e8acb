"""All SQL, and the only way to a connection."""
