"""Accessibility checks with axe-core, whose script comes with axe-playwright-python."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# What is Streamlit's own and cannot be mended from here: part of the page -> why it is left out.
STREAMLITS_OWN = {
    '[data-testid="stDataFrame"]': "the grid draws on a canvas with a table of its own inside",
    '[data-testid="stSidebarResizeHandle"]': "a drag handle without a name",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# Marks of a map stand where their places are, which WCAG 2.2 excepts from the spacing of targets.
SPACED = ["wcag22aa"]
MARKS = ".leaflet-pane"
RUN = """async ([rules, leftOut]) => {
  const found = await axe.run(
    { exclude: leftOut.map((one) => [one]) },
    { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] },
  );
  return found.violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""


@cache
def script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page) -> list[str]:
    """Name every violation on a page, with the element it is in."""
    page.evaluate(script())
    left_out = list(STREAMLITS_OWN)
    return [
        *page.evaluate(RUN, [RULES, left_out]),
        *page.evaluate(RUN, [SPACED, [*left_out, MARKS]]),
    ]
