"""In-memory twins of the ports, held to the same contracts as the real adapters."""
