"""Engines that need no key and no network: small, English only, and open about what they cannot do."""
