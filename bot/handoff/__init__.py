"""From the bot to a person and back, as the customer lives it: when, to whom, and what is said."""
