"""What a tenant's own routing is learnt from, and how: labels, fits, thresholds, drift, its own history."""
