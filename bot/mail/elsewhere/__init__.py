"""Destinations that are no mailbox: a webhook, a help desk's API. They share the outbox with mail."""
