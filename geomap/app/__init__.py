"""The Streamlit app: pages that choose, ask the core and show."""
