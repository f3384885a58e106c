"""Benchmarks: what is fast, how large, measured how. They start the product as its users do."""
