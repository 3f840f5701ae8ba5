/* What stands on the map besides the map: buttons, legend with switches, scale bar, credit. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;

  /* Strokes of the button icons in a box of 20 by 20. */
  const ICONS = {
    in: "M10 4v12M4 10h12",
    out: "M4 10h12",
    corridor: "M3 14l4-5 5 3 5-7M3 14h.01M17 5h.01",
    country: "M10 3a7 7 0 1 0 0 14a7 7 0 1 0 0-14M3 10h14M10 3c3 4 3 10 0 14M10 3c-3 4-3 10 0 14",
    selection: "M10 6.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M10 1.5v4M10 14.5v4M1.5 10h4M14.5 10h4",
    reset: "M4 9a6 6 0 1 1 1 5M4 4v5h5",
    distance: "M3 13L13 3l4 4L7 17zM6 10l2 2M9 7l2 2M12 4l2 2",
    area: "M4 5l9-1 4 8-8 5-6-5z",
  };

  class Controls {
    constructor(living) {
      this.living = living;
      this.words = [];
      this.buttons = new Map();
      this.bar = geomap.element("div", { class: "gm-buttons", role: "toolbar", "aria-orientation": "vertical" });
      this.say(this.bar, "map.tools", "aria-label");
      this.addButtons();
      this.scale = new geomap.ScaleBar(living);
      this.credit = geomap.element("div", { class: "gm-credit" });
      this.note = geomap.element("div", { class: "gm-notice", role: "status" });
      this.corner("topleft", this.bar);
      this.corner("bottomleft", this.scale.box);
      this.corner("bottomright", this.credit);
      this.sentence = geomap.element("div", { class: "gm-sentence", dir: "auto" });
      living.root.append(this.note, this.sentence);
      this.setCredit([]);
    }

    /* Puts an element into a corner of the map; what happens in it is not the map's business. */
    corner(position, element) {
      const control = new L.Control({ position });
      control.onAdd = () => element;
      control.addTo(this.living.map);
      L.DomEvent.disableClickPropagation(element);
      L.DomEvent.disableScrollPropagation(element);
    }

    addButtons() {
      const { living } = this;
      const flip = (tool) => living.setTool(living.tool === tool ? null : tool);
      const zoom = (by) => {
        living.moved = true;
        living.map.setZoom(living.map.getZoom() + by);
      };
      this.button("in", () => zoom(1));
      this.button("out", () => zoom(-1));
      if (living.compact) return;
      this.button("reset", () => living.reset());
      this.button("corridor", () => living.jump("corridor"));
      this.button("country", () => living.jump("country"));
      this.button("selection", () => living.jump("selection"));
      this.button("distance", () => flip("distance"));
      this.button("area", () => flip("area"));
    }

    button(name, act) {
      const icon = geomap.svg("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" },
        geomap.svg("path", { d: ICONS[name] }));
      const button = geomap.element("button", { type: "button", class: "gm-button", "data-act": name }, icon);
      this.say(button, `map.do.${name}`, "aria-label");
      this.say(button, `map.do.${name}`, "title");
      button.addEventListener("click", act);
      this.buttons.set(name, button);
      this.bar.append(button);
    }

    /* Shows which tool is on, and whether there is a selection to go to. */
    follow() {
      for (const tool of ["distance", "area"]) {
        const button = this.buttons.get(tool);
        if (button) button.setAttribute("aria-pressed", String(this.living.tool === tool));
      }
      const selection = this.buttons.get("selection");
      if (selection) selection.setAttribute("aria-disabled", String(!this.living.selected));
    }

    /* A sentence that stands on the map for a while. */
    notice(key) {
      this.note.textContent = this.living.say(key);
      window.setTimeout(() => { this.note.textContent = ""; }, 12000);
    }

    /* A sentence that stands on the map until the page takes it away. words: {lang: text}. */
    setNote(words) {
      this.sentence.textContent = words ? words[this.living.lang] : "";
    }

    /* Words that follow the language: an attribute, or the text of the element. */
    say(element, key, attribute) {
      this.words.push({ element, key, attribute });
      this.write({ element, key, attribute });
    }

    write({ element, key, attribute }) {
      const text = this.living.say(key);
      if (attribute) element.setAttribute(attribute, text);
      else element.textContent = text;
    }

    setLang() {
      this.words.forEach((entry) => this.write(entry));
      this.setCredit(this.credits);
      this.setNote(this.living.state.note);
      this.scale.update();
    }

    /* Credits of outside backgrounds, {text, url}, stand beside our own. */
    setCredit(credits) {
      this.credits = credits;
      const links = credits.map(({ text, url }) => geomap.element("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, text));
      this.credit.replaceChildren(this.living.say("map.credit"), ...links.flatMap((link) => [" · ", link]));
    }
  }

  /* A bar that is a round number of kilometres at the middle of the map. */
  class ScaleBar {
    constructor(living, widest) {
      this.living = living;
      this.widest = widest || 110;
      this.text = geomap.element("span", {});
      this.line = geomap.element("div", { class: "gm-scale-line" });
      this.box = geomap.element("div", { class: "gm-scale" }, this.text, this.line);
      living.map.on("move zoomend resize", () => this.update());
      living.map.whenReady(() => this.update());
    }

    update() {
      const { map } = this.living;
      if (!map || !map._loaded) return;
      this.show(geomap.kmPerPixel(map.getCenter().lat, map.getZoom()));
    }

    show(kmPerPixel) {
      const { km, pixels } = geomap.roundBar(kmPerPixel, this.widest);
      this.line.style.width = `${pixels.toFixed(2)}px`;
      this.box.dataset.km = String(km);
      this.text.textContent = geomap.lengthText(this.living.lang, km);
    }
  }

  const number = (lang, value, digits) =>
    new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value);

  geomap.lengthText = (lang, km) =>
    km >= 1
      ? geomap.say(lang, "map.unit.km", { value: number(lang, km, km < 100 ? 1 : 0) })
      : geomap.say(lang, "map.unit.m", { value: number(lang, km * 1000, 0) });

  geomap.areaText = (lang, km2) =>
    geomap.say(lang, "map.unit.km2", { value: number(lang, km2, km2 < 100 ? 2 : 0) });

  geomap.Controls = Controls;
  geomap.ScaleBar = ScaleBar;
})(window);
