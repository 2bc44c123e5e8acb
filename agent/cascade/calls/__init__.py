"""One request to one provider: its client, its deadlines, its faults, its row in the ledger."""
