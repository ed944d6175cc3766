"""Starts the processes of Firstline on one machine, watches them and stops them."""
