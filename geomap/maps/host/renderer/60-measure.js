/* Measuring on the map: the way along points, or the area inside them, on the ellipsoid. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;

  class Measure {
    constructor(living) {
      this.living = living;
      this.points = [];
      living.map.createPane("gm-measure").style.zIndex = "590";
      this.drawing = L.layerGroup();
      this.rubber = L.layerGroup();
      living.map.on("mousemove", (event) => living.tool && this.stretch(event.latlng));
      living.map.on("mouseout", () => this.rubber.clearLayers());
      this.result = geomap.element("output", { class: "gm-measure-result", role: "status" });
      this.box = geomap.element("div", { class: "gm-measure", hidden: "" }, this.result);
      this.button("map.measure.here", () => this.add(living.map.getCenter()));
      this.button("map.measure.undo", () => this.undo());
      this.take = this.button("map.measure.take", () => this.tell());
      this.button("map.measure.end", () => living.setTool(null));
      living.root.append(this.box);
      L.DomEvent.disableClickPropagation(this.box);
    }

    button(key, act) {
      const button = geomap.element("button", { type: "button" });
      this.living.panel.say(button, key);
      button.addEventListener("click", act);
      this.box.append(button);
      return button;
    }

    /* Hands the area to the page, which may have a use for it. */
    tell() {
      const round = (value) => Math.round(value * 1e5) / 1e5;
      this.living.on("area", { ring: this.points.map(({ lat, lng }) => [round(lat), round(lng)]) });
      this.living.setTool(null);
    }

    start(kind) {
      this.kind = kind;
      this.points = [];
      this.box.hidden = false;
      this.drawing.addTo(this.living.map);
      this.rubber.addTo(this.living.map);
      this.living.map.doubleClickZoom.disable();
      this.living.root.classList.add("gm-measuring");
      this.draw();
    }

    stop() {
      this.box.hidden = true;
      this.drawing.clearLayers().remove();
      this.rubber.clearLayers().remove();
      this.living.map.doubleClickZoom.enable();
      this.living.root.classList.remove("gm-measuring");
    }

    add(latlng) {
      this.points.push(L.latLng(latlng.lat, latlng.lng));
      this.draw();
    }

    undo() {
      this.points.pop();
      this.draw();
    }

    /* The line to where the pointer is, with the length it would add. */
    stretch(latlng) {
      this.rubber.clearLayers();
      const last = this.points[this.points.length - 1];
      if (!last) return;
      const ends = this.kind === "area" ? [this.points[0], latlng, last] : [latlng, last];
      const style = { pane: "gm-measure", interactive: false };
      this.rubber.addLayer(L.polyline(ends, { ...style, className: "gm-measured gm-rubber" }));
      if (this.kind === "area") return;
      const words = `+ ${geomap.lengthText(this.living.lang, geomap.distanceKm(last, latlng))}`;
      this.rubber.addLayer(L.tooltip({ className: "gm-tip gm-leg-length", direction: "right", offset: [12, 0] }).setLatLng(latlng).setContent(words));
    }

    draw() {
      this.drawing.clearLayers();
      this.rubber.clearLayers();
      const style = { pane: "gm-measure", interactive: false, className: "gm-measured" };
      const shape = this.kind === "area" ? L.polygon : L.polyline;
      const classes = this.kind === "area" ? "gm-measured gm-measured-area" : "gm-measured";
      if (this.points.length > 1) this.drawing.addLayer(shape(this.points, { ...style, className: classes }));
      for (const point of this.points) this.drawing.addLayer(L.circleMarker(point, { ...style, radius: 4 }));
      this.result.textContent = this.text();
      this.take.hidden = !(this.living.state.offer_area && this.kind === "area" && this.points.length > 2);
    }

    text() {
      const { lang } = this.living;
      if (this.kind === "area" && this.points.length > 2) {
        return this.living.say("map.measure.area", { value: geomap.areaText(lang, geomap.areaKm2(this.points)) });
      }
      if (this.kind === "distance" && this.points.length > 1) {
        return this.living.say("map.measure.distance", { value: geomap.lengthText(lang, geomap.wayKm(this.points)) });
      }
      return this.living.say(`map.measure.${this.kind}.start`);
    }
  }

  geomap.wayKm = (points) =>
    points.slice(1).reduce((sum, point, i) => sum + geomap.distanceKm(points[i], point), 0);

  geomap.Measure = Measure;
})(window);
