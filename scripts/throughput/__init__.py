"""Throughput: the same transfers sent in three ways."""
