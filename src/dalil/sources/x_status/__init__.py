"""X's older status object: of API v1.1, of the account archive, and inside the web client's answers; rows of CSV too."""
