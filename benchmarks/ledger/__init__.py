"""How well the ledger joins: pairs of statements marked one by one, and what the rules make of them."""
