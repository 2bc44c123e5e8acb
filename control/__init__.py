"""The control plane: tokens, dispatch, transcripts and pages. The only process that touches PostgreSQL and Redis."""
