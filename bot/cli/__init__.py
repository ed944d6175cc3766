"""`bin/firstline`: the command line. Each command is one module, loaded when it is asked for."""
