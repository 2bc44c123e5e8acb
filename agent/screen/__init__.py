"""What the agent sees: shared screens, sampled once a second. Pixels stay in memory."""

from agent.screen.screens import MODEL_SIDE_PX, READING_SIDE_PX, Screens

__all__ = ["MODEL_SIDE_PX", "READING_SIDE_PX", "Screens"]
