"""Duebill: receivables that can be split, passed on, financed and redeemed, on a chain."""
