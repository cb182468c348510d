"""A typesetter that spoils pages: clean stories in, the text of a messy page and its gold out.

    stories.py       a story as its writer left it, cut into strips
    sheets.py        which strips stand on a page, in which order of the source
    tape.py          what was set so far, and to whom each character belongs; gives the gold
    looks/           three ways a page reaches us: text_layer, ocr_markdown, web_page
    damage.py        GBK bytes, pinyin: what web tools do to a finished line

The stories are written by hand for the demo; for measuring they are invented:

    invent.py        whole stories by rule, a function for each genre
    casts.py         names, words and sentences of one story (names.yaml, fields.yaml, sentences.yaml)
    bylines.py       who wrote it, in every printed form
    cuts.py          a whole story in strips, torn where columns end
    generator.py     `draw_page(seed)`: a page of such stories with its gold

Whatever is left to chance hangs on one `random.Random(seed)`, so a sheet always comes out the same.
"""
