/* The living map: built once, then told what changed; it tells what the reader did. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const NEAR_ZOOM = 9;
  const CLOSE_ZOOM = 10; // from here on the corridor's band fills the screen and is drawn fainter

  class Living {
    /* root: an empty element. options: base (prefix of addresses), lang, on (event handler),
       compact (a pane among several: few controls, free zoom). */
    constructor(root, options) {
      this.root = root;
      this.base = options.base || "";
      this.lang = options.lang || "en";
      this.on = options.on || (() => {});
      this.compact = Boolean(options.compact);
      this.layers = new Map();
      this.features = new Map();
      this.state = {};
      this.done = new Set();
      this.loads = [];
      this.unconfirmed = [];
      this.tool = null;
    }

    open(options) {
      const free = this.compact ? { zoomSnap: 0, minZoom: 1, maxBounds: null } : {};
      this.map = L.map(this.root, { ...options, ...free, fadeAnimation: !geomap.calm(), zoomAnimation: !geomap.calm() });
      this.map.geomap = this;
      this.root.leafletMap = this.map;
      this.field = new geomap.Field(this);
      this.map.createPane("gm-chosen").style.zIndex = "550";
      this.chosen = L.layerGroup().addTo(this.map);
      this.map.on("moveend", geomap.debounce(() => this.report(), 350));
      this.map.on("moveend", () => this.unclutter());
      this.map.on("zoomend", () => this.root.classList.toggle("gm-near", this.map.getZoom() >= CLOSE_ZOOM));
      this.map.on("dragstart keydown", () => { this.moved = true; });
      this.map.on("click", (event) => this.clicked(event, null));
      this.map.on("zoomend viewreset", () => this.select(this.selected || null));
      this.map.on("mousemove", (event) => { this.pointer = event.containerPoint; });
      this.root.addEventListener("wheel", () => { this.moved = true; }, { passive: true });
      this.root.addEventListener("dblclick", () => { this.moved = true; });
      this.root.addEventListener("touchmove", () => { this.moved = true; }, { passive: true });
      this.root.addEventListener("keydown", (event) => this.escape(event));
      this.watchSize();
      return this.map;
    }

    /* A map in a column that widens or on a phone that turns must not stay half empty. */
    watchSize() {
      this.sizes = new window.ResizeObserver(() => this.resize());
      this.sizes.observe(this.root);
    }

    /* The first view is of a region: it is found anew as long as the reader has not moved. */
    resize() {
      if (!this.map || !this.root.isConnected) return; // a map put by keeps its view
      this.map.invalidateSize({ pan: false });
      if (this.begun && !this.moved) this.onFirstSize();
    }

    onFirstSize() {
      this.begin(this.at, this.firstBounds);
      if (this.selected && !this.at) this.bring(this.selected);
    }

    addLayer(spec) {
      const layer = new geomap.drawn[spec.draw](this, spec);
      this.layers.set(spec.id, layer);
      this.loads.push(layer.show(spec.shown));
      return layer;
    }

    addControls(spec) {
      this.views = spec.views;
      this.legendAddress = spec.legend;
      this.panel = new geomap.Controls(this);
      this.measure = new geomap.Measure(this);
      this.background = new geomap.Background(this);
      // The few buttons come before the many marks on the way of the Tab key.
      this.root.prepend(this.root.querySelector(".leaflet-control-container"));
    }

    /* Lets labels make room for each other, once however many changes asked for it. */
    unclutter() {
      if (this.untidy) return;
      this.untidy = true;
      window.requestAnimationFrame(() => {
        this.untidy = false;
        const layers = [...this.layers.values()].filter((layer) => layer.labels && layer.shown);
        if (this.map) geomap.unclutter(this, layers);
      });
    }

    /* Resolves when every layer that is on has been drawn. */
    ready() {
      return Promise.allSettled(this.loads).then((results) => {
        if (!this.map) return this;
        if (results.some((result) => result.status === "rejected")) this.notice("map.failed");
        this.field.arrange();
        this.setShading(this.state.shading);
        this.select(this.selected || null);
        if (this.selected && !this.at) this.bring(this.selected);
        return this;
      });
    }

    say(key, values) {
      return geomap.say(this.lang, key, values);
    }

    /* ------------------------------------------------ features */

    enlist(featureId, layer) {
      if (!this.features.has(featureId)) this.features.set(featureId, []);
      this.features.get(featureId).push(layer);
    }

    /* What a mark is called aloud: name, what it is, how exactly it is placed. */
    label(properties) {
      return [geomap.nameOf(properties, this.lang), ...this.facts(properties)].join(", ");
    }

    facts({ feature_id, layer, form, precision }) {
      const kind = feature_id.split(":")[0];
      const facts = [this.say(layer ? `map.one.${layer}` : `map.one.${kind}`)];
      if (form === "dashed") facts.push(this.say("map.form.dashed"));
      else if (form && layer !== "cities") facts.push(this.say(`map.precision.${precision || "country"}`));
      return facts;
    }

    tip(properties) {
      const name = geomap.element("strong", { dir: "auto" }, geomap.nameOf(properties, this.lang));
      const facts = geomap.element("span", {}, this.facts(properties).join(" · "));
      return geomap.element("div", { class: "gm-tip-body" }, name, facts, ...this.shadeOf(properties));
    }

    /* The value a province is shaded by. */
    shadeOf({ adcode }) {
      const { shading } = this.state;
      if (!shading || !adcode || !(adcode in shading.fills)) return [];
      const value = shading.values[adcode] ? shading.values[adcode][this.lang] : this.say("map.shade.none");
      return [geomap.element("span", {}, `${shading.title[this.lang]}: ${value}`)];
    }

    /* Which way a tooltip opens, so that no edge of the map cuts it; over a mark it keeps clear
       of the mark, wherever that has moved to. */
    aim(layer) {
      const { options } = layer.getTooltip();
      const at = layer.getLatLng ? this.map.latLngToContainerPoint(layer.getLatLng()) : this.pointer;
      options.direction = at ? geomap.openWay(at, this.map.getSize()) : "top";
      if (layer.offset) options.offset = layer.offset.add(geomap.clearOf(options.direction, layer.options.radius || 12));
    }

    /* A click anywhere: a tool takes it first, then a mark, then a site on the canvas, then the
       area or line under it. */
    clicked(event, featureId, isMark) {
      if (this.tool) this.measure.add(event.latlng);
      else if (isMark) this.choose(featureId);
      else if (this.points && this.points.take(event.latlng)) return;
      else if (featureId) this.choose(featureId);
      else this.field.closePlace();
    }

    choose(featureId) {
      if (this.tool) return;
      this.unconfirmed.push(featureId);
      this.on("click", { id: featureId }); // the server works while the halo is drawn
      this.select(featureId);
    }

    key(event, layer) {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.stopPropagation();
        this.choose(layer.feature.properties.feature_id);
      } else if (event.key in ARROWS && layer.setOffset) {
        event.preventDefault();
        event.stopPropagation();
        const next = this.field.neighbour(layer, ARROWS[event.key]);
        if (next) next.getElement().focus({ preventScroll: true });
      }
    }

    escape(event) {
      if (event.key !== "Escape") return;
      if (this.tool) this.setTool(null);
      else this.field.closePlace();
    }

    focus(layer) {
      const at = layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
      if (layer.getLatLng && !this.map.getBounds().contains(at)) this.map.panTo(at, { animate: false });
      layer.openTooltip(layer.getLatLng ? undefined : at);
    }

    pixel(mark) {
      return this.map.latLngToLayerPoint(mark.getLatLng()).add(mark.offset);
    }

    /* Marks the chosen feature: a halo, and how far off the true site may be. */
    select(featureId) {
      this.mark(this.selected, false);
      this.selected = featureId;
      this.panel.follow();
      this.mark(featureId, true);
      this.chosen.clearLayers();
      const shapes = (this.features.get(featureId) || []).filter((layer) => layer._map);
      const marks = shapes.filter((layer) => layer.setOffset);
      if (!this.field.fanned.length) this.field.pin(marks[0] || null);
      for (const layer of shapes) {
        if (layer.setOffset) this.halo(layer);
        else this.chosen.addLayer(this.outline(layer));
      }
    }

    /* Tells screen readers which shapes are the chosen one. */
    mark(featureId, chosen) {
      for (const layer of this.features.get(featureId) || []) {
        const path = layer.getElement();
        if (path && chosen) path.setAttribute("aria-current", "true");
        else if (path) path.removeAttribute("aria-current");
      }
    }

    halo(mark) {
      if (mark.hidden) return;
      const style = { pane: "gm-chosen", interactive: false };
      const { radius_km, layer } = mark.feature.properties;
      if (radius_km && layer !== "cities") {
        this.chosen.addLayer(L.circle(mark.getLatLng(), { ...style, radius: radius_km * 1000, className: "gm-radius" }));
      }
      this.chosen.addLayer(new geomap.Halo(mark, { ...style, className: "gm-halo", radius: mark.options.radius + 6 }));
    }

    outline(layer) {
      const draw = layer instanceof L.Polygon ? L.polygon : L.polyline;
      return draw(layer.getLatLngs(), { pane: "gm-chosen", interactive: false, className: "gm-outline" });
    }

    boundsOf(featureId) {
      const bounds = L.latLngBounds([]);
      for (const layer of this.features.get(featureId) || []) {
        bounds.extend(layer.getLatLng ? layer.getLatLng() : layer.getBounds());
      }
      if (!bounds.isValid() && this.points && featureId === this.state.select) {
        return this.points.boundsOf(this.state.select_sites || []);
      }
      return bounds;
    }

    /* ------------------------------------------------ what the page tells */

    /* Takes the wished state; only what differs from the last is done. */
    apply(state) {
      const last = this.state;
      this.state = state;
      const changed = (name) => JSON.stringify(last[name]) !== JSON.stringify(state[name]);
      if (changed("lang")) this.setLang(state.lang);
      if (changed("theme")) this.setTheme();
      if (changed("layers") && state.layers) this.setLayers(state.layers);
      if (changed("visible")) this.setVisible(state.visible);
      if (changed("shading")) this.setShading(state.shading);
      if (changed("note")) this.panel.setNote(state.note);
      if (changed("background")) this.background.set(state.background);
      if (changed("tool")) this.setTool(state.tool);
      this.confirm(state.select, changed("select") || changed("select_sites"));
      for (const command of state.commands || []) this.obey(command);
    }

    /* A choice made on the map stands at once; the page's echo of an older one is passed over. */
    confirm(featureId, changed) {
      const echo = this.unconfirmed.indexOf(featureId);
      if (echo >= 0) this.unconfirmed.splice(0, echo + 1);
      else if (changed) this.unconfirmed = [];
      if (this.points && changed) this.points.pick(this.state.select_sites);
      if (this.unconfirmed.length || featureId === this.selected) return;
      if (!changed && !featureId) return;
      this.select(featureId || null);
      if (featureId && echo < 0) this.bring(featureId);
    }

    /* Pans to a feature that is out of sight, keeping the zoom. */
    bring(featureId) {
      const bounds = this.boundsOf(featureId);
      if (!this.begun || !bounds.isValid() || this.map.getBounds().intersects(bounds)) return;
      this.map.panTo(bounds.getCenter(), { animate: !geomap.calm() });
    }

    setLang(lang) {
      this.lang = lang;
      this.root.setAttribute("lang", lang === "zh" ? "zh-Hans" : "en");
      this.root.setAttribute("aria-label", [this.say("map.name"), this.caption].filter(Boolean).join(": "));
      for (const layer of this.layers.values()) layer.setLang(lang);
      this.field.setLang();
      this.panel.setLang();
      if (this.tool) this.measure.draw();
    }

    setTheme() {
      if (this.points) this.points.redraw();
    }

    /* names: the switches that are on. */
    setLayers(names) {
      for (const layer of this.layers.values()) {
        if (layer.setSwitches) layer.setSwitches(names);
        const on = !layer.spec.switch || names.includes(layer.spec.switch);
        if (on !== layer.shown) this.loads.push(layer.show(on));
      }
      this.field.arrange();
      this.select(this.selected);
    }

    switchesOn() {
      const on = new Set(this.points ? this.points.switchesOn() : []);
      for (const { spec, shown } of this.layers.values()) {
        if (spec.switch && shown) on.add(spec.switch);
        else if (spec.switch) on.delete(spec.switch);
      }
      return [...on];
    }

    setVisible(text) {
      const bits = text ? Uint8Array.from(window.atob(text), (letter) => letter.charCodeAt(0)) : null;
      this.field.setVisible(bits);
      for (const layer of this.layers.values()) layer.setVisible(bits);
      this.select(this.selected);
    }

    setShading(shading) {
      geomap.shade(this.layers.get("provinces"), shading);
    }

    setTool(name) {
      if (this.tool) this.measure.stop();
      this.tool = name || null;
      if (this.tool) this.measure.start(this.tool);
      this.panel.follow();
    }

    notice(key) {
      this.panel.notice(key);
    }

    /* Commands are numbered so that each is carried out once. */
    obey(command) {
      if (this.done.has(command.n)) return;
      this.done.add(command.n);
      this.moved = true;
      if (command.do === "fit" && command.bounds) this.fit(command.bounds);
      else if (command.do === "fit") this.jump(command.to);
      else if (command.do === "fly") this.fly(command);
    }

    /* bounds: [west, south, east, north]. */
    fit(bounds) {
      this.moved = true;
      this.map.fitBounds(latLngBounds(bounds), { animate: !geomap.calm() });
    }

    jump(name) {
      if (name === "selection") this.fly({ id: this.selected });
      else this.fit(this.views[name]);
    }

    reset() {
      this.field.closePlace();
      this.fit(this.views.corridor);
    }

    fly({ id, lat, lon, zoom }) {
      this.moved = true;
      const quick = { animate: !geomap.calm(), duration: 0.8 };
      const nearer = Math.max(NEAR_ZOOM, this.map.getZoom());
      const bounds = id ? this.boundsOf(id) : null;
      const size = this.map.getSize();
      if (bounds && bounds.isValid() && !(size.x && size.y)) {
        // Not laid out yet: there is nothing to fit into, and a flight would end nowhere.
        this.map.setView(bounds.getCenter(), nearer, { animate: false });
      } else if (bounds && bounds.isValid()) {
        this.map.flyToBounds(bounds, { ...quick, maxZoom: nearer, padding: [40, 40] });
      } else if (lat !== undefined) {
        this.map.flyTo([lat, lon], zoom || nearer, quick);
      }
    }

    /* ------------------------------------------------ what the map tells */

    report() {
      if (!this.moved || !this.map || !this.root.isConnected) return;
      const centre = this.map.getCenter();
      const bounds = this.map.getBounds();
      const round = (value) => Math.round(value * 1e5) / 1e5;
      this.on("view", {
        lat: round(centre.lat),
        lon: round(centre.lng),
        zoom: Math.round(this.map.getZoom() * 100) / 100,
        bounds: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map(round),
      });
    }

    /* Sets the first view: a given place (lat, lon, zoom), given bounds, else the corridor. */
    begin(at, bounds) {
      [this.at, this.firstBounds] = [at, bounds];
      if (at) this.map.setView([at[0], at[1]], at[2], { animate: false });
      else this.map.fitBounds(latLngBounds(bounds || this.views.corridor), { animate: false });
      this.begun = true;
    }

    close() {
      if (!this.map) return;
      this.sizes.disconnect();
      this.background.clear();
      this.map.remove();
      this.map = null;
      delete this.root.leafletMap;
    }
  }

  /* The side of a point on which a tooltip has room. */
  geomap.openWay = function ({ x, y }, size) {
    if (x < 150) return "right";
    if (x > size.x - 150) return "left";
    return y < 110 ? "bottom" : "top";
  };

  geomap.clearOf = (direction, pixels) =>
    L.point(...{ right: [pixels, 0], left: [-pixels, 0], bottom: [0, pixels], top: [0, -pixels] }[direction]);

  const latLngBounds = ([west, south, east, north]) => L.latLngBounds([[south, west], [north, east]]);

  /* The ring around the chosen mark; it follows the mark's offset. */
  geomap.Halo = L.CircleMarker.extend({
    initialize(mark, options) {
      L.CircleMarker.prototype.initialize.call(this, mark.getLatLng(), options);
      this.mark = mark;
    },

    _project() {
      this._point = this._map.latLngToLayerPoint(this._latlng)._add(this.mark.offset);
      this._updateBounds();
    },
  });

  geomap.Living = Living;
})(window);
