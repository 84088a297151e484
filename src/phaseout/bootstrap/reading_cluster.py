"""The Dask cluster (集群) on which workbooks are read, where the settings name one; nothing else imports Dask."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from phaseout.bootstrap.reading_bounds import limits_of
from phaseout.errors import UsageError
from phaseout.ports import Archive, WorkbookReader
from phaseout.settings import Settings

if TYPE_CHECKING:
    from phaseout.adapters.workbook_reader.cluster import Cluster

SCHEMES = frozenset({"tcp", "tls"})
CONNECT_SECONDS = 10
PACKAGES = ("distributed", "prefect_dask")


class DaskMissing(UsageError):
    """Workbooks are to be read on a Dask cluster, and Dask is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "PHASEOUT_DASK_ADDRESS names a Dask cluster, and Dask is not installed: install the extra "
            "(pip install 'phaseout[dask]', or make setup), or leave the setting out and read on this machine"
        )


class BadDaskAddress(UsageError):
    """The address of the Dask cluster cannot be used."""

    def __init__(self, *, address: str) -> None:
        super().__init__(f"PHASEOUT_DASK_ADDRESS: {address!r} is no address such as tcp://host:8786 or tls://host:8786")


def address_of(settings: Settings, *, find: Callable[[str], object] = find_spec) -> str | None:
    """Return where the cluster's scheduler listens; None where workbooks are read on this machine.

    Raises:
        BadDaskAddress: it is no address.
        DaskMissing: the extra is not installed.
    """
    address = settings.dask_address
    if address is None:
        return None
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES or not parts.netloc:
        raise BadDaskAddress(address=address)
    if not all(find(name) for name in PACKAGES):
        raise DaskMissing
    return address


_lent: "Callable[[], Cluster] | None" = None


@contextmanager
def lend_cluster(join: "Callable[[], Cluster]") -> Iterator[None]:
    """Let what is read inside be read on a cluster that somebody else has a line to."""
    global _lent  # noqa: PLW0603  one process, one cluster
    _lent = join
    try:
        yield
    finally:
        _lent = None


def on_cluster(settings: Settings, *, archive: Archive, here: WorkbookReader, opened: ExitStack) -> WorkbookReader:
    """Return the reader that works on the cluster of the settings, or *here* where they name none."""
    address = address_of(settings)
    if address is None:
        return here
    from phaseout.adapters.workbook_reader.cluster import ClusterWorkbookReader  # noqa: PLC0415

    own = cache(partial(_joined, address, opened=opened))

    def join() -> "Cluster":
        return (_lent or own)()

    return ClusterWorkbookReader(join=join, archive=archive, limits=limits_of(settings), here=here)


def _joined(address: str, *, opened: ExitStack) -> "Cluster":
    from distributed import Client  # noqa: PLC0415  heavy, and an extra

    line = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    client: Cluster = opened.enter_context(line)
    return client
