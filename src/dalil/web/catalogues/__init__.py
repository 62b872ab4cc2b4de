"""The catalogues: what is said in which language. No gettext is needed: `python -m dalil.web.catalogues`."""
