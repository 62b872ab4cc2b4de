"""Sources and signals brought together: foreign bytes in, Arrow tables out, in a limited child process.

No Django, no store, no network, no clock.
"""
