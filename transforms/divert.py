"""Divert: run a function over elements, and turn its refusals into values beside the main output."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam import pvalue

from schemas.documents import Article, Page
from schemas.rejects import Reject, Rejected, reject_article, reject_page

REJECTS = "rejects"
