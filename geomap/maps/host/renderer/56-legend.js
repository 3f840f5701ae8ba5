/* The legend: every mark explained, layers switched, classes of shading with their breaks. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const BOX = 26; // width and height of a symbol

  class Legend {
    /* living: a map it explains. flip: called with the names of the switches that are on. inside:
       put the classes of a shading into a corner of the map, where they are read with it. */
    constructor(living, flip, inside) {
      this.living = living;
      this.flip = flip;
      this.rows = [];
      this.switches = new Map();
      this.title = geomap.element("summary", {});
      this.list = geomap.element("ul", { class: "gm-legend-list" });
      this.shades = geomap.element("div", { class: "gm-legend-shades" });
      this.box = geomap.element("details", { class: "gm-legend" }, this.title, this.list);
      const narrow = window.innerWidth <= 640;
      this.below = narrow || !inside;
      if (this.below) this.title.after(this.shades);
      else living.panel.corner("bottomright", this.shades);
      this.box.open = !narrow;
      this.loading = geomap.read(living.base, living.legendAddress, "json").then((entries) => this.fill(entries));
    }

    remove() {
      this.box.remove();
      this.shades.remove();
    }

    fill(entries) {
      const seen = new Set();
      for (const entry of entries) {
        const own = Boolean(entry.switch) && !seen.has(entry.switch);
        if (own) seen.add(entry.switch);
        this.list.append(this.row(entry, own));
      }
      this.setLang();
      this.follow();
    }

    row(entry, switches) {
      const words = geomap.element("span", {});
      const symbol = geomap.symbol(entry.symbol);
      this.rows.push({ words, key: entry.text });
      if (!switches) return geomap.element("li", {}, symbol, words);
      const box = geomap.element("input", { type: "checkbox", "data-switch": entry.switch });
      box.addEventListener("change", () => this.flip(this.ticked()));
      this.switches.set(entry.switch, box);
      return geomap.element("li", {}, geomap.element("label", {}, box, symbol, words));
    }

    ticked() {
      return [...this.switches].filter(([, box]) => box.checked).map(([name]) => name);
    }

    /* Ticks what is on. */
    follow() {
      const on = new Set(this.living.switchesOn());
      for (const [name, box] of this.switches) box.checked = on.has(name);
    }

    setLang() {
      this.title.textContent = this.living.say("map.legend");
      for (const { words, key } of this.rows) words.textContent = this.living.say(key);
    }

    /* shading: {title, note: {lang: text}, legend: [{fill, text: {lang: text}}]} or nothing. */
    setShading(shading) {
      this.shades.replaceChildren();
      if (!shading) return;
      if (this.below) this.box.open = true;
      const { lang } = this.living;
      const list = geomap.element("ul", { class: "gm-legend-list" });
      for (const entry of shading.legend) {
        const symbol = geomap.symbol({ draw: "shade", fill: entry.fill });
        list.append(geomap.element("li", {}, symbol, geomap.element("span", {}, entry.text[lang])));
      }
      const note = geomap.element("small", {}, shading.note[lang]);
      this.shades.append(geomap.element("strong", {}, shading.title[lang]), list, note);
      this.living.unclutter();
    }
  }

  /* The symbol of a legend entry, drawn with the same classes as the map. */
  geomap.symbol = function (symbol) {
    const side = Math.max(BOX, 2.9 * geomap.RADII[Number(symbol.size || 0)]);
    const edge = (BOX - side) / 2;
    const box = geomap.svg("svg", { viewBox: `${edge} ${edge} ${side} ${side}`, width: side, height: side, "aria-hidden": "true", class: "gm-symbol" });
    box.append(...(DRAW[symbol.draw] || (() => []))(symbol));
    return box;
  };

  const path = (d, classes) => geomap.svg("path", { d, class: classes });
  const AREA = "M2 5h22v16h-22z";
  const WAVE = "M2 9c4-4 7 4 11 0s7 4 11 0";

  const DRAW = {
    mark({ layer, form, size }) {
      const shape = form || "dot";
      const d = geomap.markPath(layer, shape, BOX / 2, BOX / 2, geomap.RADII[Number(size || 0)]);
      return [path(d, `gm-mark gm-${shape} gm-${layer}`)];
    },
    corridor: () => [path(AREA, "gm-corridor_band"), path("M2 13h22", "gm-corridor gm-line")],
    area: ({ layer }) => [path(AREA, `gm-${layer}`)],
    water: () => [path(AREA, "gm-neighbours"), path(WAVE, "gm-water gm-line")],
    claim: () => [path("M2 13h22", "gm-claim_lines")],
    text: () => {
      const letters = geomap.svg("text", { x: BOX / 2, y: 17, "text-anchor": "middle", class: "gm-symbol-text" });
      letters.textContent = "Aa";
      return [letters];
    },
    stack: () => [geomap.donut({ projects: 3, data_centres: 2 }, 5, "5")],
    cluster: () => [geomap.donut({ projects: 60, data_centres: 20, zones: 19 }, 99, "99")],
    shade: ({ fill }) => [shaded(fill)],
  };

  function shaded(fill) {
    const made = path(AREA, "gm-provinces");
    geomap.fillOf(made, fill);
    return made;
  }

  geomap.Legend = Legend;
})(window);
