"""Pages between the network and the store."""

import threading

from extract.store.landing import SPOOL_BYTES, Spool


def test_a_file_that_is_written_again_holds_nothing_of_the_page_before(tmp_path):
    spool = Spool(tmp_path / "spool")
    long = spool.put(0, 2, b'[{"name":"Long"},{"name":"Longer"}]')
    beside = spool.put(2, 1, b"[{}]")
    spool.free([long])
    short = spool.put(3, 1, b'[{"a":1}]')
    assert short.path == long.path
    assert short.path.read_bytes() == b'[{"a":1}]'
    assert beside.path.read_bytes() == b"[{}]"
    spool.close()
    assert not (tmp_path / "spool").exists()


def test_a_full_spool_makes_fetching_wait_until_something_landed(tmp_path):
    spool = Spool(tmp_path / "spool")
    first = spool.put(0, 1, b" " * (SPOOL_BYTES - 10))
    second = []
    waits = threading.Thread(target=lambda: second.append(spool.put(1, 1, b" " * 20)))
    waits.start()
    waits.join(0.2)
    assert not second
    spool.free([first])
    waits.join(10)
    assert second[0].path.stat().st_size == 20
    spool.close()
