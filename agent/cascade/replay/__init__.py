"""Runs recorded prompts through the cascade's decisions, without calling a model."""
