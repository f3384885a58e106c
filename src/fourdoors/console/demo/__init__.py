"""The demonstration province: real divisions, published marginals, invented people."""
