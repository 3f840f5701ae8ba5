/* What every page needs before Streamlit starts: a history without noise, the language of the
   document and of Streamlit's own words, a side panel that makes way on a phone, buttons that copy,
   and words for readers who listen. */
(() => {
  "use strict";

  /* Choosing something is a step back and forth can take; moving the map or a slider is none. */
  const STEPS = ["select", "compare"];
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);

  /* Streamlit sends the address of the moment with every run, which may be one the server has already
     left behind; so an address that the reader went back to says so. */
  const BACK = "back";
  let last = location.pathname + location.search;

  function wentBack() {
    const address = new URL(location.href);
    if (address.pathname + address.search === last) return; // a jump within the page
    address.searchParams.set(BACK, "1");
    replace(history.state, "", address);
    keep();
  }

  function keep() {
    last = location.pathname + location.search;
    speak();
  }

  function isStep(address) {
    const next = new URL(address, location.href);
    if (next.pathname !== location.pathname) return true;
    const [before, after] = [new URLSearchParams(location.search), next.searchParams];
    if (!before.has("v")) return false; // the first address a page writes about itself
    return STEPS.some((name) => before.get(name) !== after.get(name));
  }

  function speak() {
    const lang = new URLSearchParams(location.search).get("lang");
    if (!lang) return;
    document.documentElement.lang = lang === "zh" ? "zh-Hans" : lang;
    if (document.body) reword(document.body);
  }

  history.pushState = (state, unused, address) => {
    (isStep(address) ? push : replace)(state, unused, address);
    keep();
  };
  history.replaceState = (state, unused, address) => {
    replace(state, unused, address);
    keep();
  };
  addEventListener("popstate", wentBack);

  /* <button data-geomap-copy="text" data-geomap-copied="Copied"> */
  async function copy(words) {
    if (navigator.clipboard) return navigator.clipboard.writeText(words);
    const field = document.createElement("textarea"); // a page that is not served securely
    field.value = words;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error("the browser does not copy");
  }

  addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-geomap-copy]");
    if (!button) return;
    copy(button.dataset.geomapCopy).then(() => {
      const label = button.textContent;
      if (button.dataset.geomapLabel === undefined) button.dataset.geomapLabel = label;
      button.textContent = button.dataset.geomapCopied;
      say(button.dataset.geomapCopied);
      setTimeout(() => { button.textContent = button.dataset.geomapLabel; }, 2000);
    }).catch(() => getSelection().selectAllChildren(button.parentElement));
  });

  /* A region that lives as long as the page: one that comes with its words is not read out. */
  let region;
  const said = new Map();

  function say(words) {
    if (!region) {
      region = document.createElement("div");
      region.className = "gm-hidden";
      region.setAttribute("role", "status");
      region.setAttribute("aria-live", "polite");
      document.body.append(region);
    }
    region.textContent = words;
  }

  /* <span hidden data-geomap-say="topic" title="words">: read out when the words are new. */
  function listen() {
    for (const one of document.querySelectorAll("[data-geomap-say]")) {
      const [topic, words] = [one.dataset.geomapSay, one.title];
      if (said.has(topic) && said.get(topic) !== words && words) say(words);
      said.set(topic, words);
    }
  }

  /* Streamlit has words of its own, in English alone ("No results"): readers of Chinese get theirs.
     Records stand in none of these places, so no name is ever taken for one of the phrases. */
  const RECORDS = ".geomap, .gm-details, .gm-compare, pre, [data-testid=stHtml], " +
    "[data-testid=stMarkdownContainer]:not([data-testid=stFileUploader] *, [data-testid=stTooltipContent] *)";
  const NAMED = ["aria-label", "placeholder"];
  const phrases = JSON.parse(document.querySelector("meta[name=geomap-words]").content);
  const HOLE = /\\\{\w+\\\}/g;
  const escaped = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  /* [what it is written as in another language, what it becomes], for each language. */
  const rules = [0, 1].map((own) => phrases.map((pair) => [
    new RegExp(`^${escaped(pair[1 - own]).replace(HOLE, "(.+)")}$`), pair[own],
  ]));

  function inLanguage(words) {
    for (const [pattern, own] of rules[document.documentElement.lang === "zh-Hans" ? 1 : 0]) {
      const found = pattern.exec(words);
      if (found) return own.replace(/\{\w+\}/, () => found[1]);
    }
    return words;
  }

  function rewordText(node) {
    const words = node.nodeValue.trim();
    const own = words && words.length < 90 ? inLanguage(words) : words;
    if (own !== words && !(node.parentElement || document.body).closest(RECORDS)) node.nodeValue = own;
  }

  function rewordNames(element) {
    for (const name of NAMED) {
      const words = element.getAttribute(name);
      const own = words && words.length < 90 ? inLanguage(words) : words;
      if (own !== words && !element.closest(RECORDS)) element.setAttribute(name, own);
    }
  }

  function reword(root) {
    if (root.nodeType === Node.TEXT_NODE) return rewordText(root);
    if (root.nodeType !== Node.ELEMENT_NODE || root.closest(RECORDS)) return undefined;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node.nodeType === Node.ELEMENT_NODE && node.matches(RECORDS)
        ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    for (let node = root; node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) rewordText(node);
      else rewordNames(node);
    }
    return undefined;
  }

  function rewordChanged(changes) {
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") rewordNames(target);
      else if (type === "characterData") rewordText(target);
      else addedNodes.forEach(reword);
    }
  }

  /* On a phone the side panel lies over the page: it is closed until it is asked for, and again
     once it has led somewhere. */
  const narrow = matchMedia("(max-width: 768px)");
  for (const name of narrow.matches ? Object.keys(localStorage) : []) {
    if (name.startsWith("stSidebarCollapsed")) localStorage.removeItem(name);
  }
  addEventListener("click", ({ target }) => {
    const leads = target.closest && target.closest("[data-testid=stSidebarNavLink], .st-key-hits button");
    const close = document.querySelector("[data-testid=stSidebarCollapseButton] button");
    if (narrow.matches && leads && close) setTimeout(() => close.click());
  });

  let due = false;
  addEventListener("DOMContentLoaded", () => {
    new MutationObserver(rewordChanged).observe(document.body, {
      subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMED,
    });
    new MutationObserver(() => {
      if (due) return;
      due = true;
      setTimeout(() => { due = false; listen(); }, 100);
    }).observe(document.body, {
      subtree: true, childList: true, attributes: true, attributeFilter: ["title"],
    });
  });
})();
