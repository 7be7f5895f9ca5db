"""draft: a proposed record from the words of a text, by rules that can be read."""
