"""Which models there are, what they cost, and which of them a deployment or a tenant uses."""
