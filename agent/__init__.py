"""The agent worker: one job per room, and the libraries that a job is made of."""
