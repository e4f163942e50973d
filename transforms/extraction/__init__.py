"""Extraction: the article in a page, with its dates, language and address."""
