"""Telegram Desktop: `result.json` of one chat or of a whole account, with the media beside it."""
