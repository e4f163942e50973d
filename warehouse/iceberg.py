"""Iceberg: linked files as Apache Iceberg tables in a SQLite catalogue, one snapshot for each refresh."""

import datetime
import pathlib
import urllib.parse

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.io.pyarrow import (
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.table import Table, TableProperties
from pyiceberg.typedef import Record

from schemas.codebook import ROW_MEANINGS
from schemas.tables import TABLES
from warehouse.linking import LinkedFile

NAMESPACE = "pledgeline"
CATALOG_FILE = "catalog.sqlite"
_EPOCH = datetime.date(1970, 1, 1)


def open_catalog(folder: pathlib.Path) -> SqlCatalog:
    """Open the catalogue in a folder, and make it where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    database = urllib.parse.quote(str(folder.absolute() / CATALOG_FILE))
    place = {"uri": f"sqlite:///{database}", "warehouse": _uri(folder)}
    catalog = SqlCatalog(NAMESPACE, **place)
    catalog.create_namespace_if_not_exists(NAMESPACE)
    return catalog


def refresh_iceberg(
    catalog: SqlCatalog, folder: pathlib.Path, table: str, files: tuple[LinkedFile, ...]
) -> tuple[int, int]:
    """Make an Iceberg table hold these files; gives how many were added and removed. No snapshot is made for nothing.

    Args:
        catalog: Where it stands.
        folder: The table's, in which the files lie.
        table: Its name.
        files: All that it is to hold.
    """
    iceberg = _open(catalog, folder, table)
    wanted = {_uri(folder / file.path): file for file in files}
    present = {task.file.file_path: task.file for task in iceberg.scan().plan_files()}
    add = sorted(wanted.keys() - present.keys())
    remove = sorted(present.keys() - wanted.keys())
    if add or remove:
        with iceberg.transaction() as transaction, transaction.update_snapshot().overwrite() as snapshot:
            for uri in add:
                snapshot.append_data_file(_data_file(iceberg, folder, uri, wanted[uri]))
            for uri in remove:
                snapshot.delete_data_file(present[uri])
    return len(add), len(remove)


def drop_iceberg_history(catalog: SqlCatalog, table: str) -> None:
    """Forget every snapshot of a table but the one that is current."""
    iceberg = catalog.load_table((NAMESPACE, table))
    current = iceberg.current_snapshot()
    old = [snapshot.snapshot_id for snapshot in iceberg.snapshots() if current and snapshot != current]
    if old:
        iceberg.maintenance.expire_snapshots().by_ids(old).commit()


def _uri(path: pathlib.Path) -> str:
    # To the letter: the library decodes nothing, and days have an equals sign.
    return f"file://{path.absolute()}"


def _open(catalog: SqlCatalog, folder: pathlib.Path, table: str) -> Table:
    if catalog.table_exists((NAMESPACE, table)):
        iceberg = catalog.load_table((NAMESPACE, table))
        with iceberg.update_schema() as update:
            update.union_by_name(_arrow_schema(table))
        return iceberg
    with catalog.create_table_transaction(
        (NAMESPACE, table),
        _arrow_schema(table),
        location=_uri(folder),
        properties={"comment": ROW_MEANINGS[table]},
    ) as transaction:
        with transaction.update_spec() as update:
            update.add_identity("date")
        # The files carry no ids of fields: they are found by their names.
        names = transaction.table_metadata.schema().name_mapping.model_dump_json()
        transaction.set_properties({TableProperties.DEFAULT_NAME_MAPPING: names})
    return catalog.load_table((NAMESPACE, table))


def _arrow_schema(table: str) -> pa.Schema:
    # A column that is added later is null in older files, so none is declared as never null.
    return pa.schema([pa.field("date", pa.date32()), *(field.with_nullable(True) for field in TABLES[table])])


def _data_file(iceberg: Table, folder: pathlib.Path, uri: str, file: LinkedFile) -> DataFile:
    schema, metadata = iceberg.schema(), pq.read_metadata(folder / file.path)
    statistics = data_file_statistics_from_parquet_metadata(
        parquet_metadata=metadata,
        stats_columns=compute_statistics_plan(schema, iceberg.properties),
        parquet_column_mapping=parquet_path_to_id_mapping(schema),
    )
    # The library would take the day from the statistics of its column, which no file has.
    day = (datetime.date.fromisoformat(file.day) - _EPOCH).days if file.day else None
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=uri,
        file_format=FileFormat.PARQUET,
        partition=Record(day),
        file_size_in_bytes=file.size,
        sort_order_id=None,
        spec_id=iceberg.metadata.default_spec_id,
        equality_ids=None,
        key_metadata=None,
        **statistics.to_serialized_dict(),
    )
