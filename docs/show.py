"""Print the commitments of a warehouse: `python docs/show.py warehouse-seeds`. An example of a query, for the demo."""

import shutil
import sys

import duckdb

QUERY = """
SELECT date, kind, concat_ws(', ', list_transform(actors, lambda actor: actor.name)) AS actors,
       trigger, action, coalesce(condition, deadline, '') AS "if or when"
FROM read_parquet($files, hive_partitioning = true, hive_types = {'date': DATE})
ORDER BY ALL
"""

if __name__ == "__main__":
    rows = duckdb.sql(QUERY, params={"files": f"{sys.argv[1]}/commitments/*/*.parquet"})
    rows.show(max_width=max(120, shutil.get_terminal_size().columns), max_rows=40)
