"""Voice: every microphone in the room, who said what, and captions of both sides."""
