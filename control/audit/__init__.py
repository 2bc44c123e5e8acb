"""The audit trail: what may be recorded, how it is chained, and where it is sent."""
