"""One module a page; each is a table of contents over components.

Not called `pages`: Streamlit would take a folder of that name beside the script for pages of its
own and show them, empty, to whoever opens a link to a page before anybody opened the first one.
"""
