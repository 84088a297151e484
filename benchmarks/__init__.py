"""Benchmarks: figures beside what they are compared with, in one run. Never a test: machines differ, ratios less so."""
