"""Keys that a tenant hands out (API keys) and keys that it brings (of its model providers)."""
