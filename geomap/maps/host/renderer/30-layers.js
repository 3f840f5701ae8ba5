/* The layers a drawn map is made of: areas, lines, labels and marks from GeoJSON files. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;

  /* What every layer has: its data, its Leaflet group, and words that follow the language. */
  class DataLayer {
    constructor(living, spec) {
      this.living = living;
      this.spec = spec;
      this.pane = "gm-" + spec.id;
      living.map.createPane(this.pane).style.zIndex = String(300 + 10 * spec.order);
      this.group = L.layerGroup();
      this.shown = false;
      this.loading = null;
    }

    load() {
      if (!this.loading) {
        this.loading = geomap.read(this.living.base, this.spec.data, "json").then((body) => this.draw(body));
      }
      return this.loading;
    }

    /* Switches the layer on or off; its file is read when it is first on. */
    show(on) {
      this.shown = on;
      if (!on) {
        this.group.remove();
        return Promise.resolve();
      }
      this.group.addTo(this.living.map);
      return this.load();
    }

    draw(body) {
      this.geojson = L.geoJSON(body, {
        pane: this.pane,
        bubblingMouseEvents: false,
        interactive: this.spec.acts,
        pointToLayer: (feature, latlng) => this.point(feature, latlng),
        onEachFeature: (feature, layer) => this.prepare(feature, layer),
        style: (feature) => ({ className: this.classes(feature) }),
      });
      this.group.addLayer(this.geojson);
    }

    classes(feature) {
      const line = feature.geometry.type.endsWith("LineString") ? " gm-line" : " gm-area";
      return `gm-shape gm-${this.spec.id}${line}`;
    }

    point(feature, latlng) {
      return new geomap.Mark(feature, latlng, { pane: this.pane });
    }

    prepare(feature, layer) {
      if (!this.spec.acts) return;
      this.living.enlist(feature.properties.feature_id, layer, this);
      layer.on("click", () => this.living.choose(feature.properties.feature_id));
      layer.bindTooltip(() => this.living.tip(feature.properties), { sticky: true, direction: "top", className: "gm-tip" });
      layer.on("add", () => this.equip(layer));
    }

    /* Makes the drawn shape a button for keyboard and screen reader. */
    equip(layer) {
      const path = layer.getElement();
      if (!path || path.geomapEquipped) return;
      path.geomapEquipped = true;
      path.setAttribute("role", "button");
      path.setAttribute("tabindex", "0");
      path.setAttribute("data-feature-id", layer.feature.properties.feature_id);
      this.name(layer);
      path.addEventListener("keydown", (event) => this.living.key(event, layer));
      path.addEventListener("focus", () => this.living.focus(layer));
      path.addEventListener("blur", () => layer.closeTooltip());
    }

    name(layer) {
      const path = layer.getElement && layer.getElement();
      if (path) path.setAttribute("aria-label", this.living.label(layer.feature.properties));
    }

    setLang() {
      if (this.spec.acts && this.geojson) this.geojson.eachLayer((layer) => this.name(layer));
    }

    setVisible() {}
    restack() {}
  }

  class Marks extends DataLayer {
    prepare(feature, mark) {
      super.prepare(feature, mark);
      this.living.field.add(mark, this);
    }

    classes(feature) {
      const { form, layer } = feature.properties;
      return `gm-mark gm-${form} gm-${layer}`;
    }

    equip(mark) {
      super.equip(mark);
      const path = mark.getElement();
      path.setAttribute("data-precision", mark.feature.properties.precision || "");
      mark.hidden = undefined;
    }

    show(on) {
      return super.show(on).then(() => this.living.field.arrange());
    }
  }

  /* Names written on the map; where two would touch, the one listed first stays. */
  class Labels extends DataLayer {
    draw(body) {
      this.labels = body.features.map((feature) => this.label(feature));
      for (const label of this.labels) this.group.addLayer(label);
      this.living.map.on("zoomend viewreset", () => this.unclutter());
      this.unclutter();
    }

    label(feature) {
      const [lon, lat] = feature.geometry.coordinates;
      const text = geomap.element("span", { class: `gm-label gm-label-${this.spec.id}` });
      const icon = L.divIcon({ html: text, className: "gm-label-anchor", iconSize: null });
      const label = L.marker([lat, lon], { icon, pane: this.pane, interactive: false, keyboard: false });
      label.text = text;
      label.names = feature.properties;
      text.textContent = geomap.nameOf(label.names, this.living.lang);
      return label;
    }

    setLang(lang) {
      for (const label of this.labels || []) label.text.textContent = geomap.nameOf(label.names, lang);
      this.unclutter();
    }

    show(on) {
      return super.show(on).then(() => this.unclutter());
    }

    unclutter() {
      if (!this.shown || !this.labels) return;
      const taken = [];
      for (const label of this.labels) {
        const { x, y } = this.living.map.latLngToLayerPoint(label.getLatLng());
        const wide = label.text.offsetWidth / 2 + 3;
        const high = label.text.offsetHeight / 2 + 1;
        const touches = taken.some((t) => Math.abs(t.x - x) < t.wide + wide && Math.abs(t.y - y) < t.high + high);
        label.text.classList.toggle("gm-away", touches);
        if (!touches) taken.push({ x, y, wide, high });
      }
    }
  }

  geomap.DataLayer = DataLayer;
  geomap.drawn = { areas: DataLayer, lines: DataLayer, labels: Labels, marks: Marks };
})(window);
