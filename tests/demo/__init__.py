"""The demo: an invented city and its papers, 2019 to 2021, written by us and spoiled by the typesetter.

`page-*.yaml` and `web-*.yaml` hold the clean stories and the order they are laid out in; `make_sources.py`
makes `sources/` and `gold/` of them; `kinds/` has the stories of the files that are no text. Change a story there, never in `sources/`.
"""
