"""The order of things: which transforms a run applies, how it is started, watched and published."""
