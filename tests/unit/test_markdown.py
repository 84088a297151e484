"""Plain text as Prefect's pages show it, which take it for Markdown."""

import pytest
from markdown_it import MarkdownIt

from phaseout.domain.markdown import as_markdown

SHOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})
HARMLESS = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "softbreak", "hardbreak"}


def kinds_of(tokens):
    for token in tokens:
        yield token.type
        yield from kinds_of(token.children or ())


def words_of(tokens):
    return "".join(token.content for token in tokens[1].children if token.type.startswith("text"))


@pytest.mark.parametrize(
    "text",
    [
        "[此处](http://sender.example)",
        "![图](http://sender.example/a.png)",
        "<http://sender.example> <img src=x onerror=alert(1)> <script>alert(1)</script>",
        "# 标题",
        "- 一",
        "1. 一",
        "> 引",
        "    代码",
        "`代码` **粗** _斜_ ~~删~~",
        "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |",
        "甲\n===",
        "甲\n---",
        "```\n甲",
        "&lt;b&gt; &#60;",
        "甲\\",
        "[甲]: http://sender.example",
        "<!-- 甲 -->",
    ],
)
def test_no_words_are_taken_for_markdown(text):
    tokens = SHOWN.parse(as_markdown(text))

    assert set(kinds_of(tokens)) <= HARMLESS
    assert words_of(tokens) == "".join(line.strip(" ") for line in text.split("\n"))


def test_lines_and_paragraphs_stay_apart():
    assert SHOWN.render(as_markdown("某局：\n　　一、甲\n\n　　二、乙")) == (
        "<p>某局：<br />\n　　一、甲</p>\n<p>二、乙</p>\n"
    )
