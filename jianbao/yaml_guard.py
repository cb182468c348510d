"""YAML in and out, with the traps closed.

Reading refuses what a configuration never needs and an attacker might send: aliases (bombs), depth
(the C loader crashes the process on 30,000 nested lists), duplicate keys (the last would win in silence).
Writing prints rare characters readably, one line a value, in the order given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from jianbao import yaml_subset
from jianbao.errors import JianbaoError

# Deepest document of ours: front matter → source → spans → pair, 4. Twenty leaves a person room;
# CSafeLoader survives 20,000 (measured with PyYAML 6.0.3), pure Python 1,000.
MAX_DEPTH = 20
# The longest ledger of the seeds has 60 KB (every pinyin insertion is a repair); 32 MB is no accident any more.
MAX_CHARACTERS = 32_000_000

# What YAML 1.1 cannot carry through a round trip, U+0085 among them.
CONTROL_RE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

QUOTE = "Put a value that holds : # [ ] { } & * ! | > @ or begins with a quotation mark between double quotes."

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: str, *, path: str, first_line: int = 1) -> Any:
    """One YAML document as plain Python values; None when it is empty.

    Dates without quotes come back as strings, `YYYY-MM-DD` as written.

    Raises:
        JianbaoError: not YAML, or YAML that is refused; with the line, counted from `first_line`.
    """
    if len(text) > MAX_CHARACTERS:
        raise JianbaoError("the YAML is too large", path=path, line=first_line)
    found = yaml_subset.read(text)
    return load_guarded(text, path=path, first_line=first_line) if found is None else found


def load_guarded(text: str, *, path: str, first_line: int = 1) -> Any:
    """What `load_yaml` gives, and raises, of any YAML: read by PyYAML, in its own time."""
    try:
        _check_events(text)
        loader = _Loader(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise JianbaoError(
            f"not valid YAML: {error.problem or error.context}",
            path=path,
            line=line,
            hint=error.note or QUOTE,
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise JianbaoError(f"not valid YAML: {reason}", path=path, line=first_line) from error


def _check_events(text: str) -> None:
    """Walk the events before anything is built: no alias, no custom tag, no great depth."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise _refused("aliases (*name) are not allowed here", event.start_mark)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _refused(f"nested deeper than {MAX_DEPTH} levels", event.start_mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _refused(says: str, mark: Any, hint: str | None = None) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=says, problem_mark=mark, note=hint)


class _Loader(LOADER):  # type: ignore[misc]  # the base class is chosen at run time
    """Safe values only; dates stay text; a key stands once."""


def _construct_mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _refused("a key must be a word", key_node.start_mark)
        if key_node.value in seen:
            says = f"the key {key_node.value!r} stands twice"
            raise _refused(says, key_node.start_mark, "Keep one of the two.")
        seen.add(key_node.value)
    result: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return result


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
_Loader.add_constructor(
    "tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node)
)


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """List items are indented below their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    yaml_subset.Inline,
    lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True),
)


def without_controls(text: str) -> str:
    """The text without the characters that YAML cannot carry.

    >>> without_controls("一\\x85二\\tABC")
    '一二\\tABC'
    """
    return CONTROL_RE.sub("", text)


class _Document(dict[str, Any]):
    """The outermost mapping: a line for every key."""


_Dumper.add_representer(
    _Document,
    lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=False),
)


def dump_yaml(value: Mapping[str, Any]) -> str:
    """A line for every key, innermost lists and mappings on one line, keys in the order given."""
    written = yaml_subset.write(value)
    return dump_anything(value) if written is None else written


def dump_clean(value: Mapping[str, Any]) -> str:
    """What `dump_yaml` gives of the mapping without control characters, which YAML cannot carry.

    >>> dump_clean({"title": "青\\x00禾"})
    'title: 青禾\\n'
    """
    written = yaml_subset.write(value)  # it writes none
    return dump_yaml(_cleaned(dict(value))) if written is None else written


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return without_controls(value)
    if isinstance(value, yaml_subset.Inline):
        return value
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value


def dump_anything(value: Mapping[str, Any]) -> str:
    """What `dump_yaml` gives of any mapping: written by PyYAML, in its own time."""
    written: str = yaml.dump(
        _Document(value),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=float("inf"),
        default_flow_style=None,
    )
    return written
