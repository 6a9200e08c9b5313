"""The parsed dbt project, kept for the commands to come."""

from __future__ import annotations

from pathlib import Path

from night.parsed_project import parse


def test_a_project_is_parsed_once_and_a_damaged_one_again(tmp_path: Path) -> None:
    kept = tmp_path / "dbt" / "of-this-version.msgpack"
    first = parse(kept)
    written = kept.stat()
    other = kept.with_name("of-another-version.msgpack")
    other.write_bytes(kept.read_bytes())

    second = parse(kept)
    assert kept.stat().st_mtime_ns == written.st_mtime_ns  # read, not parsed again
    assert {name: node.raw_code for name, node in second.nodes.items() if hasattr(node, "raw_code")} == {
        name: node.raw_code for name, node in first.nodes.items() if hasattr(node, "raw_code")
    }
    assert second.macros.keys() == first.macros.keys()

    kept.write_bytes(b"damaged")
    assert parse(kept).nodes.keys() == first.nodes.keys()
    assert kept.stat().st_size == written.st_size
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]  # another version's is of no use

    link = tmp_path / "link"
    link.symlink_to(kept.parent)
    assert parse(link / "of-another-version.msgpack").nodes.keys() == first.nodes.keys()
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
