"""Reddit: listings of its API, and the lines of Pushshift and its successors."""
