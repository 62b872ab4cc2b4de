"""yt-dlp: info.json of a video or a playlist, with comments."""
