"""Scripted screens with labelled events, drawn from a seed: what the screen gate is tuned and judged on."""
