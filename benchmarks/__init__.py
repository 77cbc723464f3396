"""Benchmarks: commands, never timed tests. ``make bench`` prints what chapbook takes beside other tools."""
