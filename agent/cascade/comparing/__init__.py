"""Lets both tiers answer a few turns and has them judged, so that there are labels to learn from."""
