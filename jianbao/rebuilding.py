"""Rebuilding: what the preview does after every save. What a process knows already, it does not find out again.

The result is that of a conversion and a build from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from jianbao.building import Workbench, build_site
from jianbao.config import Config
from jianbao.crew import Crew
from jianbao.pipeline import convert_some, convert_sources, sources_in
from jianbao.progress import Progress
from jianbao.report import Folders, Report
from jianbao.shelf import Shelf, is_hidden, origin_in


class Rebuilder:
    """Converts and builds one archive again and again."""

    def __init__(
        self, settings: Callable[[], Config], folders: Folders, crew: Crew, progress: Progress
    ) -> None:
        """`settings` reads them anew."""
        self.settings, self.folders = settings, folders
        self.crew, self.progress = crew, progress
        self.workbench = Workbench()
        self._shelf: Shelf | None = None  # content/ as the last conversion of everything left it
        self._written: dict[str, bytes | None] = {}
        self._slugs: Mapping[str, str] = {}  # source → its folder of content/, then
        self._is_done = False  # the last rebuild came to its end

    def rebuild(self, changed: Sequence[Path]) -> Report:
        """Convert and build, after these files have changed; none: for the first time.

        Raises:
            JianbaoError: as `convert_sources` and `build_site`.
        """
        some = self._edited_only(changed) if self._is_done else None
        self._is_done = False
        config = self.settings()
        converted = self._convert(config, some)
        known = None if some is None else self._changed_articles(changed)
        built = build_site(config, self.folders, self.crew, self.progress, self.workbench, known)
        self._is_done = True
        return converted + built

    def wrote(self) -> dict[Path, bytes | None]:
        """What the last conversion has written, by absolute paths, and removed (None)."""
        place = self.folders.content.absolute()
        return {place / name: data for name, data in self._written.items()}

    def rest(self) -> None:
        """Keep for the next run what is known."""
        self.workbench.put_away(self.folders)
        if self._shelf:
            _ = self._shelf.origins

    def _changed_articles(self, edited: Sequence[Path]) -> set[str]:
        """The files of content/ that are otherwise now than before an edit, and before what came of it."""
        content = self.folders.content.absolute()
        names = {path.relative_to(content).as_posix() for path in edited} | self._written.keys()
        return {name for name in names if not is_hidden(name)}

    def _convert(self, config: Config, some: Mapping[str, str] | None) -> Report:
        if some is not None and self._shelf:
            shelf, self._written = self._shelf, self._shelf.written
            self._written.clear()
            return convert_some(config, self.folders, shelf, some)
        self._shelf = None
        shelf = Shelf(self.folders.content)
        self._written = shelf.written
        report = convert_sources(config, self.folders, self.crew, self.progress, shelf)
        if not report.errors and not report.conflicts:
            self._shelf, self._slugs = Shelf(self.folders.content), sources_in(self.folders, shelf)
        return report

    def _edited_only(self, changed: Sequence[Path]) -> dict[str, str] | None:
        """The sources whose articles were edited where they stood; None when there may be more to do than to convert these."""
        if self._shelf is None or not changed:
            return None
        content = self.folders.content.absolute()
        some: dict[str, str] = {}
        for path in changed:
            if not path.is_relative_to(content) or not path.is_file():
                return None
            name = path.relative_to(content).as_posix()
            source = origin_in(path.read_bytes())
            if name not in self._shelf.origins or self._shelf.origins[name] != source:
                return None
            if source is not None and source in self._slugs:
                if name.partition("/")[0] != self._slugs[source]:
                    return None
                some[source] = self._slugs[source]
        return some
