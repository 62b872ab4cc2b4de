"""What auto-archiver leaves of each address that it archived: `metadata.json`, media, proofs of time, web archives."""
