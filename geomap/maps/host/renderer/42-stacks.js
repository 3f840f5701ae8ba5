/* One round mark for several, and the legs of those that fan out. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;

  /* The line from a fanned mark back to its true place. */
  geomap.Leg = L.CircleMarker.extend({
    initialize(mark, options) {
      L.CircleMarker.prototype.initialize.call(this, mark.getLatLng(), { ...options, radius: 1 });
      this.end = mark.offset;
    },

    _updatePath() {
      const { x, y } = this._point;
      this._renderer._setPath(this, `M${x} ${y}l${this.end.x} ${this.end.y}`);
    },
  });

  geomap.donutRadius = (total) => (total > 9 ? 11 : 9.5);

  /* A ring whose parts show the layers of what it stands for, and the number in it. */
  geomap.donut = function (counts, total, words) {
    const r = geomap.donutRadius(total);
    const side = 2 * r + 5;
    const around = 2 * Math.PI * r;
    let from = 0;
    const parts = Object.entries(counts).map(([layer, count]) => {
      const part = geomap.svg("circle", { cx: side / 2, cy: side / 2, r, class: `gm-part gm-${layer}`, "stroke-dasharray": `${(around * count) / total} ${around}`, "stroke-dashoffset": -from });
      from += (around * count) / total;
      return part;
    });
    const number = geomap.svg("text", { x: side / 2, y: side / 2 + 4, "text-anchor": "middle", class: "gm-number" });
    number.textContent = words;
    const ground = geomap.svg("circle", { cx: side / 2, cy: side / 2, r: r + 2.2, class: "gm-ground" });
    return geomap.svg("svg", { width: side, height: side, viewBox: `0 0 ${side} ${side}`, "aria-hidden": "true" }, ground, ...parts, number);
  };

  const layerCounts = (marks) => {
    const counts = {};
    for (const mark of marks) {
      const { layer } = mark.feature.properties;
      counts[layer] = (counts[layer] || 0) + 1;
    }
    return counts;
  };

  /* One button for several marks. */
  geomap.Stack = L.Marker.extend({
    initialize(latlng, living, marks, open) {
      this.living = living;
      this.many = marks.length;
      this.open = open;
      this.counts = layerCounts(marks);
      this.radius = geomap.donutRadius(this.many) + 2.5;
      this.offset = L.point(0, 0);
      const face = geomap.element("span", { class: "gm-stack" }, geomap.donut(this.counts, this.many, String(this.many)));
      const icon = L.divIcon({ html: face, className: "gm-stack-anchor", iconSize: [2 * this.radius, 2 * this.radius] });
      L.Marker.prototype.initialize.call(this, latlng, { icon, pane: "gm-stacks", keyboard: true });
      this.bindTooltip(() => this.tip(), { className: "gm-tip" });
      this.on("click", () => this.act());
      this.on("add", () => this.equip());
    },

    act() {
      if (!this.living.tool) this.open();
    },

    equip() {
      this.name();
      this.getElement().addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        this.act();
      });
    },

    /* What it stands for, layer by layer. */
    parts() {
      return Object.entries(this.counts).map(([layer, count]) => `${this.living.say(`map.layer.${layer}`)}: ${count}`);
    },

    tip() {
      this.living.aim(this);
      const head = geomap.element("strong", {}, this.living.say("map.stack", { count: this.many }));
      return geomap.element("div", { class: "gm-tip-body" }, head, ...this.parts().map((part) => geomap.element("span", {}, part)));
    },

    /* Moves it so many pixels off its place. */
    stand([x, y]) {
      this.offset = L.point(x, y);
      const { style } = this.getElement();
      style.marginLeft = `${x - this.radius}px`;
      style.marginTop = `${y - this.radius}px`;
    },

    name() {
      const icon = this.getElement();
      const words = [this.living.say("map.stack", { count: this.many }), ...this.parts()];
      if (icon) icon.setAttribute("aria-label", words.join(", "));
    },
  });
})(window);
