"""Set-up of a checkout: installs what is missing, says what it does, does nothing twice.

Runs before anything is installed, so it uses the standard library only and any Python from 3.8.
"""
