"""What travels between groups: signed packets of desk events, by file, without a network."""
