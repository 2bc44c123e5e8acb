"""Recorded screens through the same gate that watches a room: what would be sent and missed."""
