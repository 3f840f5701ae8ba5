/* The stage inside the Streamlit page: one map or several panes, and what both share. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const HIT_WAIT = 10000; // milliseconds for the page to find what was typed

  /* Brings the stage in line with the data the page handed over. */
  geomap.host = async function (host, parent, data, tools) {
    if (Object.keys(geomap.words).length === 0) {
      geomap.words = await geomap.read(data.base, data.words, "json");
    }
    if (!host.stage) host.stage = unpark(panesOf(data).length > 1) || new geomap.Stage();
    if (host.stage.parent !== parent) host.stage.enter(parent, tools);
    await host.stage.show(data);
  };

  /* Stages whose element left the page: one map, and several panes. Whoever comes back from another
     page, or has the element made anew by Streamlit, finds the map as it was. */
  const parked = new Map();

  function unpark(several) {
    const stage = parked.get(several);
    parked.delete(several);
    return stage;
  }

  const panesOf = (data) => data.panes || [{ id: "map" }];

  class Stage {
    constructor() {
      this.frame = geomap.element("div", { class: "geomap" });
      this.maps = geomap.element("div", { class: "gm-maps" });
      this.skip = geomap.element("button", { type: "button", class: "gm-skip" });
      this.skip.addEventListener("click", () => this.legend.title.focus());
      this.frame.append(this.skip, this.maps);
      this.livings = new Map();
      this.follow = (event) => this.followLink(event);
      this.takeHit = (event) => event.key === "Enter" && geomap.takeFirstHit(event.target);
    }

    /* Comes into the page, perhaps not for the first time. */
    enter(parent, tools) {
      [this.parent, this.tools] = [parent, tools];
      document.addEventListener("click", this.follow);
      document.addEventListener("keydown", this.takeHit);
      parent.append(this.frame);
      for (const living of this.livings.values()) living.unconfirmed = [];
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
      const panes = panesOf(data);
      if (this.signature(data, panes) !== this.built) await this.build(data, panes);
      else if (!("geomapReady" in document.documentElement.dataset)) this.declareReady([...this.livings.values()]);
      if (this.built) this.update(data, panes);
    }

    /* What the stage is built for; everything else is a message to the living maps. */
    signature(data, panes) {
      return JSON.stringify([data.map.hash, panes.map((pane) => pane.id)]);
    }

    /* Builds the maps that are not there yet, and puts all in the order of the panes. */
    async build(data, panes) {
      document.documentElement.dataset.geomapReady = "false";
      if (!geomap.isDefined(data.map.hash)) await this.tools.loadScript(data.base + data.map.url);
      if (!this.parent) return; // left the page meanwhile
      const several = panes.length > 1;
      if (this.hash !== data.map.hash || this.several !== several) this.close();
      [this.hash, this.several, this.built] = [data.map.hash, several, this.signature(data, panes)];
      this.dropPanes(panes.map((pane) => pane.id));
      for (const pane of panes) if (!this.livings.has(pane.id)) this.addPane(data, pane);
      this.order(panes);
      this.begin(data, panes);
      const livings = [...this.livings.values()];
      const ready = livings.map((living) => living.ready());
      Promise.all([this.legend.loading, ...ready]).then(() => this.declareReady(livings));
    }

    declareReady(livings) {
      if (!this.parent || livings[0] !== [...this.livings.values()][0]) return;
      document.documentElement.dataset.geomapReady = "true";
      this.tools.ready();
    }

    dropPanes(kept) {
      for (const [id, living] of this.livings) {
        if (kept.includes(id)) continue;
        living.close();
        living.box.remove();
        this.livings.delete(id);
      }
    }

    addPane(data, pane) {
      const root = geomap.element("div", { id: "geomap-map-new", class: "gm-map", role: "region" });
      const title = geomap.element("h3", { class: "gm-pane-title", dir: "auto" });
      const box = geomap.element("div", { class: "gm-pane" }, ...(this.several ? [title, root] : [root]));
      this.maps.append(box);
      const living = geomap.build(data.map.hash, root, {
        base: data.base,
        lang: data.state.lang,
        compact: this.several,
        on: (name, value) => this.tell(name, value, pane.id),
      });
      Object.assign(living, { title, box });
      this.livings.set(pane.id, living);
    }

    /* Several panes move together: their views are not told, only what was chosen in which. */
    tell(name, value, paneId) {
      if (!this.several) this.tools.tell(name, value);
      else if (name !== "view") this.tools.tell(name, { ...value, pane: paneId });
    }

    order(panes) {
      const ordered = panes.map((pane) => [pane.id, this.livings.get(pane.id)]);
      this.livings = new Map(ordered);
      ordered.forEach(([, living], i) => {
        living.root.id = i ? `geomap-map-${i + 1}` : "geomap-map";
        if (this.maps.children[i] !== living.box) this.maps.insertBefore(living.box, this.maps.children[i] || null);
      });
      this.maps.dataset.panes = String(panes.length);
    }

    begin(data, panes) {
      const livings = [...this.livings.values()];
      if (this.legend) this.legend.remove();
      this.legend = new geomap.Legend(livings[0], (on) => this.flip(on), !this.several);
      this.frame.append(this.legend.box);
      livings.forEach((living, i) => {
        living.panel.setLang();
        if (!living.begun) living.begin(data.state.at, panes[i].bounds);
      });
      if (this.panes) this.panes.leave();
      this.panes = this.several ? new geomap.Panes(livings, this.maps) : null;
      if (!this.panes) return;
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
        geomap.drawRegion(living, pane.outline);
      }
      this.skip.textContent = geomap.say(data.state.lang, "map.skip");
      this.legend.setLang();
      this.legend.setShading(data.state.shading);
      this.legend.follow();
      if (this.panes) this.panes.setLocked(data.locked !== false);
      if (this.panes) this.panes.show();
    }

    leave() {
      document.removeEventListener("click", this.follow);
      document.removeEventListener("keydown", this.takeHit);
      this.frame.remove();
      this.parent = null;
      delete document.documentElement.dataset.geomapReady;
      if (!this.built) return this.close();
      if (parked.has(this.several)) parked.get(this.several).close();
      return parked.set(this.several, this);
    }

    close() {
      for (const living of this.livings.values()) living.close();
      this.livings.clear();
      this.maps.replaceChildren();
      if (this.panes) this.panes.leave();
      if (this.legend) this.legend.remove();
      this.panes = this.legend = this.built = null;
      delete document.documentElement.dataset.geomapReady;
    }
  }

  /* Enter in the page's search box takes the first hit, once the hits are those of its words. */
  geomap.takeFirstHit = function (input) {
    if (!input.closest || !input.closest(".st-key-w_search")) return;
    const started = Date.now();
    const look = () => {
      const asked = document.querySelector(".st-key-hits [data-query]");
      const words = input.value.trim();
      const hit = asked && words && asked.dataset.query === words && document.querySelector(".st-key-hits button");
      if (hit) hit.click();
      else if (words && Date.now() - started < HIT_WAIT) window.setTimeout(look, 60);
    };
    look();
  };

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
