"""Reports on the quality of the bot: understanding, conversations."""
