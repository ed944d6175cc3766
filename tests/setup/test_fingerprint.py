from __future__ import annotations

from pathlib import Path

from bot.fingerprint import model_fingerprint, model_path


def make(root: Path) -> Path:
    (root / "data" / "faq").mkdir(parents=True)
    (root / "config.yml").write_text("pipeline: []")
    (root / "data" / "faq" / "esim.yml").write_text("a")
    return root


def test_changes_with_content_and_names_only(tmp_path: Path) -> None:
    root = make(tmp_path / "a")
    before = model_fingerprint(root)
    assert before == model_fingerprint(make(tmp_path / "b"))

    (root / "README.md").write_text("not trained from")
    assert model_fingerprint(root) == before

    article = root / "data" / "faq" / "esim.yml"
    article.rename(article.with_name("sim.yml"))
    renamed = model_fingerprint(root)
    article.with_name("sim.yml").write_text("b")
    assert len({before, renamed, model_fingerprint(root)}) == 3


def test_model_is_named_after_it(tmp_path: Path) -> None:
    root = make(tmp_path)
    assert model_path(root) == root / "models" / f"{model_fingerprint(root)}.tar.gz"
