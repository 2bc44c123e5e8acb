"""Model providers on the wire: real HTTP servers that the real SDKs talk to."""
