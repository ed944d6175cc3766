"""The people who work with Firstline: accounts, roles, passwords, sessions and the audit log."""
