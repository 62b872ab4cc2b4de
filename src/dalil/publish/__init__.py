"""What goes public: settled answers as plain pages, ClaimReview and a feed, written to a folder.

Nothing here reads the database: what may leave is decided by `desk.queries.settled_answers`.
"""
