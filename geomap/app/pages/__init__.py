"""One module a page; each is a table of contents over components."""
