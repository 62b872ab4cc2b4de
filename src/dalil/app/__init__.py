"""The composition root: Django's settings and urls, the wiring of worker and server, the console script."""
