"""From an export to a model that finds things: ``spacy train`` takes what is written as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.main import run

spacy = pytest.importorskip("spacy", reason="spaCy is not installed")

DRUGS = "tool_explosion_projects/tutorials/ner_drugs/assets/drugs_eval.jsonl"
FOR_TRAINING = 400
"""Of 500 documents; the others are for evaluation."""


TOK2VEC = {
    "@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": 64, "depth": 2,
    "embed_size": 500, "window_size": 1, "maxout_pieces": 2, "subword_features": True,
}  # fmt: skip
SMALL = {
    "@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner", "hidden_width": 32,
    "extra_state_tokens": False, "maxout_pieces": 2, "use_upper": True, "tok2vec": TOK2VEC,
}  # fmt: skip


def test_the_seed_is_learned_by_heart(root: Path, tmp_path: Path) -> None:
    """A few updates on its sentences: what was exported is what the model is taught."""
    from spacy.training import Corpus
    from spacy.util import fix_random_seed, minibatch

    project, path = str(tmp_path / "seed.db"), tmp_path / "seed.spacy"
    assert run(["-p", project, "init"]) == 0
    assert run(["-p", project, "import", str(root / "seeds" / "raqqa.jsonl")]) == 0
    export = ["export", "--annotator", "gold", "--format", "spacy", "--unit", "sentence"]
    assert run(["-p", project, *export, "-o", str(path)]) == 1
    fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner", config={"model": SMALL})
    examples = list(Corpus(path)(nlp))
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.01
    for _ in range(10):
        for batch in minibatch(examples, 8):
            nlp.update(batch, sgd=optimizer)
    assert nlp.evaluate(examples)["ents_f"] > 0.5


def spacy_command(*arguments: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "spacy", *map(str, arguments)],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.torture
def test_the_path_of_the_documentation_on_real_data(corpora: Path, tmp_path: Path) -> None:
    lines = (corpora / DRUGS).read_bytes().splitlines(keepends=True)
    parts = {"train": lines[:FOR_TRAINING], "dev": lines[FOR_TRAINING:]}
    schema = tmp_path / "drugs.toml"
    assert run(["schema", "derive", str(corpora / DRUGS), "-o", str(schema)]) == 0
    paths: list[Any] = []
    for name, part in parts.items():
        project, source = str(tmp_path / f"{name}.db"), tmp_path / f"{name}.jsonl"
        source.write_bytes(b"".join(part))
        assert run(["-p", project, "init", "--schema", str(schema)]) == 0
        assert run(["-p", project, "-a", "ann", "import", str(source)]) == 0
        target = tmp_path / f"{name}.spacy"
        export = ["export", "--format", "spacy", "-o", str(target)]
        assert run(["-p", project, "-a", "ann", *export]) == 0
        paths += [f"--paths.{name}", target]
    config = tmp_path / "config.cfg"
    spacy_command("init", "config", config, "--lang", "en", "--pipeline", "ner")
    checked = spacy_command("debug", "data", config, *paths)
    assert f"{FOR_TRAINING} training docs" in checked
    assert "No entities consisting of or starting/ending with whitespace" in checked
    few = ("--training.max_steps", "200", "--training.eval_frequency", "100")
    spacy_command("train", config, "--output", tmp_path / "model", *paths, *few)
    nlp = spacy.load(tmp_path / "model" / "model-best")
    assert nlp.meta["performance"]["ents_f"] > 0.4
    doc = nlp("They gave him morphine and heroin, then oxycodone.")
    assert {e.label_ for e in doc.ents} == {"DRUG"}
