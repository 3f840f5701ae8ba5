/* The layers a drawn map is made of: areas, lines and marks from GeoJSON files. */
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
      // Cities stay on top: they are never hidden by what stands beside them.
      const height = spec.id === "cities" ? 565 : 300 + 10 * spec.order;
      living.map.createPane(this.pane).style.zIndex = String(height);
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
      return this.load().then(() => this.setVisible());
    }

    draw(body) {
      this.geojson = L.geoJSON(body, {
        pane: this.pane,
        bubblingMouseEvents: false,
        interactive: this.spec.acts,
        smoothFactor: this.spec.acts ? 1 : 2,
        pointToLayer: (feature, latlng) => this.point(feature, latlng),
        onEachFeature: (feature, layer) => this.prepare(feature, layer),
        style: (feature) => ({ className: this.classes(feature) }),
      });
      this.group.addLayer(this.geojson);
      this.setVisible();
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
      this.living.enlist(feature.properties.feature_id, layer);
      geomap.adopt(this.living, layer);
    }

    setLang() {
      if (this.spec.acts && this.geojson) this.geojson.eachLayer((layer) => geomap.nameShape(this.living, layer));
    }

    /* A shape that stands for sites, such as the line around a zone's members, goes with them. */
    setVisible() {
      if (!this.geojson) return;
      this.geojson.eachLayer((layer) => {
        const { sites } = layer.feature.properties;
        const path = sites && layer.getElement();
        if (path) path.classList.toggle("gm-away", sites.filter((site) => this.living.field.isIn(site)).length < 2);
      });
    }
  }

  /* Makes a shape answer to pointer, keyboard and screen reader as one button. */
  geomap.adopt = function (living, layer) {
    const { properties } = layer.feature;
    layer.on("click", (event) => living.clicked(event, properties.feature_id, Boolean(layer.setOffset)));
    layer.bindTooltip(() => {
      living.aim(layer);
      return living.tip(properties);
    }, { sticky: !layer.getLatLng, className: "gm-tip" });
    layer.on("add", () => equip(living, layer));
  };

  function equip(living, layer) {
    const path = layer.getElement();
    if (!path || path.geomapEquipped) return;
    path.geomapEquipped = true;
    path.setAttribute("role", "button");
    path.setAttribute("tabindex", "0");
    path.setAttribute("data-feature-id", layer.feature.properties.feature_id);
    geomap.nameShape(living, layer);
    path.addEventListener("keydown", (event) => living.key(event, layer));
    path.addEventListener("focus", () => path.matches(":focus-visible") && living.focus(layer));
    path.addEventListener("blur", () => layer.closeTooltip());
  }

  geomap.nameShape = function (living, layer) {
    const path = layer.getElement && layer.getElement();
    if (path) path.setAttribute("aria-label", living.label(layer.feature.properties));
  };

  class Marks extends DataLayer {
    prepare(feature, mark) {
      super.prepare(feature, mark);
      this.living.field.add(mark, this);
    }

    classes(feature) {
      return geomap.markClasses(feature.properties);
    }

    show(on) {
      return super.show(on).then(() => this.living.field.arrange());
    }
  }

  geomap.DataLayer = DataLayer;
  geomap.drawn = { areas: DataLayer, lines: DataLayer, marks: Marks };
})(window);
