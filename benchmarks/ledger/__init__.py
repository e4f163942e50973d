"""How well the ledger joins: pairs of statements marked by hand, and what the rules make of them."""
