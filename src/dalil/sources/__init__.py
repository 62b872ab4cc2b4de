"""What platforms and tools export: one folder per source format, bytes in, records and rejects out.

Knows no store, no network, no clock.
"""
