"""What is spent: caps on it, allowances for running jobs, and reports of what it was worth."""
