"""The convert wing: the bytes of one source become articles and the ledger that accounts for every character.

`conversion` is its table of contents: read → repair → blocks → segment → describe. Nothing is imported here, for whoever
only reads a source (`read`) needs none of the patterns that the others are made of: they take 0.4 s to compile.
"""
