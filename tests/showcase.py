"""An archive of one article that has every piece of type which an article may have: for pictures of it, and for tests.

The demo has articles as papers print them; verse, tables, lists, quotations and code stand together here.
"""

from __future__ import annotations

from pathlib import Path

from jianbao.config import Config
from jianbao.pipeline import Folders, build_site

SHOWCASE_ID = "yang-zhang-01"
SHOWCASE = """---
id: yang-zhang-01
title: 河堤上的灯 一盏一盏亮到天明
kicker: 城南老街夜里不再摸黑　居民说往后放心多了
subtitle: ——记梧川城南片区照明改造的三百六十五个夜晚
column: 样张
authors:
- {name: 林一, role: 记者}
- {name: 欧阳小满, role: 通讯员}
- {name: 周三, role: 摄影}
dateline: {agency: 本报讯, place: 梧川, date: 6月17日电}
date: '2020-06-18'
publication: 梧川日报
page: A3
topics: [样张, 城市建设]
places: [梧川]
script: Hans
complete: gap
evidence:
  date: {status: inferred, quote: 六月十八日 星期四}
  publication: {status: inferred, quote: 梧川日报社出版}
---

图：傍晚的河堤，新灯刚刚点亮。（周三 摄）

本报讯（记者 林一）入夜之后，城南河堤的LED灯一盏接一盏地亮起来，共计1280盏，比去年多出37%。“从前走到这里要打手电，”住在堤下的老人说，“如今连鱼漂都看得见……”

## 一、先问住户

改造之前，工程队挨家挨户问了**四个月**：灯要多高、多亮、几点熄。问卷收回2 316份，*没有一份是空白的*。详情见[公开的方案](https://example.org/plan)。

### 问到的事

- 灯不要照进卧室的窗；
- 台阶要有灯，坡道更要有；
- 电费由谁出，写清楚。

1. 初一到初五整夜不熄；
2. 平日过了零点减半。

> 灯是给人走路用的，不是给人看的。

#### 数目

| 路段 | 灯（盏） | 高（米） | 完工 | 每月用电（千瓦时） | 负责的班组 | 备注 |
|:--|--:|--:|:-:|--:|:--|:--|
| 河堤东段 | 420 | 4.5 | 三月 | 1890.5 | 路灯所第一班 | 台阶处另加矮灯 |
| 河堤西段 | 516 | 4.5 | 五月 | 2322 | 路灯所第二班 | 无 |
| 老街 | 344 | 3.2 | 六月 | 1100.8 | 街道与住户共管 | 灯罩按旧样重做 |

## 二、夜里有人写诗

学校的孩子把灯写进了诗里：

灯站在水边，\\
水里也站着一排灯。\\
风来的时候，\\
它们一起点头。

我数到第九盏，\\
就到家了。

诗贴在第一盏灯的灯柱上。

```
亮灯  18:40
熄灯  05:30
```

---

夜深了，最后一班公交车开过大桥，车里只剩司机一个人，他说他每天都看着这些灯，一直到天亮。
"""


def build_showcase(folder: Path) -> Path:
    """The article as an archive in `folder`; where its site is."""
    place = folder / "content" / "yang-zhang"
    place.mkdir(parents=True, exist_ok=True)
    (place / "01.md").write_text(SHOWCASE, encoding="utf-8")
    site = folder / "site"
    folders = Folders(folder / "config.yaml", folder / "sources", folder / "content", site)
    report = build_site(Config(title="样张", motto="只为看看字排得怎样"), folders)
    assert report.errors == ()
    return site
