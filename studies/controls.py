"""What the tables of `ist compare` leave out: python3 studies/controls.py FOLDER, the output of a study

The paired differences of ist from its controls, with Student's 95 % interval (for five seeds wider than the bootstrap's),
and the importance that ist learnt: its final scores by layer, how alike the seeds rank the layers, and how often each was trained.
"""

import json
import sys
from itertools import combinations
from math import exp, sqrt
from pathlib import Path
from statistics import mean, stdev

# Student's t for 95 %, by degrees of freedom.
T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


def interval(differences: list[float]) -> str:
    n = len(differences)
    half = T[n - 1] * stdev(differences) / sqrt(n)
    return f"{mean(differences):+.4f} [{mean(differences) - half:+.4f}, {mean(differences) + half:+.4f}]"


def spearman(a: list[float], b: list[float]) -> float:
    def ranks(values: list[float]) -> list[int]:
        return [sorted(values).index(v) for v in values]

    n = len(a)
    return 1 - 6 * sum((x - y) ** 2 for x, y in zip(ranks(a), ranks(b))) / (n * (n * n - 1))


def is_done(run: Path) -> bool:
    record = run / "run.json"
    return record.is_file() and json.loads(record.read_text())["status"] == "completed"


def figures(run: Path) -> dict[str, float]:
    values = {"held-out loss": json.loads((run / "run.json").read_text())["eval_loss_after"]}
    for task in run.glob("task-*.json"):
        answers = json.loads(task.read_text())
        values[f"{answers['task']}: {answers['metric']}"] = answers[answers["metric"]]
    return values


def controls(folder: Path, cells: list[dict]) -> None:
    for equal in ("steps", "time"):
        runs = {(c["policy"], c["seed"]): figures(folder / c["folder"]) for c in cells if c.get("equal", "steps") == equal}
        for control in ("random", "ist-flipped", "lisa", "fixed"):
            seeds = [seed for policy, seed in runs if policy == "ist" and (control, seed) in runs]
            if len(seeds) > 1:
                for name in runs["ist", seeds[0]]:
                    print(f"equal {equal}: ist - {control}, {name}: {interval([runs['ist', s][name] - runs[control, s][name] for s in seeds])}")


def scores(folder: Path, cells: list[dict]) -> None:
    for policy in ("ist", "ist-flipped"):
        runs = [folder / c["folder"] for c in cells if c["policy"] == policy and c.get("equal", "steps") == "steps"]
        states = [json.loads((run / "ist_state.json").read_text()) for run in runs]
        if len(states) < 2:
            continue
        importance = [state["importance"] for state in states]
        print(f"\n{policy}: final scores I over {len(states)} seeds; weights sigmoid(-I) from {weight(max(map(max, importance))):.3f} to {weight(min(map(min, importance))):.3f}")
        for layer, values in enumerate(zip(*importance)):
            print(f"  layer {layer}: I = {mean(values):+.3f} ± {stdev(values):.3f}, trained in {mean(state['counts'][layer] for state in states):.1f} steps of {states[0]['step']}")
        alike = [spearman(a, b) for a, b in combinations(importance, 2)]
        print(f"  rank correlation between seeds: {mean(alike):.2f} (from {min(alike):.2f} to {max(alike):.2f})")


def weight(importance: float) -> float:
    return 1 / (1 + exp(importance))


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "comparison.json").is_file():
        sys.exit("give the folder of a comparison: python3 studies/controls.py out/studies/NAME")
    output = Path(sys.argv[1])
    done = [cell for cell in json.loads((output / "comparison.json").read_text())["cells"] if is_done(output / cell["folder"])]
    controls(output, done)
    scores(output, done)
