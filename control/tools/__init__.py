"""A tenant's tools: who may change them, what a job is given of them, and the claim before each call."""
