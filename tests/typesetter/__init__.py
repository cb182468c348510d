"""A typesetter that spoils pages: clean stories in, the text of a messy page and its gold out.

    stories.py       a story as its writer left it, cut into strips
    sheets.py        which strips stand on a page, in which order of the source
    tape.py          what was set so far, and to whom each character belongs; gives the gold
    looks/           three ways a page reaches us: text_layer, ocr_markdown, web_page
    damage.py        GBK bytes, pinyin: what web tools do to a finished line

Whatever is left to chance hangs on one `random.Random(seed)`, so a sheet always comes out the same.
"""
