/* The exported page: the same map as in the app, details and a list from the data inside the file. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const { element } = geomap;
  const read = (name) => JSON.parse(document.querySelector(`script[data-geomap="${name}"]`).textContent);
  const start = read("start");
  const records = read("details");
  const state = { ...start.state };
  const host = {};

  const say = (key, values) => geomap.say(state.lang, key, values);
  const byId = (id) => document.getElementById(id);

  function tell(name, value) {
    if (name === "click") choose(value.id);
  }

  function choose(id) {
    state.select = id;
    show();
    byId("details").scrollTop = 0;
  }

  function update() {
    const tools = { loadScript: () => Promise.resolve(), tell, ready: () => {} };
    const sites = records.sites[state.select] || [];
    return geomap.host(host, byId("map"), { ...start, state: { ...state, select_sites: sites } }, tools);
  }

  function show() {
    update().then(words);
  }

  /* Everything a person reads, in the language chosen. */
  function words() {
    document.documentElement.lang = state.lang === "zh" ? "zh-Hans" : "en";
    document.title = say("map.export.title");
    byId("title").textContent = say("map.export.title");
    byId("language").textContent = say("map.export.language");
    byId("theme").textContent = say("map.export.theme");
    byId("list-title").textContent = say("map.export.list");
    byId("find").setAttribute("aria-label", say("map.export.find"));
    byId("find").placeholder = say("map.export.find");
    byId("disclosure").textContent = say("map.disclosure");
    byId("credits").textContent = say("map.credit");
    byId("made").textContent = say("map.export.made", start.made);
    const filters = start.made.filters[state.lang];
    byId("filters").hidden = !filters;
    byId("filters").textContent = filters ? say("map.export.filters", { filters }) : "";
    details();
    list();
  }

  function details() {
    const box = byId("details");
    box.setAttribute("aria-label", say("map.export.details"));
    const whole = records.features[state.select];
    const found = whole ? whole[state.lang] : slim(state.select);
    if (!found) {
      box.replaceChildren(element("p", { class: "gp-soft" }, say("map.export.hint")));
      return;
    }
    const { title, other, sections, sources } = found;
    box.replaceChildren(element("h2", { dir: "auto" }, title));
    if (other) box.append(element("p", { class: "gp-soft", dir: "auto" }, other));
    for (const section of sections) box.append(...sectionOf(section));
    if (!sources.length) return;
    box.append(element("h3", {}, say("map.export.sources")));
    box.append(element("ol", {}, ...sources.map((source) => element("li", { dir: "auto" }, ...sourceOf(source)))));
  }

  const names = new Map(records.list);

  /* What a file with very many records still says of each. */
  function slim(id) {
    const row = records.slim && records.slim.rows[id];
    if (!row) return null;
    const [kind, status, cny, usd, source] = row;
    const words = records.slim.words[state.lang];
    const money = (value, sign) => value !== null && sign + new Intl.NumberFormat(state.lang).format(value);
    const values = [words.kind[kind], words.status[status], money(cny, "¥"), money(usd, "US$")];
    const rows = words.labels.map((label, i) => [label, values[i]]).filter(([, value]) => value);
    const cited = records.slim.sources[state.lang][source];
    return { title: nameOf(names.get(id)) || id, other: "", sections: [{ title: words.title, rows }], sources: cited ? [cited] : [] };
  }

  const nameOf = ([en, zh]) => (state.lang === "zh" ? zh || en : en || zh);

  function sectionOf({ title, rows }) {
    const list = element("dl", {});
    for (const [label, value] of rows) {
      list.append(element("dt", { dir: "auto" }, label), element("dd", { dir: "auto" }, value));
    }
    return [element("h3", {}, title), list];
  }

  /* A source; only web addresses become links. */
  function sourceOf({ text, url }) {
    if (!/^https?:\/\//i.test(url || "")) return [text];
    return [element("a", { href: url, rel: "noopener noreferrer" }, text)];
  }

  const plain = (words) => words.toLowerCase().replace(/[\s'’-]/g, "");

  /* The twin of the map for those who read lists: every record, found by its name. */
  function list() {
    const wanted = plain(byId("find").value);
    const rows = [];
    for (const [id, names] of records.list) {
      if (wanted && ![id, ...names].some((name) => name && plain(name).includes(wanted))) continue;
      rows.push(rowOf(id, names));
      if (rows.length >= 500) break;
    }
    byId("list").replaceChildren(...rows);
  }

  function rowOf(id, both) {
    const button = element("button", { type: "button", dir: "auto" }, nameOf(both) || id);
    if (id === state.select) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => {
      choose(id);
      byId("map").scrollIntoView({ block: "nearest" });
    });
    return element("li", {}, button);
  }

  function setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    state.theme = theme;
  }

  byId("language").addEventListener("click", () => {
    state.lang = state.lang === "en" ? "zh" : "en";
    show();
  });
  byId("theme").addEventListener("click", () => {
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    show();
  });
  byId("find").addEventListener("input", geomap.debounce(list, 120));
  setTheme(window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  geomap.read("", start.words, "json").then((found) => {
    geomap.words = found;
    show();
  });
})(window);
