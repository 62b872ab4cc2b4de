"""RSS 0.9 to 2.0, RDF and Atom feeds, as files."""
