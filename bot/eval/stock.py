"""Stock Rasa on a benchmark: the pipeline that `rasa init` proposes, in an environment of its own.

This file is also what runs there: `<stock python> stock.py FOLDER` reads `task.json` in FOLDER and
writes `answers.json`. It imports nothing of ours.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

TASK, ANSWERS = "task.json", "answers.json"
LONGEST_RUN = 3 * 60 * 60
PIPELINE = """
recipe: default.v1
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: 100
  random_seed: 0
"""


def stock_answers(
    python: Path, training: Sequence[tuple[str, str]], asked: Sequence[str]
) -> list[str]:
    """The intents that stock Rasa, run by `python`, gives to `asked` after learning `training`.

    Takes minutes to hours. Raises `subprocess.SubprocessError` when the run fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        task = {"training": [list(pair) for pair in training], "asked": list(asked)}
        (Path(folder) / TASK).write_text(json.dumps(task), encoding="utf-8")
        quiet = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
        subprocess.run(
            [str(python), str(Path(__file__).resolve()), folder], check=True, timeout=LONGEST_RUN, env=quiet,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        answers: list[str] = json.loads((Path(folder) / ANSWERS).read_text(encoding="utf-8"))
        return answers


def _answer(folder: Path) -> None:
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    task = json.loads((folder / TASK).read_text(encoding="utf-8"))
    (folder / "config.yml").write_text(PIPELINE, encoding="utf-8")
    data = TrainingData([Message.build(text, intent) for text, intent in task["training"]])
    (folder / "nlu.yml").write_text(RasaYAMLWriter().dumps(data), encoding="utf-8")
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
    agent = Agent.load(model)

    async def asked() -> list[str]:
        return [(await agent.parse_message(text))["intent"]["name"] for text in task["asked"]]

    (folder / ANSWERS).write_text(json.dumps(asyncio.run(asked())), encoding="utf-8")


if __name__ == "__main__":
    _answer(Path(sys.argv[1]))
