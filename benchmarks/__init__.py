"""Speed, memory and size, each beside a peer in the same run; `python -m benchmarks` writes docs/benchmarks.md."""
