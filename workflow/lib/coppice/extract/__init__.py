"""extract: every reported figure of one outcome of one study becomes a candidate effect; one of them is chosen.

`routes` registers the ways from figure to effect, `choose` the rule that picks one, `outcome` does both for one outcome.
"""
