"""What takes how long: ``python -m benchmarks`` prints one table with the bars beside it."""
