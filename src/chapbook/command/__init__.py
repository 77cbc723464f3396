"""The command line: a module for each command, and the options and printing that they share."""
