"""The command line: one file a command; each holds parameters, help and exit code and calls a plain function."""
