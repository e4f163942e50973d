"""The command line: `pledgeline COMMAND ...`; each command is imported when it is called."""

import importlib
import sys

from pipelines.logs import quiet_logs

_COMMANDS = {
    "backfill": ("pipelines.backfill", "read documents, tag them, and write Parquet by date"),
    "monitor": ("pipelines.monitor", "watch feeds, and keep the tables current"),
    "explain": ("pipelines.explain", "show why a sentence gives the rows that it gives, and no others"),
    "compact": ("warehouse.compact", "merge the small files of closed days"),
    "check": ("pipelines.check", "say of addresses whether they would be asked, without asking them"),
    "ledger": ("warehouse.ledger", "join statements into pledges with their history"),
    "forget": ("warehouse.forget", "take down an address, and keep it from coming back"),
    "replay": ("warehouse.replay", "go through rejected records again"),
    "retag": ("warehouse.retag", "tag stored articles again, by another model or newer rules"),
    "query": ("warehouse.query", "ask the tables in SQL"),
    "status": ("warehouse.status", "tell what is in a warehouse, how it is, and what to do"),
    "verify": ("warehouse.verify", "compare a warehouse with what it says of itself"),
    "export": ("warehouse.export", "copy the tables to share them, without the texts where you say so"),
    "register": ("warehouse.register", "keep the tables as Delta Lake or Iceberg tables too"),
    "ddl": ("warehouse.ddl", "print the tables' DDL for DuckDB, BigQuery, Athena, Spark or dbt"),
    "views": ("warehouse.views", "print the views of a warehouse for your own DuckDB"),
    "report": ("warehouse.report.command", "show who commits to what in one HTML file"),
    "feed": ("warehouse.feed", "tell of new statements as Atom, of deadlines as a calendar"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; gives its exit code, 2 where there is no such command."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_usage())
        return 0 if arguments else 2
    command, rest = arguments[0], arguments[1:]
    if command not in _COMMANDS:
        print(f"pledgeline: no command {command!r}\n{_usage()}", file=sys.stderr)
        return 2
    quiet_logs()
    module = importlib.import_module(_COMMANDS[command][0])
    code: int = module.main(rest)
    return code


def _usage() -> str:
    lines = [f"  {command:10} {what}" for command, (_, what) in _COMMANDS.items()]
    return "\n".join(["usage: pledgeline COMMAND [options]", *lines, "pledgeline COMMAND --help says more"])


if __name__ == "__main__":
    sys.exit(main())
