"""TikTok as its web client gets it, captured by Zeeschuimer."""
