"""What ONE item is: text keys, language, MinHash bands, PDQ; pure functions of a text or of a file's bytes.

Each method has a card in docs/explanation/signals.md, and a `METHOD` and `VERSION` that its rows are kept under.
"""
