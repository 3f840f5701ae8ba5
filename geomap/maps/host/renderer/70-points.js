/* Very many sites on one canvas: a binary file, clusters where they crowd, marks where they do not. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;
  const LAYERS = ["projects", "zones", "data_centres", "cities"];
  const FORMS = ["dot", "ring", "hollow", "dashed"];
  const CROWD = 1200; // more sites than this in view are drawn as clusters
  const CELL = 56; // pixels a cluster stands for in a crowd
  const NEAR = 12; // pixels within which single marks would hide each other
  const FAN_MOST = 36; // sites at one place that a fan can show
  const CHUNK = 512; // sites whose names come in one file

  /* The canvas; Leaflet moves and scales it like its own renderers. */
  const PointCanvas = L.Renderer.extend({
    options: { padding: 0.25 },

    initialize(owner, options) {
      L.Renderer.prototype.initialize.call(this, options);
      this.owner = owner;
      this._layers = {};
    },

    _initContainer() {
      this._container = geomap.element("canvas", { class: "gm-points", "aria-hidden": "true" });
      this._pen = this._container.getContext("2d");
    },

    _destroyContainer() {
      this._container.remove();
      delete this._container;
      delete this._pen;
    },

    _updatePaths() {},

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const { min } = this._bounds;
      const size = this._bounds.getSize();
      const sharp = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._container, min);
      this._container.width = Math.round(sharp * size.x);
      this._container.height = Math.round(sharp * size.y);
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      this._pen.setTransform(sharp, 0, 0, sharp, -sharp * min.x, -sharp * min.y);
      this.owner.paint(this._pen, this._bounds);
    },
  });

  class Points {
    constructor(living, spec) {
      this.living = living;
      this.spec = spec;
      this.pane = "gm-points";
      living.map.createPane(this.pane).style.zIndex = String(300 + 10 * spec.order);
      this.canvas = new PointCanvas(this, { pane: this.pane });
      this.on = [true, true, true, true];
      this.items = [];
      this.picked = [];
      this.names = new Map();
      living.points = this;
      living.map.on("mousemove", (event) => this.hover(this.points ? this.hit(event.layerPoint) : null, event.latlng));
      living.map.on("mouseout movestart", () => this.hover(null));
      this.rover = new geomap.Rover(this);
    }

    show() {
      this.shown = true;
      this.loading = geomap.read(this.living.base, this.spec.data, "bytes").then((buffer) => {
        this.points = geomap.decodePoints(buffer);
        this.project();
        this.sift();
        this.canvas.addTo(this.living.map);
      });
      return this.loading;
    }

    /* World positions in the datum of the background. */
    project() {
      const { code } = this.living.map.options.crs;
      if (this.datum === code) return;
      this.datum = code;
      this.world = geomap.worldOf(this.points, code === "GCJ-02" ? geomap.toGcj02 : null);
    }

    setVisible(bits) {
      this.bits = bits;
      this.sift();
    }

    setSwitches(names) {
      this.on = LAYERS.map((layer) => names.includes(layer));
      this.sift();
    }

    /* One byte per point: whether filter and switches let it be seen. */
    sift() {
      if (!this.points) return;
      const { count, site, style } = this.points;
      const seen = new Uint8Array(count);
      for (let i = 0; i < count; i += 1) {
        const bit = this.bits ? (this.bits[site[i] >> 3] >> (site[i] & 7)) & 1 : 1;
        seen[i] = this.on[style[i] & 3] ? bit : 0;
      }
      this.seen = seen;
      this.redraw();
    }

    switchesOn() {
      return LAYERS.filter((layer, i) => this.on[i]);
    }

    setLang() {
      this.rover.name();
    }

    redraw() {
      this.colours = null;
      if (this.points && this.canvas._map) this.canvas._update();
    }

    /* ------------------------------------------------ painting */

    paint(pen, bounds) {
      if (!this.points) return;
      this.colours = this.colours || this.readColours();
      pen.clearRect(bounds.min.x, bounds.min.y, bounds.getSize().x, bounds.getSize().y);
      const seen = this.inView(bounds);
      this.cell = seen.count > CROWD ? CELL : NEAR;
      this.items = this.gather(seen, bounds);
      this.clearTowns();
      for (const item of this.items) {
        if (item.count === 1) this.paintMark(pen, item);
        else this.paintCluster(pen, item);
      }
      this.paintPicked(pen);
      this.rover.settle();
    }

    /* Layer positions of the visible sites inside bounds. */
    inView(bounds) {
      const { map } = this.living;
      this.project();
      const scale = map.options.crs.scale(map.getZoom());
      const origin = map.getPixelOrigin();
      const { min, max } = bounds;
      const { x, y } = this.world;
      const index = [];
      const px = [];
      const py = [];
      for (let i = 0; i < this.points.count; i += 1) {
        const left = x[i] * scale - origin.x;
        if (left < min.x || left > max.x) continue;
        const top = y[i] * scale - origin.y;
        if (top < min.y || top > max.y || !this.seen[i]) continue;
        index.push(i);
        px.push(left);
        py.push(top);
      }
      return { count: index.length, index, px, py, origin };
    }

    /* One item per cell of a grid that is fixed to the ground, so that panning changes nothing. */
    gather({ count, index, px, py, origin }, bounds) {
      const { cell } = this;
      const column = (left) => Math.floor((left + origin.x) / cell);
      const row = (top) => Math.floor((top + origin.y) / cell);
      const [x0, y0] = [column(bounds.min.x), row(bounds.min.y)];
      const columns = column(bounds.max.x) - x0 + 1;
      const cells = new Map();
      for (let k = 0; k < count; k += 1) {
        const place = (row(py[k]) - y0) * columns + column(px[k]) - x0;
        let item = cells.get(place);
        if (!item) {
          item = { count: 0, x: 0, y: 0, layers: [0, 0, 0, 0], first: index[k], members: [] };
          cells.set(place, item);
        }
        item.count += 1;
        item.x += px[k];
        item.y += py[k];
        item.layers[this.points.style[index[k]] & 3] += 1;
        item.members.push(index[k]);
      }
      return [...cells.values()].map((item) => this.finish(item));
    }

    finish(item) {
      item.x /= item.count;
      item.y /= item.count;
      item.r = item.count === 1 ? this.radius(item.first) : 10 + 3.2 * Math.log10(item.count);
      return item;
    }

    /* A cluster on a city moves up and left of it, so that dot and number can both be read. */
    clearTowns() {
      const towns = this.living.field.shown().map((mark) => this.living.pixel(mark));
      for (const item of this.items) {
        const town = item.count > 1 && towns.find(({ x, y }) => Math.hypot(x - item.x, y - item.y) < item.r + 4);
        if (!town) continue;
        item.x = town.x - 0.75 * (item.r + 5);
        item.y = town.y - 0.66 * (item.r + 5);
      }
    }

    radius(i) {
      return LAYERS[this.points.style[i] & 3] === "cities" ? geomap.cityRadius(this.living.map.getZoom()) : geomap.RADII[this.points.size[i]] || geomap.RADII[0];
    }

    readColours() {
      const style = window.getComputedStyle(this.living.root);
      const read = (name) => style.getPropertyValue(name).trim();
      return {
        layers: LAYERS.map((layer) => read(`--gm-${layer}`)),
        paper: read("--gm-paper"),
        text: read("--gm-text"),
        chosen: read("--gm-chosen"),
      };
    }

    paintMark(pen, { x, y, r, first }) {
      const style = this.points.style[first];
      this.paintShape(pen, x, y, r, style & 3, style >> 2);
    }

    paintShape(pen, x, y, r, layer, form) {
      const colour = this.colours.layers[layer];
      const shape = new Path2D(geomap.markPath(LAYERS[layer], FORMS[form], x, y, r));
      const solid = FORMS[form] === "dot";
      pen.globalAlpha = solid || form === 1 ? 1 : 0.8;
      pen.fillStyle = solid ? colour : this.colours.paper;
      pen.fill(shape);
      pen.globalAlpha = 1;
      pen.setLineDash(FORMS[form] === "dashed" ? [3, 2.2] : []);
      pen.lineWidth = [1.2, 3, 1.5, 1.8][form];
      pen.strokeStyle = solid ? this.colours.paper : colour;
      pen.stroke(shape);
      pen.setLineDash([]);
    }

    /* A number in a ring whose parts show the layers inside. */
    paintCluster(pen, { x, y, r, count, layers }) {
      pen.beginPath();
      pen.arc(x, y, r, 0, 2 * Math.PI);
      pen.fillStyle = this.colours.paper;
      pen.fill();
      let from = -Math.PI / 2;
      layers.forEach((many, layer) => {
        const to = from + (2 * Math.PI * many) / count;
        pen.beginPath();
        pen.arc(x, y, r - 1.5, from, to);
        pen.lineWidth = 4;
        pen.strokeStyle = this.colours.layers[layer];
        if (many) pen.stroke();
        from = to;
      });
      pen.fillStyle = this.colours.text;
      pen.font = "600 11px system-ui, sans-serif";
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(geomap.countText(this.living.lang, count), x, y + 0.5);
    }

    /* ------------------------------------------------ choosing */

    /* sites: numbers of the chosen feature's sites. */
    pick(sites) {
      this.picked = sites || [];
      this.redraw();
    }

    paintPicked(pen) {
      for (const i of this.indexesOf(this.picked)) {
        const { x, y } = this.layerPoint(i);
        pen.beginPath();
        pen.arc(x, y, this.radius(i) + 6, 0, 2 * Math.PI);
        pen.lineWidth = 2.5;
        pen.strokeStyle = this.colours.chosen;
        pen.stroke();
        const style = this.points.style[i];
        this.paintShape(pen, x, y, this.radius(i), style & 3, style >> 2);
      }
    }

    indexesOf(sites) {
      if (!sites.length || !this.points) return [];
      return sites.map((site) => geomap.indexIn(this.points.site, site)).filter((i) => i >= 0);
    }

    layerPoint(i) {
      const { map } = this.living;
      const scale = map.options.crs.scale(map.getZoom());
      return L.point(this.world.x[i] * scale, this.world.y[i] * scale).subtract(map.getPixelOrigin());
    }

    latLng(i) {
      return L.latLng(this.points.lat[i], this.points.lon[i]);
    }

    boundsOf(sites) {
      return L.latLngBounds(this.indexesOf(sites).map((i) => this.latLng(i)));
    }

    /* The item under a position on the map, the nearest first. */
    hit(point) {
      let best = null;
      let least = Infinity;
      for (const item of this.items) {
        const apart = Math.hypot(item.x - point.x, item.y - point.y) - item.r;
        if (apart < 3 && apart < least) [best, least] = [item, apart];
      }
      return best;
    }

    /* True when the click was on a site or cluster. */
    take(latlng) {
      if (!this.shown || !this.points) return false;
      const item = this.hit(this.living.map.latLngToLayerPoint(latlng));
      if (item) this.act(item);
      return Boolean(item);
    }

    act(item) {
      if (item.count === 1) this.choose(item.first);
      else this.openCluster(item);
    }

    choose(i) {
      this.picked = [this.points.site[i]];
      this.redraw();
      this.nameOf(i).then((properties) => this.living.choose(properties.feature_id));
    }

    /* Zooms in while that parts the members, and fans them out when they share one place. */
    openCluster(item) {
      const { map } = this.living;
      const bounds = L.latLngBounds(item.members.map((i) => this.latLng(i)));
      const zoom = Math.min(map.getBoundsZoom(bounds.pad(0.1)), map.getMaxZoom());
      const apart = map.project(bounds.getNorthWest(), map.getMaxZoom()).distanceTo(map.project(bounds.getSouthEast(), map.getMaxZoom()));
      if (apart > NEAR && zoom > map.getZoom()) {
        map.flyToBounds(bounds.pad(0.1), { animate: !geomap.calm(), duration: 0.6 });
      } else {
        this.fanOut(item);
      }
    }

    fanOut(item) {
      const members = item.members.slice(0, FAN_MOST);
      Promise.all(members.map((i) => this.nameOf(i))).then((named) => {
        this.living.field.openFan(this.latLng(item.first), named.map((properties, k) => this.feature(members[k], properties)));
      });
    }

    feature(i, properties) {
      const style = this.points.style[i];
      const own = { layer: LAYERS[style & 3], form: FORMS[style >> 2], size: this.points.size[i], site: this.points.site[i] };
      return { type: "Feature", id: properties.feature_id, properties: { ...properties, ...own } };
    }

    /* ------------------------------------------------ names, read when they are needed */

    nameOf(i) {
      const site = this.points.site[i];
      const chunk = Math.floor(site / CHUNK);
      if (!this.names.has(chunk)) {
        const address = this.spec.names.replace("0.json", `${chunk}.json`);
        this.names.set(chunk, geomap.read(this.living.base, address, "json"));
      }
      return this.names.get(chunk).then((rows) => {
        const [feature_id, name_en, name_zh, precision] = rows[site % CHUNK];
        return { feature_id, name_en, name_zh, precision };
      });
    }

    hover(item, latlng) {
      if (item === this.hovered) return;
      this.hovered = item;
      this.living.root.classList.toggle("gm-over-point", Boolean(item));
      this.unhover();
      if (item) this.describe(item).then((body) => item === this.hovered && this.tip(latlng, body));
    }

    unhover() {
      if (this.tooltip) this.tooltip.remove();
      this.tooltip = null;
    }

    tip(latlng, body) {
      this.unhover();
      const direction = geomap.openWay(this.living.map.latLngToContainerPoint(latlng), this.living.map.getSize());
      this.tooltip = L.tooltip({ className: "gm-tip", direction, offset: geomap.clearOf(direction, 8) }).setLatLng(latlng).setContent(body);
      this.tooltip.addTo(this.living.map);
    }

    describe(item) {
      if (item.count > 1) return Promise.resolve(geomap.element("div", { class: "gm-tip-body" }, this.countWords(item)));
      return this.nameOf(item.first).then((properties) => this.living.tip(this.feature(item.first, properties).properties));
    }

    countWords(item) {
      return this.living.say("map.cluster", { count: geomap.wholeText(this.living.lang, item.count) });
    }

    label(item) {
      if (item.count > 1) return Promise.resolve(this.countWords(item));
      return this.nameOf(item.first).then((properties) => this.living.label(this.feature(item.first, properties).properties));
    }
  }

  geomap.wholeText = (lang, count) => new Intl.NumberFormat(lang).format(count);
  geomap.countText = (lang, count) =>
    new Intl.NumberFormat(lang, { notation: count > 9999 ? "compact" : "standard" }).format(count);

  geomap.drawn.points = Points;
})(window);
