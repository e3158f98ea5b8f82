"""What is asked of every page, whoever sees it and however small the screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page, Response

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
MOST_SHIFT = 0.1
FILES = re.compile(r"\.(csv|xlsx|pdf|json|svg)$")

# Sums what moved without being asked to, from the first paint on.
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""

# All that is asked of a page, in one journey to the browser.
FACTS = """() => {
  const wide = document.documentElement.clientWidth;
  // What lies inside something that scrolls by itself does not push the page.
  const boxed = (node) => {
    for (let up = node.parentElement; up && up !== document.body; up = up.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(up).overflowX)) return true;
    return false;
  };
  const over = document.documentElement.scrollWidth > wide
    ? [...document.body.querySelectorAll("*")]
        .filter((node) => node.getBoundingClientRect().right > wide + 1 && !boxed(node))
        .slice(0, 3).map((node) => node.outerHTML.slice(0, 160))
    : [];
  return {
    lang: document.documentElement.lang,
    title: document.title,
    h1: [...document.querySelectorAll("h1")].map((node) => node.textContent.trim()),
    example: document.querySelector(".example")?.checkVisibility() ?? false,
    framed: document.querySelector(".topbar") !== null,
    wider: document.documentElement.scrollWidth - wide,
    over,
    shifted: window.shifted,
    links: [...document.querySelectorAll("a[href]")].map((node) => new URL(node.getAttribute("href"), document.baseURI).href),
    shape: [...new Set([...document.body.querySelectorAll("*")].map((node) => {
      const attributes = node.getAttributeNames().filter((name) => !["href", "id", "d"].includes(name));
      return `${node.parentElement.tagName}.${node.parentElement.className}>${node.tagName}.`
        + `${node.getAttribute("class")}.${node.getAttribute("role")}[${attributes}]`;
    }))].sort().join("\\n"),
  };
}"""


def look(page: Page, answer: Response | None, expected: int = 200) -> tuple[list[str], dict[str, Any]]:
    """What is wrong with the page as it stands, in sentences, and the facts it was judged by."""
    facts: dict[str, Any] = page.evaluate(FACTS)
    wrong = []
    if answer is None or answer.status != expected:
        wrong.append(f"svarer {answer.status if answer else 'ikke'}, ikke {expected}")
    if facts["lang"] != "da":
        wrong.append(f"sproget er »{facts['lang']}«")
    if len(facts["h1"]) != 1 or not facts["h1"][0]:
        wrong.append(f"overskrifter på øverste niveau: {facts['h1']}")
    elif not facts["title"].startswith(facts["h1"][0].split("  ")[0][:20]):
        wrong.append(f"titlen »{facts['title']}« siger ikke det samme som overskriften {facts['h1']}")
    if facts["framed"] and not facts["example"]:
        wrong.append("»Eksempeldata« står der ikke")
    if facts["wider"] > 0:
        wrong.append(f"er {facts['wider']} px for bred: {facts['over']}")
    if facts["shifted"] >= MOST_SHIFT:
        wrong.append(f"flytter sig ({facts['shifted']:.3f})")
    return wrong, facts


def barriers(page: Page) -> list[str]:
    """What axe finds: rule, selector and the piece of HTML."""
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES
    )
    return [
        f"{violation['id']} ({violation['help']}): {node['target']} {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def kind_of(address: str, site: str) -> str:
    """The name of the page an address leads to, so that one of each kind is enough. Empty for no page of ours."""
    parts = urlsplit(address)
    if not address.startswith(site) or FILES.search(parts.path) or parts.path.startswith("/api/"):
        return ""
    if "format=" in parts.query:
        return ""
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return ""
