"""A member's own archive of X: `tweets.js`."""
