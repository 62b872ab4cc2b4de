"""X as its web client gets it (GraphQL), captured by Zeeschuimer."""
