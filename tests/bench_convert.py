"""Scores of the converter on fresh pages of our own generator: `make bench-convert`.

    python tests/bench_convert.py [--pages 300] [--seed 1] [--look L] [--json FILE] [--worst 10]
    python tests/bench_convert.py --looks print scan [--pages 60] [--seed 1]
    python tests/bench_convert.py --dump SEED DIR --look L

`print` are pages that a browser sets and prints to PDF, `scan` the same pages as pictures of 150 dpi, read by recognition. Their
gold is told by place: every character that was read belongs to the piece of the page that was set where it stands.

Pages are drawn, converted in this process and scored by the evaluation that stands beside the checkout. Then
follow what that does not see (columns, page numbers, datelines, scripts), the worst pages, and the speed.

Exit codes: 0 scored, 1 a page could not be converted, 2 there is nothing to score with.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import math
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EVALUATION = ROOT.parent / "shared" / "eval"
sys.path[:0] = [str(ROOT), str(EVALUATION)]

from jianbao.config import Config, Known  # noqa: E402
from jianbao.content import dump, dump_ledger  # noqa: E402
from jianbao.convert.conversion import Conversion, convert_source  # noqa: E402
from jianbao.convert.read import read_source  # noqa: E402
from jianbao.models import Article, is_blank  # noqa: E402
from jianbao.yaml_guard import dump_yaml  # noqa: E402
from tests.typesetter.generator import LOOKS, draw_page  # noqa: E402
from tests.typesetter.press import Printed, draw_printed, gold_of, print_pages  # noqa: E402

# Look → dots per inch of its picture, 0 for none, and the ending of its files.
PRESSES = {"print": (0, "pdf"), "scan": (150, "png")}
# A page of usual length, and the lengths at which growth is measured.
PAGE_LENGTH = 8_000
LENGTHS = (25_000, 50_000, 100_000, 200_000)
PATIENCE = 90.0  # seconds for one file
OWN_FIGURES = ("column", "page", "dateline", "script")


@dataclass(frozen=True, slots=True)
class Trial:
    """A page, its gold, what the converter made of it, and the CPU seconds that took."""

    name: str
    seed: int
    text: str
    gold: Mapping[str, Any]
    made: Conversion | None
    seconds: float
    failure: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    if options.dump:
        dump_page(int(options.dump[0]), options.look, Path(options.dump[1]))
        return 0
    if not EVALUATION.is_dir():
        print(
            f"error: {EVALUATION}: the evaluation is not there\n  Check it out beside this folder.",
            file=sys.stderr,
        )
        return 2
    looks = options.looks or ([options.look] if options.look else list(LOOKS))
    trials = list(run_trials(options.seed, options.pages, looks))
    evaluation = evaluate(trials)
    report = importlib.import_module("scoring.report")
    print(report.format_table(evaluation, per_source=False))
    own = {kind: dict(score_own(some)) for kind, some in by_kind(trials).items()}
    print("\n" + format_own(own))
    print("\n" + format_worst(trials, evaluation, options.worst))
    speed = measure_speed(trials, () if options.quick else LENGTHS)
    print("\n" + format_speed(speed))
    if options.json:
        scores = json.loads(report.format_json(evaluation)) | {"own": own, "speed": speed}
        options.json.write_text(
            json.dumps(scores, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    failures = [one for one in trials if one.failure]
    for one in failures:
        print(f"failed: {one.name}: {one.failure}", file=sys.stderr)
    return 1 if failures else 0


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Score the converter on invented pages.")
    add = parser.add_argument
    add("--pages", type=int, default=300, help="how many, a third in each look")
    add("--seed", type=int, default=1, help="of the first page; the others follow it")
    add("--look", choices=[*LOOKS], help="pages of this look only")
    add("--looks", nargs="+", choices=[*LOOKS, *PRESSES], help="as many pages of each of these")
    add("--json", type=Path, metavar="FILE", help="write all scores here")
    add("--quick", action="store_true", help="leave out how time grows with length")
    add("--worst", type=int, default=10, help="how many of the worst pages to show")
    add("--dump", nargs=2, metavar=("SEED", "DIR"), help="write one page, its gold and conversion")
    return parser.parse_args(arguments)


# --- converting ----------------------------------------------------------------------------------


def run_trials(seed: int, pages: int, looks: Sequence[str]) -> Iterator[Trial]:
    """Fresh pages, each converted; of a press the same pages as of any other."""
    drawn = [look for look in looks if look in LOOKS]
    for number in range(pages if drawn else 0):
        yield run_trial(seed + number, drawn[number % len(drawn)])
    for look in looks:
        if look in PRESSES:
            dpi, ending = PRESSES[look]
            sheets = (draw_printed(seed + number) for number in range(pages))
            for page in print_pages(sheets, dpi=dpi):
                yield run_printed(page, look, ending)


def run_printed(page: Printed, look: str, ending: str) -> Trial:
    """A page read from its PDF or its picture."""
    name = f"{look}-{Path(page.drawn.name).stem.partition('-')[2]}.{ending}"
    raw = page.picture or page.pdf
    begun = time.process_time()
    failure, text, gold, made = "", "", {}, None
    try:
        source, _ = read_source(raw, name)
        text, gold = source.text, gold_of(page, name, source.text, source.places)
        made = convert_source(raw, name, Path(name).stem, Known(), Config())
    except Exception:  # noqa: BLE001 - one page must not end the run; it is told at its end
        failure = traceback.format_exc().strip().splitlines()[-1]
    return Trial(name, 0, text, gold, made, time.process_time() - begun, failure)


def run_trial(seed: int, look: str | None) -> Trial:
    name, text, gold = draw_page(seed, look)
    begun = time.process_time()
    try:
        made: Conversion | None = convert(name, text)
        failure = ""
    except Exception:  # noqa: BLE001 - one page must not end the run; it is told at its end
        made, failure = None, traceback.format_exc().strip().splitlines()[-1]
    return Trial(name, seed, text, gold, made, time.process_time() - begun, failure)


def convert(name: str, text: str) -> Conversion:
    return convert_source(text.encode(), name, Path(name).stem, Known(), Config())


def dump_page(seed: int, look: str | None, folder: Path) -> None:
    """Write a page, its gold and what the converter makes of it, for looking at."""
    trial = run_trial(seed, look)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / trial.name).write_text(trial.text, encoding="utf-8")
    (folder / "gold.yaml").write_text(dump_yaml(dict(trial.gold)), encoding="utf-8")
    if trial.made:
        write_content(trial.made, folder / "content")
    print(f"{folder / trial.name}: {trial.failure or 'converted'}")


def write_content(made: Conversion, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, article in enumerate(made.articles, 1):
        (folder / f"{number:02}.md").write_text(dump(article), encoding="utf-8")
    (folder / "source.yaml").write_text(dump_ledger(made.ledger), encoding="utf-8")


# --- scoring -------------------------------------------------------------------------------------


def evaluate(trials: Sequence[Trial]) -> Any:
    """The evaluation's verdict, reached the way it is for real pages: over files."""
    with tempfile.TemporaryDirectory() as folder:
        gold, sources, out = (Path(folder, name) for name in ("gold", "sources", "content"))
        gold.mkdir()
        sources.mkdir()
        out.mkdir()
        for one in trials:
            (sources / one.name).write_text(one.text, encoding="utf-8")
            text = json.dumps(one.gold, ensure_ascii=False)  # JSON is YAML
            (gold / f"{one.name}.yaml").write_text(text, encoding="utf-8")
            if one.made:
                # The evaluation knows texts; what was read of a PDF or a scan stands for the file.
                digest = hashlib.sha256(one.text.encode()).hexdigest()
                ledger = replace(one.made.ledger, sha256=digest)
                write_content(replace(one.made, ledger=ledger), out / Path(one.name).stem)
        return importlib.import_module("evaluate").evaluate([gold], [sources], out)


def by_kind(trials: Sequence[Trial]) -> dict[str, list[Trial]]:
    """All trials, and those of each look."""
    kinds: dict[str, list[Trial]] = {"OVERALL": list(trials)}
    for one in trials:
        kinds.setdefault(one.name.partition("-")[0], []).append(one)
    return kinds


def score_own(trials: Sequence[Trial]) -> Iterator[tuple[str, float]]:
    """What the evaluation does not see: the share of articles that have it right."""
    right: Counter[str] = Counter()
    count = 0
    for one in trials:
        for gold, article in paired(one):
            count += 1
            right.update(figure for figure in OWN_FIGURES if agrees(figure, one, gold, article))
    for figure in OWN_FIGURES:
        yield figure, right[figure] / count if count else 0.0


def agrees(figure: str, trial: Trial, gold: Mapping[str, Any], article: Article | None) -> bool:
    if article is None:
        return False
    match figure:
        case "column":
            return bare(gold["column"]) == bare(article.column)
        case "page":
            return bool(trial.gold["page"] == article.page)
        case "script":
            return bool(trial.gold["script"] == article.script)
    line = article.dateline
    given = (line.place, line.date, line.agency) if line else (None, None, None)
    wanted = gold["dateline"] or {"place": None, "date": None, "agency": None}
    return [bare(one) for one in given] == [bare(wanted[key]) for key in ("place", "date", "agency")]  # fmt: skip


def paired(trial: Trial) -> Iterator[tuple[Mapping[str, Any], Article | None]]:
    """Each article of the gold with the made one that shares most characters with it, one to one."""
    made = list(trial.made.articles) if trial.made else []
    given = [offsets(trial.text, one.source.spans if one.source else ()) for one in made]
    wanted = [
        offsets(trial.text, [(span["start"], span["end"]) for span in gold["spans"]])
        for gold in trial.gold["articles"]
    ]
    overlaps = sorted(
        (-len(one & other), g, k)
        for g, one in enumerate(wanted)
        for k, other in enumerate(given)
        if one & other
    )
    partner: dict[int, int] = {}
    for _, g, k in overlaps:
        if g not in partner and k not in partner.values():
            partner[g] = k
    for g, gold in enumerate(trial.gold["articles"]):
        yield gold, made[partner[g]] if g in partner else None


def offsets(text: str, spans: Sequence[tuple[int, int]]) -> set[int]:
    """The places of printed characters in spans."""
    return {at for start, end in spans for at in range(start, end) if not is_blank(text[at])}


def bare(text: str | None) -> str:
    return "".join((text or "").split())


def format_own(own: Mapping[str, Mapping[str, float]]) -> str:
    lines = ["Beyond the evaluation  " + "  ".join(f"{figure:>8}" for figure in OWN_FIGURES)]
    for kind, figures in own.items():
        shown = "  ".join(f"{figures[figure]:8.4f}" for figure in OWN_FIGURES)
        lines.append(f"{kind:<21}  {shown}")
    return "\n".join(lines)


# --- the worst pages -----------------------------------------------------------------------------


def format_worst(trials: Sequence[Trial], evaluation: Any, count: int) -> str:
    """The pages with the worst clustering and headlines, and what went wrong on each."""

    def quality(trial: Trial) -> float:
        values = evaluation.by_source[trial.name].values()
        return float(values["b3_f1"] or 0) + float(values["headline_exact"] or 0)

    blocks = [
        format_page(one, quality(one))
        for one in sorted(trials, key=quality)[:count]
        if quality(one) < 2
    ]
    return "\n\n".join(["The worst pages (b3_f1 + headline_exact):", *blocks])


def format_page(trial: Trial, quality: float) -> str:
    """Where gold and output differ: - what gold has, + what was made."""
    lines = [f"{trial.name}  {quality:.3f}  {trial.failure}".rstrip()]
    for gold, made in paired(trial):
        wanted = f"{gold['title']} [{gold['complete']}, {len(gold['body'])}]"
        given = f"{made.title} [{made.complete}, {len(made.body)}]" if made else "nothing"
        if gold["title"] != (made and made.title) or abs(len(gold["body"]) - len(made.body if made else "")) > 20:  # fmt: skip
            lines += [f"  - {wanted}", f"  + {given}"]
    extra = len(trial.made.articles if trial.made else ()) - len(trial.gold["articles"])
    return "\n".join([*lines, *([f"  {extra:+} articles"] if extra else [])])


# --- speed ---------------------------------------------------------------------------------------


def measure_speed(trials: Sequence[Trial], lengths: Sequence[int]) -> dict[str, Any]:
    """CPU seconds for a page of usual length, and how they grow with the length of a file."""
    growth = dict(time_growth(trials, lengths))
    paces = {kind: round(pace(some), 4) for kind, some in by_kind(trials).items()}
    speed: dict[str, Any] = {"seconds_per_page": paces}
    if growth:
        first, last = min(growth), max(growth)
        linear = last * math.log(last) / (first * math.log(first))
        speed["seconds_by_length"] = {str(length): growth[length] for length in growth}
        speed["growth_over_n_log_n"] = round(growth[last] / growth[first] / linear, 2)
    return speed


def pace(trials: Sequence[Trial]) -> float:
    """CPU seconds for a page of usual length."""
    characters = sum(len(one.text) for one in trials)
    return sum(one.seconds for one in trials) * PAGE_LENGTH / characters


def time_growth(trials: Sequence[Trial], lengths: Sequence[int]) -> Iterator[tuple[int, float]]:
    """Seconds for each length; where the next would try our patience, the rest is left out."""
    for length in lengths:
        seconds = time_of_length(trials, length)
        yield length, seconds
        if 4 * seconds > PATIENCE:  # twice the length takes four times as long if growth is square
            return


def time_of_length(trials: Sequence[Trial], length: int) -> float:
    """CPU seconds for one file of so many characters, made of these pages one below the other."""
    text = ""
    pages = [one.text for one in trials if not one.name.startswith("web")] or [
        one.text for one in trials
    ]
    while len(text) < length:
        text += "\n".join(pages) + "\n"
    begun = time.process_time()
    convert("long.md", text[:length])
    return round(time.process_time() - begun, 3)


def format_speed(speed: Mapping[str, Any]) -> str:
    paces = ", ".join(f"{kind} {seconds}" for kind, seconds in speed["seconds_per_page"].items())
    lines = [f"CPU seconds for {PAGE_LENGTH} characters: {paces}"]
    for length, seconds in speed.get("seconds_by_length", {}).items():
        lines.append(f"  {int(length):>7} in one file: {seconds}")
    if "growth_over_n_log_n" in speed:
        lines.append(f"growth against n log n: {speed['growth_over_n_log_n']}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
