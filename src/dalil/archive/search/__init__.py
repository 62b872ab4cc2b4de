"""Full-text search: a side index beside the facts, made from them alone, that may be lost at any time.

`words` says under which tokens a word is found, `index` what lies in `indexes/search.db`, `building` keeps it up,
`asking` finds candidates and `ranking` puts them in order. Method card: docs/explanation/search.md.
"""
