/* Namespace, words, data files and the small helpers every other part uses. */
(function (window) {
  "use strict";

  const geomap = (window.geomap = window.geomap || {});
  const L = window.L;
  const drawings = new Map();
  const files = new Map();

  window.geomapBuilds = window.geomapBuilds || 0;

  /* A script drawn by folium hands itself in under its hash. */
  geomap.define = (hash, draw) => drawings.set(hash, draw);
  geomap.isDefined = (hash) => drawings.has(hash);

  /* Draws a map into an element and returns the living map. */
  geomap.build = function (hash, root, options) {
    const living = new geomap.Living(root, options);
    root.geomapLiving = living;
    drawings.get(hash)(geomap, L, root);
    window.geomapBuilds += 1;
    return living;
  };

  /* Called by the drawn script. */
  geomap.map = (root, options) => root.geomapLiving.open(options);
  geomap.layer = (map, spec) => map.geomap.addLayer(spec);
  geomap.controls = (map, spec) => map.geomap.addControls(spec);

  /* The text of a data file: inline in an export, fetched from the server otherwise.
     Files are named by their content, so each is read once however many maps show it. */
  geomap.read = function (base, address, kind) {
    const key = base + address;
    if (!files.has(key)) {
      const reading = readFile(base, address, kind);
      reading.catch(() => files.delete(key)); // the next map may try again
      files.set(key, reading);
    }
    return files.get(key);
  };

  function readFile(base, address, kind) {
    const inline = document.querySelector(`script[data-geomap="${CSS.escape(address)}"]`);
    if (inline) return Promise.resolve(inlineBody(inline.textContent, kind));
    return fetch(base + address, { credentials: "same-origin" }).then((answer) => {
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return kind === "bytes" ? answer.arrayBuffer() : answer.json();
    });
  }

  function inlineBody(text, kind) {
    const body = JSON.parse(text);
    if (kind !== "bytes") return body;
    const raw = window.atob(body);
    return Uint8Array.from(raw, (letter) => letter.charCodeAt(0)).buffer;
  }

  /* Words: {lang: {key: text}}; a key without words shows itself, which the tests would see. */
  geomap.words = {};
  geomap.say = function (lang, key, values) {
    const words = geomap.words[lang] || {};
    const text = Object.hasOwn(words, key) ? words[key] : key;
    return values ? text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : text;
  };

  /* Own words of a feature in a language, the other language where it has none. */
  geomap.nameOf = function (properties, lang) {
    const own = properties["name_" + lang];
    return own || properties.name_en || properties.name_zh || properties.feature_id || "";
  };

  /* Makes an element; text and attributes are data, never markup. */
  geomap.element = function (tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };

  geomap.svg = function (tag, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  /* Runs a function once calls have paused for so many milliseconds. */
  geomap.debounce = function (run, pause) {
    let timer = 0;
    return (...values) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => run(...values), pause);
    };
  };

  geomap.calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
})(window);
