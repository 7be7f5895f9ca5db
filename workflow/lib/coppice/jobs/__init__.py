"""How a job runs: result files, batches, locks, the fork server."""
