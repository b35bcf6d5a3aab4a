"""Makes the studies' data: python3 studies/prepare.py [SHARED]

Reads the folder `shared` beside the checkout, or the one that is given, and writes rows for `ist compare` to studies/data,
which git ignores: the texts are other people's. Every file is the same wherever it is made.
"""

import json
import sys
from pathlib import Path

STUDIES = Path(__file__).resolve().parent
DATA = STUDIES / "data"


def read(path: Path) -> str:
    if not path.is_file():
        sys.exit(f"{path}: there is no such file; give the folder with data/ as 'python3 studies/prepare.py SHARED'")
    return path.read_text(encoding="utf-8")


def write(name: str, rows: list[dict]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (DATA / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{DATA / name}: {len(rows):,} rows")


def tinyshakespeare(data: Path) -> None:
    """One running text; the last twentieth is held out."""
    text = read(data / "tinyshakespeare" / "input.txt")
    end = text.rindex("\n\n", 0, len(text) * 19 // 20) + 2
    for name, part in (("tinyshakespeare-train.txt", text[:end]), ("tinyshakespeare-eval.txt", text[end:])):
        (DATA / name).write_text(part, encoding="utf-8", newline="\n")
        print(f"{DATA / name}: {len(part):,} characters")


def e2e(data: Path) -> None:
    """`meaning||text`. Learnt from valid.txt, judged by test.txt: no meaning is in both. Of test.txt each meaning's first text."""
    for name, source in (("e2e-train.jsonl", "valid.txt"), ("e2e-eval.jsonl", "test.txt")):
        rows, meanings = [], set()
        for line in read(data / "e2e" / source).splitlines():
            meaning, text = (part.strip() for part in line.split("||"))
            if source == "valid.txt" or meaning not in meanings:
                rows.append({"prompt": meaning + " =>", "completion": " " + text})
            meanings.add(meaning)
        write(name, rows)


def sst2(data: Path) -> None:
    """`label sentence`, as a sentence that goes on with " It was good" or " It was bad". Those of up to 100 characters alone.

    A completion is encoded apart from its prompt, and this tokenizer puts the space before it.
    """
    for name, source in (("sst2-train.jsonl", "stsa.binary.train"), ("sst2-dev.jsonl", "stsa.binary.dev"), ("sst2-test.jsonl", "stsa.binary.test")):
        rows = []
        for line in read(data / "sst2" / source).splitlines():
            label, sentence = line.split(" ", 1)
            if len(sentence) <= 100:
                rows.append({"prompt": sentence + " It was", "completion": "good" if label == "1" else "bad"})
        write(name, rows)


if __name__ == "__main__":
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else STUDIES.parent.parent / "shared"
    DATA.mkdir(exist_ok=True)
    tinyshakespeare(shared / "data")
    e2e(shared / "data")
    sst2(shared / "data")
