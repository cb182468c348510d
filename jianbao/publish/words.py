"""Words of the interface: read from the message catalogues, and put into the templates when these are compiled."""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable, Iterator

import jinja2
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from jianbao.errors import JianbaoError
from jianbao.publish.theme import HOUSE


def load_words(environment: jinja2.Environment, language: str) -> gettext.NullTranslations:
    """The interface's words in a language: those of a theme's message catalogue, and for the others ours."""
    name = f"i18n/{language.replace('-', '_')}/LC_MESSAGES/messages.po"
    words = _read_catalogue(environment, name, language)
    words.add_fallback(_read_catalogue(environment, f"{HOUSE}/{name}", language))
    return words


def _read_catalogue(
    environment: jinja2.Environment, name: str, language: str
) -> gettext.NullTranslations:
    assert environment.loader is not None
    try:
        text, _, _ = environment.loader.get_source(environment, name)
    except jinja2.TemplateNotFound as error:
        raise JianbaoError(f"no words for the language {language}", path=name) from error
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.StringIO(text), locale=language.replace("-", "_")))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def word_functions(words: gettext.NullTranslations) -> dict[str, Callable[..., str]]:
    """`_` and `ngettext` for templates; what they give is escaped where it is shown, like any other text.

    >>> word_functions(gettext.NullTranslations())["_"]("第%(page)s版", page="3")
    '第3版'
    """

    def word(message: str, **values: object) -> str:
        text = words.gettext(message)
        return text % values if values else text

    def counted(one: str, many: str, number: int) -> str:
        return words.ngettext(one, many, number) % {"num": number}

    return {"_": word, "ngettext": counted}


class WordsPutIn(Extension):
    """Writes `_('检索')` as the word itself before a template is compiled: most of a page's expressions are such words."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        word: Callable[[str], str] = self.environment.globals["_"]  # type: ignore[assignment]
        tokens = list(stream)
        at = 0
        while at < len(tokens):
            if self._is_word(tokens[at : at + 4]):
                message = tokens[at + 2]
                yield Token(message.lineno, "string", word(message.value))
                at += 4
            else:
                yield tokens[at]
                at += 1

    @staticmethod
    def _is_word(tokens: list[Token]) -> bool:
        """Whether these are `_`, a bracket, one text, a bracket."""
        types = [token.type for token in tokens]
        return types == ["name", "lparen", "string", "rparen"] and tokens[0].value == "_"
