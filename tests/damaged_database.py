"""Damage as a failing disk leaves it: in the middle of a database file, unnoticed until it is read."""

import random
from pathlib import Path

import duckdb


def damage(database: Path, table: str) -> None:
    """Write over the blocks that hold a table: DuckDB notices it only where it reads them."""
    with duckdb.connect(str(database), read_only=True) as con:
        blocks = con.execute(
            "select distinct block_id, block_size from pragma_storage_info(?), pragma_database_size() "
            "where block_id >= 0",
            [table],
        ).fetchall()
    assert blocks
    database.chmod(0o600)
    with database.open("r+b") as file:
        for block, size in blocks:
            file.seek(3 * 4096 + block * size + size // 4)
            file.write(random.Random(block).randbytes(8000))
