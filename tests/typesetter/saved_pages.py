"""Saved pages drawn by chance: invented stories in the HTML of many makers, with what an archivist would read in them.

No page is copied from a site. A shape (`SHAPES`) is how a kind of maker builds pages; everything in it that another maker of the
kind would do otherwise is drawn: nesting, names of classes, where the day stands, what frames the story.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.typesetter.casts import Cast, Town, invent_town
from tests.typesetter.invent import Order, draw_fields, invent_story
from tests.typesetter.stories import Story, body_markdown, printed

GENRES = ("news", "news", "feature", "essay", "brief", "notice", "question")
STORY_CLASSES = ("content", "con", "TRS_Editor", "zoom", "article-body", "text", "nr", "mainbox", "c1", "box2 mt20", "", "wz", "detail_txt", "left")  # fmt: skip
SITES = ("新闻网", "在线", "政府网", "网")
CRUMB_MARKS = (" &gt; ", "&gt;&gt;", " » ", " / ", " › ")
INDENTS = ("　　", "&nbsp;&nbsp;&nbsp;&nbsp;", "&emsp;&emsp;", "")


@dataclass(frozen=True, slots=True)
class Told:
    """What an archivist reads of one story."""

    title: str
    body: str  # Markdown of the ideal article


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The HTML of a page, and what stands in it."""

    html: str
    day: str
    stories: tuple[Told, ...]


@dataclass
class Maker:
    """Everything one page is made with."""

    rng: random.Random
    town: Town
    site: str
    told: list[Told] = field(default_factory=list)

    def pick(self, *choices: str) -> str:
        return self.rng.choice(choices)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def headline(self) -> str:
        """The headline of another story."""
        return Cast(self.town, draw_fields(1, self.rng)[0]).say("related")

    def sentence(self) -> str:
        return Cast(self.town, draw_fields(1, self.rng)[0]).say("detail")


def draw_saved_page(seed: int, shape: str) -> SavedPage:
    """A page of a shape.

    >>> page = draw_saved_page(1, "portal")
    >>> page.html.startswith("<"), len(page.stories)
    (True, 1)
    """
    rng = random.Random(f"{seed} {shape}")
    town = invent_town(rng)
    maker = Maker(rng, town, town.city + rng.choice(SITES))
    page = SHAPES[shape](maker)
    return SavedPage(page, town.issue.isoformat(), tuple(maker.told))


# --- stories -------------------------------------------------------------------------------------


def draw_story(maker: Maker, genres: tuple[str, ...] = GENRES) -> Story:
    genre = maker.rng.choice(genres)
    order = Order(f"s{len(maker.told)}", genre, maker.town, draw_fields(1, maker.rng)[0])
    story = invent_story(order, maker.rng)
    title = printed(story.head["title"], wrap="")
    maker.told.append(Told(title, body_markdown(list(enumerate(story.strips)))))
    return story


def title_of(story: Story) -> str:
    return printed(story.head["title"], wrap="")


def set_body(maker: Maker, story: Story) -> str:
    """The text of a story in one of the ways editors leave it."""
    way = maker.pick("p", "p", "p", "div", "br", "br2", "span")
    indent = maker.pick(*INDENTS)
    heading = maker.pick("<p><strong>{}</strong></p>", "<h2>{}</h2>", "<h3>{}</h3>", "<p align='center'><b>{}</b></p>")  # fmt: skip
    parts: list[str] = []
    breaks = way.startswith("br")
    for text, role in _joined(story):
        shown = _inside(maker, html.escape(text))
        if role == "heading" and breaks:
            parts.append(f"{indent}<b>{shown}</b>")
        elif role == "heading":
            parts.append(heading.format(shown))
        elif role == "caption":
            parts.append(_picture(maker, shown, breaks=breaks))
        elif breaks:
            parts.append(indent + shown)
        elif way == "div":
            parts.append(f"<div>{indent}{shown}</div>")
        elif way == "span":
            parts.append(f'<p style="text-indent: 2em"><span style="font-size: 16px">{indent}{shown}</span></p>')  # fmt: skip
        else:
            parts.append(f"<p{maker.pick('', ' class=p1')}>{indent}{shown}</p>")
        if maker.chance(0.06):
            parts.append(_inserted(maker, breaks=breaks))
    glue = {"br": "<br>\n", "br2": "<br><br>\n"}.get(way, "\n")
    return glue.join(parts)


def _joined(story: Story) -> list[tuple[str, str]]:
    """The paragraphs of a story with their roles; what runs on stands on the line before."""
    found: list[tuple[str, str]] = []
    for piece in story.strips[0]:
        text = printed(piece.text, wrap="")
        if piece.runs_on and found and not text.startswith("（"):
            found[-1] = (found[-1][0] + text, "body")
        else:
            found.append((text, piece.role))
    return found


def _inside(maker: Maker, text: str) -> str:
    """A paragraph with the marks that editors leave in it."""
    if maker.chance(0.12) and len(text) > 30:
        at = maker.rng.randrange(10, 20)
        text = f"{text[:at]}<a href='http://a.example/{at}'>{text[at : at + 3]}</a>{text[at + 3 :]}"
    elif maker.chance(0.08) and len(text) > 30:
        text = f"<span lang='ZH-CN'>{text[:12]}</span><span>{text[12:]}</span>"
    elif maker.chance(0.05) and len(text) > 12 and re.match("[\u4e00-\u9fff]", text):
        text = f"<ruby>{text[0]}<rp>(</rp><rt>pīn</rt><rp>)</rp></ruby>{text[1:]}"
    elif maker.chance(0.1) and len(text) > 60:
        text = text[:50] + "\n      " + text[50:]
    return text


def _picture(maker: Maker, caption: str, *, breaks: bool) -> str:
    image = f'<img src="p{maker.rng.randrange(99)}.jpg" alt="{maker.pick("", "图片", "IMG_01.jpg", "现场照片")}">'
    if breaks:
        return f"<center>{image}</center><center>{caption}</center>"
    return maker.pick(
        f"<figure>{image}<figcaption>{caption}</figcaption></figure>",
        f'<p align="center">{image}</p><p align="center">{caption}</p>',
        f'<p style="text-align:center">{image}<br>{caption}</p>',
        f'<div class="pic">{image}<p class="pic-desc">{caption}</p></div>',
    )


def _inserted(maker: Maker, *, breaks: bool) -> str:
    """What stands in the middle of a text without being of it."""
    link = f"<a href='/r{maker.rng.randrange(99)}.html'>{maker.headline()}</a>"
    return maker.pick(
        "<script>document.write('广告位招租，请来电。');</script>",
        "<style>.p1{color:red}</style>",
        "<!-- 广告 -->",
        f"<div style='display:none'>{maker.sentence()}</div>",
        "<noscript>请打开脚本后浏览，谢谢您的支持。</noscript>",
        f"<div class='ad'>{link}</div>",
        "" if breaks else f"<div class='x1'>相关阅读：<ul><li>{link}</li></ul></div>",
    )


def title_element(maker: Maker, title: str) -> str:
    return maker.pick(
        f"{title}_{maker.site}",
        f"{title}-要闻-{maker.site}",
        f"{title} | {maker.site}",
        f"{title}",
        f"{maker.site}--{title}",
        f"{title} - 新闻中心 - {maker.site}首页",
    )


def set_title(maker: Maker, title: str) -> str:
    shown = html.escape(title)
    return maker.pick(
        f"<h1>{shown}</h1>",
        f"<h1 class='t'>{shown}</h1>",
        f"<h2>{shown}</h2>",
        f"<div class='title'>{shown}</div>",
        f"<div class='art-tit'>{shown}</div>",
        f"<p align='center'><strong><font size='5'>{shown}</font></strong></p>",
        f"<div style='font-size:26px;text-align:center'>{shown}</div>",
        f"<div class='x'><span style='font-size: 22px; font-weight:bold'>{shown}</span></div>",
    )


def set_source(maker: Maker) -> str:
    """The line of day and source."""
    day = maker.town.issue
    clock = f"{maker.rng.randint(8, 17):02}:{maker.rng.randint(0, 59):02}"
    date = maker.pick(
        f"{day.isoformat()} {clock}",
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month:02}月{day.day:02}日 {clock}",
        f"{day.year}/{day.month}/{day.day} {clock}:09",
    )
    source = maker.pick(maker.town.paper, maker.site, "市政府办公室", "本站原创")
    name = maker.town.draw_name()
    parts = [
        maker.pick(date, f"发布时间：{date}", f"时间：{date}", f"发布日期：{date}"),
        f"来源：{source}",
    ]
    if maker.chance(0.4):
        parts.append(maker.pick(f"作者：{name}", f"编辑：{name}", f"责任编辑：{name}"))
    if maker.chance(0.4):
        parts.append(maker.pick("浏览次数：{}", "阅读：{}", "点击：{}次").format(maker.rng.randint(3, 9000)))  # fmt: skip
    if maker.chance(0.3):
        parts.append("字号：[<a href='#'>大</a> <a href='#'>中</a> <a href='#'>小</a>]")
    if maker.chance(0.3):
        parts.append(maker.pick("<a href='javascript:print()'>打印</a>", "【打印】【关闭】", "分享到：<a href='#'>微信</a><a href='#'>微博</a>"))  # fmt: skip
    way = maker.rng.randrange(5)
    if way == 0:
        return "<div class='info'>" + "".join(f"<span>{part}</span>" for part in parts) + "</div>"
    if way == 1:
        return "<p align='center'>" + "&nbsp;&nbsp; ".join(parts) + "</p>"
    if way == 2:
        return "<ul class='meta'>" + "".join(f"<li>{part}</li>" for part in parts) + "</ul>"
    if way == 3:
        return "<table width='100%'><tr>" + "".join(f"<td>{part}</td>" for part in parts) + "</tr></table>"  # fmt: skip
    return "<div>" + " | ".join(parts) + "</div>"


# --- frames --------------------------------------------------------------------------------------


def menu(maker: Maker) -> str:
    words = maker.rng.sample(("首页", "新闻", "政务公开", "互动交流", "走进本市", "办事服务", "专题专栏", "视频", "图片", "数据"), 6)  # fmt: skip
    links = [f"<a href='/{at}'>{word}</a>" for at, word in enumerate(words)]
    return maker.pick(
        "<nav><ul>" + "".join(f"<li>{link}</li>" for link in links) + "</ul></nav>",
        "<div class='menu'>" + " | ".join(links) + "</div>",
        "<div>" + "&nbsp;".join(links) + "</div>",
        "<table><tr>" + "".join(f"<td>{link}</td>" for link in links) + "</tr></table>",
    )


def top(maker: Maker) -> str:
    parts = [maker.pick("<div class='logo'><img src='logo.png' alt='标志'></div>", f"<div class='logo'>{maker.site}</div>", f"<h1 class='logo'><a href='/'>{maker.site}</a></h1>")]  # fmt: skip
    if maker.chance(0.4):
        parts.append(maker.pick("<div>今天是2026年11月26日 星期四</div>", "<span>欢迎访问本站！</span> <a href='#'>登录</a> <a href='#'>注册</a>"))  # fmt: skip
    parts.append(menu(maker))
    if maker.chance(0.5):
        parts.append("<form action='/s'><input name='q' value='请输入关键字'><button>搜索</button></form>")  # fmt: skip
    inner = "\n".join(parts)
    return maker.pick(f"<header>{inner}</header>", f"<div id='top'>{inner}</div>", inner)


def crumbs(maker: Maker, title: str) -> str:
    mark = maker.pick(*CRUMB_MARKS)
    steps = ["<a href='/'>首页</a>", "<a href='/x'>新闻中心</a>", maker.pick("正文", "<a href='/y'>本地要闻</a>", html.escape(title))]  # fmt: skip
    lead = maker.pick("您现在的位置：", "当前位置：", "", "您的位置: ")
    return (
        f"<div class='{maker.pick('crumb', 'position', 'wz1', '')}'>{lead}{mark.join(steps)}</div>"
    )


def side(maker: Maker) -> str:
    """Lists of other stories, with and without their first words."""
    items = [
        f"<li><a href='/{at}.html'>{maker.headline()}</a>{maker.pick('', f'<span>06-1{at}</span>')}</li>"
        for at in range(maker.rng.randint(3, 9))
    ]
    lists = f"<h3>{maker.pick('热点新闻', '最新文章', '点击排行', '图片新闻', '推荐阅读', '通知公告')}</h3><ul>{''.join(items)}</ul>"
    if maker.chance(0.4):
        lists += "".join(
            f"<div class='it'><a href='/t{at}.html'>{maker.headline()}</a><p>{maker.sentence()[:60]}……</p></div>"
            for at in range(3)
        )
    return maker.pick(f"<aside>{lists}</aside>", f"<div class='right fr'>{lists}</div>", f"<div class='w300'>{lists}</div>")  # fmt: skip


def below(maker: Maker) -> str:
    """What stands below a text, in any order."""
    name = maker.town.draw_name()
    parts = [
        f"<p>（责任编辑：{name}）</p>",
        f"<div class='editor'>责任编辑：{name}</div>",
        "<div class='share'>分享到：<a href='#'>微信</a> <a href='#'>新浪微博</a> <a href='#'>QQ空间</a></div>",
        "<p align='right'>【<a href='#'>打印本页</a>】【<a href='#'>关闭窗口</a>】</p>",
        f"<div>上一篇：<a href='/a'>{maker.headline()}</a></div><div>下一篇：<a href='/b'>{maker.headline()}</a></div>",
        f"<p>上一篇：没有了</p><p>下一篇：<a href='/b'>{maker.headline()}</a></p>",
        f"<div class='gl'><h3>相关{maker.pick('新闻', '链接', '阅读', '文章')}</h3><ul>"
        + "".join(f"<li><a href='/g{at}'>{maker.headline()}</a></li>" for at in range(4))
        + "</ul></div>",
        "<div>扫一扫在手机打开当前页</div>",
        "<div class='zan'>点赞 <span>12</span></div>",
        "<div>关键词：<a href='/k1'>民生</a> <a href='/k2'>服务</a></div>",
    ]
    return "\n".join(maker.rng.sample(parts, maker.rng.randint(1, 6)))


def comments(maker: Maker) -> str:
    said = "".join(
        f"<div class='{maker.pick('item', 'cmt')}'><b>{maker.town.draw_name()}</b> <i>2026-0{at}-1{at} 10:0{at}</i><p>{maker.sentence()}</p></div>"
        for at in range(1, maker.rng.randint(2, 6))
    )
    form = "<form><textarea>请文明发言</textarea><input type='submit' value='发表评论'></form>"
    head = maker.pick("网友评论", "评论（3）", "全部评论", "我来说两句")
    box = maker.pick("comments", "pinglun", "liuyan-list")
    return f"<div class='{box}'><h3>{head}</h3>{said}{form}</div>"


def foot(maker: Maker) -> str:
    friends = maker.pick("", "<select><option>友情链接</option><option>某某市政府网</option></select>", "<div>友情链接：<a href='http://x.example'>青禾网</a> <a href='http://y.example'>白鹭在线</a></div>")  # fmt: skip
    owner = f"<p>版权所有：{maker.site} 联系电话：010-55550100</p><p>某ICP备1000号 技术支持：{maker.town.city}科技</p>"
    notice = maker.pick(
        "", f"<p>凡本网注明“来源：{maker.site}”的作品，版权均属本网，未经授权不得转载。</p>"
    )
    inner = friends + owner + notice
    return maker.pick(f"<footer>{inner}</footer>", f"<div class='bottom'>{inner}</div>", inner)


def nest(maker: Maker, inner: str, names: tuple[str, ...] = STORY_CLASSES) -> str:
    for _ in range(maker.rng.randint(0, 4)):
        name = maker.pick(*names)
        inner = f"<div class='{name}'>\n{inner}\n</div>" if name else f"<div>\n{inner}\n</div>"
    return inner


def document(maker: Maker, title: str, body: str, head: str = "") -> str:
    kind = maker.pick("<!DOCTYPE html>", '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">', "")  # fmt: skip
    return (
        f"{kind}<html><head><meta charset='utf-8'><title>{html.escape(title)}</title>{head}"
        f"<script>var title='{maker.site}';</script></head><body>\n{body}\n</body></html>\n"
    )


# --- shapes --------------------------------------------------------------------------------------


def portal(maker: Maker) -> str:
    """A government portal: breadcrumb, headline, source line, text, controls."""
    story = draw_story(maker, ("news", "notice", "notice", "question", "feature"))
    title = title_of(story)
    source = set_source(maker)
    head = maker.pick(set_title(maker, title) + source, source + set_title(maker, title))
    text = nest(maker, set_body(maker, story))
    main = nest(maker, head + text + (below(maker) if maker.chance(0.5) else ""))
    meta = f"<meta name='ArticleTitle' content='{html.escape(title)}'>" if maker.chance(0.5) else ""
    rest = below(maker) if maker.chance(0.5) else ""
    parts = [top(maker), crumbs(maker, title), main, rest, foot(maker)]
    shown = maker.pick(title_element(maker, title), maker.site) if not meta else maker.site
    return document(maker, shown, "\n".join(parts), meta)


def cms(maker: Maker) -> str:
    """A content management system of today: article, aside, comments."""
    story = draw_story(maker)
    title = title_of(story)
    head = set_title(maker, title) + set_source(maker)
    wrap = maker.pick("header", "div")
    inner = f"<{wrap}>{head}</{wrap}>{nest(maker, set_body(maker, story))}"
    tag = maker.pick("article", "main", "section", "div")
    main = f"<{tag} class='{maker.pick('post', 'entry', 'single')}'>{inner}{below(maker)}</{tag}>"
    talk = comments(maker) if maker.chance(0.6) else ""
    columns = [nest(maker, main + talk, ("wrap", "col-8", "")), side(maker)]
    maker.rng.shuffle(columns)
    parts = [top(maker), crumbs(maker, title), f"<div class='container'>{''.join(columns)}</div>", foot(maker)]  # fmt: skip
    return document(maker, title_element(maker, title), "\n".join(parts))


def table_layout(maker: Maker) -> str:
    """A page of 2003, laid out by tables in tables."""
    story = draw_story(maker)
    title = title_of(story)
    body = set_body(maker, story)
    rows = [set_title(maker, title), set_source(maker), body, below(maker)]
    inner = "".join(f"<tr><td>{row}</td></tr>" for row in rows)
    center = f"<table width='560' border=0>{inner}</table>"
    left = f"<td width=180 valign=top>{side(maker)}</td>"
    cells = f"<td valign=top>{crumbs(maker, title)}{center}</td>"
    outer = (
        f"<table width=760><tr>{left + cells if maker.chance(0.6) else cells + left}</tr></table>"
    )
    parts = [
        f"<table><tr><td><img src=b.gif></td><td>{menu(maker)}</td></tr></table>",
        outer,
        f"<table><tr><td align=center>{foot(maker)}</td></tr></table>",
    ]
    return document(maker, title_element(maker, title), "\n".join(parts)).replace("</p>", maker.pick("</p>", ""))  # fmt: skip


def paper(maker: Maker) -> str:
    """One story of a paper's e-edition, between the picture of its page and the list of its headlines."""
    story = draw_story(maker, ("news", "feature", "essay", "brief"))
    title = title_of(story)
    day, number = maker.town.issue, f"{maker.pick('A', '', '0')}{maker.rng.randint(1, 8)}"
    printed_day = f"{day.year}年{day.month:02}月{day.day:02}日"
    heads = "".join(f"<li><a href='c{at}.htm'>{maker.headline()}</a></li>" for at in range(6))
    head = f"<div class='hd'>{maker.town.paper} {printed_day} 星期{'一二三四五六日'[day.weekday()]} 第{number}版：要闻</div>"
    left = f"<div class='left'><img src='page.jpg' usemap='#m'><h3>本版标题导航</h3><ul>{heads}</ul><a href='p.htm'>上一版</a> <a href='n.htm'>下一版</a></div>"
    tools = "<div class='tools'><a href='#'>放大</a> <a href='#'>缩小</a> <a href='#'>默认</a> <a href='#'>朗读</a></div>"
    around = maker.pick("<a href='a.htm'>上一篇</a> <a href='b.htm'>下一篇</a>", "")
    text = nest(maker, set_body(maker, story))
    right = f"<div class='right1'>{around}{set_title(maker, title)}{tools}{text}</div>"
    shown = maker.pick(title_element(maker, title), f"{maker.town.paper}数字报", f"{maker.town.paper} {printed_day}")  # fmt: skip
    parts = [head, left, right] if maker.chance(0.6) else [head, right, left]
    return document(maker, shown, "\n".join([*parts, foot(maker)]))


def paper_page(maker: Maker) -> str:
    """Several stories on one page of a paper's e-edition."""
    day, number = maker.town.issue, f"A{maker.rng.randint(1, 8)}"
    printed_day = f"{day.year}年{day.month}月{day.day}日"
    parts = []
    wrapped = maker.chance(0.6)
    opened, closed = maker.rng.choice(
        [("<h2>", "</h2>"), ("<h3>", "</h3>"), ("<div class='title'>", "</div>")]
        + [("<p><b>", "</b></p>"), ("<div style='font-size:20px'>", "</div>")] * wrapped
    )
    for _ in range(maker.rng.randint(2, 5)):
        story = draw_story(maker, ("news", "brief", "feature", "essay"))
        shown = opened + html.escape(title_of(story)) + closed
        text = re.sub("<(/?)h[23]>", r"<\1h4>", set_body(maker, story))
        parts.append(f"<div class='story'>{shown}<div>{text}</div></div>" if wrapped else f"{shown}<div>{text}</div>")  # fmt: skip
    head = maker.pick(f"<h1>{maker.town.paper}</h1>", f"<div><b>{maker.town.paper}</b></div>", "")
    line = f"<div>{printed_day} 星期{'一二三四五六日'[day.weekday()]} {number}版 要闻</div>"
    body = f"{head}{line}{menu(maker)}<div class='page'>{''.join(parts)}</div>{foot(maker)}"
    return document(maker, f"{maker.town.paper} {printed_day} {number}版", body)


def forum(maker: Maker) -> str:
    """A thread: the first post is the story, the others answer it."""
    story = draw_story(maker, ("essay", "feature", "news"))
    title = title_of(story)
    day = maker.town.issue

    def post(number: int, text: str, date: str) -> str:
        return (
            f"<div class='post' id='p{number}'><div class='user'><b>{maker.town.draw_name()}</b><p>级别：会员</p></div>"
            f"<div class='when'>发表于 {date} 09:1{number} {maker.pick('', f'{number}楼')}</div><div class='msg'>{text}</div>"
            "<div class='act'><a href='#'>回复</a> <a href='#'>引用</a> <a href='#'>举报</a></div></div>"
        )

    posts = [post(1, set_body(maker, story), day.isoformat())]
    posts += [post(number, maker.sentence(), "2026-01-02") for number in range(2, maker.rng.randint(3, 8))]  # fmt: skip
    shown = maker.pick(f"<h1>{html.escape(title)}</h1>", f"<div class='subject'>{html.escape(title)}</div>")  # fmt: skip
    parts = [top(maker), crumbs(maker, title), shown, f"<div id='thread'>{''.join(posts)}</div>", foot(maker)]  # fmt: skip
    return document(maker, title_element(maker, title), "\n".join(parts))


SHAPES: Mapping[str, Callable[[Maker], str]] = {
    "portal": portal,
    "cms": cms,
    "table_layout": table_layout,
    "paper": paper,
    "paper_page": paper_page,
    "forum": forum,
}
