"""TGDataset: the research collection of public Telegram channels, one JSON object of channels."""
