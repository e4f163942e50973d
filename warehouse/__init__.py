"""Warehouse: what comes after the tables are there."""
