"""Tokens that others have signed, and whom they are about."""
