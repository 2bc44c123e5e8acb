"""What may be spent: the worst case of a call, and the purse that it is taken from."""
