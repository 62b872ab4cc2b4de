"""The words every room speaks: frozen records, their Arrow schemas and versions.

`words` holds the closed vocabularies, `records` what was captured, `results` what many items show,
`casework` what the desk hands to the measures, `moments` the one kind of time, `tables` the Arrow
schemas, `identity` the ids, `chunks` what a limited child hands over, `frames` and `payloads` how it
is written and read.
"""
