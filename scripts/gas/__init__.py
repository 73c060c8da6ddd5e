"""The operations whose gas `scripts/bench.py` measures, by subject, and the chain they run on."""
