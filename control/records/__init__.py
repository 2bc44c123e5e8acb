"""What becomes of a tenant's records: kept for so long, erased, exported, restored."""
