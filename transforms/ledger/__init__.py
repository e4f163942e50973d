"""Ledger: statements of the same act, over articles and days, become one pledge with its history."""
