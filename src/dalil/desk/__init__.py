"""Casework: claims and what people decide about them, as signed events and a projection of them.

`events` holds the event bodies and their signatures, `ballots` the sealed votes, `rules` what may
happen when, `folding` the pure projection of one claim, `reach` the figures of its reports,
`models` and `projection` what is stored, `queries` what is shown.
"""
