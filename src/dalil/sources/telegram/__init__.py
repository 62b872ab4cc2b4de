"""What all sources of Telegram share: ids, texts, chats and their accounts, albums' and answers' identities."""
