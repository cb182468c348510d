"""The demo's `sources/` and gold, made from the clean stories: `python -m tests.demo.make_sources`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from jianbao.yaml_guard import dump_yaml, load_yaml
from tests.demo.other_kinds import make_other_kinds
from tests.demo.printed_sources import make_printed
from tests.typesetter.sheets import Sheet, lay_out
from tests.typesetter.stories import read_story

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SOURCES = ROOT / "sources"
GOLD = HERE / "gold"


def main() -> None:
    """Write every file anew and remove those no page makes any more."""
    made = make_files()
    for folder in (SOURCES, GOLD):
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_file() and path not in made:
                path.unlink()
    for path, content in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(f"{len(made)} files")


def make_files() -> dict[Path, bytes]:
    """Every file of the demo and its bytes."""
    set_pages = (one for page in read_pages().values() for one in _files(page))
    return dict([*set_pages, *make_other_kinds(SOURCES), *_printed_files()])


def _printed_files() -> Iterator[tuple[Path, bytes]]:
    """The PDF and the scan, with where their lines are, and their gold."""
    for name, beside, (file, content, lines, gold) in make_printed(SOURCES, ROOT / "config.yaml"):
        yield SOURCES / file, content
        yield beside, lines
        yield GOLD / f"{name}.yaml", _dump_gold(gold).encode()


def read_pages() -> dict[str, dict[str, Any]]:
    """The pages as written down, by the name of their file."""
    return {
        path.stem: {
            "name": path.stem,
            **load_yaml(path.read_text(encoding="utf-8"), path=path.name),
        }
        for path in sorted(HERE.glob("*.yaml"))
    }


def read_sheet(page: Mapping[str, Any]) -> Sheet:
    """What the typesetter needs of a page."""
    stories = [read_story(story, date=page.get("date")) for story in page["stories"]]
    return Sheet(
        file=page["file"],
        look=page["look"],
        seed=page["seed"],
        layout=page["layout"],
        stories={story.key: story for story in stories},
        facts=page["facts"],
        options=page.get("options", {}),
    )


def _files(page: Mapping[str, Any]) -> Iterator[tuple[Path, bytes]]:
    """A page's source, its gold, and what its maintainer knows about it."""
    text, gold = lay_out(read_sheet(page))
    source = SOURCES / page["file"]
    shown = text.replace("\n", page.get("newline", "\n"))
    yield source, shown.encode(page.get("encoding", "utf-8"))
    yield GOLD / f"{page['name']}.yaml", _dump_gold(gold).encode()
    if "sidecar" in page:
        yield source.with_name(source.name + ".yaml"), dump_yaml(page["sidecar"]).encode()
    if "folder_sidecar" in page:
        yield source.with_name("_.yaml"), dump_yaml(page["folder_sidecar"]).encode()


class _GoldDumper(yaml.SafeDumper):
    """Bodies as blocks, spans one a line, nothing shared."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_GoldDumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def _dump_gold(gold: Mapping[str, Any]) -> str:
    written: str = yaml.dump(
        gold,
        Dumper=_GoldDumper,
        allow_unicode=True,
        sort_keys=False,
        width=float("inf"),
        default_flow_style=None,
    )
    return written


if __name__ == "__main__":
    main()
