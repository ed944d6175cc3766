"""Words for spaCy: "iphone14pro" and "S23" fall apart the same way in patterns and in messages."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import get_lang_class
from spacy.vocab import Vocab

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")


class Words(Doc):
    """A text in words that keeps the text itself, which spaCy puts together anew at every look."""

    def __init__(self, vocab: Vocab, text: str, words: list[str], spaces: list[bool]) -> None:
        super().__init__(vocab, words=words, spaces=spaces)
        self._text = text

    @property
    def text(self) -> str:
        """The text as it was given."""
        return self._text


class Tokeniser:
    """Runs of letters, runs of digits, single signs; offsets are those of the text."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        end = 0
        for match in _TOKEN.finditer(text):
            gap = text[end : match.start()]
            self._pad(gap, words, spaces)
            words.append(match.group())
            spaces.append(False)
            end = match.end()
        self._pad(text[end:], words, spaces)
        return Words(self._vocab, text, words, spaces)

    @staticmethod
    def _pad(gap: str, words: list[str], spaces: list[bool]) -> None:
        # One blank belongs to the word before it; any other white space is a token of its own.
        if gap.startswith(" ") and words:
            spaces[-1] = True
            gap = gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)


def blank_language(code: str = "en") -> Language:
    """A spaCy pipeline that only splits words, in our way."""
    language = get_lang_class(code)()
    language.tokenizer = Tokeniser(language.vocab)
    return language
