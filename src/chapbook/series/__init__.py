"""Builds many books: volumes.yaml, the plan of a run, worker processes, a Dask cluster."""
