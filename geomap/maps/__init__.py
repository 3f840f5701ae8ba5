"""Maps: drawn once by folium, hosted by a small component, served and exported whole."""
