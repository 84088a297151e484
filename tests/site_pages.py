"""Reads pages of the site as a person does: sections by their headings, tables by rows, figures by their names."""

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "col", "img", "hr"}


class Element:
    """An element with what is in it."""

    def __init__(self, tag, attributes, parent=None):
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children = []

    @property
    def text(self):
        """All words in it, without the space between them."""
        inner = (child if isinstance(child, str) else child.text for child in self.children)
        return re.sub(r"\s+", "", "".join(inner))

    def all(self, *tags):
        """Every element below it of these tags, in the order of the page."""
        for child in self.children:
            if not isinstance(child, str):
                if child.tag in tags or not tags:
                    yield child
                yield from child.all(*tags)

    @property
    def classes(self):
        return (self.attributes.get("class") or "").split()

    @property
    def links(self):
        return [link.attributes["href"] for link in self.all("a") if "href" in link.attributes]

    @property
    def rows(self):
        """The rows of a table's body, each the words of its cells."""
        return [[cell.text for cell in row.all("th", "td")] for body in self.all("tbody") for row in body.all("tr")]

    @property
    def foot(self):
        return [[cell.text for cell in row.all("th", "td")] for body in self.all("tfoot") for row in body.all("tr")]

    @property
    def heads(self):
        return [cell for head in self.all("thead") for cell in head.all("th")]


class Document(Element):
    """A page."""

    def __init__(self, html):
        super().__init__("document", {})
        _Builder(self).feed(html)

    @classmethod
    def of(cls, path):
        return cls(path.read_text("utf-8"))

    def section(self, name):
        """The section whose heading has this id; None where the page has none."""
        return next((one for one in self.all("section") if one.attributes.get("aria-labelledby") == name), None)

    def table(self, name):
        """The first table of a section, or the one that a heading names."""
        named = [table for table in self.all("table") if table.attributes.get("aria-labelledby") == name]
        section = self.section(name)
        return next(iter(named), None) or (next(section.all("table"), None) if section else None)

    @property
    def figures(self):
        """The key figures: what stands large, and what stands below it."""
        blocks = [block for figures in self.all("dl") for block in figures.all("div")]
        return {next(block.all("dt")).text: tuple(one.text for one in block.all("dd")) for block in blocks}


class _Builder(HTMLParser):
    def __init__(self, document):
        super().__init__()
        self._open = document

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs), self._open)
        self._open.children.append(element)
        if tag not in VOID:
            self._open = element

    def handle_startendtag(self, tag, attrs):
        self._open.children.append(Element(tag, dict(attrs), self._open))

    def handle_endtag(self, tag):
        while self._open.parent is not None:
            closing, self._open = self._open, self._open.parent
            if closing.tag == tag:
                return

    def handle_data(self, data):
        self._open.children.append(data)
