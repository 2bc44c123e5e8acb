"""The control plane: tokens, dispatch, transcripts and pages; alone with PostgreSQL and Redis."""
