"""What an agent may do beyond talking: HTTP and MCP tools of its tenant, each call made once."""
