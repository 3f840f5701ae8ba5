"""Views of one dataset as plain frozen data: no map, page or file format is known here."""
