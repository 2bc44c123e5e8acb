"""What breaks, and what is there afterwards."""
