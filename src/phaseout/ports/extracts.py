"""What is made of a snapshot for people who work with other programs than DuckDB."""

from abc import ABC, abstractmethod
from datetime import date
from pathlib import Path

from phaseout.domain.campaign import Campaign


class Extracts(ABC):
    """The marts of a snapshot as files for other programs (数据文件): a folder of Parquet, and one workbook."""

    @abstractmethod
    def renewed_on(self) -> date | None:
        """Return the day on which the files were last renewed; None if they are not all there."""

    @abstractmethod
    def renew(self, snapshot: Path, *, campaign: Campaign, day: date) -> bool:
        """Let the files say what *snapshot* says, the workbook of *campaign*; return False if they did already.

        Each file, and the folder as a whole, is replaced at once: a reader sees the old one or the new one.
        """
