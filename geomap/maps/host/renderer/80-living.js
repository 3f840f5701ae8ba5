/* The living map: built once, then told what changed. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;
  const ARROWS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

  class Living {
    /* root: an empty element. options: base (prefix of addresses), lang, on (event handler). */
    constructor(root, options) {
      this.root = root;
      this.base = options.base || "";
      this.lang = options.lang || "en";
      this.on = options.on || (() => {});
      this.layers = new Map();
      this.features = new Map();
      this.state = {};
      this.done = new Set();
      this.loads = [];
    }

    open(options) {
      this.map = L.map(this.root, options);
      this.map.geomap = this;
      this.root.leafletMap = this.map;
      this.field = new geomap.Field(this);
      this.map.createPane("gm-chosen").style.zIndex = "550";
      this.chosen = L.layerGroup().addTo(this.map);
      this.map.on("moveend", geomap.debounce(() => this.report(), 350));
      this.map.on("dragstart zoomstart keydown", () => { this.moved = this.begun; });
      this.map.on("click", () => this.field.closePlace());
      this.root.addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.field.closePlace();
      });
      return this.map;
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
      if (geomap.Controls) this.panel = new geomap.Controls(this);
    }

    /* Resolves when every layer that is on has been drawn. */
    ready() {
      return Promise.all(this.loads).then(() => {
        this.field.arrange();
        return this;
      });
    }

    say(key, values) {
      return geomap.say(this.lang, key, values);
    }

    /* ------------------------------------------------ features */

    enlist(featureId, layer, owner) {
      if (!this.features.has(featureId)) this.features.set(featureId, []);
      this.features.get(featureId).push({ layer, owner });
    }

    /* What a mark is called aloud: name, what it is, how exactly it is placed. */
    label(properties) {
      return [geomap.nameOf(properties, this.lang), ...this.facts(properties)].join(", ");
    }

    facts(properties) {
      const kind = properties.feature_id.split(":")[0];
      const facts = [this.say(properties.layer ? `map.one.${properties.layer}` : `map.one.${kind}`)];
      if (properties.form) facts.push(this.say(`map.precision.${properties.precision || "country"}`));
      return facts;
    }

    tip(properties) {
      const name = geomap.element("strong", {}, geomap.nameOf(properties, this.lang));
      const facts = geomap.element("span", {}, this.facts(properties).join(" · "));
      return geomap.element("div", { class: "gm-tip-body", dir: "auto" }, name, facts);
    }

    choose(featureId) {
      if (this.tool) return;
      this.select(featureId);
      this.on("click", { id: featureId });
    }

    key(event, layer) {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.stopPropagation();
        this.choose(layer.feature.properties.feature_id);
      } else if (ARROWS.has(event.key) && layer.setOffset) {
        event.preventDefault();
        event.stopPropagation();
        const next = this.field.neighbour(layer, event.key);
        if (next) next.getElement().focus({ preventScroll: true });
      }
    }

    focus(layer) {
      const at = layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
      if (!this.map.getBounds().contains(at)) this.map.panTo(at, { animate: false });
      layer.openTooltip(layer.getLatLng ? undefined : at);
    }

    pixel(mark) {
      return this.map.latLngToLayerPoint(mark.getLatLng()).add(mark.offset);
    }

    /* Marks the chosen feature: a halo, and how far off the true site may be. */
    select(featureId) {
      this.selected = featureId;
      this.chosen.clearLayers();
      for (const { layer } of this.features.get(featureId) || []) {
        if (layer.setOffset) this.halo(layer);
        else this.chosen.addLayer(this.outline(layer));
      }
    }

    halo(mark) {
      this.field.reveal(mark);
      if (mark.hidden || !mark._map) return;
      const style = { pane: "gm-chosen", interactive: false };
      const radiusKm = mark.feature.properties.radius_km;
      if (radiusKm) {
        this.chosen.addLayer(L.circle(mark.getLatLng(), { ...style, radius: radiusKm * 1000, className: "gm-radius" }));
      }
      const ring = new geomap.Halo(mark, { ...style, className: "gm-halo", radius: mark.options.radius + 6 });
      this.chosen.addLayer(ring);
    }

    outline(layer) {
      const draw = layer instanceof L.Polygon ? L.polygon : L.polyline;
      return draw(layer.getLatLngs(), { pane: "gm-chosen", interactive: false, className: "gm-outline" });
    }

    boundsOf(featureId) {
      const bounds = L.latLngBounds([]);
      for (const { layer } of this.features.get(featureId) || []) {
        bounds.extend(layer.getLatLng ? layer.getLatLng() : layer.getBounds());
      }
      return bounds;
    }

    /* ------------------------------------------------ what the page tells */

    /* Takes the wished state; only what differs from the last is done. */
    apply(state) {
      const last = this.state;
      this.state = state;
      const changed = (name) => JSON.stringify(last[name]) !== JSON.stringify(state[name]);
      if (changed("lang") && state.lang) this.setLang(state.lang);
      if (changed("layers") && state.layers) this.setLayers(state.layers);
      if (changed("visible")) this.setVisible(state.visible);
      if (changed("select") || state.select !== this.selected) this.select(state.select || null);
      for (const command of state.commands || []) this.obey(command);
    }

    setLang(lang) {
      this.lang = lang;
      this.root.setAttribute("lang", lang === "zh" ? "zh-Hans" : "en");
      this.root.setAttribute("aria-label", this.say("map.name"));
      for (const layer of this.layers.values()) layer.setLang(lang);
      this.field.setLang();
      if (this.panel) this.panel.setLang(lang);
    }

    setLayers(names) {
      for (const layer of this.layers.values()) {
        const on = !layer.spec.switch || names.includes(layer.spec.switch);
        if (on !== layer.shown) this.loads.push(layer.show(on));
      }
      this.field.arrange();
      this.select(this.selected);
    }

    setVisible(text) {
      const bits = text ? Uint8Array.from(window.atob(text), (letter) => letter.charCodeAt(0)) : null;
      this.field.setVisible(bits);
      for (const layer of this.layers.values()) layer.setVisible(bits);
    }

    /* Commands are numbered so that each is carried out once. */
    obey(command) {
      if (this.done.has(command.n)) return;
      this.done.add(command.n);
      this.moved = true;
      if (command.do === "fit") this.fit(command.bounds || this.views[command.to]);
      if (command.do === "fly") this.fly(command);
    }

    /* bounds: [west, south, east, north]. */
    fit(bounds) {
      const [west, south, east, north] = bounds;
      this.map.fitBounds([[south, west], [north, east]], { animate: !geomap.calm() });
    }

    fly({ id, lat, lon, zoom }) {
      const quick = { animate: !geomap.calm(), duration: 0.8 };
      const bounds = id ? this.boundsOf(id) : null;
      if (bounds && bounds.isValid()) {
        this.map.flyToBounds(bounds, { ...quick, maxZoom: Math.max(9, this.map.getZoom()), padding: [40, 40] });
      } else if (lat !== undefined) {
        this.map.flyTo([lat, lon], zoom || Math.max(9, this.map.getZoom()), quick);
      }
    }

    /* ------------------------------------------------ what the map tells */

    report() {
      if (!this.moved || !this.map) return;
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

    /* Sets the first view: a given place, else the corridor. */
    begin(at) {
      this.place(at);
      this.begun = true;
    }

    place(at) {
      if (at) this.map.setView([at[0], at[1]], at[2], { animate: false });
      else if (this.views) {
        const [west, south, east, north] = this.views.corridor;
        this.map.fitBounds([[south, west], [north, east]], { animate: false });
      }
    }

    close() {
      if (this.map) this.map.remove();
      this.map = null;
      delete this.root.leafletMap;
    }
  }

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
