"""What every request meets first: limits, other sites' pages, the address behind a proxy, sizes, text."""
