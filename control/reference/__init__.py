"""The API's description: as OpenAPI for programs, and as a page for people."""
