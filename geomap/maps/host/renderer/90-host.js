/* The stage inside the Streamlit page: one map or several panes, and what both share. */
(function (window) {
  "use strict";

  const geomap = window.geomap;

  /* Brings the stage in line with the data the page handed over. */
  geomap.host = async function (host, parent, data, tools) {
    if (Object.keys(geomap.words).length === 0) {
      geomap.words = await geomap.read(data.base, data.words, "json");
    }
    if (!host.stage) host.stage = new geomap.Stage(parent, tools);
    await host.stage.show(data);
  };

  class Stage {
    constructor(parent, tools) {
      this.tools = tools;
      this.frame = geomap.element("div", { class: "geomap" });
      this.maps = geomap.element("div", { class: "gm-maps" });
      this.frame.append(this.maps);
      this.livings = new Map();
      this.follow = (event) => this.followLink(event);
      document.addEventListener("click", this.follow);
      parent.append(this.frame);
    }

    /* Links to features inside the details choose on the map instead of loading the page. */
    followLink(event) {
      const link = event.target.closest && event.target.closest(".st-key-details [data-geomap-select]");
      const [living] = this.livings.values();
      if (!link || !living || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      living.choose(link.dataset.geomapSelect);
      living.bring(link.dataset.geomapSelect);
      this.showTop(link.closest(".st-key-details"));
    }

    /* The new details are read from their top, by the keyboard as well. */
    showTop(panel) {
      panel.scrollTop = 0;
      panel.tabIndex = -1;
      panel.focus({ preventScroll: true });
      if (panel.getBoundingClientRect().top < 0) panel.scrollIntoView({ block: "start" });
    }

    async show(data) {
      const { state } = data;
      this.frame.style.setProperty("--gm-height", data.height || "");
      state.theme = state.theme === "auto" ? geomap.themeOf(this.frame) : state.theme;
      this.frame.dataset.theme = state.theme;
      const panes = data.panes || [{ id: "map" }];
      if (this.signature(data, panes) !== this.built) await this.build(data, panes);
      this.update(data, panes);
    }

    /* What a new map is built for; everything else is a message to the living one. */
    signature(data, panes) {
      return JSON.stringify([data.map.hash, panes.map((pane) => pane.id)]);
    }

    async build(data, panes) {
      this.close();
      document.documentElement.dataset.geomapReady = "false";
      if (!geomap.isDefined(data.map.hash)) await this.tools.loadScript(data.base + data.map.url);
      this.built = this.signature(data, panes);
      panes.forEach((pane, i) => this.addPane(data, pane, i, panes.length > 1));
      this.begin(data, panes);
      const livings = [...this.livings.values()];
      Promise.all([this.legend.loading, ...livings.map((living) => living.ready())]).then(() => this.declareReady(livings));
    }

    declareReady(livings) {
      if (livings[0] !== [...this.livings.values()][0]) return;
      document.documentElement.dataset.geomapReady = "true";
      this.tools.ready();
    }

    addPane(data, pane, i, several) {
      const root = geomap.element("div", { id: i ? `geomap-map-${i + 1}` : "geomap-map", class: "gm-map", role: "region" });
      const title = geomap.element("h3", { class: "gm-pane-title", dir: "auto" });
      const box = geomap.element("div", { class: "gm-pane" }, ...(several ? [title, root] : [root]));
      this.maps.append(box);
      const living = geomap.build(data.map.hash, root, {
        base: data.base,
        lang: data.state.lang,
        compact: several,
        on: (name, value) => this.tools.tell(name, several ? { ...value, pane: pane.id } : value),
      });
      living.title = title;
      this.livings.set(pane.id, living);
    }

    begin(data, panes) {
      const livings = [...this.livings.values()];
      this.legend = new geomap.Legend(livings[0], (on) => this.flip(on));
      this.frame.append(this.legend.box);
      livings.forEach((living, i) => {
        living.panel.setLang();
        living.begin(data.state.at, panes[i].bounds);
      });
      this.maps.dataset.panes = String(panes.length);
      if (panes.length < 2) return;
      this.panes = new geomap.Panes(livings, this.maps);
      const fit = () => this.panes.fit(panes.map((pane) => pane.bounds));
      for (const living of livings) living.onFirstSize = fit;
      fit();
    }

    /* Layers the reader switched in the legend. */
    flip(on) {
      for (const living of this.livings.values()) living.setLayers(on);
      this.tools.tell("layers", { on });
    }

    update(data, panes) {
      for (const pane of panes) {
        const living = this.livings.get(pane.id);
        if (pane.title) living.title.textContent = living.caption = pane.title[data.state.lang] || "";
        living.apply({ ...data.state, ...(pane.state || {}) });
      }
      this.legend.setLang();
      this.legend.setShading(data.state.shading);
      this.legend.follow();
      if (this.panes) this.panes.setLocked(data.locked !== false);
      if (this.panes) this.panes.show();
    }

    leave() {
      document.removeEventListener("click", this.follow);
      this.close();
      this.frame.remove();
    }

    close() {
      for (const living of this.livings.values()) living.close();
      this.livings.clear();
      this.maps.replaceChildren();
      if (this.panes) this.panes.bar.remove();
      if (this.legend) this.legend.box.remove();
      this.panes = this.legend = this.built = null;
      delete document.documentElement.dataset.geomapReady;
    }
  }

  /* "dark" when the page behind the map is dark. */
  geomap.themeOf = function (element) {
    const colour = window.getComputedStyle(element).getPropertyValue("--st-background-color").trim();
    const probe = geomap.element("span", { style: `color:${colour || "white"};display:none` });
    element.append(probe);
    const parts = (window.getComputedStyle(probe).color.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
    probe.remove();
    return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] < 128 ? "dark" : "light";
  };

  geomap.Stage = Stage;
})(window);
