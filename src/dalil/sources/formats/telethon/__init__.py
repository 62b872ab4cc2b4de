"""Telethon: what scripts dump of Telegram's own objects, as JSON or JSON Lines."""
