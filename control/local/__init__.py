"""The one-command stack: every service that Parley needs, started and stopped on this machine."""
