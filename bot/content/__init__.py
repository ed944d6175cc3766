"""Operator content under `data/`: read once, typed, checked; needs neither Rasa nor spaCy."""

from bot.content.content import Content, load_content

__all__ = ["Content", "load_content"]
