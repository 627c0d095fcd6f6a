"""HTML pages: the article comes in, with what the page says of it; everything else stays out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import one, read

from annotator.core.sentences import sentences
from annotator.errors import InputError
from annotator.formats import html_article
from annotator.formats.html_article import FORMAT
from annotator.workflow.recognising import Recognised, Recogniser

pytest.importorskip("trafilatura", reason="trafilatura is not installed")

PARAGRAPHS = (
    "The river rose by two metres overnight, the mayor said on Tuesday, and 300 people left.",
    "“We saw it coming,” Ann Bee, who runs the harbour, told reporters & neighbours.",
    "Officials said the water would fall by the weekend; the monitor disagreed.",
)
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>River rises | The Daily Example</title>
<meta name="author" content="Jo Doe"><meta property="og:site_name" content="The Daily Example">
<meta property="og:title" content="River rises in Example"><link rel="canonical"
href="https://example.org/2017/06/06/river"><meta property="article:published_time"
content="2017-06-06T08:00:00Z"><script>var tracked = "never seen";</script>
<style>p {{ color: red }}</style></head><body>
<nav><ul><li><a href="/a">Home</a></li><li><a href="/b">Weather</a></li></ul></nav>
<article><h1>River rises in Example</h1>
<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1].replace("&", "&amp;")}</p>
<script>document.write("not said")</script><p>{PARAGRAPHS[2]}</p></article>
<aside><a href="/c">Subscribe to our newsletter</a></aside>
<footer>© The Daily Example. All rights reserved. <a href="/d">Terms</a></footer></body></html>"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def test_the_article_and_what_the_page_says_of_it(path: Path) -> None:
    record = one(read(FORMAT, path, PAGE))
    text = record.document.text
    assert text == "\n\n".join(("River rises in Example", *PARAGRAPHS))
    assert record.document.meta == {
        "title": "River rises in Example", "author": "Jo Doe", "date": "2017-06-06",
        "url": "https://example.org/2017/06/06/river", "sitename": "The Daily Example",
    }  # fmt: skip
    assert (record.document.name, record.document.encoding) == ("page.html", "utf-8")
    assert len(sentences(text)) == 4


ENCODED = [
    ("utf-8", "utf-8-sig", "utf-8-sig"),
    ("utf-8", "utf-16", "utf-16"),
    ("iso-8859-1", "cp1252", "cp1252"),
    ("windows-1252", "cp1252", "windows-1252"),
    ("utf-16", "utf-8", "utf-8"),
    ("iso-8859-1", "utf-8", "utf-8"),
]


@pytest.mark.parametrize(("said", "used", "found"), ENCODED)
def test_the_encoding_is_what_the_bytes_and_the_page_say(
    said: str, used: str, found: str, path: Path
) -> None:
    equivalent = f'<meta http-equiv="Content-Type" content="text/html; charset={said}">'
    for declared in (f'<meta charset="{said}">', equivalent):
        data = PAGE.replace('<meta charset="utf-8">', declared).encode(used)
        record = one(read(FORMAT, path, data))
        assert PARAGRAPHS[1] in record.document.text
        assert record.document.encoding == found


def test_an_encoding_that_is_wrong_or_unknown_is_told(path: Path) -> None:
    data = PAGE.replace('<meta charset="utf-8">', "").encode("cp1252")
    with pytest.raises(InputError, match="not utf-8 at byte"):
        read(FORMAT, path, data)
    data = PAGE.replace("utf-8", "x-none").encode("cp1252")
    with pytest.raises(InputError, match="there is no encoding 'x-none'"):
        read(FORMAT, path, data)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html></html>",
        "<html><body><script>alert(1)</script></body></html>",
        "<!DOCTYPE html><html><body><nav><a href='/'>Home</a></nav></body></html>",
        "<html><body>" + "<div>" * 100_000,
        "<html>" + "<!-- -->" * 10_000,
        "\x00" * 20,
    ],
    ids=len,
)
def test_what_holds_no_article_is_refused(page: str, path: Path, capfd: Any) -> None:
    with pytest.raises(InputError, match="no article was found in the page"):
        read(FORMAT, path, page)
    assert capfd.readouterr() == ("", "")


def test_a_page_too_large_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_article, "LARGEST_PAGE", 500)
    with pytest.raises(InputError, match="a page of more than 500 bytes"):
        read(FORMAT, path, PAGE)


def test_entities_of_files_are_never_read(path: Path) -> None:
    head = '<!DOCTYPE html [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    page = PAGE.replace("<!DOCTYPE html>", head).replace("Ann Bee", "Ann &secret; Bee")
    assert "root:" not in one(read(FORMAT, path, page)).document.text


RECOGNISED = [
    ("page", PAGE, True),
    ("page.txt", f"\ufeff<?xml version='1.0'?>\n<!-- saved -->\n{PAGE}", True),
    ("part.html", "<div class='x'><p>Rain fell.</p></div>", True),
    ("notes.html", "Rain fell, and nobody wrote it down.", False),
    ("data.xml", "<?xml version='1.0'?><rain><p>fell</p></rain>", False),
    ("text.txt", "About <html> and other elements.", False),
]


@pytest.mark.parametrize(("name", "content", "is_page"), RECOGNISED)
def test_pages_are_known_by_their_content(
    name: str, content: str, is_page: bool, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    (entry,) = Recogniser(None, {}).files([path], tmp_path / "unpacked")
    assert (isinstance(entry, Recognised) and entry.format is FORMAT) == is_page


PIECES = st.sampled_from(
    ("<p>", "</p>", "<table>", "<td>", "</article>", "<a href='", "'>", "<br", "&amp;", "&#xD800;",
     "&#0;", "<!--", "-->", "<meta ", "<script>", "</script>", "<svg>", "<form>", "😀", "\x1b[31m",
     "<h1>", "<li>", "<title>", "<time datetime='2017-99-99'>", "]]>", PARAGRAPHS[0])
)  # fmt: skip


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(parts=st.lists(PIECES, max_size=12), at=st.integers(0, len(PAGE)))
def test_whatever_is_in_a_page_it_is_read_or_refused(path: Path, parts: list[str], at: int) -> None:
    refusal = ""
    try:
        record = one(read(FORMAT, path, PAGE[:at] + "".join(parts) + PAGE[at:]))
    except InputError as error:
        refusal = error.message
    assert "no article" in refusal or record.document.text.strip()
