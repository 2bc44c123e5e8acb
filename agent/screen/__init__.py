"""What the agent sees: shared screens, sampled once a second. Pixels stay in memory."""

from agent.screen.look import Look
from agent.screen.screens import READING_SIDE_PX, Screens

__all__ = ["READING_SIDE_PX", "Look", "Screens"]
