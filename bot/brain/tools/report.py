"""A page with pictures of how well a model understands: confusions, calibration, threshold, errors.

cd bot/brain && .venv/bin/python -m tools.report ../../var/models/<model>.judged.json --out report.html
"""

from __future__ import annotations

import argparse
import base64
import html
import io
import json
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("svg")

from bot.intents import FALLBACK, OUT_OF_SCOPE
from bot.normalizing import normalized
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from components.encoders import universal
from tools.cost import COST_OF_WRONG, THRESHOLDS, chosen_threshold, costs, threshold_in_use
from tools.evaluate import Row, is_right
from tools.examples import training_examples
from tools.scores import calibration_error, first_choices

NEAREST = 2
BINS = 10

STYLE = """
:root { color-scheme: light dark; --line: #8884; }
body { font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; }
figure { margin: 1rem 0; overflow-x: auto; background: #fff; border-radius: .5rem; padding: .5rem; }
figure img { max-width: 100%; min-width: 40rem; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid var(--line); padding: .35rem .5rem; text-align: left; }
.number { font-size: 2rem; font-weight: 600; }
.row { display: flex; flex-wrap: wrap; gap: 2rem; }
small { opacity: .75; }
"""


def page(rows: Sequence[Row]) -> str:
    """The whole page."""
    parts = [
        "<!doctype html><html lang='zh'><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width'><title>Bida · 理解报告</title>",
        f"<style>{STYLE}</style><h1>理解报告 <small>What the model understands</small></h1>",
        _figures(rows),
        _picture("每个意图 By intent", by_intent(rows)),
        _picture("混淆 Confusions: 行是对的意图，列是模型的答案", confusion(rows)),
        _picture("可信度 Calibration: 说 80 % 的时候，是不是真有 80 % 对", calibration(rows)),
        _picture("门槛 Threshold: 少答错，还是少打扰同事", threshold(rows)),
        f"<h2>答错的 <small>Errors, with the nearest training phrases</small></h2>{_errors(rows)}",
    ]
    return "\n".join(parts)


def _figures(rows: Sequence[Row]) -> str:
    inside = [row for row in rows if row["intent"] != OUT_OF_SCOPE]
    outside = [row for row in rows if row["intent"] == OUT_OF_SCOPE]
    figures = {
        "答对 right": np.mean([is_right(row) for row in rows]),
        "没把握 unsure, in scope": np.mean([row["given"] == FALLBACK for row in inside]),
        "闲聊被认出 out of scope, noticed": np.mean(
            [row["given"] in (OUT_OF_SCOPE, FALLBACK) for row in outside]
        ),
    }
    cells = (
        f"<div><div class='number'>{value:.1%}</div>{name}</div>" for name, value in figures.items()
    )
    return f"<p>{len(rows)} 条测试消息 test messages</p><div class='row'>{''.join(cells)}</div>"


def by_intent(rows: Sequence[Row]) -> Figure:
    """A bar for each intent, the weakest on top."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        groups[row["intent"]].append(is_right(row))
    shares = sorted(((float(np.mean(right)), name) for name, right in groups.items()), reverse=True)
    figure, axes = plt.subplots(figsize=(10, 0.24 * len(shares) + 1))
    colours = ["#c0392b" if share < 0.9 else "#2c7a4b" for share, _ in shares]
    axes.barh(
        [f"{name} ({len(groups[name])})" for _, name in shares],
        [s for s, _ in shares],
        color=colours,
    )
    axes.set_xlim(0, 1)
    axes.margins(y=0.01)
    axes.set_xlabel("share understood rightly; in brackets: how many test messages")
    return figure


def confusion(rows: Sequence[Row]) -> Figure:
    """Which intent is taken for which; the right ones are left out so that the mistakes can be seen."""
    names = sorted({row["intent"] for row in rows} | {row["given"] for row in rows})
    place = {name: number for number, name in enumerate(names)}
    table = np.zeros((len(names), len(names)))
    for row in rows:
        if not is_right(row):
            table[place[row["intent"]], place[row["given"]]] += 1
    figure, axes = plt.subplots(figsize=(12, 11))
    axes.imshow(table, cmap="OrRd", aspect="auto")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    for y, x in np.argwhere(table):
        axes.text(x, y, int(table[y, x]), ha="center", va="center", fontsize=7)
    axes.set_xlabel("taken for")
    axes.set_ylabel("was")
    return figure


def calibration(rows: Sequence[Row]) -> Figure:
    """How often the model is right when it says that it is sure to some degree."""
    confidence, right = first_choices(rows)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    shown = [each for each in range(BINS) if (bins == each).any()]
    figure, axes = plt.subplots(figsize=(6, 5))
    axes.plot([0, 1], [0, 1], color="#999", linestyle="--", label="honest")
    xs = [confidence[bins == each].mean() for each in shown]
    ys = [right[bins == each].mean() for each in shown]
    axes.plot(
        xs,
        ys,
        marker="o",
        color="#2c5aa0",
        label=f"error {calibration_error(confidence, right):.3f}",
    )
    axes.set_xlabel("how sure it says it is")
    axes.set_ylabel("how often it is right")
    axes.legend()
    return figure


def threshold(rows: Sequence[Row]) -> Figure:
    """What a message costs at each threshold, in minutes of an agent."""
    figure, axes = plt.subplots(figsize=(8, 4.5))
    axes.plot(THRESHOLDS, costs(rows), color="#2c7a4b")
    best = chosen_threshold(rows)
    axes.axvline(best, color="#c0392b", linestyle="--", label=f"cheapest here: {best:.2f}")
    axes.axvline(threshold_in_use(), color="#2c5aa0", linestyle=":", label="in use")
    axes.set_xlabel("threshold: below it the bot asks back")
    axes.set_ylabel(f"agent's minutes a message\n(a wrong answer costs {COST_OF_WRONG:g})")
    axes.legend()
    return figure


def _errors(rows: Sequence[Row]) -> str:
    wrong = [row for row in rows if not is_right(row)]
    examples = training_examples()
    encode = universal(os.cpu_count() or 1)
    known = encode([normalized(example.text) for example in examples])
    asked = encode([normalized(row["text"]) for row in wrong]) if wrong else np.zeros((0, 512))
    body = []
    for row, likeness in zip(wrong, asked @ known.T, strict=True):
        near = [examples[i] for i in np.argsort(likeness)[::-1][:NEAREST]]
        told = "<br>".join(
            f"{html.escape(each.text)} <small>{each.intent}</small>" for each in near
        )
        body.append(
            f"<tr><td>{html.escape(row['text'])}<td>{row['intent']}<td>{row['given']}"
            f"<td>{row['confidence']:.2f}<td>{told}"
        )
    head = "<tr><th>消息 message<th>应是 should be<th>模型 taken for<th>把握 sure<th>最近的例句 nearest examples"
    return f"<div style='overflow-x:auto'><table>{head}{''.join(body)}</table></div>"


def _picture(title: str, figure: Figure) -> str:
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", bbox_inches="tight")
    plt.close(figure)
    data = base64.b64encode(stream.getvalue()).decode()
    name = html.escape(title)
    return (
        f"<h2>{name}</h2><figure><img alt='{name}' src='data:image/svg+xml;base64,{data}'></figure>"
    )


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("judged", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    rows = json.loads(options.judged.read_text(encoding="utf-8"))
    if not rows:
        sys.exit("There are no test messages: write some into nlu_data/tests/messages.yml.")
    options.out.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
