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
      return this.load();
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

    setVisible() {}
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

  /* Names written on the map. */
  class Labels extends DataLayer {
    draw(body) {
      this.labels = body.features.map((feature) => this.label(feature));
      for (const label of this.labels) this.group.addLayer(label);
    }

    label(feature) {
      const [lon, lat] = feature.geometry.coordinates;
      const text = geomap.element("span", { class: `gm-label gm-${this.spec.id}`, dir: "auto" });
      const icon = L.divIcon({ html: text, className: "gm-label-anchor", iconSize: null });
      const label = L.marker([lat, lon], { icon, pane: this.pane, interactive: false, keyboard: false });
      label.text = text;
      label.feature_ = feature.properties;
      text.textContent = geomap.nameOf(feature.properties, this.living.lang);
      return label;
    }

    setLang(lang) {
      for (const label of this.labels || []) label.text.textContent = geomap.nameOf(label.feature_, lang);
      this.living.unclutter();
    }

    show(on) {
      return super.show(on).then(() => this.living.unclutter());
    }
  }

  /* Hides labels that would touch a more important one; `layers` from back to front, so the
     front ones are placed first. Sizes are read in one go: reading between changes is slow. */
  geomap.unclutter = function (living, layers) {
    const labels = [...layers].reverse().flatMap((layer) => layer.labels || []);
    measure(labels);
    const taken = [];
    for (const label of labels) {
      const { site } = label.feature_;
      const off = site !== undefined && !living.field.isSiteOn(site, "cities");
      label.shows = !off && claim(living, label, taken);
    }
    for (const { text, shows } of labels) text.classList.toggle("gm-away", !shows);
  };

  function measure(labels) {
    const unknown = labels.filter((label) => label.measured !== label.text.textContent);
    for (const { text } of unknown) text.classList.remove("gm-away");
    for (const label of unknown) {
      label.size = [label.text.offsetWidth, label.text.offsetHeight];
      if (label.size[0]) label.measured = label.text.textContent;
    }
  }

  /* Takes the room of a label, unless it is taken. */
  function claim(living, label, taken) {
    const { x, y } = living.map.latLngToLayerPoint(label.getLatLng());
    const [wide, high] = label.size;
    const left = label.feature_.site === undefined ? x - wide / 2 : x;
    const room = { left: left - 2, right: left + wide + 2, top: y - high / 2, bottom: y + high / 2 };
    const meets = (t) => t.left < room.right && room.left < t.right && t.top < room.bottom && room.top < t.bottom;
    if (taken.some(meets)) return false;
    taken.push(room);
    return true;
  }

  geomap.DataLayer = DataLayer;
  geomap.drawn = { areas: DataLayer, lines: DataLayer, labels: Labels, marks: Marks };
})(window);
